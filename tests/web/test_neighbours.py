"""Look-ups of neighbours come up for follow-up, without anybody's home being kept where it can be read."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import BERIT, KARI, PER, ident, ref
from tests.web import logged
from tests.web.filled import contents
from tests.web.logged import NOON, add
from tests.web.sync.reading import all_of, change
from tests.web.test_unusual import cards
from webapp.accounts.home import street
from webapp.models import AccessLog, Patient, User, Visit

HOME = f"/staff/{BERIT.id}/home"
SAME = "Den ansatte og brukeren har adresse i samme gate. De kan være naboer."


def lives(per: FlaskClient, address: str) -> None:
    assert per.post(HOME, data={"address": address}).headers["Location"] == f"/staff/{BERIT.id}?done=home"


@pytest.mark.parametrize("address", ["Fjordveien 12", "  fjordvegen 3B, 2. etasje", "FJORDVN. 7", "Fjordveien", "Fjordveien 140 H0202"])
def test_who_looks_at_somebody_in_her_own_street_comes_up(app: Flask, jorunn: FlaskClient, per: FlaskClient, address: str) -> None:
    add(app, BERIT, "person", "Astrid Lunde")
    assert cards(jorunn) == []
    lives(per, address)
    (card,) = cards(jorunn)
    assert SAME in card
    assert "Berit Nygård → Astrid Lunde" in card


@pytest.mark.parametrize("address", ["Fjordgata 1", "Nedre Fjordveien 1", "Fjellveien 1"])
def test_another_street_is_no_neighbour(app: Flask, jorunn: FlaskClient, per: FlaskClient, address: str) -> None:
    lives(per, address)
    add(app, BERIT, "person", "Astrid Lunde")
    assert cards(jorunn) == []


def test_that_a_neighbour_was_on_her_route_is_said_too_and_who_only_was_refused_is_told_apart(
    app: Flask, jorunn: FlaskClient, per: FlaskClient
) -> None:
    lives(per, "Fjordveien 12")
    add(app, BERIT, "person", "Astrid Lunde")
    row = {"patient_id": ref("Astrid Lunde"), "unit_id": ident("Fjordsida"), "on": NOON.date(), "at": "12:00", "shift": "day"}
    change(app, lambda s: s.add(Visit(user_id=BERIT.id, **row)))
    add(app, BERIT, "refused", "Nils Vold")
    (seen,) = [one for one in cards(jorunn) if SAME in one]
    assert "Astrid Lunde" in seen
    assert "Brukeren sto på ruta til den ansatte." in seen


def test_the_address_is_kept_nowhere_and_is_told_and_taken_away_by_an_administrator_only(
    app: Flask, jorunn: FlaskClient, per: FlaskClient, berit: FlaskClient, solveig: FlaskClient
) -> None:
    lives(per, "Hemmeligstredet 12")
    assert "emmeligst" not in repr(contents(app)).replace("H", "h")
    assert "emmeligst" not in per.get(f"/staff/{BERIT.id}").text
    assert "Et avtrykk er lagret." in logged.said(per, f"/staff/{BERIT.id}")
    assert "Lagret avtrykk av gata til en ansatt" in logged.said(berit, "/account"), "she is told"
    for client in (berit, solveig, jorunn):
        assert client.post(HOME, data={"address": ""}).status_code == 403
    assert per.post(HOME, data={"address": ""}).headers["Location"] == f"/staff/{BERIT.id}?done=homeless"
    assert "Ingen er lagret." in logged.said(per, f"/staff/{BERIT.id}")
    assert {one.home_street for one in all_of(app, User)} == {""}
    rows = [(one.user_id, one.action) for one in all_of(app, AccessLog, AccessLog.action.like("home_%"))]
    assert sorted(rows) == [(PER.id, "home_noted"), (PER.id, "home_removed")]


@pytest.mark.parametrize("address", ["12", " , ", "x" * 201, "٣ ,", "\x00"])
def test_what_is_no_address_changes_nothing(app: Flask, per: FlaskClient, address: str) -> None:
    lives(per, "Fjordveien 12")
    before = contents(app, AccessLog)
    answer = per.post(HOME, data={"address": address})
    assert answer.status_code == 422
    assert "Skriv gatenavn og husnummer. Ingenting er endret." in answer.text
    assert contents(app, AccessLog) == before


def test_two_who_live_in_one_street_have_the_same_mark_and_another_installation_has_another(app: Flask, per: FlaskClient) -> None:
    lives(per, "Fjordveien 12")
    assert per.post(f"/staff/{KARI.id}/home", data={"address": "Fjordvegen 99"}).status_code == 303
    marks = {one.home_street for one in all_of(app, User) if one.home_street}
    assert len(marks) == 1
    assert len(marks.pop()) == 64
    assert all(one.address == "Fjordveien 1" for one in all_of(app, Patient))


@pytest.mark.parametrize(("address", "name"), [
    ("17. mai-gata 5", "17maigate"), ("Storgaten 3", "storgate"), ("Storgt. 3", "storgate"), ("Stor gate 3", "storgate"),
    ("Bekkevei 2 A", "bekkevei"), ("Bekkevegen", "bekkevei"), ("Bruåsen 4, 5003 Byen", "bruåsen"), ("4", ""), ("", ""),
    ("Sjøveien12", "sjøvei"),
])  # fmt: skip
def test_a_street_is_the_same_however_it_is_written(address: str, name: str) -> None:
    assert street(address) == name
