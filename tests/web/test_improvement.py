"""Improvement work on screen: made, changed, taken back, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import SOLVEIG, ident
from tests.web.sync.reading import all_of, ask, count
from webapp.improvement import marks
from webapp.improvement.routes import today
from webapp.models import WorkVersion

CYCLE = {"title": "Hudsjekk ved dusj", "start": "2026-10-01", "plan": "Amina prøver hos to brukere"}


def made(client: FlaskClient, url: str, data: dict[str, Any]) -> UUID:
    """The id of what was made."""
    answer = client.post(url, data=data)
    assert answer.status_code == 303, answer.text
    (found,) = re.findall(r"item=([0-9a-f-]{36})", answer.headers["Location"])
    return UUID(found)


@pytest.fixture
def project(solveig: FlaskClient) -> UUID:
    return made(solveig, "/improvement/new", {"title": "Tryggere hud", "state": "active", "why": "Tre sår i vår", "start": "2026-09-01"})


def part(client: FlaskClient, project: UUID, kind: str, **data: Any) -> UUID:
    return made(client, f"/improvement/{project}/new?kind={kind}", data)


def test_before_there_is_anything_the_page_says_how_to_begin(solveig: FlaskClient) -> None:
    assert "Begynn med ett mål" in solveig.get("/improvement").text


def test_a_project_shows_its_aim_ideas_and_cycles_with_who_and_when(solveig: FlaskClient, project: UUID) -> None:
    part(solveig, project, "aim", text="Flere får hudsjekk", target="95", baseline="60", deadline="2027-06-01", population="Alle i risiko",
         owner=str(SOLVEIG.id))  # fmt: skip
    idea = part(solveig, project, "idea", text="Hudsjekk ved dusj", idea_state="tried", start="2026-10-01")
    part(solveig, project, "cycle", **CYCLE | {"idea": str(idea), "prediction": "Det går fort"})
    text = solveig.get(f"/improvement/{project}").text
    for word in ("Tryggere hud", "Tre sår i vår", "Flere får hudsjekk", "innen 01.06.2027", "Alle i risiko", "Prøves ut", "Det går fort",
                 "Amina prøver hos to brukere", "Sist endret av Solveig Dahl", "Mangler: måling."):  # fmt: skip
        assert word in text, word
    listed = solveig.get("/improvement").text
    assert "1 mål · 1 PDSA-runde · 1 pågår nå" in listed
    assert "1 mål er ikke ferdig beskrevet" in listed


def test_a_change_is_a_new_version_and_the_old_one_stays(solveig: FlaskClient, app: Flask, project: UUID) -> None:
    cycle = part(solveig, project, "cycle", **CYCLE)
    done = {"end": "2026-10-08", "study": "Det tok to minutter", "act": "adopt", "seen": "1"}
    assert solveig.post(f"/improvement/items/{cycle}", data=CYCLE | done).status_code == 303
    assert sorted(row.number for row in all_of(app, WorkVersion, WorkVersion.item == cycle)) == [1, 2]
    form = solveig.get(f"/improvement/items/{cycle}").text
    assert "Korrigere: hva gjør dere nå?: Innføre" in form
    assert "Laget." in form


def test_the_last_change_is_taken_back_and_that_too(solveig: FlaskClient, project: UUID) -> None:
    cycle = part(solveig, project, "cycle", **CYCLE)
    solveig.post(f"/improvement/items/{cycle}", data=CYCLE | {"title": "Noe annet", "seen": "1"})
    assert "Noe annet" in solveig.get(f"/improvement/{project}").text
    assert solveig.post(f"/improvement/items/{cycle}/undo", data={"seen": "2"}).status_code == 303
    assert "Hudsjekk ved dusj" in solveig.get(f"/improvement/{project}").text
    solveig.post(f"/improvement/items/{cycle}/removal", data={"seen": "3"})
    assert "Hudsjekk ved dusj" not in solveig.get(f"/improvement/{project}").text
    solveig.post(f"/improvement/items/{cycle}/undo", data={"seen": "4"})
    assert "Hudsjekk ved dusj" in solveig.get(f"/improvement/{project}").text


def test_nobody_writes_over_what_she_has_not_read(solveig: FlaskClient, app: Flask, project: UUID) -> None:
    cycle = part(solveig, project, "cycle", **CYCLE)
    solveig.post(f"/improvement/items/{cycle}", data=CYCLE | {"title": "Først", "seen": "1"})
    late = solveig.post(f"/improvement/items/{cycle}", data=CYCLE | {"title": "Sist", "seen": "1"})
    assert late.status_code == 422
    assert "Noen andre har endret dette" in late.text
    assert 'value="Sist"' in late.text, "what was written is not lost"
    assert count(app, WorkVersion, WorkVersion.item == cycle) == 2


@pytest.mark.parametrize("data", [{"title": "", "state": "active"}, {"title": "A", "state": "gone"}, {"title": "A"},
                                  {"title": "A", "state": "active", "owner": str(uuid4())}])  # fmt: skip
def test_an_error_changes_nothing_and_keeps_what_was_written(solveig: FlaskClient, app: Flask, data: dict[str, str]) -> None:
    answer = solveig.post("/improvement/new", data=data | {"why": "Tre sår i vår"})
    assert answer.status_code == 422
    assert "Ingenting er lagret" in answer.text
    assert "Tre sår i vår" in answer.text
    assert count(app, WorkVersion) == 0


def test_the_same_form_sent_twice_makes_one(solveig: FlaskClient, app: Flask) -> None:
    data = {"title": "Tryggere hud", "state": "active", "item": str(uuid4())}
    assert made(solveig, "/improvement/new", data) == made(solveig, "/improvement/new", data)
    assert count(app, WorkVersion) == 1


def test_another_units_leader_neither_sees_nor_changes_it(solveig: FlaskClient, hans: FlaskClient, app: Flask, project: UUID) -> None:
    before = count(app, WorkVersion)
    assert "Tryggere hud" not in hans.get("/improvement").text
    for url in (f"/improvement/{project}", f"/improvement/items/{project}", f"/improvement?unit={ident('Fjordsida')}"):
        assert hans.get(url).status_code == 404
    taken = {"title": "Min", "state": "active", "item": str(project)}
    assert hans.post("/improvement/new", data=taken).status_code == 404, "nor by making something under its id"
    assert hans.post(f"/improvement/items/{project}/removal", data={"seen": "1"}).status_code == 404
    assert count(app, WorkVersion) == before


def test_dates_of_ideas_and_cycles_are_marks_on_the_aims_measure(solveig: FlaskClient, app: Flask, project: UUID) -> None:
    part(solveig, project, "aim", text="Flere får hudsjekk", measure="T-P2")
    part(solveig, project, "idea", text="Ved dusj", idea_state="kept", start="2026-10-05")
    part(solveig, project, "idea", text="Uten dato", idea_state="thought")
    part(solveig, project, "cycle", **CYCLE)
    found = ask(app, lambda session: marks.of_unit(session, ident("Fjordsida")))
    assert list(found) == ["T-P2"]
    assert [(one.day.isoformat(), one.kind, one.text) for one in found["T-P2"]] == [
        ("2026-10-01", "cycle", "Hudsjekk ved dusj"), ("2026-10-05", "change", "Ved dusj")]  # fmt: skip


def test_a_deadline_that_has_passed_is_said(solveig: FlaskClient, project: UUID) -> None:
    part(solveig, project, "aim", text="Flere får hudsjekk", target="95", deadline=(today() - timedelta(days=1)).isoformat())
    assert '<span class="late">innen' in solveig.get(f"/improvement/{project}").text
