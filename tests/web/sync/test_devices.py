"""Taking a device into use: tokens are hashed, vaults belong to one person on one device, a lost device ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.conftest import sign_in
from tests.device import Tablet, Vault, new_code
from tests.people import AMINA, BERIT, Actor
from tests.web.sync.reading import all_of, change, count, everything
from tests.web.sync.test_quarantine import lose
from webapp.models import AccessLog, Device, DeviceSession, User, UserKey
from webapp.sync import crypto
from webapp.sync.people import utc_now

Login = Callable[[Actor], FlaskClient]


def test_the_device_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, berit: FlaskClient) -> None:
    answer = berit.post("/device/enrolment", json={"code": new_code(app)})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("tr_device=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    token = cookie.split(";")[0].partition("=")[2]
    (device,) = all_of(app, Device)
    assert (len(device.token_hash), token in device.token_hash) == (64, False)
    assert count(app, AccessLog, AccessLog.action == "device_enrolled", AccessLog.user_id == BERIT.id) == 1


def test_what_a_device_pins_signs_the_keys_the_papers_and_the_lease(tablet: Tablet, vault: Vault) -> None:
    told = tablet.pull(vault)
    pinned = crypto.public_from(crypto.unb64(tablet.http.get("/device/enrolment").get_json()["server_signing_public"]))
    for purpose, document in (("keys", told["key_list"]), ("papers", vault.papers), ("lease", told["lease"])):
        body = crypto.unb64(document["body"])
        signature = crypto.unb64(document["sigs"][0][1])
        assert crypto.verify(pinned, signature, f"tryggrunde {purpose} 1".encode() + body)
        assert msgspec.json.decode(body)["kind"] == purpose


def test_two_nurses_have_each_their_key_and_session_on_one_tablet(app: Flask, tablet: Tablet, vault: Vault, login: Login) -> None:
    amina = tablet.open_vault(login(AMINA))
    assert tablet.pull(vault)["me"]["id"] == str(BERIT.id)
    assert tablet.pull(amina)["me"]["id"] == str(AMINA.id)
    assert {(key.user_id, key.status) for key in all_of(app, UserKey)} == {(BERIT.id, "active"), (AMINA.id, "active")}
    assert vault.token not in {row.token_hash for row in all_of(app, DeviceSession)}


def test_a_new_vault_retires_the_old_key_and_a_repeated_request_is_the_same_vault(
    app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient
) -> None:
    public = crypto.b64(crypto.public_bytes(vault.private.public_key()))
    again = berit.post("/device/vaults", json={"public_key": public}).get_json()
    assert again["key_id"] == vault.key_id
    tablet.open_vault(berit)
    assert {str(key.id): key.status for key in all_of(app, UserKey)}[vault.key_id] == "retired"
    assert tablet.snapshot(vault).status_code == 401


def test_a_forgotten_pin_is_helped_by_the_same_person_on_the_same_device_only(
    app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient, login: Login
) -> None:
    amina = login(AMINA)
    tablet.open_vault(amina)
    opened = berit.post("/device/vaults/reopen", json={"return_wrap": vault.return_wrap}).get_json()
    assert crypto.unb64(opened["vault_key"]) == b"v" * 32
    vault.token = opened["session_token"]
    assert tablet.pull(vault)["me"]["id"] == str(BERIT.id)
    assert amina.post("/device/vaults/reopen", json={"return_wrap": vault.return_wrap}).status_code == 403
    Tablet.enrol(app, berit, "Nettbrett 2")
    assert berit.post("/device/vaults/reopen", json={"return_wrap": vault.return_wrap}).status_code == 403
    actions = [row.action for row in all_of(app, AccessLog)]
    assert (actions.count("vault_reopened"), actions.count("vault_reopen_refused")) == (1, 2)


def test_a_lost_device_reads_nothing_and_is_told_to_wipe(app: Flask, tablet: Tablet, vault: Vault) -> None:
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is False
    lose(app, tablet)
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is True
    assert tablet.snapshot(vault).status_code == 401
    again = sign_in(tablet.another_http(app), BERIT)
    for path, body in (("vaults", {"public_key": "x"}), ("vaults/reopen", {"return_wrap": vault.return_wrap}), ("session", {})):
        assert again.post(f"/device/{path}", json=body).status_code == 403
    assert tablet.upload([]).status_code == 200


def test_a_session_ends_by_age_and_by_logging_out_on_the_device(app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient) -> None:
    change(app, lambda s: s.execute(update(DeviceSession).values(expires_at=utc_now() - timedelta(seconds=1))))
    assert tablet.snapshot(vault).status_code == 401
    vault.token = berit.post("/device/session", json={}).get_json()["session_token"]
    assert tablet.snapshot(vault).status_code == 200
    assert tablet.http.delete("/device/session", headers={"Authorization": f"Bearer {vault.token}"}).status_code == 204
    assert tablet.snapshot(vault).status_code == 401
    assert tablet.upload([]).status_code == 200


def test_a_log_in_that_was_left_open_gives_no_vault_and_no_session_and_a_lock_screen_always_asks_for_the_password(
    login: Login, tablet: Tablet, vault: Vault
) -> None:
    berit = login(BERIT)
    cookie = tablet.http.get_cookie("tr_device")
    assert cookie is not None
    berit.set_cookie("tr_device", cookie.value)
    with berit.session_transaction() as session:
        session["logged_in_at"] -= 11 * 60
    public = crypto.b64(crypto.public_bytes(crypto.new_private().public_key()))
    asked = {"vaults/reopen": {"return_wrap": vault.return_wrap}, "vaults": {"public_key": public}, "session": {}}
    for path, body in asked.items():
        refused = berit.post(f"/device/{path}", json=body)
        assert (refused.status_code, refused.get_json()["error"]) == (403, "stale")
    assert "Passord" in berit.get("/login?next=/enrol").text


@pytest.mark.parametrize("path", ["/device/enrolment", "/device/vaults", "/device/vaults/reopen", "/device/session"])
def test_without_a_log_in_a_program_gets_401_in_json_and_without_a_csrf_token_400(app: Flask, berit: FlaskClient, path: str) -> None:
    before = everything(app)
    stranger = app.test_client()
    stranger.get("/login")
    token = stranger.get_cookie("csrf")
    assert token is not None
    answer = stranger.post(path, json={"name": "x"}, headers={"X-CSRFToken": token.value})
    assert (answer.status_code, answer.get_json()["verdict"]) == (401, "unauthorised")
    del berit.environ_base["HTTP_X_CSRFTOKEN"]
    answer = berit.post(path, json={"name": "x"})
    assert (answer.status_code, bool(answer.get_json()["error"])) == (400, True)
    assert everything(app) == before


@pytest.mark.parametrize("name", ["", " ", "x" * 81, 7, None, ["a"], "a\0b", "a\nb"])
def test_a_device_needs_a_proper_name(app: Flask, berit: FlaskClient, name: Any) -> None:
    app.config["ENROL_WITHOUT_CODE"] = True
    answer = berit.post("/device/enrolment", json={"name": name})
    assert (answer.status_code, answer.get_json()["message"]) == (400, "Gi enheten et navn på høyst 80 tegn. Ingenting er endret.")
    assert count(app, Device) == 0


def test_a_vault_needs_an_enrolled_device_and_a_point_of_the_curve(app: Flask, tablet: Tablet, berit: FlaskClient) -> None:
    plain = app.test_client()
    for wrong in ("", "AAAA", None, 7, crypto.b64(b"\4" + bytes(64)), crypto.b64(bytes(65)), "ø", "x" * 5000):
        assert berit.post("/device/vaults", json={"public_key": wrong}).status_code == 400
    berit.delete_cookie("tr_device")
    assert berit.post("/device/vaults", json={"public_key": "x"}).status_code == 409
    assert count(app, UserKey) == 0
    assert plain.get("/sync/keys").status_code == 401


def test_a_user_id_in_the_papers_is_the_one_who_logged_in(vault: Vault) -> None:
    body = msgspec.json.decode(crypto.unb64(vault.papers["body"]))
    assert (UUID(body["user"]), body["key_id"]) == (BERIT.id, vault.key_id)


def denied(app: Flask) -> list[tuple[UUID | None, UUID | None, Any]]:
    """Who was refused a route, on which device, in the access log."""
    rows = all_of(app, AccessLog, AccessLog.action == "refused")
    return [(row.user_id, row.device_id, row.detail["what"]) for row in rows]


def test_a_token_that_opens_nothing_any_more_is_refused_and_that_is_in_the_log(
    app: Flask, tablet: Tablet, vault: Vault, login: Login
) -> None:
    # taken along to another device
    other = Tablet.enrol(app, login(AMINA), "Nettbrett 2")
    assert other.http.post("/sync/snapshot", json={"wire": 1}, headers={"Authorization": f"Bearer {vault.token}"}).status_code == 401
    assert denied(app) == [(BERIT.id, UUID(other.device_id), "snapshot")]
    # of an account that was closed, and on a device that was reported lost
    change(app, lambda s: s.execute(update(User).where(User.id == BERIT.id).values(disabled_at=utc_now())))
    assert tablet.snapshot(vault).status_code == 401
    change(app, lambda s: s.execute(update(User).values(disabled_at=None)))
    lose(app, tablet)
    assert tablet.snapshot(vault).status_code == 401
    assert denied(app)[1:] == [(BERIT.id, UUID(tablet.device_id), "snapshot")] * 2
    # what has only run out, or is nobody's, is nothing to look at
    assert tablet.http.post("/sync/snapshot", json={"wire": 1}, headers={"Authorization": "Bearer x"}).status_code == 401
    assert len(denied(app)) == 3


def test_a_log_out_on_a_device_is_in_the_log(app: Flask, tablet: Tablet, vault: Vault) -> None:
    assert tablet.http.delete("/device/session", headers={"Authorization": f"Bearer {vault.token}"}).status_code == 204
    (row,) = all_of(app, AccessLog, AccessLog.action == "logout")
    assert (row.user_id, row.device_id) == (BERIT.id, UUID(tablet.device_id))
