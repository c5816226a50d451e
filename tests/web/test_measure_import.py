"""Old lists taken along: looked at before anything is stored, marked wherever they are shown, and taken back as a whole."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import sign_in
from tests.html import Page
from tests.people import STINE, ident, ref
from tests.web.filled import contents
from tests.web.naughty import STRINGS
from tests.web.sync.reading import all_of, change, count
from webapp.migrate import alembic_config, upgrade
from webapp.models import AccessLog, MeasureFact, MeasureImport, MeasureImportPoint

LIST = "Dato;Teller;Nevner\n31.01.2014;9;20\n28.02.2014;11;22\nTotalt;20;42\n"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
UNIT = f"unit={ident('Fjordsida')}"


def look(client: FlaskClient, text: str | bytes = LIST, measure: str = "F-P1", name: str = "extranet.csv") -> TestResponse:
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(f"/measures/import/preview?{UNIT}", data={"measure": measure, "file": (io.BytesIO(data), name)})


def carried(answer: TestResponse) -> dict[str, str]:
    """What the button for taking it in sends."""
    return hidden(next((one for one in answer.text.split("<form") if 'action="/measures/import?' in one), ""))


def hidden(form: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


def taken_in(client: FlaskClient, text: str = LIST, measure: str = "F-P1", name: str = "extranet.csv") -> MeasureImport:
    found = look(client, text, measure, name)
    assert client.post(f"/measures/import?{UNIT}", data=carried(found)).status_code == 303
    newest: MeasureImport = all_of(client.application, MeasureImport, MeasureImport.undoes.is_(None))[-1]
    return newest


def table(client: FlaskClient, measure: str = "F-P1") -> str:
    return client.get(f"/measures/one?{UNIT}&m={measure}&span=all").text


def test_looking_stores_nothing_and_says_what_it_would_become(app: Flask, solveig: FlaskClient) -> None:
    before = contents(app, AccessLog)
    answer = look(solveig)
    page = Page(answer.text)
    assert (answer.status_code, page.problems) == (200, [])
    for said in ("01.2014", "45", "02.2014", "50", "Rad 4: «Totalt» er ikke en dato", "1 rad blir hoppet over", "Importer 2 punkter"):
        assert said in page.words, said
    assert contents(app, AccessLog) == before


def test_what_is_confirmed_is_in_table_chart_and_files_and_marked_there(app: Flask, solveig: FlaskClient) -> None:
    taken_in(solveig)
    text = table(solveig)
    assert re.findall(r'<th scope="row">(?:<a [^>]*>)?(0[12]\.2014)(?:</a>)?</th><td>(\d+)</td><td>(\d+)</td>', text) == [
        ("02.2014", "11", "22"), ("01.2014", "9", "20")]  # fmt: skip
    assert "2 punkter (firkanter) er importert" in text
    assert text.count("importert fra en eldre liste</td>") == 2
    drawn = re.search(r'data-measure="([^"]+)"', text)
    assert drawn
    assert json.loads(unescape(drawn[1]))["imported"][:2] == [True, True]
    rows = list(csv.reader(io.StringIO(solveig.get(f"/measures/one/file.csv?{UNIT}&m=F-P1&span=all").get_data(True)), delimiter=";"))
    assert [row[2:4] for row in rows[1:3]] == [["9", "20"], ["11", "22"]]
    assert {row[-1] for row in rows[1:3]} == {"importert fra en eldre liste"}
    svg = solveig.get(f"/measures/one/file.svg?{UNIT}&m=F-P1&span=all").text
    assert svg.count("<rect x=") == 2
    assert "Importert: □" in svg
    point = solveig.get(f"/measures/one/point?{UNIT}&m=F-P1&span=all&period=2014-01-01").text
    assert "ingen sjekker eller personer er bak det her" in point
    assert count(app, AccessLog, AccessLog.action == "measure_import") == 1


DAYS = "Dato;Teller;Nevner\n" + "".join(f"{day:02}.{month:02}.2014;{day % 3};4\n" for month in (1, 2) for day in range(1, 29))
WEEKS = "Uke;Teller;Nevner\nuke 1 2014;1;5\nuke 2 2014;2;5\nuke 5 2014;3;5\n"
QUARTERS = "Periode;Teller;Nevner\n1. kvartal 2014;9;20\nQ2 2014;11;22\n"
MONTHS = "Dato;Teller;Nevner\n31.01.2014;9;20\n28.02.2014;11;22\n30.06.2014;5;10\n"
ROW = re.compile(r'<th scope="row">(?:<a [^>]*>)?([\d/.]+2014)(?:</a>)?</th><td>(\d+)</td><td>(\d+)</td>')


LISTS = {"days": DAYS, "weeks": WEEKS, "months": MONTHS, "quarters": QUARTERS}


@pytest.mark.parametrize(("of", "measure", "by", "rows"), [
    ("days", "F-P1", "week", [("09/2014", 4, 20), ("08/2014", 8, 28), ("01/2014", 6, 20)]),
    ("days", "F-P1", "month", [("02.2014", 28, 112), ("01.2014", 28, 112)]),
    ("days", "F-P1", "quarter", []),
    ("days", "F-R1", "quarter", [("1/2014", 56, 224)]),
    ("weeks", "F-P1", "week", [("05/2014", 3, 5), ("02/2014", 2, 5), ("01/2014", 1, 5)]),
    ("weeks", "F-P1", "month", [("01.2014", 6, 15)]),
    ("quarters", "F-P1", "quarter", [("2/2014", 11, 22), ("1/2014", 9, 20)]),
    ("quarters", "F-P1", "month", []),
    ("months", "F-P1", "week", []),
    ("months", "F-P1", "quarter", []),
    ("months", "F-R1", "quarter", [("2/2014", 5, 10), ("1/2014", 20, 42)]),
])  # fmt: skip
def test_a_list_is_shown_by_what_its_rows_are_of_and_by_what_they_add_up_to(
    solveig: FlaskClient, of: str, measure: str, by: str, rows: list[tuple[str, int, int]]
) -> None:
    taken_in(solveig, LISTS[of], measure)
    shown = solveig.get(f"/measures/one?{UNIT}&m={measure}&span=all&by={by}").text
    found = [(name, int(num), int(den)) for name, num, den in ROW.findall(shown)]
    assert [one for one in rows if one not in found] == []
    assert (found == []) == (rows == [])
    assert shown.count("importert fra en eldre liste</td>") == len(found)


def test_what_a_row_is_of_is_guessed_and_can_be_put_right(app: Flask, solveig: FlaskClient) -> None:
    answer = look(solveig, "Dato;Teller;Nevner\n31.03.2014;9;20\n30.06.2014;11;22\n")
    assert '<option value="quarter" selected>' in answer.text
    assert "1/2014" in Page(answer.text).words
    form = hidden(next(one for one in answer.text.split("<form") if '<select class="ds-input" name="head"' in one))
    right = solveig.post(f"/measures/import/preview?{UNIT}", data=form | {"date": "0", "num": "1", "den": "2", "head": "1", "per": "month"})
    assert "03.2014" in Page(right.text).words
    assert solveig.post(f"/measures/import?{UNIT}", data=carried(right)).status_code == 303
    assert [one.per for one in all_of(app, MeasureImport)] == ["month"]
    assert "2 punkter (hver rad gjelder måned), 03.2014 – 06.2014" in Page(solveig.get(f"/measures/import?{UNIT}").text).words


def test_a_newer_list_of_other_periods_holds_in_the_months_it_has(solveig: FlaskClient) -> None:
    taken_in(solveig, MONTHS)
    assert "erstatter en eldre import" in look(solveig, WEEKS).text
    taken_in(solveig, WEEKS)
    assert list(ROW.findall(table(solveig))) == [("06.2014", "5", "10"), ("02.2014", "11", "22"), ("01.2014", "6", "15")]


def test_a_quarter_or_week_with_a_month_of_our_own_is_not_told_as_imported(app: Flask, solveig: FlaskClient) -> None:
    taken_in(solveig, MONTHS, "F-R1")
    taken_in(solveig, WEEKS, "F-R1")
    own = {"num": 1, "den": 30, "eligible": 1, "covered": 1, "declined": 0, "unknown": 0, "late": 0}
    change(app, lambda session: session.add(MeasureFact(
        patient_id=ref("Astrid Lunde"), measure="F-R1", period=date(2014, 2, 1), unit_id=ident("Fjordsida"), **own)))  # fmt: skip
    shown = {by: ROW.findall(solveig.get(f"/measures/one?{UNIT}&m=F-R1&span=all&by={by}").text) for by in ("week", "quarter")}
    assert shown == {"week": [("02/2014", "2", "5"), ("01/2014", "1", "5")], "quarter": [("2/2014", "5", "10")]}


def test_an_earlier_version_does_not_take_days_for_months(app: Flask, solveig: FlaskClient) -> None:
    taken_in(solveig, MONTHS)
    taken_in(solveig, DAYS)
    command.downgrade(alembic_config(app.extensions["engine"]), "0031")
    upgrade(app.extensions["engine"])
    assert list(ROW.findall(table(solveig))) == [("06.2014", "5", "10"), ("02.2014", "11", "22"), ("01.2014", "9", "20")]
    assert count(app, MeasureImport, MeasureImport.undoes.is_not(None)) == 1


def test_columns_that_were_guessed_wrong_can_be_put_right(app: Flask, solveig: FlaskClient) -> None:
    answer = look(solveig, "Når;A;B\n31.01.2014;20;9\n28.02.2014;22;11\n")
    assert "Rad 2: telleren er større enn nevneren (20 / 9)." in answer.text
    form = hidden(next(one for one in answer.text.split("<form") if '<select class="ds-input" name="head"' in one))
    right = solveig.post(f"/measures/import/preview?{UNIT}", data=form | {"date": "0", "num": "2", "den": "1", "head": "1"})
    assert "hoppet over" not in right.text
    assert solveig.post(f"/measures/import?{UNIT}", data=carried(right)).status_code == 303
    assert [(one.num, one.den) for one in all_of(app, MeasureImportPoint)] == [(9, 20), (11, 22)]


def test_the_whole_import_is_taken_back_and_what_it_was_stays(app: Flask, solveig: FlaskClient) -> None:
    old = taken_in(solveig)
    url = f"/measures/import/{old.id}/undoing?{UNIT}"
    assert solveig.post(url).status_code == 303
    assert "01.2014" not in table(solveig)
    listed = solveig.get(f"/measures/import?{UNIT}").text
    assert "Angret av Solveig Dahl" in listed
    assert (count(app, MeasureImport), count(app, MeasureImportPoint)) == (2, 2)
    again = solveig.post(url)
    assert (again.status_code, "angret fra før" in again.text) == (422, True)


def test_the_same_numbers_are_not_taken_in_twice_and_newer_ones_hold(app: Flask, solveig: FlaskClient) -> None:
    taken_in(solveig)
    again = solveig.post(f"/measures/import?{UNIT}", data=carried(look(solveig)))
    assert (again.status_code, "importert fra før" in again.text) == (422, True)
    newer = look(solveig, "Dato;Teller;Nevner\n31.01.2014;10;20\n")
    assert "erstatter en eldre import" in newer.text
    taken_in(solveig, "Dato;Teller;Nevner\n31.01.2014;10;20\n")
    assert "<td>10</td><td>20</td>" in table(solveig)
    assert solveig.post(f"/measures/import/{all_of(app, MeasureImport)[-1].id}/undoing?{UNIT}").status_code == 303
    assert "<td>9</td><td>20</td>" in table(solveig)


def test_another_units_leader_neither_sees_nor_undoes_it_and_readers_of_statistics_do_not_import(
    app: Flask, solveig: FlaskClient, hans: FlaskClient
) -> None:
    old = taken_in(solveig)
    assert "extranet.csv" not in hans.get("/measures/import").text
    assert hans.get(f"/measures/import?{UNIT}").status_code == 404
    assert look(hans).status_code == 404
    for unit in (UNIT, f"unit={ident('Sentrum')}"):
        assert hans.post(f"/measures/import/{old.id}/undoing?{unit}").status_code == 404
    stine = sign_in(app.test_client(), STINE)
    assert look(stine).status_code == 403
    assert count(app, MeasureImport) == 1
    assert "<td>–</td>" in table(stine)
    taken_in(solveig, "Dato;Teller;Nevner\n31.03.2014;2;20\n")
    small = table(stine)
    assert re.findall(r"03\.2014(?:</a>)?</th><td>(.)</td><td>(.)</td><td>(.)</td>", small) == [("–", "–", "–")], "too few to be told"


WRONG: list[dict[str, Any]] = [
    {}, {"measure": "X-X1", "table": '[["31.01.2014","1","2"]]'}, {"measure": "F-P1", "table": "["},
    {"measure": "F-P1", "table": "[" * 5000},
    {"measure": "F-P1", "table": '[["31.01.2014","1"],["x"]]'}, {"measure": "F-P1", "table": '[[1,2,3]]'},
    {"measure": "F-P1", "table": '[["' + "x" * 200 + '"]]'}, {"measure": "F-P1", "table": '[["31.01.2014","1","2"]]'},
    {"measure": "F-P1", "table": '[["31.01.2014","1","2"]]', "date": "0", "num": "99", "den": "-1", "head": "9999999"},
]  # fmt: skip


@pytest.mark.parametrize("data", WRONG)
def test_what_comes_back_is_not_trusted(app: Flask, solveig: FlaskClient, data: dict[str, Any]) -> None:
    for url in ("/measures/import", "/measures/import/preview"):
        answer = solveig.post(f"{url}?{UNIT}", data=data)
        assert answer.status_code in (200, 422)
        assert Page(answer.text).problems == []
    assert (count(app, MeasureImport), count(app, MeasureImportPoint)) == (0, 0)


@pytest.mark.parametrize("kind", ["markup", "template", "nul", "percent", "right to left", "huge number"])
def test_whatever_stands_in_a_cell_or_is_the_files_name_is_shown_as_text(solveig: FlaskClient, kind: str) -> None:
    said = STRINGS[kind].replace("\n", " ")
    answer = look(solveig, f"Dato;Teller;Nevner\n{said};1;2\n31.01.2014;1;2\n", name=(said.replace("/", "")[:60] or "x") + ".csv")
    assert answer.status_code in (200, 422)
    assert Page(answer.text).problems == []
    assert "<script>alert" not in answer.text
