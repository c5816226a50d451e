"""The page of one device: who has it, another name or unit, and revoking it with whom its finder is to call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import AMINA, BERIT, PER, SOLVEIG, ident, ref
from tests.web import office
from tests.web.sync.reading import all_of, change, count
from tests.web.test_fleet import say
from webapp.models import AccessLog, CheckRecord, Device, DeviceChange, Membership, Quarantine, UserKey

LOST = {"why": "lost", "more": "På bussen", "call_name": "Vakttelefonen", "call_phone": "400 00 000"}


def at(tablet: Tablet, what: str = "") -> str:
    return f"/devices/{tablet.device_id}{what}"


def words(client: FlaskClient, url: str) -> str:
    return Page(client.get(url).text).words


def test_the_list_leads_to_a_page_with_what_the_device_says_and_who_has_a_vault(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    amina = sign_in(app.test_client(), AMINA)
    tablet.open_vault(amina)
    say(tablet, waiting=2, drafts=1, kept=True, installed=False)
    assert at(tablet) in Page(solveig.get("/review/devices").text).urls
    page = words(solveig, at(tablet))
    for said in ("Nettbrett 3", "I kontakt", "Sier at den har 2 sjekker og 1 utkast igjen.", "Eldre utgave av appen (old)",
                 "Nei, åpen i nettleseren", "Lovet varig av nettleseren", "Berit Nygård", "Amina Warsame",
                 "Fikk hvelv på enheten", "Tatt i bruk"):  # fmt: skip
        assert said in page, said


def test_a_new_name_is_told_to_the_device_kept_in_the_history_and_can_be_taken_back(
    app: Flask, tablet: Tablet, solveig: FlaskClient
) -> None:
    renamed = solveig.post(at(tablet, "/name"), data={"name": " Bil 12 "})
    assert (renamed.status_code, all_of(app, Device)[0].name) == (303, "Bil 12")
    page = solveig.get(renamed.location).text
    for said in ("Navnet er endret.", "Nytt navn: Bil 12", "Het Nettbrett 3."):
        assert said in Page(page).words, said
    assert tablet.http.get("/sync/keys").get_json()["name"] == "Bil 12"
    assert 'name="name" value="Nettbrett 3"' in page  # what "Angre" sends
    assert solveig.post(at(tablet, "/name"), data={"name": "Nettbrett 3"}).status_code == 303
    assert "Het Bil 12." in words(solveig, at(tablet))
    assert [(one.before, one.after, one.by) for one in sorted(all_of(app, DeviceChange), key=lambda one: one.at)] == [
        ("Nettbrett 3", "Bil 12", SOLVEIG.id), ("Bil 12", "Nettbrett 3", SOLVEIG.id),
    ]  # fmt: skip
    assert count(app, AccessLog, AccessLog.action == "device_renamed", AccessLog.user_id == SOLVEIG.id) == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\0b", "Nettbrett 3"])
def test_a_name_that_will_not_do_changes_nothing(app: Flask, tablet: Tablet, solveig: FlaskClient, name: str) -> None:
    answer = solveig.post(at(tablet, "/name"), data={"name": name})
    assert (answer.status_code, "Ingenting er endret." in answer.text) == (422, True)
    assert (all_of(app, Device)[0].name, count(app, DeviceChange)) == ("Nettbrett 3", 0)


def test_an_administrator_moves_a_device_and_back_and_its_leader_is_another(
    app: Flask, tablet: Tablet, per: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    moved = per.post(at(tablet, "/unit"), data={"unit": str(ident("Sentrum"))})
    assert (moved.status_code, all_of(app, Device)[0].unit_id) == (303, ident("Sentrum"))
    assert (solveig.get(at(tablet)).status_code, hans.get(at(tablet)).status_code) == (404, 200)
    page = per.get(moved.location).text
    assert "Hørte til Fjordsida." in Page(page).words
    assert f'name="unit" value="{ident("Fjordsida")}"' in page
    assert per.post(at(tablet, "/unit"), data={"unit": str(ident("Fjordsida"))}).status_code == 303
    assert solveig.get(at(tablet)).status_code == 200


def test_a_leader_moves_a_device_only_between_units_of_hers(app: Flask, tablet: Tablet, solveig: FlaskClient) -> None:
    for unit in (ident("Sentrum"), ident("Fjordsida"), UUID(int=7), ""):
        assert solveig.post(at(tablet, "/unit"), data={"unit": str(unit)}).status_code == 422
    assert "Flytt enheten" not in words(solveig, at(tablet))
    change(app, lambda session: session.add(Membership(user_id=SOLVEIG.id, unit_id=ident("Sentrum"))))
    assert "Flytt enheten" in words(solveig, at(tablet))
    assert solveig.post(at(tablet, "/unit"), data={"unit": str(ident("Sentrum"))}).status_code == 303


def test_a_lost_device_is_revoked_with_a_reason_and_is_told_whom_to_call_whatever_it_asks(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, str(ref("Astrid Lunde")), office.FORM, {"level": "calm"}))
    assert solveig.post(at(tablet, "/revocation"), data=LOST).status_code == 303
    told = {"revoked": True, "call": {"name": "Vakttelefonen", "phone": "400 00 000"}}
    assert told.items() <= tablet.http.get("/sync/keys").get_json().items()
    assert told.items() <= tablet.http.post("/sync/keys", json={"wire": 1}).get_json().items()
    answer = tablet.upload([sealed]).get_json()
    assert told.items() <= answer.items()
    assert answer["verdicts"][0]["verdict"] == "quarantined"
    assert (count(app, CheckRecord), count(app, Quarantine)) == (0, 1)
    assert tablet.snapshot(vault).status_code == 401
    assert {key.status for key in all_of(app, UserKey)} == {"compromised"}
    (row,) = all_of(app, AccessLog, AccessLog.action == "device_revoked")
    assert (row.user_id, row.reason, str(row.device_id)) == (SOLVEIG.id, "Mistet. På bussen", tablet.device_id)


def test_a_device_in_use_is_told_nothing_of_the_kind(tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, str(ref("Astrid Lunde")), office.FORM, {"level": "calm"}))
    assert "call" not in tablet.http.get("/sync/keys").get_json()
    assert set(tablet.upload([sealed]).get_json()) == {"wire", "server_time", "epoch", "verdicts"}


def test_the_page_says_how_far_a_revoked_device_has_come(tablet: Tablet, solveig: FlaskClient) -> None:
    assert "Enheten er sperret." in words(solveig, solveig.post(at(tablet, "/revocation"), data=LOST).location)
    page = words(solveig, at(tablet))
    for said in ("Har ikke hørt det ennå", "Mistet. På bussen", "Solveig Dahl", "Vakttelefonen, 400 00 000"):
        assert said in page, said
    assert "Sperr enheten nå" not in page
    say(tablet, waiting=1, wiped=True, emptied=False)
    assert "Usendte sjekker ligger forseglet til serveren har svart." in words(solveig, at(tablet))
    say(tablet, wiped=True, emptied=True)
    assert "Enheten har sagt at alt er sendt, og at alt er slettet." in words(solveig, at(tablet))
    assert "Sperret. Alt er slettet" in words(solveig, "/review/devices")


def test_a_revoked_device_is_not_revoked_renamed_or_moved_and_is_taken_into_use_again_with_a_code(
    app: Flask, tablet: Tablet, per: FlaskClient, solveig: FlaskClient
) -> None:
    assert solveig.post(at(tablet, "/revocation"), data=LOST).status_code == 303
    for what, data in (("/revocation", LOST), ("/name", {"name": "Bil 12"}), ("/unit", {"unit": str(ident("Sentrum"))})):
        assert per.post(at(tablet, what), data=data).status_code == 422
    assert count(app, DeviceChange) == 1
    codes = solveig.get(f"/devices/codes?device={tablet.device_id}").text
    assert 'value="Nettbrett 3"' in codes
    again = sign_in(tablet.another_http(app), BERIT)  # the log-in it was made with has ended
    assert Tablet.enrol(app, again, "Nettbrett 3").device_id != tablet.device_id


WRONG: list[dict[str, Any]] = [
    {}, LOST | {"why": ""}, LOST | {"why": "because"}, LOST | {"why": "other", "more": " "}, LOST | {"more": "x" * 251},
    LOST | {"call_name": ""}, LOST | {"call_name": "a\nb"}, LOST | {"call_name": "x" * 81}, LOST | {"call_phone": ""},
    LOST | {"call_phone": "javascript:alert(1)"}, LOST | {"call_phone": "4" * 21}, LOST | {"call_phone": "+"},
]  # fmt: skip


@pytest.mark.parametrize("said", WRONG, ids=str)
def test_a_revocation_that_does_not_say_why_and_whom_to_call_does_nothing_and_keeps_what_was_typed(
    app: Flask, tablet: Tablet, solveig: FlaskClient, said: dict[str, Any]
) -> None:
    answer = solveig.post(at(tablet, "/revocation"), data=said)
    assert (answer.status_code, "Ingenting er endret." in answer.text) == (422, True)
    if len(said.get("more", "")) in range(2, 250):
        assert "På bussen" in answer.text
    assert (count(app, DeviceChange), all_of(app, Device)[0].revoked_at) == (0, None)
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is False


def test_nobody_else_sees_or_revokes_it(app: Flask, tablet: Tablet, berit: FlaskClient, hans: FlaskClient) -> None:
    for client, code in ((berit, 403), (hans, 404)):
        assert client.get(at(tablet)).status_code == code
        assert client.post(at(tablet, "/revocation"), data=LOST).status_code == code
        assert client.get(f"/devices/codes?device={tablet.device_id}").status_code == code
    assert count(app, DeviceChange) == 0
    assert sign_in(app.test_client(), PER).post(at(tablet, "/revocation"), data=LOST).status_code == 303
