"""A file from a spreadsheet -> rows of text, or why it is not read. Whatever is in it, it costs little and runs nothing. Pure."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

MOST_BYTES = 1_000_000
MOST_UNPACKED = 12_000_000  # a workbook is a zip file: a small one may unpack to gigabytes
MOST_PARTS = 300
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 2000, 20, 80
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
Row = tuple[str, ...]
# What openpyxl is known to raise on a workbook that is not one.
BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError,
          NotImplementedError, RuntimeError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was read."""

    reason: str


UNREADABLE = Refused("Fila kunne ikke leses som regneark eller CSV. Ingenting er lagret. Lagre den på nytt som XLSX eller CSV.")
TOO_LARGE = Refused("Fila er for stor: høyst 1 MB, 2000 rader og 20 kolonner. Ingenting er lagret. Del den opp.")


def read(data: bytes) -> list[Row] | Refused:
    """The rows of the first sheet with something in it, or of a CSV file, without empty columns at the end."""
    if len(data) > MOST_BYTES:
        return TOO_LARGE
    if data.startswith(OLD_EXCEL):
        return Refused("Dette er en eldre eller kryptert Excel-fil. Ingenting er lagret. Lagre den som XLSX uten passord, eller som CSV.")
    rows = workbook(data) if data.startswith(b"PK") else text_file(data)
    if isinstance(rows, Refused):
        return rows
    if len(rows) > MOST_ROWS:
        return TOO_LARGE
    if not any(any(row) for row in rows):
        return Refused("Fila er tom. Ingenting er lagret.")
    return rows


def workbook(data: bytes) -> list[Row] | Refused:
    """Values as they were when the file was saved; formulas are not run, links are not followed."""
    from openpyxl import load_workbook

    if not harmless(data):
        return Refused("Regnearket er for stort når det pakkes ut, eller har noe som ikke hører hjemme der. Ingenting er lagret.")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and any(map(any, rows := shortened(cells(sheet)))):
                return rows
    except BROKEN:
        return UNREADABLE
    return []


def harmless(data: bytes, most: int = MOST_UNPACKED) -> bool:
    """What its parts say they unpack to is a limit: no more than that is ever read. No part defines entities of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > most:
                return False
            for one in parts:
                with packed.open(one) as part:
                    if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b"").upper():
                        return False
    except BROKEN:
        return False
    return True


def cells(sheet: Any) -> list[Row]:
    found = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
    return [tuple(map(said, row)) for row in found]


def said(value: object) -> str:
    """A cell as text: dates as 2014-03-01, whole numbers without a decimal."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return tidy(str(value))


def tidy(text: str) -> str:
    """One line without what no cell needs."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:MOST_LETTERS]


def text_file(data: bytes) -> list[Row] | Refused:
    text = decoded(data)
    if text is None:
        return UNREADABLE
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
        rows = [tuple(tidy(one) for one in row[: MOST_COLUMNS + 1]) for row in islice(found, MOST_ROWS + 1)]
    except csv.Error:
        return UNREADABLE
    return TOO_LARGE if any(len(row) > MOST_COLUMNS and row[MOST_COLUMNS] for row in rows) else shortened(rows)


def decoded(data: bytes) -> str | None:
    """UTF-8, UTF-16 as Excel writes "Unicode text", or Windows' own letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes: tuple[str, ...] = ("utf-16",)
    else:
        codes = ("utf-8-sig", "cp1252")
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def delimiter(text: str) -> str:
    """What parts the cells of most of the first lines: semicolon before tab before comma, which may be a decimal."""
    first = [line for line in text.splitlines()[:30] if line.strip()]
    return next((one for one in ";\t" if sum(one in line for line in first) * 2 >= len(first) > 0), ",")


def shortened(rows: Iterable[Sequence[str]]) -> list[Row]:
    """Without empty rows at the end and empty columns behind the last one used."""
    found = [tuple(row) for row in rows]
    while found and not any(found[-1]):
        found.pop()
    wide = max((n for row in found for n, one in enumerate(row, 1) if one), default=0)
    return [(row + ("",) * wide)[:wide] for row in found]
