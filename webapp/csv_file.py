"""Files for a spreadsheet. What somebody typed must not become a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

BOM = "\ufeff"  # or a spreadsheet reads the letters wrongly
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe(text: str) -> str:
    """The text, never begun as a formula is, also behind blanks."""
    text = text.replace("\x00", "")
    return "'" + text if text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA) else text


def lines(header: Iterable[str], found: Iterable[Iterable[str]]) -> Iterator[str]:
    """CSV with semicolons, as Norwegian spreadsheets expect, one row at a time."""
    yield BOM
    for row in (header, *found):
        out = io.StringIO()
        csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(safe(one) for one in row)
        yield out.getvalue()
