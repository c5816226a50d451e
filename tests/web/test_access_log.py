"""The access log's pages: filtered by person, employee, period and kind, nothing left out, and looking at them leaves a row."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from tests.people import AMINA, BERIT, JORUNN, KARI, SOLVEIG, ident, ref
from tests.web.logged import NOON, add, listed, said
from tests.web.sync.reading import all_of, change, unprotected
from webapp.csv_file import safe
from webapp.models import AccessLog, Device, User

ASTRID = ref("Astrid Lunde")
DAY = NOON.date()


@pytest.fixture
def logged(app: Flask) -> Flask:
    """Two nurses, two service users, two days."""
    add(app, BERIT, "person", "Astrid Lunde")
    add(app, BERIT, "check_recorded", "Astrid Lunde")
    add(app, AMINA, "person", "Odd Brekke", at=NOON - timedelta(days=1))
    add(app, KARI, "refused", "Astrid Lunde", detail={"endpoint": "bedside.person", "what": "person"})
    return app


def test_rows_say_when_who_from_where_what_and_about_whom(logged: Flask, jorunn: FlaskClient) -> None:
    first = listed(jorunn, f"?employee={BERIT.id}&kind=seen")
    assert len(first) == 1
    at, who = NOON.strftime("%d.%m.%Y 12:00"), ("Berit Nygård", "Helsepersonell, Fjordsida")
    for word in (at, *who, "Så på opplysninger om bruker", "Astrid Lunde"):
        assert word in first[0]


@pytest.mark.parametrize(("query", "many"), [
    (f"?person={ASTRID}&employee={BERIT.id}", 2), (f"?employee={AMINA.id}", 1), (f"?kind=refused&employee={KARI.id}", 1),
    (f"?person={ASTRID}&from={DAY}&to={DAY}", 3), (f"?from={DAY - timedelta(days=1)}&to={DAY - timedelta(days=1)}", 1),
    (f"?kind=changed&person={ASTRID}", 1), (f"?employee={UUID(int=7)}", 0),
])  # fmt: skip
def test_the_log_is_filtered_by_person_employee_period_and_kind(logged: Flask, jorunn: FlaskClient, query: str, many: int) -> None:
    assert len(listed(jorunn, query)) == many


def test_a_refusal_and_what_was_seen_on_a_device_are_told_as_such(logged: Flask, jorunn: FlaskClient) -> None:
    tablet = uuid4()
    device = {"id": tablet, "name": "Nettbrett 7", "unit_id": ident("Fjordsida"), "token_hash": "x", "enrolled_by": BERIT.id}
    change(logged, lambda s: s.add(Device(**device)))
    received = (NOON + timedelta(hours=5)).isoformat(timespec="seconds")
    add(logged, BERIT, "check", "Odd Brekke", device_id=tablet, detail={"offline": True, "received": received})
    (refused,) = listed(jorunn, f"?employee={KARI.id}")
    assert "Ble nektet å se en bruker" in refused
    assert "Nektet" in refused
    (offline,) = listed(jorunn, f"?employee={BERIT.id}&person={ref('Odd Brekke')}")
    assert f"På enheten, meldt hit {NOON:%d.%m.%Y} 17:00" in offline
    assert "Nettbrett 7" in offline


def test_an_action_without_words_of_its_own_is_never_left_out(logged: Flask, jorunn: FlaskClient) -> None:
    add(logged, BERIT, "something_new", "Astrid Lunde")
    (row,) = listed(jorunn, "?kind=other")
    assert "Annet: something_new" in row


def test_looking_at_the_log_is_in_the_log_with_what_was_asked(logged: Flask, jorunn: FlaskClient) -> None:
    listed(jorunn, f"?person={ASTRID}&kind=seen")
    jorunn.get(f"/journal/log.csv?employee={BERIT.id}")
    jorunn.post("/journal/people", data={"q": "Astrid"})
    rows = {row.action: row for row in all_of(logged, AccessLog, AccessLog.user_id == JORUNN.id)}
    assert (rows["log"].patient_id, rows["log"].detail["kind"]) == (ASTRID, "seen")
    assert rows["log_export"].detail["employee"] == str(BERIT.id)
    assert rows["log_search"].patient_id is None
    assert "Så på tilgangsloggen" in "".join(listed(jorunn, "?kind=log"))


def test_a_long_log_comes_in_pages(logged: Flask, jorunn: FlaskClient) -> None:
    for n in range(60):
        add(logged, BERIT, "round", at=NOON - timedelta(minutes=n))
    query = f"?employee={BERIT.id}&to={DAY}"
    assert [len(listed(jorunn, query + more)) for more in ("", "&page=2", "&page=3")] == [50, 12, 0]
    assert "Side 1 av 2" in said(jorunn, "/journal" + query)
    assert 'page=2">Vis eldre' in jorunn.get("/journal" + query).text


def test_the_page_says_that_the_log_is_whole_and_what_is_wrong_when_it_is_not(logged: Flask, jorunn: FlaskClient) -> None:
    for path in ("/journal", "/journal/whole", f"/journal/people/{ASTRID}"):
        assert "Loggen er hel:" in said(jorunn, path)
    first = all_of(logged, AccessLog, AccessLog.action == "check_recorded")[0].id
    unprotected(logged, lambda s: s.execute(delete(AccessLog).where(AccessLog.id == first)))
    for path in ("/journal", "/journal/whole", f"/journal/people/{ASTRID}"):
        told = said(jorunn, path)
        assert "Loggen er IKKE hel" in told
        assert "Loggen er hel:" not in told
    assert "is gone" in said(jorunn, "/journal")


def test_a_log_too_long_to_check_each_time_is_checked_when_asked(
    logged: Flask, jorunn: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.audit.log_pages.WHOLE_AT_ONCE", 2)
    assert "Kontroller nå" in said(jorunn, "/journal")
    assert "Loggen er hel:" in said(jorunn, "/journal/whole")


def test_what_somebody_typed_is_no_formula_in_a_spreadsheet(logged: Flask, jorunn: FlaskClient) -> None:
    change(logged, lambda s: s.execute(update(User).where(User.id == BERIT.id).values(name='=HYPERLINK("//x";"y")')))
    add(logged, BERIT, "lookup_begun", "Astrid Lunde", reason="+1;@SUM(A1)\n=2")
    answer = jorunn.get(f"/journal/log.csv?person={ASTRID}&from={DAY}&to={DAY}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tilgangslogg.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    table = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len(table) == 5, "a heading and four rows"
    assert {len(row) for row in table} == {9}
    assert [cell for row in table for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))] == []
    assert "'+1;@SUM(A1)\n=2" in [row[-1] for row in table]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\u00a0=1", "\n=1", "|x", "%x", "\x00=1"])
def test_nothing_begins_as_a_formula_does(text: str) -> None:
    assert safe(text).startswith("'")
    assert safe("Astrid Lunde, f. 1941") == "Astrid Lunde, f. 1941"


@pytest.mark.parametrize("query", ["?from=x", "?to=2026-13-40", "?person=x", "?employee=1", "?kind=x", "?from=2026-02-02&to=2026-02-01",
                                   "?from=0001-01-01", "?to=9999-12-31", "?from=0001-01-01&to=0001-01-02"])  # fmt: skip
def test_what_cannot_be_read_is_said_and_not_used(logged: Flask, jorunn: FlaskClient, query: str) -> None:
    assert "kunne ikke leses" in said(jorunn, "/journal" + query)
    assert "kunne ikke leses" not in said(jorunn, "/journal")


def test_the_search_finds_people_of_every_unit_by_name_and_day_of_birth(app: Flask, jorunn: FlaskClient) -> None:
    for asked in ("nils", "05.01.1930 vold"):
        found = jorunn.post("/journal/people", data={"q": asked}).text
        assert "Nils Vold" in found
        assert "Astrid" not in found
    assert "Nils" not in said(jorunn, "/journal/people")


@pytest.mark.parametrize("path", ["/journal", "/journal/whole", "/journal/log.csv", "/journal/people", "/journal/unusual"])
def test_no_supervisor_and_no_nurse_reads_the_log(app: Flask, solveig: FlaskClient, berit: FlaskClient, path: str) -> None:
    assert [one.get(path).status_code for one in (solveig, berit)] == [403, 403]
    assert len(all_of(app, AccessLog, AccessLog.user_id == SOLVEIG.id, AccessLog.action == "refused")) == 1
