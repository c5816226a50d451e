"""Old lists: dates and numbers as people write them, columns by their headings, and files that mean harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from xlsxwriter import Workbook

from webapp.measures import old_series, sheet_file
from webapp.measures.months import Per
from webapp.measures.old_series import Columns, day_of, guess, per_of, whole
from webapp.measures.sheet_file import Refused

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(("said", "day"), [
    ("31.03.2014", date(2014, 3, 31)), ("1.3.14", date(2014, 3, 1)), ("31/3/2014", date(2014, 3, 31)), ("2014-03-31", date(2014, 3, 31)),
    ("2014-03", date(2014, 3, 1)), ("03.2014", date(2014, 3, 1)), ("mars 2014", date(2014, 3, 1)), ("Mar-14", date(2014, 3, 1)),
    ("des. 2013", date(2013, 12, 1)), ("uke 10 2014", date(2014, 3, 6)), ("2015-W53", date(2015, 12, 31)),
    ("2014-03-31 00:00:00", date(2014, 3, 31)), ("1. kvartal 2014", date(2014, 1, 1)), ("Q2 2014", date(2014, 4, 1)),
    ("2014-K3", date(2014, 7, 1)), ("4. kv. 2014", date(2014, 10, 1)), ("kvartal 2 2014", date(2014, 4, 1)), ("Q5 2014", None),
    ("03/14/2014", None), ("31.02.2014", None), ("uke 53 2014", None), ("Totalt", None), ("", None), ("41729", None),
])  # fmt: skip
def test_dates_as_they_are_written_here(said: str, day: date | None) -> None:
    assert day_of(said) == day


@pytest.mark.parametrize(("said", "number"), [("12", 12), ("12,0", 12), ("12.00", 12), ("1 234", 1234), ("1\u00a0234", 1234), ("0", 0),
                                              ("12,5", None), ("1.234", None), ("-3", None), ("", None), ("=1+1", None), ("92 %", None),
                                              ("1e9", None)])  # fmt: skip
def test_counts_are_whole_numbers(said: str, number: int | None) -> None:
    assert whole(said) == number


CSV = "Extranet: Fjordsida;;;\nMåling;F-P1;;\nPeriode;Nevner;Teller;Merknad\n31.01.2014;20;9;\n28.02.2014;22;11;ny\n"


@pytest.mark.parametrize("data", [
    CSV.encode(), CSV.encode("utf-8-sig"), CSV.encode("cp1252"), CSV.encode("utf-16"), CSV.replace(";", "\t").encode(),
    CSV.replace(";", ",").encode(), CSV.replace("\n", "\r\n").encode(), CSV.replace("\n", "\r").encode(),
])  # fmt: skip
def test_encodings_and_delimiters_of_spreadsheets_give_the_same_rows(data: bytes) -> None:
    rows = sheet_file.read(data)
    assert not isinstance(rows, Refused)
    assert rows[2][:3] == ("Periode", "Nevner", "Teller")
    assert guess(rows) == Columns(3, 0, 2, 1)
    months, wrong = old_series.read(rows, guess(rows), TODAY, True, per_of(rows, guess(rows), ""))
    assert (wrong, [(period, one.num, one.den) for period, one in months.items()]) == (
        [], [(date(2014, 1, 1), 9, 20), (date(2014, 2, 1), 11, 22)])  # fmt: skip


def test_without_headings_the_columns_are_guessed_by_what_they_hold() -> None:
    rows = [("x", "05.01.2014", "3", "10"), ("y", "12.01.2014", "4", "10"), ("z", "02.02.2014", "5", "10")]
    assert guess(rows) == Columns(0, 1, 2, 3)
    months, _ = old_series.read(rows, guess(rows), TODAY, True, "month")
    assert [(one.num, one.den, one.rows) for one in months.values()] == [(7, 20, 2), (5, 10, 1)], "rows of a month are added up"


def test_every_row_that_is_left_out_is_told_with_its_number_and_why() -> None:
    rows = [("Dato", "Teller", "Nevner"), ("31.01.2014", "9", "20"), ("Totalt", "9", "20"), ("31.02.2014", "1", "2"), ("", "", ""),
            ("28.02.2014", "12,5", "20"), ("31.03.2014", "21", "20"), ("30.04.2014", "0", "0"), ("01.11.2026", "1", "2"),
            ("01.12.1999", "1", "2"), ("31.05.2014", "1", "99999999")]  # fmt: skip
    months, wrong = old_series.read(rows, guess(rows), TODAY, True, "month")
    assert list(months) == [date(2014, 1, 1)]
    assert [one.row for one in wrong] == [3, 4, 6, 7, 8, 9, 10, 11]
    assert [one.text for one in wrong] == ["Totalt", "31.02.2014", "12,5", "21 / 20", "0", "01.11.2026", "01.12.1999", "99999999"]
    assert len(old_series.read(rows, guess(rows), TODAY, False, "month")[0]) == 2, "of a rate, what is counted may be more"


@pytest.mark.parametrize(("dates", "chosen", "per"), [
    (["uke 10 2014", "uke 11 2014"], "", "week"), (["mars 2014", "april 2014"], "", "month"), (["Q1 2014", "Q2 2014"], "", "quarter"),
    (["31.03.2014", "30.06.2014", "30.09.2014"], "", "quarter"), (["31.01.2014", "28.02.2014", "31.03.2014"], "", "month"),
    (["31.01.2014", "30.06.2014"], "", "month"), (["31.01.2014"], "", "month"), (["03.03.2014", "10.03.2014", "24.03.2014"], "", "week"),
    (["03.03.2014", "04.03.2014", "07.03.2014"], "", "day"), (["03.03.2014", "03.03.2014", "10.03.2014"], "", "day"),
    (["uke 10 2014", "mars 2014"], "", "month"), (["31.01.2014", "28.02.2014"], "day", "day"), (["mars 2014"], "day", "month"),
    (["03.03.2014", "04.03.2014"], "quarter", "quarter"), (["03.03.2014", "04.03.2014"], "year", "day"), ([], "", "month"),
])  # fmt: skip
def test_what_a_row_is_of_is_what_was_chosen_but_nothing_finer_than_the_list_says(dates: list[str], chosen: str, per: str) -> None:
    rows = [("Dato", "Teller", "Nevner"), *((one, "1", "2") for one in dates)]
    assert per_of(rows, Columns(1, 0, 1, 2), chosen) == per


@pytest.mark.parametrize(("per", "said", "period"), [
    ("day", "05.03.2014", date(2014, 3, 5)), ("week", "05.03.2014", date(2014, 3, 3)), ("week", "2015-W53", date(2015, 12, 28)),
    ("quarter", "05.03.2014", date(2014, 1, 1)), ("month", "uke 1 2015", date(2015, 1, 1)), ("day", "31.10.2026", date(2026, 10, 31)),
    ("week", "uke 44 2026", date(2026, 10, 26)), ("quarter", "Q3 2026", date(2026, 7, 1)),
])  # fmt: skip
def test_a_row_is_kept_under_the_first_day_of_what_it_is_of(per: Per, said: str, period: date) -> None:
    found, wrong = old_series.read([(said, "1", "2")], Columns(0, 0, 1, 2), TODAY, True, per)
    assert (list(found), wrong) == ([period], [])


@pytest.mark.parametrize(("per", "said", "today"), [
    ("quarter", "Q4 2026", TODAY), ("day", "01.11.2026", TODAY), ("week", "uke 44 2026", date(2026, 11, 1)),
])  # fmt: skip
def test_what_is_not_over_is_not_taken_in(per: Per, said: str, today: date) -> None:
    found, wrong = old_series.read([(said, "1", "2")], Columns(0, 0, 1, 2), today, True, per)
    assert (found, [one.why for one in wrong]) == ({}, ["when"])


def workbook(*rows: tuple[object, ...], sheets: int = 1) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for n in range(sheets):
            sheet = book.add_worksheet()
            for y, row in enumerate(rows if n == sheets - 1 else []):
                for x, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(y, x, value, day)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(y, x, value, value="7")
                    else:
                        sheet.write(y, x, value)
    return out.getvalue()


def test_a_workbooks_dates_numbers_and_saved_values_are_read_and_its_formulas_are_not_run() -> None:
    data = workbook(("Dato", "Teller", "Nevner"), (date(2014, 1, 31), 9.0, 20),
                    (date(2014, 2, 28), '=WEBSERVICE("http://x.example")', 22), sheets=2)  # fmt: skip
    rows = sheet_file.read(data)
    assert rows == [("Dato", "Teller", "Nevner"), ("2014-01-31", "9", "20"), ("2014-02-28", "7", "22")]


def packed(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as old:
                for one in old.namelist():
                    if one not in parts:
                        made.writestr(one, old.read(one))
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


GOOD = workbook(("Dato", "Teller", "Nevner"), ("31.01.2014", 9, 20))
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
OWN = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
ENTITIES = OWN + SHEET.format("<row><c><v>&b;</v></c></row>").encode()
FAR = SHEET.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').encode()
HARM = {
    "a zip bomb": packed({"xl/worksheets/sheet1.xml": b" " * 30_000_000}, GOOD),
    "many parts": packed({f"x{n}": b"" for n in range(400)}, GOOD),
    "entities of its own": packed({"xl/worksheets/sheet1.xml": ENTITIES}, GOOD),
    "entities in another encoding": packed({"xl/worksheets/sheet1.xml": ENTITIES.decode().encode("utf-16")}, GOOD),
    "a cell far away": packed({"xl/worksheets/sheet1.xml": FAR}, GOOD),
    "another zip file": packed({"a.txt": b"hello"}),
    "half a zip file": GOOD[: len(GOOD) // 2],
    "broken markup": packed({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}, GOOD),
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"x" * 500,
    "an image": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "too many rows": b"31.01.2014;1;2\n" * 2001,
    "too many columns": b";".join(b"%d" % n for n in range(30)) + b"\n",
    "too many bytes": b"1;2;3\n" * 300_000,
    "one endless line": b"1" * 900_000,
    "quotation marks that never end": b'"' + b"x;\n" * 200_000,
    "nothing": b"",
    "only blanks": b" ;\n;\n\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HARM)
def test_a_file_that_means_harm_is_refused_with_a_sentence_or_read_as_little(name: str) -> None:
    rows = sheet_file.read(HARM[name])
    if isinstance(rows, Refused):
        assert "Ingenting er lagret" in rows.reason or "tom" in rows.reason
    else:
        assert name == "one endless line"
        assert rows == [("1" * sheet_file.MOST_LETTERS,)]
