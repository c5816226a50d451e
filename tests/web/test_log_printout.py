"""A service user's printout of the log: who, when, from which unit, what and why, in plain words; one visit is one line."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from tests.people import AMINA, BERIT, JORUNN, KARI, SOLVEIG, ident, ref
from tests.web.logged import NOON, add, said, words
from tests.web.sync.reading import all_of, change
from webapp.models import AccessLog, Visit

ASTRID = ref("Astrid Lunde")
PAGE = f"/journal/people/{ASTRID}"
DAY = f"?from={NOON.date()}&to={NOON.date()}"
MINUTE = timedelta(minutes=1)


def lines(client: FlaskClient, query: str = DAY) -> list[str]:
    """The table's rows, the newest first."""
    body = client.get(PAGE + query).text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [words(re.sub("</(td|th|span)>", r"\g<0> ", one)) for one in body.split("<tr")[1:]]


def visit(app: Flask, user: UUID | None) -> None:
    row = {"patient_id": ASTRID, "unit_id": ident("Fjordsida"), "on": NOON.date(), "at": "12:00", "shift": "day", "user_id": user}
    change(app, lambda s: s.add(Visit(**row)))


def test_one_visit_is_one_line_with_all_that_was_done(app: Flask, jorunn: FlaskClient) -> None:
    visit(app, BERIT.id)
    for n, action in enumerate(("person", "check_begun", "check_recorded", "check", "person")):
        add(app, BERIT, action, "Astrid Lunde", at=NOON + n * 4 * MINUTE)
    (line,) = lines(jorunn)
    for word in (
        f"{NOON:%d.%m.%Y} 12:00–12:16", "Berit Nygård", "sykepleier", "Fjordsida", "Så på opplysninger om bruker, 2 ganger",
        "Registrerte en sjekk", "Så på en sjekk", "Hadde brukeren på ruta denne dagen.",
    ):  # fmt: skip
        assert word in line
    assert "1 gang har noen sett på" in said(jorunn, PAGE + DAY)


def test_what_lies_apart_in_time_reason_or_person_is_told_apart(app: Flask, jorunn: FlaskClient) -> None:
    add(app, BERIT, "person", "Astrid Lunde")
    add(app, AMINA, "person", "Astrid Lunde", at=NOON + MINUTE)
    add(app, BERIT, "person", "Astrid Lunde", at=NOON + 2 * MINUTE)
    add(app, BERIT, "refused", "Astrid Lunde", at=NOON + 3 * MINUTE, detail={"what": "photo"})
    add(app, BERIT, "person", "Astrid Lunde", at=NOON + 33 * MINUTE)
    add(app, BERIT, "person", "Odd Brekke", at=NOON + 4 * MINUTE)
    found = lines(jorunn)
    assert [re.findall(r"\d\d:\d\d(?:–\d\d:\d\d)?", one) for one in found] == [["12:33"], ["12:03"], ["12:01"], ["12:00–12:02"]]
    assert "Ble nektet å se et bilde" in found[1]
    assert "Har ikke tilgang, og fikk ikke se noe." in found[1]


def test_a_long_visit_is_one_line_as_long_as_something_happens(app: Flask, jorunn: FlaskClient) -> None:
    for n in range(4):
        add(app, BERIT, "person", "Astrid Lunde", at=NOON + n * 30 * MINUTE)
    assert len(lines(jorunn)) == 1
    assert "12:00–13:30" in lines(jorunn)[0]


def test_midnight_ends_a_line(app: Flask, jorunn: FlaskClient) -> None:
    midnight = NOON.replace(hour=0)
    add(app, BERIT, "person", "Astrid Lunde", at=midnight - 5 * MINUTE)
    add(app, BERIT, "person", "Astrid Lunde", at=midnight + 5 * MINUTE)
    assert len(lines(jorunn, f"?from={NOON.date() - timedelta(days=1)}&to={NOON.date()}")) == 2


def test_each_line_says_why_and_does_not_guess(app: Flask, jorunn: FlaskClient) -> None:
    add(app, SOLVEIG, "timeline", "Astrid Lunde")
    add(app, AMINA, "person", "Astrid Lunde")
    add(app, KARI, "person", "Astrid Lunde", reason="Vikar på kveldsvakt", detail={"lookup": "x"})
    add(app, KARI, "check", "Astrid Lunde")
    found = " ".join(lines(jorunn))
    for why in ("Leder enheten og følger opp.", "Arbeider i enheten som gir tjenesten.", "Begrunnet oppslag: Vikar på kveldsvakt",
                "Grunnen er ikke registrert."):  # fmt: skip
        assert found.count(why) == 1, why
    visit(app, None)
    assert " ".join(lines(jorunn)).count("Brukeren sto på enhetens rute denne dagen.") == 2


def test_the_units_are_those_of_then_not_of_today(app: Flask, jorunn: FlaskClient) -> None:
    add(app, BERIT, "person", "Astrid Lunde", detail={"from": [str(ident("Sentrum"))]})
    (line,) = lines(jorunn)
    assert "Sentrum" in line
    assert "Fjordsida" not in line


def test_what_was_seen_on_a_tablet_is_there_from_its_own_time(app: Flask, jorunn: FlaskClient) -> None:
    late = {"offline": True, "received": (NOON + timedelta(hours=9)).isoformat(timespec="seconds")}
    add(app, BERIT, "person", "Astrid Lunde", unit_id=ident("Fjordsida"), detail={"from": [], **late})
    (line,) = lines(jorunn)
    assert "12:00" in line
    assert "Arbeider i enheten som gir tjenesten." in line


def test_printing_is_in_the_log_and_on_the_next_printout(app: Flask, jorunn: FlaskClient) -> None:
    jorunn.get(PAGE)
    (row,) = all_of(app, AccessLog, AccessLog.action == "log_print")
    assert (row.user_id, row.patient_id) == (JORUNN.id, ASTRID)
    assert "Behandler innsyn og kontrollerer loggen." in said(jorunn, PAGE)


def test_nobody_else_is_named_on_it(app: Flask, jorunn: FlaskClient) -> None:
    add(app, BERIT, "person", "Astrid Lunde")
    add(app, BERIT, "person", "Odd Brekke")
    told = said(jorunn, PAGE)
    assert "Astrid Lunde født 02.03.1941" in told
    assert "Odd" not in told


def test_a_person_who_is_not_there_is_not_found(app: Flask, jorunn: FlaskClient) -> None:
    assert jorunn.get(f"/journal/people/{ident('nobody')}").status_code == 404
