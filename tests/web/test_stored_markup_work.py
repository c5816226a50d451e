"""Markup in every free text of what leaders and administrators write: improvement, networks, the cross, the year, charts, links, names."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.html import Page
from tests.people import HANS, KARI, PER, SOLVEIG
from tests.web.filled import Filled
from tests.web.measured import client, measured
from tests.web.measured import unit as unit_of
from tests.web.naughty import RUNNING
from tests.web.test_board_links import made as screen_of
from tests.web.test_improvement import made
from tests.web.test_login import attempt
from tests.web.test_measure_decisions import Chart
from tests.web.test_network import HERE, THERE, code, join
from tests.web.test_staff import form, shown
from tests.web.test_stored_markup import MARK, mark
from webapp.improvement.kinds import FORMS, LINE, TEXT
from webapp.improvement.routes import today

DAY = today().isoformat()
DAYS = dict.fromkeys(("start", "planned", "due", "begins"), DAY)
GIVEN = {"state": "active", "idea_state": "tried", "session_kind": "gathering", "unit": HERE, **DAYS}


def filled_in(kind: str) -> dict[str, str]:
    """A form of this kind with a mark in every text."""
    return GIVEN | {one.name: mark(f"{kind}.{one.name}") for one in FORMS[kind] if one.kind in (LINE, TEXT)}


def places(*kinds: str) -> set[str]:
    return {f"{kind}.{one.name}" for kind in kinds for one in FORMS[kind] if one.kind in (LINE, TEXT)}


def seen_by(reader: FlaskClient, *urls: str) -> set[str]:
    """The places whose words these pages show; nothing in them runs."""
    seen: set[str] = set()
    for url in urls:
        answer = reader.get(url)
        assert answer.status_code == 200, url
        assert [one for one in RUNNING if one in answer.text] == [], url
        assert Page(answer.text).problems == [], url
        seen |= set(MARK.findall(answer.text))
    return seen


@pytest.fixture
def solveig_there(filled_sqlite: Filled) -> FlaskClient:
    return sign_in(filled_sqlite.app.test_client(), SOLVEIG)


def test_improvement_work_shows_it_as_text(solveig_there: FlaskClient) -> None:
    project = made(solveig_there, "/improvement/new", filled_in("project"))
    parts = [made(solveig_there, f"/improvement/{project}/new?kind={kind}", filled_in(kind)) for kind in ("aim", "idea", "cycle")]
    items = [f"/improvement/items/{one}" for one in (project, *parts)]
    new = [f"/improvement/{project}/new?kind={kind}" for kind in ("aim", "idea", "cycle")]
    found = seen_by(solveig_there, f"/improvement/{project}", "/measures", "/measures/year", "/measures/report", "/leadership/board")
    assert places("project", "aim", "idea", "cycle") - found == set()
    assert places("project", "aim", "idea", "cycle") - seen_by(solveig_there, "/improvement", *items, *new) == set()


def test_walk_rounds_the_cross_and_the_year_show_it_as_text(solveig_there: FlaskClient) -> None:
    visit = solveig_there.post("/leadership/visits/new", data=filled_in("visit")).headers["Location"].partition("?")[0]
    assert visit.startswith("/leadership/visits/")
    made(solveig_there, f"/improvement/{visit.rpartition('/')[2]}/new?kind=action", filled_in("action"))
    said = {"unit": HERE, "day": DAY, "colour": "yellow", "note": mark("cross")[:160], "seen": "0"}
    assert solveig_there.post("/leadership/cross", data=said).status_code == 303
    year = {"unit": HERE, "year": DAY[:4], "part": "plan", "seen": "0", "text": mark("year")}
    assert solveig_there.post("/measures/year/texts", data=year).status_code == 303
    found = seen_by(solveig_there, visit, "/leadership/visits", "/leadership/cross", f"/measures/year?unit={HERE}&year={DAY[:4]}")
    assert places("visit", "action") | {"cross", "year"} <= found


def test_a_network_shows_it_as_text_to_its_host_and_to_leaders_of_other_units(filled_sqlite: Filled, solveig_there: FlaskClient) -> None:
    network = made(solveig_there, "/network/new", filled_in("network"))
    made(solveig_there, f"/improvement/{network}/new?kind=session", filled_in("session"))
    assert solveig_there.post(f"/network/{network}/posts", data=filled_in("post")).status_code == 303
    hans = sign_in(filled_sqlite.app.test_client(), HANS)
    said = code(solveig_there, network)
    look = hans.post("/network/joining", data={"unit": THERE, "code": said})
    assert [one for one in RUNNING if one in look.text] == []
    assert "network.title" in MARK.findall(look.text)
    assert join(hans, THERE, said) == 303
    for reader in (solveig_there, hans):
        assert places("network", "session", "post") - seen_by(reader, "/network", f"/network/{network}") == set()
    seen_by(solveig_there, f"/network/{network}/teams", f"/network/{network}/posts")


def test_links_tokens_codes_and_devices_show_their_names_as_text(filled_sqlite: Filled, solveig_there: FlaskClient) -> None:
    name = mark("board")[:80]
    assert solveig_there.post("/leadership/board/links", data={"unit": HERE, "name": name}).status_code == 201
    assert solveig_there.post("/measure-tokens", data={"unit": HERE, "name": mark("token")[:80]}).status_code == 201
    assert solveig_there.post("/devices/codes", data={"unit": HERE, "name": mark("code")[:80]}).status_code == 201
    found = seen_by(solveig_there, "/leadership/board/links", "/measure-tokens", "/devices/codes")
    assert {"board", "token", "code"} <= found
    screen = filled_sqlite.app.test_client()
    screen.get(screen_of(solveig_there))
    seen_by(screen, "/screen", "/screen/list?since=x")


def test_what_an_administrator_writes_of_an_account_is_text_to_her_to_its_owner_and_to_the_leader(
    filled_sqlite: Filled, solveig_there: FlaskClient
) -> None:
    app = filled_sqlite.app
    per, hans, kari = sign_in(app.test_client(), PER), sign_in(app.test_client(), HANS), app.test_client()
    assert per.post(f"/staff/{KARI.id}", data=form(per, KARI.id, name=mark("account"), title=mark("role")[:80])).status_code == 303
    password = shown(per.post(f"/staff/{KARI.id}/password", data={"reason": mark("why")}))
    assert {"account", "role", "why"} <= seen_by(per, f"/staff/{KARI.id}", "/staff")
    assert {"account", "why"} <= seen_by(hans, "/review"), "her leader is told"
    assert attempt(kari, "kari", password).headers["Location"] == "/login/password"
    assert "why" in seen_by(kari, "/login/password")


def test_a_decision_about_a_chart_shows_its_reason_as_text_and_the_drawing_too(tmp_path: Path) -> None:
    with measured(tmp_path) as app:
        chart, leader, unit = Chart(app, "F-R1"), client(app, SOLVEIG), unit_of(app)
        for kind, period in (("note", 3), ("phase", 20), ("ghost", 5)):
            assert chart.decide(kind=kind, period=chart.periods()[period], reason=mark(kind)) == 303, kind
        assert {"note", "phase", "ghost"} <= seen_by(leader, f"/measures/one?{chart.query}", f"/measures?unit={unit}")
        seen_by(leader, f"/measures/report?unit={unit}", f"/measures/year?unit={unit}")
        drawn = leader.get(f"/measures/one/file.svg?{chart.query}").text
        assert [one for one in RUNNING if one in drawn] == []
