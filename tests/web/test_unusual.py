"""Unusual look-ups: each with the plain fact that made it come up, no accusation, and what was decided about it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.device import Tablet, now_oslo, uuid7
from tests.people import AMINA, BERIT, JORUNN, KARI, ident, ref
from tests.web import office
from tests.web.logged import NOON, add, said, words
from tests.web.sync.reading import all_of, change
from webapp.audit.unusual import names_of
from webapp.models import AccessLog, AccessReview, Membership, Patient, User, Visit

PAGE = "/journal/unusual"


def cards(client: FlaskClient, query: str = "") -> list[str]:
    """What is listed, one text each."""
    return [words("<li" + one) for one in re.split("<li(?= class=.card stack finding)", client.get(PAGE + query).text)[1:]]


def renamed(app: Flask, name: str) -> None:
    change(app, lambda s: s.execute(update(User).where(User.id == BERIT.id).values(name=name)))


def test_ordinary_work_is_not_listed(app: Flask, jorunn: FlaskClient) -> None:
    for name in ("Astrid Lunde", "Odd Brekke", "Inger Tangen"):
        add(app, BERIT, "person", name)
    assert cards(jorunn) == []
    assert "Ingen uvanlige oppslag" in said(jorunn, PAGE)


@pytest.mark.parametrize(("name", "why"), [
    ("Astrid Lunde", "samme navn. Det kan være den ansatte selv"), ("Berit Lunde", "samme etternavn. Det kan være tilfeldig"),
    ("Berit LUNDE-Nygård", "samme etternavn"), ("Lunde Nygård", None), ("Berit Lundes", None),
])  # fmt: skip
def test_the_same_name_or_family_name_comes_up(app: Flask, jorunn: FlaskClient, name: str, why: str | None) -> None:
    renamed(app, name)
    add(app, BERIT, "person", "Astrid Lunde")
    found = cards(jorunn)
    assert len(found) == (1 if why else 0)
    assert all(str(why) in one for one in found)
    assert "mistanke" in said(jorunn, PAGE)


def test_that_she_was_on_the_route_is_said_too(app: Flask, jorunn: FlaskClient) -> None:
    renamed(app, "Berit Lunde")
    add(app, BERIT, "person", "Astrid Lunde")
    row = {"patient_id": ref("Astrid Lunde"), "unit_id": ident("Fjordsida"), "on": NOON.date(), "at": "12:00", "shift": "day"}
    change(app, lambda s: s.add(Visit(user_id=BERIT.id, **row)))
    assert "Brukeren sto på ruta til den ansatte." in cards(jorunn)[0]


def test_no_relation_of_service_comes_up_with_the_reason_that_was_given(app: Flask, jorunn: FlaskClient) -> None:
    add(app, KARI, "person", "Astrid Lunde", reason="Vikar på kveldsvakt", detail={"lookup": "x"})
    (card,) = cards(jorunn)
    assert "hørte ikke til den ansattes enhet da" in card
    assert "Begrunnet oppslag: Vikar på kveldsvakt" in card


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_the_route_of_the_day_before_or_after_is_a_relation(app: Flask, jorunn: FlaskClient, days: int) -> None:
    add(app, KARI, "person", "Astrid Lunde")
    assert len(cards(jorunn)) == 1
    on = NOON.date() + timedelta(days=days)
    row = {"patient_id": ref("Astrid Lunde"), "unit_id": ident("Fjordsida"), "on": on, "at": "12:00", "shift": "day"}
    change(app, lambda s: s.add(Visit(user_id=KARI.id, **row)))
    assert cards(jorunn) == []


def test_who_recorded_a_check_had_something_to_do_there(app: Flask, jorunn: FlaskClient, kari: FlaskClient) -> None:
    form = {"name": "Astrid Lunde", "born": "1941-03-02", "reason": "Vikar på kveldsvakt"}
    assert kari.post("/lookups", data=form).status_code == 303
    kari.get(f"/round/people/{ref('Astrid Lunde')}")
    assert len(cards(jorunn)) == 1
    office.record(kari, "Astrid Lunde", "calm")
    assert cards(jorunn) == []


def test_the_unit_of_then_counts(app: Flask, jorunn: FlaskClient) -> None:
    add(app, KARI, "person", "Astrid Lunde", detail={"from": [str(ident("Fjordsida"))]})
    assert cards(jorunn) == []


def test_who_tried_without_access_comes_up(app: Flask, jorunn: FlaskClient, kari: FlaskClient) -> None:
    assert kari.get(f"/round/people/{ref('Astrid Lunde')}").status_code == 404
    (card,) = cards(jorunn)
    assert "prøvde å se noe om brukeren, men har ikke tilgang" in card
    assert "Kari Solheim → Astrid Lunde" in card


def crowd(app: Flask, many: int) -> list[UUID]:
    refs = [uuid4() for _ in range(many)]
    row = {"unit_id": ident("Fjordsida"), "born": NOON.date(), "name_key": "x"}
    change(app, lambda s: s.add_all(Patient(id=one, name=f"Navn Navnesen{n}", **row) for n, one in enumerate(refs)))
    return refs


def looks(app: Flask, user: UUID, refs: list[UUID], days: int = 0) -> None:
    def edit(session: Session) -> None:
        row = {"user_id": user, "role": "nurse", "action": "person", "at": NOON - timedelta(days=days)}
        session.add_all(AccessLog(patient_id=one, detail={"from": [str(ident("Fjordsida"))]}, **row) for one in refs)

    change(app, edit)


def test_far_more_people_than_colleagues_look_at_comes_up(app: Flask, jorunn: FlaskClient) -> None:
    refs = crowd(app, 40)
    for day in range(6):
        looks(app, AMINA.id, refs[:10], day)
    looks(app, BERIT.id, refs[:25], 1)
    assert cards(jorunn) == [], "two and a half times as many is not more than that"
    looks(app, BERIT.id, refs[:26], 2)
    (card,) = cards(jorunn)
    assert "Så på 26 brukere denne dagen. Kolleger med samme rolle ser vanligvis på 10." in card


def test_without_enough_colleagues_nothing_is_said_of_volume(app: Flask, jorunn: FlaskClient) -> None:
    refs = crowd(app, 40)
    for day in range(4):
        looks(app, AMINA.id, refs[:3], day)
    looks(app, BERIT.id, refs)
    assert cards(jorunn) == []


def test_a_decision_is_kept_with_who_and_why_and_takes_it_off_the_list(app: Flask, jorunn: FlaskClient) -> None:
    add(app, KARI, "person", "Astrid Lunde")
    (about,) = re.findall('name="about" value="([0-9a-f]{64})"', jorunn.get(PAGE).text)
    assert jorunn.post(PAGE, data={"about": about, "verdict": "follow", "note": "Spør Kari"}).status_code == 303
    assert cards(jorunn) == []
    (card,) = cards(jorunn, "?all=1")
    for word in ("Følges opp", "Spør Kari", "Jorunn Haga, i dag"):
        assert word in card
    assert jorunn.post(PAGE, data={"about": about, "verdict": "ok", "all": "1"}).status_code == 303
    (card,) = cards(jorunn, "?all=1")
    assert "Følges opp" not in card.partition("Ombestem")[0]
    rows = all_of(app, AccessLog, AccessLog.action == "unusual_reviewed")
    assert sorted((row.reason, row.detail["verdict"]) for row in rows) == [("", "ok"), ("Spør Kari", "follow")]
    assert {row.user_id for row in rows} == {JORUNN.id}
    assert {row.detail["employee"] for row in rows} == {str(KARI.id)}


def test_what_is_not_in_the_list_is_not_decided(app: Flask, jorunn: FlaskClient) -> None:
    add(app, KARI, "person", "Astrid Lunde")
    (about,) = re.findall('name="about" value="([0-9a-f]{64})"', jorunn.get(PAGE).text)
    for said_so in ({"about": "0" * 64, "verdict": "ok"}, {"about": about, "verdict": "x"}, {"about": about, "verdict": "follow"}, {}):
        assert jorunn.post(PAGE, data=said_so).status_code == 422
    assert all_of(app, AccessReview) == []


def test_family_names() -> None:
    assert names_of("Berit Rødland-Kristoffersen") == {"rødland", "kristoffersen", "rødland-kristoffersen"}
    assert names_of("") == set()


def test_what_a_nurse_of_two_units_sees_on_a_tablet_is_ordinary_work_in_both(app: Flask, jorunn: FlaskClient, berit: FlaskClient) -> None:
    # given Berit works in both units, and opened somebody of the second one on her tablet
    change(app, lambda s: s.add(Membership(user_id=BERIT.id, unit_id=ident("Sentrum"))))
    tablet = Tablet.enrol(app, berit)
    vault = tablet.open_vault(berit)
    now = now_oslo().isoformat(timespec="seconds")
    view = {
        "id": str(uuid7()), "kind": "view", "inst": str(tablet.installation), "key": vault.key_id, "n": 1, "u": str(ident("Fjordsida")),
        "rec": now, "clk": {"s": None, "d": None, "n": now}, "app": "test", "v": [[str(ref("Nils Vold")), now, "person"]],
    }  # fmt: skip
    assert tablet.verdicts([tablet.seal(vault, view)])[0]["verdict"] == "accepted"
    # then nobody is asked why
    assert [one for one in cards(jorunn) if "Nils Vold" in one] == []
    # and whoever reads the log sees both
    (row,) = all_of(app, AccessLog, AccessLog.action == "person")
    assert set(row.detail["from"]) == {str(ident("Fjordsida")), str(ident("Sentrum"))}
