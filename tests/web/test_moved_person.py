"""Somebody moves to another unit: what is open about her moves along, on screens and on devices, and is no longer the old unit's."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.device import Tablet
from tests.html import Page
from tests.people import BERIT, HANS, KARI, SERVICE_USERS, SOLVEIG, ident, ref
from tests.web import office
from tests.web.sync.reading import all_of, ask, change
from webapp.accounts import policy
from webapp.db import open_session
from webapp.models import FeedRow, Flag, Patient, User, Visit, utc_now
from webapp.review import decide

ASTRID, _, _, NILS = (name for name, *_ in SERVICE_USERS)
HOME, AWAY = "Fjordsida", "Sentrum"


def moves(app: Flask, name: str, unit: str) -> None:
    """The person belongs to this unit from now on, and is on its route."""

    def edit(session: Session) -> None:
        session.get_one(Patient, ref(name)).unit_id = ident(unit)
        session.execute(update(Visit).where(Visit.patient_id == ref(name)).values(unit_id=ident(unit)))

    change(app, edit)


def poll_of(client: FlaskClient) -> str:
    (poll,) = [url for url in Page(client.get("/review").text).urls if url.startswith("/review/flags?")]
    return poll


def close(client: FlaskClient, flag: Flag) -> int:
    return client.post(f"/review/flags/{flag.id}/closing", data={"outcome": "done"}, headers=office.HTMX).status_code


def test_an_open_flag_leaves_the_supervisor_whose_unit_the_person_left(
    app: Flask, berit: FlaskClient, solveig: FlaskClient
) -> None:
    office.record(berit, ASTRID, "urgent")
    moves(app, ASTRID, AWAY)
    assert f">{ASTRID}<" not in solveig.get("/review").text
    (flag,) = all_of(app, Flag)
    assert close(solveig, flag) == 404


def test_an_open_flag_comes_with_the_person_to_the_new_supervisor(app: Flask, kari: FlaskClient, solveig: FlaskClient) -> None:
    office.record(kari, NILS, "urgent")
    moves(app, NILS, HOME)
    assert f">{NILS}<" in solveig.get("/review").text
    (flag,) = all_of(app, Flag)
    assert close(solveig, flag) == 200


def test_a_list_on_screen_hears_of_a_move_without_a_reload(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    office.record(berit, ASTRID, "urgent")
    polls = {client: poll_of(client) for client in (solveig, hans)}
    moves(app, ASTRID, AWAY)
    told = {client: client.get(poll, headers=office.HTMX) for client, poll in polls.items()}
    assert [(answer.status_code, f">{ASTRID}<" in answer.text) for answer in told.values()] == [(200, False), (200, True)]


@pytest.mark.parametrize("decision", ["closing", "owner", "reopening"])
def test_a_decision_about_somebody_who_moved_shows_in_the_new_units_lists_and_not_in_the_old_ones(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, hans: FlaskClient, decision: str
) -> None:
    office.record(berit, ASTRID, "urgent")
    moves(app, ASTRID, AWAY)
    (flag,) = all_of(app, Flag)
    if decision == "reopening":
        assert close(hans, flag) == 200
    here, there = poll_of(hans), poll_of(solveig)
    data = {"outcome": "done", "owner": str(HANS.id), "due_on": ""}
    assert hans.post(f"/review/flags/{flag.id}/{decision}", data=data, headers=office.HTMX).status_code == 200
    assert hans.get(here, headers=office.HTMX).status_code == 200
    assert solveig.get(there, headers=office.HTMX).status_code == 204


def test_the_new_units_tablet_is_sent_the_person_with_what_is_open_and_then_what_is_decided(
    app: Flask, berit: FlaskClient, kari: FlaskClient, hans: FlaskClient
) -> None:
    office.record(berit, ASTRID, "urgent")
    old, new = Tablet.enrol(app, berit, "Gammel"), Tablet.enrol(app, kari, "Ny")
    before, after = old.open_vault(berit), new.open_vault(kari)
    assert str(ref(ASTRID)) in old.pull(before)["route"]
    assert str(ref(ASTRID)) not in new.pull(after)["route"]
    moves(app, ASTRID, AWAY)
    told = old.pull(before)
    assert (told["full"], told["gone"], told["people"]) == (False, [str(ref(ASTRID))], [])
    told = new.pull(after)
    assert (told["full"], [flags_of(person) for person in told["people"]]) == (False, [["PROVE_URGENT"]])
    (flag,) = all_of(app, Flag)
    assert close(hans, flag) == 200
    assert [flags_of(person) for person in new.pull(after)["people"]] == [[]]
    told = old.pull(before)
    assert (told["gone"], told["people"]) == ([], [])


def flags_of(person: dict[str, Any]) -> list[str]:
    return [flag["code"] for flag in person["flags"]]


def test_a_decision_taken_while_the_person_moves_reaches_the_unit_she_moved_to(postgres_app: Flask) -> None:
    """The decision has read the old unit when the move commits."""
    app = postgres_app
    change(app, lambda session: session.add(open_flag()))
    read, moved = threading.Event(), threading.Event()

    def decision() -> None:
        with app.app_context(), open_session(app.extensions["engine"], write=True) as session:
            flag = session.get_one(Flag, ident("flag"))
            session.get_one(Patient, flag.patient_id)
            assert decide.assign_flag(session, flag, None, None, date.today()) is None
            read.set()
            assert moved.wait(20)
            session.commit()

    deciding = threading.Thread(target=decision)
    deciding.start()
    assert read.wait(20)
    moves(app, ASTRID, AWAY)
    moved.set()
    deciding.join()
    rows: list[FeedRow] = all_of(app, FeedRow, FeedRow.patient_id == ref(ASTRID))
    last = max(rows, key=lambda row: row.seq)
    assert (last.kind, last.unit_id) == ("flag", ident(AWAY))


def open_flag() -> Flag:
    now = utc_now()
    return Flag(
        id=ident("flag"), patient_id=ref(ASTRID), unit_id=ident(HOME), code="PROVE_URGENT", severity="urgent", bundle_id="prove",
        bundle_version=1, form=office.FORM, rule="urgent", opened_at=now, check_id=UUID(int=1),
    )  # fmt: skip


def test_whoever_follows_up_stays_when_the_person_moves_until_somebody_else_is_chosen(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    office.record(berit, ASTRID, "urgent")
    (flag,) = all_of(app, Flag)
    assert solveig.post(f"/review/flags/{flag.id}/owner", data={"owner": str(BERIT.id), "due_on": ""}).status_code == 200
    moves(app, ASTRID, AWAY)
    assert f'<option value="{BERIT.id}" selected>{BERIT.name}</option>' in hans.get("/review").text
    soon = (date.today() + timedelta(days=3)).isoformat()
    for owner, code, now in ((BERIT, 200, BERIT), (KARI, 200, KARI), (BERIT, 422, KARI)):
        assert hans.post(f"/review/flags/{flag.id}/owner", data={"owner": str(owner.id), "due_on": soon}).status_code == code
        assert ask(app, lambda session: session.get_one(Flag, flag.id).owner_id) == now.id


def test_a_move_waits_for_a_decision_that_has_begun(postgres_app: Flask) -> None:
    """Whoever was allowed to decide when she began still is when the decision is committed."""
    app, told = postgres_app, []
    change(app, lambda session: session.add(open_flag()))
    with app.test_request_context(), open_session(app.extensions["engine"], write=True) as session:
        g.db_session = session
        policy.flag_or_404(session.get_one(User, SOLVEIG.id), ident("flag"))
        with pytest.raises(OperationalError, match="lock timeout"):
            change(app, hurries_away)
        told.append(session.get_one(Patient, ref(ASTRID)).unit_id)
    moves(app, ASTRID, AWAY)
    assert [*told, ask(app, lambda session: session.get_one(Patient, ref(ASTRID)).unit_id)] == [ident(HOME), ident(AWAY)]


def hurries_away(session: Session) -> None:
    session.execute(text("SET LOCAL lock_timeout = '50ms'"))
    session.get_one(Patient, ref(ASTRID)).unit_id = ident(AWAY)
    session.flush()


def test_a_draft_about_who_left_the_unit_keeps_her_name_cannot_be_opened_and_can_be_discarded(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    berit.post(f"/round/checks/{draft}/answers", data=office.body({"level": "high"}), headers=office.HTMX)
    moves(app, ASTRID, AWAY)
    sent = berit.get("/round/sent").text
    assert ASTRID in sent
    assert "Utkastet kan ikke åpnes, bare forkastes." in sent
    assert f'href="/round/checks/{draft}"' not in sent
    opened = berit.get(f"/round/checks/{draft}")
    assert (opened.status_code, "Utkastet kan ikke åpnes" in opened.text, ASTRID in opened.text) == (404, True, False)
    assert office.save(berit, draft, {"level": "high"}).status_code == 404
    gone = berit.post(f"/round/checks/{draft}/discard")
    assert (gone.status_code, gone.headers["HX-Replace-Url"], ASTRID in gone.text) == (200, "/round/sent", False)
    assert ASTRID not in berit.get("/round/sent").text


def test_a_colleague_cannot_discard_a_draft_about_who_left_the_unit(app: Flask, berit: FlaskClient, kari: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    berit.post(f"/round/checks/{draft}/answers", data=office.body({"level": "high"}), headers=office.HTMX)
    moves(app, ASTRID, AWAY)
    assert kari.post(f"/round/checks/{draft}/discard").status_code == 404
    assert ASTRID in berit.get("/round/sent").text
