"""A browser that has lost the device's cookie is the same device again, by its papers and a full log-in; nobody else gets in by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import AMINA, BERIT, JORUNN, PER, SOLVEIG, Actor
from tests.web.sync.reading import all_of, count
from tests.web.sync.test_quarantine import ASTRID, FORM, forget_enrolment, lose
from webapp.models import AccessLog, Device, UserKey
from webapp.sync import crypto, keys

Login = Callable[[Actor], FlaskClient]


def returned(client: FlaskClient, tablet: Tablet, *papers: Any) -> Any:
    client.delete_cookie("tr_device")
    return client.post("/device/return", json={"device": tablet.device_id, "papers": list(papers)})


def test_a_lost_cookie_is_given_again_for_the_same_device_and_the_forgotten_pin_is_helped(
    app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient
) -> None:
    before = tablet.http.get_cookie("tr_device")
    answer = returned(berit, tablet, vault.papers)
    assert (answer.status_code, answer.get_json()["device_id"]) == (200, tablet.device_id)
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    opened = berit.post("/device/vaults/reopen", json={"return_wrap": vault.return_wrap})
    assert crypto.unb64(opened.get_json()["vault_key"]) == b"v" * 32
    assert (count(app, Device), count(app, UserKey)) == (1, 1)
    assert before is not None
    assert tablet.http.get("/sync/keys").status_code == 401  # the lost one counts no more
    assert count(app, AccessLog, AccessLog.action == "device_returned", AccessLog.user_id == BERIT.id) == 1


def test_any_nurse_may_bring_the_device_back_and_opens_nobody_elses_vault(
    tablet: Tablet, vault: Vault, login: Login
) -> None:
    amina = login(AMINA)
    assert returned(amina, tablet, vault.papers).status_code == 200
    assert amina.post("/device/vaults/reopen", json={"return_wrap": vault.return_wrap}).status_code == 403


def test_a_server_restored_from_before_the_enrolment_knows_the_device_by_its_papers(
    app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient
) -> None:
    forget_enrolment(app, vault, device=True)
    assert returned(berit, tablet, vault.papers).status_code == 200
    (device,) = all_of(app, Device)
    assert str(device.id) == tablet.device_id
    assert berit.post("/device/vaults/reopen", json={"return_wrap": vault.return_wrap}).status_code == 200


def test_a_revoked_device_does_not_come_back(app: Flask, tablet: Tablet, vault: Vault, login: Login) -> None:
    lose(app, tablet)
    answer = returned(login(BERIT), tablet, vault.papers)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "revoked")
    assert "Set-Cookie" not in answer.headers
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is True  # the one who has the cookie is still told to wipe
    assert count(app, AccessLog, AccessLog.action == "refused", AccessLog.user_id == BERIT.id) == 1


def taken_over(tablet: Tablet, vault: Vault, thief: FlaskClient) -> None:
    """Somebody with its papers and a nurse's log-in asks for its cookie before it is reported lost."""
    assert returned(thief, tablet, vault.papers).status_code == 200


def test_the_true_tablet_of_a_cookie_that_was_taken_over_learns_of_the_revocation_and_its_sealed_records_get_their_verdicts(
    app: Flask, tablet: Tablet, vault: Vault, login: Login
) -> None:
    thief, sealed = login(AMINA), tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    taken_over(tablet, vault, thief)
    taken_over(tablet, vault, thief)  # how often does not matter
    assert (tablet.http.get("/sync/keys").status_code, tablet.upload([sealed], papers=[vault]).status_code) == (401, 401)
    lose(app, tablet)
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is True
    assert tablet.http.post("/sync/keys", json={"wire": 1}).get_json()["revoked"] is True
    assert [one["verdict"] for one in tablet.verdicts([sealed], papers=[vault])] == ["quarantined"]
    assert thief.get("/sync/keys").get_json()["revoked"] is True  # and so does the one who took it


def test_a_cookie_that_was_replaced_does_nothing_else_before_or_after_the_revocation(
    app: Flask, tablet: Tablet, vault: Vault, login: Login
) -> None:
    berit = login(BERIT)
    former = tablet.http.get_cookie("tr_device")
    assert former is not None
    taken_over(tablet, vault, login(AMINA))
    berit.set_cookie("tr_device", former.value)
    bodies = {"vaults": {"public_key": "x"}, "vaults/reopen": {"return_wrap": vault.return_wrap}, "session": {}}
    for path, body in bodies.items():
        assert berit.post(f"/device/{path}", json=body).status_code == 409
    assert "data-enrolled" not in berit.get("/enrol").text
    assert tablet.http.get("/device/enrolment").status_code == 401
    assert tablet.http.get("/sync/photos/" + "a" * 64).status_code == 401
    lose(app, tablet)
    sign_in(berit, BERIT)
    for path, body in bodies.items():
        answer = berit.post(f"/device/{path}", json=body)
        assert (answer.status_code, answer.get_json()["error"]) == (403, "revoked")
    assert tablet.snapshot(vault).status_code == 401
    assert "data-enrolled" not in berit.get("/enrol").text


def test_a_revocation_that_only_the_key_file_remembers_reaches_a_cookie_that_was_replaced(
    app: Flask, tablet: Tablet, vault: Vault, login: Login
) -> None:
    taken_over(tablet, vault, login(AMINA))
    keys.ring(app.config["DATA_DIR"]).revoke_device(UUID(tablet.device_id))
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is True


def test_the_supervisor_sees_that_a_device_got_a_new_cookie_when_and_by_whom(
    app: Flask, tablet: Tablet, vault: Vault, login: Login
) -> None:
    shown = "Fikk ny informasjonskapsel"
    assert shown not in Page(login(SOLVEIG).get("/review/devices").text).words
    taken_over(tablet, vault, login(AMINA))
    assert shown in Page(login(SOLVEIG).get("/review/devices").text).words
    assert f"da {AMINA.name} logget inn" in Page(login(PER).get("/review/devices").text).words
    (row,) = all_of(app, AccessLog, AccessLog.action == "device_returned")
    assert (row.user_id, str(row.device_id)) == (AMINA.id, tablet.device_id)
    assert "Ga en enhet ny informasjonskapsel" in Page(login(JORUNN).get("/journal?kind=other").text).words


def test_a_revocation_that_only_the_key_file_remembers_holds_too(app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient) -> None:
    keys.ring(app.config["DATA_DIR"]).revoke_device(UUID(tablet.device_id))
    forget_enrolment(app, vault, device=True)
    assert returned(berit, tablet, vault.papers).get_json()["error"] == "revoked"
    assert count(app, Device) == 0


def test_papers_of_another_device_of_nobody_or_forged_are_refused_and_change_nothing(
    app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient, login: Login
) -> None:
    other = Tablet.enrol(app, login(AMINA), "Nettbrett 2")
    forged = vault.papers | {"body": crypto.b64(crypto.unb64(vault.papers["body"]).replace(b"papers", b"paperz"))}
    theirs = keys.ring(app.config["DATA_DIR"]).sign("papers", {"kind": "papers", "installation": "x", "device": tablet.device_id})
    lease = keys.ring(app.config["DATA_DIR"]).sign("lease", {"kind": "lease", "device": tablet.device_id})
    tries: list[tuple[Any, Any]] = [
        (other.device_id, [vault.papers]), (tablet.device_id, []), (tablet.device_id, [forged]), (tablet.device_id, [theirs]),
        (tablet.device_id, [lease]), (tablet.device_id, {}), (None, [vault.papers]), ([], [vault.papers]), ("x", ["x", None, 7]),
        (tablet.device_id, [vault.papers] * 201),
    ]  # fmt: skip
    before = {one.id: one.token_hash for one in all_of(app, Device)}
    for named, papers in tries:
        answer = berit.post("/device/return", json={"device": named, "papers": papers})
        assert (answer.status_code, answer.get_json()["error"]) in ((403, "unknown"), (413, "too_large")), named
        assert "kjenner ikke igjen" in answer.get_json()["message"] or answer.status_code == 413
    assert {one.id: one.token_hash for one in all_of(app, Device)} == before


def test_a_log_in_that_was_left_open_brings_no_device_back(tablet: Tablet, vault: Vault, berit: FlaskClient) -> None:
    with berit.session_transaction() as session:
        session["logged_in_at"] -= 11 * 60
    answer = returned(berit, tablet, vault.papers)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "stale")


def test_a_browser_that_is_in_use_stays_the_device_it_is(app: Flask, tablet: Tablet, berit: FlaskClient) -> None:
    assert 'data-enrolled="yes"' in berit.get("/enrol").text
    again = berit.post("/device/enrolment", json={"name": "Nettbrett 9"})
    assert (again.get_json()["device_id"], again.get_json()["name"]) == (tablet.device_id, "Nettbrett 1")
    assert "Set-Cookie" not in again.headers
    assert count(app, Device) == 1


@pytest.mark.parametrize("how", ["revoked", "stranger"])
def test_a_browser_that_is_not_in_use_is_asked(app: Flask, tablet: Tablet, berit: FlaskClient, how: str) -> None:
    if how == "revoked":
        lose(app, tablet)
    page = (berit if how == "revoked" else sign_in(app.test_client(), BERIT)).get("/enrol")
    assert "data-enrolled" not in page.text
