"""Each role has its own first page and menu; who reads statistics sees numbers only, and none of few people."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.conftest import sign_in
from tests.people import BERIT, CAST, HANS, JORUNN, PASSWORD, PER, SERVICE_USERS, SOLVEIG, STINE, UNITS, Actor, ident
from tests.web import office
from tests.web.filled import Filled
from tests.web.sync.reading import all_of, change
from webapp.accounts.policy import too_small
from webapp.models import AccessLog, Episode, Patient
from webapp.review import aggregates
from webapp.words import translator

FIRST = {"nurse": "/round", "supervisor": "/review", "statistics": "/review/coverage", "journal": "/journal", "admin": "/review/devices"}


def logged_in(app: Flask, actor: Actor, target: str = "/") -> tuple[FlaskClient, str]:
    """A client that has logged in, and the page it came to."""
    client = app.test_client()
    client.get("/login")
    token = client.get_cookie("csrf")
    assert token
    said = {"username": actor.username, "password": PASSWORD, "next": target, "csrf_token": token.value}
    answer = client.post("/login", data=said, follow_redirects=True)
    assert answer.status_code == 200, (actor.username, target)
    return client, answer.request.path


@pytest.mark.parametrize("actor", CAST, ids=lambda one: one.username)
def test_everybody_comes_to_her_own_first_page_wherever_she_was_going(sqlite_app: Flask, actor: Actor) -> None:
    assert logged_in(sqlite_app, actor)[1] == FIRST[actor.role]
    for target in ("/round", "/review", "/review/devices", "/review/coverage", "/enrol", "/rescue"):
        client, path = logged_in(sqlite_app, actor, target)
        assert path in (target, FIRST[actor.role])
        assert client.get("/login", query_string={"next": target}, follow_redirects=True).status_code == 200
    assert all_of(sqlite_app, AccessLog, AccessLog.action == "refused") == []


@pytest.mark.parametrize("actor", [SOLVEIG, STINE, JORUNN, PER], ids=lambda one: one.username)
def test_the_menu_has_nothing_that_would_be_refused(filled_sqlite: Filled, actor: Actor) -> None:
    client = sign_in(filled_sqlite.app.test_client(), actor)
    links = set(re.findall(r'<a [^>]*href="(/[^"]*)"', client.get("/account").text))
    assert FIRST[actor.role] in links
    for url in links:
        assert client.get(url, follow_redirects=True).status_code == 200, url


def neighbours(app: Flask, many: int) -> None:
    """So many people more in Fjordsida's service."""

    def add(session: Session) -> None:
        for n in range(many):
            ref, name = ident(f"neighbour {n}"), f"Navn Navnesen{n}"
            session.execute(insert(Patient).values(id=ref, unit_id=ident("Fjordsida"), name=name, name_key="n", born=date(1940, 1, 1)))
            session.execute(insert(Episode).values(patient_id=ref, kind="service", start=date(2020, 1, 1), place=""))

    change(app, add)


def test_who_reads_statistics_sees_every_unit_and_nobodys_name(app: Flask, berit: FlaskClient) -> None:
    neighbours(app, 20)
    for _ in range(6):
        office.record(berit, "Astrid Lunde")
    stine = sign_in(app.test_client(), STINE)
    said = stine.get("/review/coverage").text
    assert all(unit in said for unit in UNITS)
    assert not [word for name, *_ in SERVICE_USERS for word in name.split() if word in said]
    assert "Navnesen" not in said
    assert "/people/" not in said
    assert "Lengst over tiden" not in said
    rows = all_of(app, AccessLog, AccessLog.user_id == STINE.id, AccessLog.action == "coverage")
    assert [row.role for row in rows] == ["statistics"]


def test_numbers_of_few_people_are_shown_to_who_knows_them_and_to_nobody_else(app: Flask, berit: FlaskClient) -> None:
    office.record(berit, "Astrid Lunde")
    solveig, stine = sign_in(app.test_client(), SOLVEIG), sign_in(app.test_client(), STINE)
    assert "<td>1</td>" in solveig.get("/review/coverage").text, "one check this month"
    said = stine.get("/review/coverage").text
    assert "<td>1</td>" not in said
    assert said.count("<td>færre enn 5</td>") == 2 * 12
    assert '"values":[0,0,0,0,0,0,0,0,0,0,0,0]' in said.replace("&#34;", '"').replace("&quot;", '"')


def test_a_number_that_could_be_worked_out_from_the_others_is_hidden_too() -> None:
    assert too_small({"a": 30, "b": 12, "c": 7}) == set()
    assert too_small({"a": 30, "b": 12, "c": 4}) == {"b", "c"}, "30 of 46 would tell the third"
    assert too_small({"a": 30, "b": 3, "c": 3}) == {"b", "c"}
    assert too_small({"a": 30, "b": 0, "c": 3}) == {"a", "b", "c"}, "33 less 30 would be three people"
    assert too_small({"a": 3}) == {"a"}


def test_no_shown_numbers_give_a_hidden_one_away(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        for on_time, due, overdue in product(range(8), repeat=3):
            whole = on_time + due + overdue
            counted = Counter(done=on_time, due=due, overdue=overdue, not_applicable=3)
            told = aggregates.row(office.FORM, counted, "few", translator("nb"), "nb")
            hidden = [name for name in ("on_time", "due", "overdue") if told[name] == "–"]
            shown = [int(told[name]) for name in ("on_time", "due", "overdue") if told[name] != "–"]
            assert len(hidden) != 1
            assert min(shown, default=5) >= 5
            assert (told["eligible"] == "few") == (whole < 5)
            assert not shown or not hidden or int(told["eligible"]) - sum(shown) >= 5
            assert not whole or "overdue" not in hidden or told["coverage"] in ("–", f"minst {100 * (whole - 4) // whole} %")


@pytest.mark.parametrize("path", ["/round", "/review", "/review/people", "/review/quarantine", "/review/devices", "/rescue", "/enrol"])
@pytest.mark.parametrize("actor", [STINE, JORUNN], ids=["stine", "jorunn"])
def test_neither_numbers_nor_records_open_what_is_a_nurses_or_a_leaders(filled_sqlite: Filled, actor: Actor, path: str) -> None:
    assert sign_in(filled_sqlite.app.test_client(), actor).get(path).status_code == 403


def test_an_administrator_sees_the_devices_of_all_units_and_a_leader_hers(filled_sqlite: Filled) -> None:
    app = filled_sqlite.app
    name = "Nettbrett 1"
    seen = {actor.username: name in sign_in(app.test_client(), actor).get("/review/devices").text for actor in (PER, SOLVEIG, HANS)}
    assert seen == {"per": True, "solveig": True, "hans": False}
    assert sign_in(app.test_client(), BERIT).get("/review/devices").status_code == 403
