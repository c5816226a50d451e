"""Kari works in another unit, Hans leads it, Per has no access: they see nothing of Astrid, and their tries are in the log."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from tests.conftest import sign_in
from tests.people import AMINA, BERIT, HANS, KARI, PER, SERVICE_USERS, SOLVEIG, Actor, ident, ref
from tests.web import office
from tests.web.filled import Filled, contents
from tests.web.sync.reading import all_of, change
from tests.web.test_guards import access, rules
from webapp.accounts.policy import PERMISSIONS
from webapp.models import AccessLog, Membership, Patient, ServerDraft, User
from webapp.sync.people import utc_now

OURS = [name for name, _, unit, _ in SERVICE_USERS if unit == "Fjordsida"]
LISTS = ["/round", "/round/people", "/round/event", "/round/sent", "/round/shift", "/round/device", "/review", "/review/flags",
         "/review/coverage",
         "/review/quarantine", "/review/devices", "/account", "/"]  # fmt: skip
WISHES = {"check": office.FORM, "outcome": "done", "decision": "reject", "reason": "x"}


def refusals(app: Flask, actor: Actor) -> list[AccessLog]:
    return all_of(app, AccessLog, AccessLog.user_id == actor.id, AccessLog.action == "refused")


@pytest.mark.parametrize("actor", [KARI, HANS], ids=["kari", "hans"])
def test_another_unit_meets_404_at_every_address_and_each_try_is_logged(filled: Filled, actor: Actor) -> None:
    app, client = filled.app, sign_in(filled.app.test_client(), actor)
    before, tries = contents(app, AccessLog), 0
    for rule in rules(app, "GET", "POST", "DELETE"):
        wanted = access(app, rule)
        if not rule.arguments & {"ref", "check_id", "flag_id", "envelope_hash"} or wanted not in PERMISSIONS[actor.role]:
            continue
        for url in filled.urls(rule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                answer = client.open(url, method=method, data=WISHES)
                assert answer.status_code == 404, f"{method} {url}"
                assert not any(word in answer.text for name in OURS for word in name.split())
                tries += 1
                rows = refusals(app, actor)
                assert len(rows) == tries, f"{method} {url}"
    assert tries >= 10
    assert contents(app, AccessLog) == before
    logged = {str(row.detail["endpoint"]) for row in refusals(app, actor)}
    assert {"bedside.person", "bedside.save", "bedside.answers", "bedside.discard", "bedside.correction", "bedside.start"} <= logged
    about = {row.patient_id for row in refusals(app, actor)} - {None}
    assert about == {ref("Astrid Lunde"), ref("Odd Brekke")}


@pytest.mark.parametrize("actor", [KARI, HANS, PER], ids=["kari", "hans", "per"])
@pytest.mark.parametrize("path", LISTS)
def test_no_list_shows_anybody_of_another_unit(filled_sqlite: Filled, actor: Actor, path: str) -> None:
    client = sign_in(filled_sqlite.app.test_client(), actor)
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code in (200, 403)
    seen = [word for name in OURS for word in name.split() if word in answer.text]
    assert seen == []


@pytest.mark.parametrize("actor", [KARI, HANS], ids=["kari", "hans"])
@pytest.mark.parametrize("words", ["Astrid", "1941", "02.03.1941", "Fjordveien", "", "%", "_"])
def test_no_search_finds_anybody_of_another_unit(filled_sqlite: Filled, actor: Actor, words: str) -> None:
    client = sign_in(filled_sqlite.app.test_client(), actor)
    answer = client.post("/round/people", data={"q": words})
    assert answer.status_code == 200
    assert not any(name in answer.text for name in OURS)
    assert [row.action for row in all_of(filled_sqlite.app, AccessLog, AccessLog.user_id == actor.id)].count("search") == 1


def test_per_meets_403_at_every_screen_about_people_and_each_try_is_logged(filled: Filled) -> None:
    app, per = filled.app, sign_in(filled.app.test_client(), PER)
    before, tries = contents(app, AccessLog), 0
    for rule in rules(app, "GET", "POST"):
        if access(app, rule) not in ("record", "review", "enrol"):
            continue
        for url in filled.urls(rule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                answer = per.open(url, method=method, data={})
                assert answer.status_code == 403, f"{method} {url}"
                tries += 1
    assert len(refusals(app, PER)) == tries
    assert contents(app, AccessLog) == before


def test_a_nurse_is_refused_the_supervisors_pages_and_it_is_logged(app: Flask, berit: FlaskClient) -> None:
    for path in ("/review", "/review/coverage", "/review/quarantine", "/review/devices", f"/review/people/{ref('Astrid Lunde')}"):
        answer = berit.get(path)
        assert (answer.status_code, "Astrid" in answer.text) == (403, False)
        assert "Du har ikke tilgang til dette." in answer.text
    assert [row.detail["what"] for row in refusals(app, BERIT)] == ["review", "statistics", "review", "devices", "review"]


def test_a_colleague_of_the_same_unit_cannot_touch_somebodys_draft(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, "Astrid Lunde")
    amina = sign_in(app.test_client(), AMINA)
    before = contents(app, AccessLog)
    for method, url in (("GET", ""), ("POST", ""), ("POST", "/answers"), ("POST", "/discard")):
        data = office.body({"level": "high"})
        assert amina.open(f"/round/checks/{draft}{url}", method=method, data=data).status_code == 404
    assert contents(app, AccessLog) == before
    assert len(refusals(app, AMINA)) == 4


def test_what_a_supervisor_and_a_nurse_look_at_is_in_the_log_with_person_and_unit(filled: Filled) -> None:
    app = filled.app
    solveig, berit = sign_in(app.test_client(), SOLVEIG), sign_in(app.test_client(), BERIT)
    astrid = ref("Astrid Lunde")
    for client, actor, url, action in (
        (solveig, SOLVEIG, f"/review/people/{astrid}", "timeline"),
        (solveig, SOLVEIG, f"/review/checks/{filled.check}", "check"),
        (solveig, SOLVEIG, "/review", "review_list"),
        (berit, BERIT, f"/round/people/{astrid}", "person"),
        (berit, BERIT, f"/round/checks/{filled.check}", "check"),
    ):
        earlier = len(all_of(app, AccessLog, AccessLog.user_id == actor.id, AccessLog.action == action))
        assert client.get(url).status_code == 200
        rows = all_of(app, AccessLog, AccessLog.user_id == actor.id, AccessLog.action == action)
        assert len(rows) == earlier + 1, url
        newest = max(rows, key=lambda row: row.at)
        assert newest.role == actor.role
        assert newest.patient_id == (None if action == "review_list" else astrid)


def test_a_nurse_who_leaves_the_unit_sees_nothing_from_the_next_click(app: Flask, berit: FlaskClient) -> None:
    check = office.record(berit, "Astrid Lunde")
    draft = office.start(berit, "Odd Brekke")
    change(app, lambda session: session.execute(delete(Membership).where(Membership.user_id == BERIT.id)))
    for url in (f"/round/people/{ref('Astrid Lunde')}", f"/round/checks/{check}", f"/round/checks/{draft}"):
        assert berit.get(url).status_code == 404
    assert berit.post(f"/round/checks/{draft}", data=office.body({"level": "calm"})).status_code == 404
    assert not any(name in berit.get("/round").text for name in OURS)
    assert len(all_of(app, ServerDraft)) == 1


def test_a_person_who_moves_to_another_unit_is_seen_there_and_no_longer_here(app: Flask, berit: FlaskClient, kari: FlaskClient) -> None:
    check = office.record(berit, "Astrid Lunde", "high")
    move = update(Patient).where(Patient.id == ref("Astrid Lunde")).values(unit_id=ident("Sentrum"))
    change(app, lambda session: session.execute(move))
    for url in (f"/round/people/{ref('Astrid Lunde')}", f"/round/checks/{check}"):
        assert (berit.get(url).status_code, kari.get(url).status_code) == (404, 200)


def test_a_disabled_account_is_out_at_once_and_cannot_come_back(app: Flask, berit: FlaskClient) -> None:
    assert berit.get("/round").status_code == 200
    disable = update(User).where(User.id == BERIT.id).values(disabled_at=utc_now() - timedelta(seconds=1))
    change(app, lambda session: session.execute(disable))
    assert berit.get("/round").headers["Location"].startswith("/login")
    assert berit.post("/login", data={"username": "berit", "password": "correct horse battery staple"}).status_code == 422


def test_nobody_learns_from_the_answer_whether_an_address_exists(filled_sqlite: Filled) -> None:
    hans = sign_in(filled_sqlite.app.test_client(), HANS)
    for real in (f"/review/people/{ref('Astrid Lunde')}", f"/review/checks/{filled_sqlite.check}"):
        invented = real.rpartition("/")[0] + f"/{uuid4()}"
        assert hans.get(real).text == hans.get(invented).text
    for what in ("closing", "owner"):
        real = hans.post(f"/review/flags/{filled_sqlite.flag}/{what}", data={"outcome": "done"}).text
        assert real == hans.post(f"/review/flags/{uuid4()}/{what}", data={"outcome": "done"}).text
