"""The board, the green cross and the walk-rounds of a unit, as its leader and nobody else has them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.device import Tablet
from tests.people import SOLVEIG, ident
from tests.web import office
from tests.web.sync.reading import change, count
from webapp.improvement.routes import today
from webapp.models import AccessLog, Device, WorkVersion
from webapp.sync.people import utc_now

HERE = str(ident("Fjordsida"))


def test_the_board_shows_initials_until_names_are_asked_for_and_logs_that(berit: FlaskClient, solveig: FlaskClient, app: Flask) -> None:
    office.record(berit, "Astrid Lunde", "urgent")
    board = solveig.get("/leadership/board").text
    assert ">AL</th>" in board
    assert "Astrid" not in board
    assert "/people/" not in board
    solveig.post("/leadership/board/names", data={"unit": HERE, "show": "yes"})
    assert "Astrid Lunde" in solveig.get("/leadership/board").text
    assert count(app, AccessLog, AccessLog.action == "board_names") == 1
    with solveig.session_transaction() as kept:
        kept["board_names_until"] = 1.0  # ten minutes are over
    assert "Astrid" not in solveig.get("/leadership/board").text


def test_the_board_asks_again_and_is_sent_only_what_changed(berit: FlaskClient, solveig: FlaskClient) -> None:
    (poll,) = re.findall(r'hx-get="(/leadership/board/list[^"]+)"', solveig.get("/leadership/board").text)
    poll = poll.replace("&amp;", "&")
    assert solveig.get(poll).status_code == 204
    office.record(berit, "Odd Brekke", "high")
    again = solveig.get(poll)
    assert again.status_code == 200
    assert ">OB</th>" in again.text


def test_an_empty_board_says_that_a_device_has_been_silent_so_that_it_is_not_taken_for_good_news(
    app: Flask, berit: FlaskClient, solveig: FlaskClient
) -> None:
    Tablet.enrol(app, berit, "Nettbrett 4")
    board = solveig.get("/leadership/board").text
    assert "Ingen åpne varsler." in board
    assert "har ikke vært i kontakt" not in board
    (poll,) = re.findall(r'hx-get="(/leadership/board/list[^"]+)"', board)
    change(app, lambda session: session.execute(update(Device).values(last_contact=utc_now() - timedelta(days=4))))
    told = solveig.get(poll.replace("&amp;", "&"))
    assert (told.status_code, "1 enhet har ikke vært i kontakt siste tre dager: sjekker kan mangle." in told.text) == (200, True)


def test_a_day_is_grey_until_a_person_decides_and_taken_back_it_is_grey_again(berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, "Astrid Lunde", "calm")
    day = today().isoformat()
    before = solveig.get("/leadership/cross").text
    assert f"Ikke bestemt: {today().day}." in before
    assert "Forslag: Grønn: ingen hendelse. Grunnlag: ingen hendelse er meldt; 1 sjekk er gjort." in before
    assert 'data-colour="green"' not in before, "a suggestion colours nothing"
    said = {"unit": HERE, "day": day, "colour": "yellow", "note": "Nesten feil medisin", "seen": "0"}
    assert solveig.post("/leadership/cross", data=said).status_code == 303
    assert 'data-colour="yellow"' in solveig.get("/leadership/cross").text
    late = solveig.post("/leadership/cross", data=said | {"colour": "green"})
    assert late.status_code == 422
    assert "Noen andre har endret dette" in late.text
    assert solveig.post("/leadership/cross/undo", data={"unit": HERE, "day": day, "seen": "1"}).status_code == 303
    after = solveig.get("/leadership/cross").text
    assert 'data-colour="yellow"' not in after
    assert "Tatt tilbake: ikke bestemt" in after
    assert "Nesten feil medisin" in after, "its history stays"


@pytest.mark.parametrize("wrong", [{"colour": "blue"}, {"colour": "red"}, {"day": (today() + timedelta(days=1)).isoformat()},
                                   {"day": (today() - timedelta(days=70)).isoformat()}, {"day": "x"}])  # fmt: skip
def test_what_cannot_be_decided_changes_nothing(solveig: FlaskClient, app: Flask, wrong: dict[str, str]) -> None:
    answer = solveig.post("/leadership/cross", data={"unit": HERE, "day": today().isoformat(), "colour": "green", "seen": "0"} | wrong)
    assert answer.status_code == 422
    assert "Ingenting er endret" in answer.text
    assert count(app, WorkVersion) == 0


def test_actions_of_a_walk_round_have_an_owner_and_a_day_and_the_share_closed_in_time_is_told(solveig: FlaskClient) -> None:
    week = timedelta(days=7)
    held = {"unit": HERE, "planned": (today() - 2 * week).isoformat(), "held": (today() - 2 * week).isoformat(), "leaders": "Kommunalsjef"}
    made = solveig.post("/leadership/visits/new", data=held)
    assert made.status_code == 303
    visit = made.headers["Location"].partition("?")[0].rpartition("/")[2]
    for text, due, done in (("Kjøp hansker", today() - week, today() - week), ("Merk nøkler", today() - week, None),
                            ("Ny rutine", today() + week, None)):  # fmt: skip
        data = {"text": text, "due": due.isoformat(), "done": done.isoformat() if done else "", "owner": str(SOLVEIG.id)}
        assert solveig.post(f"/improvement/{visit}/new?kind=action", data=data).status_code == 303
    listed = solveig.get("/leadership/visits").text
    assert "1 av 1 visitter gjennomført, 1 av 2 tiltak lukket i tide." in listed
    assert "3 tiltak, 2 ikke gjort ennå" in listed
    assert listed.index("Merk nøkler") < listed.index("Ny rutine")
    assert "Over fristen" in listed
    page = solveig.get(f"/leadership/visits/{visit}").text
    for word in ("Kommunalsjef", "Solveig Dahl", "Kjøp hansker"):
        assert word in page


def test_another_units_leader_has_her_own(solveig: FlaskClient, hans: FlaskClient) -> None:
    for path in ("board", "board/list", "cross", "visits"):
        assert hans.get(f"/leadership/{path}?unit={HERE}").status_code == 404
    assert hans.post("/leadership/cross", data={"unit": HERE, "day": today().isoformat(), "colour": "green"}).status_code == 404
