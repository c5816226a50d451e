"""Two tabs on one draft at an office PC: the second hears what became of its change."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text

from tests.conftest import sign_in
from tests.people import BERIT, SERVICE_USERS
from tests.web import office
from tests.web.filled import contents
from tests.web.sync.reading import all_of, ask
from webapp.bedside import routes
from webapp.db import open_session
from webapp.models import AccessLog, CheckRecord, ServerDraft

ASTRID = SERVICE_USERS[0][0]


def other_tab_first(app: Flask, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, save: Any) -> None:
    """Another tab saves just before this step of the first one."""
    real, tabs = getattr(where, name), [sign_in(app.test_client(), BERIT)]

    def step(*given: Any, **named: Any) -> Any:
        while tabs:
            monkeypatch.setattr(where, name, real)
            save(tabs.pop())
        return real(*given, **named)

    monkeypatch.setattr(where, name, step)


MORE: dict[str, Any] = {"actions": ["manager_informed"]}
KEPT = "Svarene fra denne fanen er tatt vare på her."


@pytest.mark.parametrize(("mine", "code"), [("calm", 409), ("high", 200)], ids=["other content", "same content"])
def test_a_save_that_comes_second_is_told_and_its_content_is_kept_as_a_correction(
    app: Flask, berit: FlaskClient, monkeypatch: pytest.MonkeyPatch, mine: str, code: int
) -> None:
    draft = office.start(berit, ASTRID)
    other_tab_first(app, monkeypatch, routes, "finish", lambda tab: office.save(tab, draft, {"level": "high"}, **MORE))
    answer = office.save(berit, draft, {"level": mine}, **MORE)
    assert answer.status_code == code
    told = "En annen versjon av denne sjekken er allerede lagret, og den blir stående. " + KEPT
    assert (told in answer.text) == (code == 409)
    assert [one.answers["level"] for one in all_of(app, CheckRecord)] == ["high"]
    assert [one.data["answers"]["level"] for one in all_of(app, ServerDraft)] == (["calm"] if code == 409 else [])


def test_what_a_late_tab_holds_is_offered_whole_and_saved_as_a_correction_with_a_reason(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    assert office.save(berit, draft, {"level": "high", "times": "4"}, note="Først", **MORE).status_code == 200
    late = office.save(berit, draft, {"level": "medium", "times": "5", "heat": "38,4", "remark": "Trøtt"}, note="Sist", **MORE)
    assert (late.status_code, KEPT in late.text) == (409, True)
    for said in ('value="5"', 'value="38,4"', "Trøtt", "Sist"):
        assert said in late.text, said
    new = late.headers["HX-Push-Url"].rpartition("/")[2]
    mine = {"level": "medium", "times": "5", "heat": "38,4", "remark": "Trøtt"}
    assert office.save(berit, new, mine, reason="Fylt ut i to faner", note="Sist", **MORE).status_code == 200
    stored = {one.id: one for one in all_of(app, CheckRecord)}
    assert (stored[UUID(new)].supersedes, stored[UUID(new)].note, stored[UUID(new)].answers["times"]) == (UUID(draft), "Sist", 5)
    assert (stored[UUID(draft)].note, stored[UUID(draft)].answers["times"]) == ("Først", 4)


def test_a_late_tab_saved_twice_is_one_correction_and_another_text_is_another(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    office.save(berit, draft, {"level": "calm"})
    pushed = [office.save(berit, draft, {"level": "calm"}, note=note).headers["HX-Push-Url"] for note in ("A", "A", "B")]
    assert (pushed[0] == pushed[1], pushed[0] == pushed[2]) == (True, False)
    assert sorted(one.data["common"]["note"] for one in all_of(app, ServerDraft)) == ["A", "B"]


def test_a_late_tab_corrects_the_newest_version(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    office.save(berit, draft, {"level": "calm"})
    newest = _corrected(berit, draft)
    office.save(berit, draft, {"level": "calm"}, note="Sen fane")
    assert [one.data["supersedes"] for one in all_of(app, ServerDraft)] == [str(newest)]


def _corrected(client: FlaskClient, draft: str) -> UUID:
    new = client.post(f"/round/checks/{draft}/correction").headers["HX-Push-Url"].rpartition("/")[2]
    assert office.save(client, new, {"level": "calm"}, note="Rettet", reason="Så feil").status_code == 200
    return UUID(new)


@pytest.mark.parametrize(("times", "code"), [("4", 200), ("5", 409)], ids=["same content", "other content"])
def test_an_autosave_that_arrives_after_the_check_is_saved_changes_nothing_and_leaves_the_form(
    app: Flask, berit: FlaskClient, times: str, code: int
) -> None:
    draft = office.start(berit, ASTRID)
    office.save(berit, draft, {"level": "calm", "times": "4"})
    before = contents(app, AccessLog)
    late = berit.post(f"/round/checks/{draft}/answers", data=office.body({"times": times}), headers=office.HTMX)
    assert (late.status_code, late.headers.get("HX-Reswap")) == (code, "none" if code == 409 else None)
    assert ("Trykk «Lagre» for å ta vare på det som en retting." in late.text) == (code == 409)
    assert contents(app, AccessLog) == before


def test_an_autosave_that_waited_for_a_save_makes_no_draft_again(postgres_app: Flask) -> None:
    """It asked for the draft before the save committed."""
    app = postgres_app
    berit, tab = (sign_in(app.test_client(), BERIT) for _ in range(2))
    draft, codes = office.start(berit, ASTRID), []
    late = threading.Thread(target=lambda: codes.append(
        tab.post(f"/round/checks/{draft}/answers", data=office.body({"level": "calm"})).status_code))
    with open_session(app.extensions["engine"], write=True) as holding:
        holding.execute(select(ServerDraft).where(ServerDraft.id == UUID(draft)).with_for_update())
        late.start()
        while not waits_for_a_lock(app):
            late.join(0.01)
            assert late.is_alive()
        holding.execute(delete(ServerDraft).where(ServerDraft.id == UUID(draft)))
        holding.commit()
    late.join()
    assert (codes, all_of(app, ServerDraft)) == ([404], [])


def waits_for_a_lock(app: Flask) -> bool:
    return bool(ask(app, lambda session: session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))))
