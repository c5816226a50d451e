"""The second factor on one's own page, and where it is asked for."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask

from tests.conftest import sign_in
from tests.people import BERIT, KARI, SOLVEIG, STINE
from tests.web.phone import HERE, Phone, csrf, inside, post
from tests.web.sync.reading import all_of
from webapp.accounts import second_factor
from webapp.config import from_environment
from webapp.models import SecondFactor, utc_now


def test_roles_that_do_not_reach_far_log_in_as_before_and_may_turn_it_on(strict: Flask) -> None:
    for actor in (BERIT, STINE):
        assert inside(sign_in(strict.test_client(), actor))
    berit = Phone(strict, BERIT)
    sign_in(berit.client, BERIT)
    page = berit.client.get("/account/second").text
    berit.scan(page)
    assert post(berit.client, "/account/second", page, code="000000").status_code == 422
    done = post(berit.client, "/account/second", page, code=berit.code())
    assert "Ta vare på gjenopprettingskodene" in done.text
    berit.client = strict.test_client()
    assert berit.password().headers["Location"] == HERE
    assert berit.show(berit.code()).status_code == 302
    berit.client.environ_base["HTTP_X_CSRFTOKEN"] = csrf(berit.client)
    assert berit.client.post("/account/second/removal").status_code == 303
    assert inside(sign_in(strict.test_client(), BERIT))


def test_who_must_have_it_cannot_turn_it_off_and_the_old_phone_ends_with_the_new(solveig_phone: Phone) -> None:
    solveig_phone.password()
    solveig_phone.show(solveig_phone.codes[0])
    client = solveig_phone.client
    client.environ_base["HTTP_X_CSRFTOKEN"] = csrf(client)
    refused = client.post("/account/second/removal")
    assert (refused.status_code, len(all_of(solveig_phone.app, SecondFactor))) == (422, 1)
    old, page = solveig_phone.secret, client.get("/account/second").text
    solveig_phone.scan(page)
    solveig_phone.step = 0
    assert post(client, "/account/second", page, code=solveig_phone.code()).status_code == 200
    other = solveig_phone.app.test_client()
    solveig_phone.password(other)
    step = int(utc_now().timestamp()) // 30
    assert solveig_phone.show(pyotp.TOTP(old).generate_otp(step + 1), other).status_code == 422
    assert solveig_phone.show(solveig_phone.codes[1], other).status_code == 422, "recovery codes from before"


def test_nobody_sets_up_with_a_secret_that_is_not_hers_or_too_old(strict: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kari = sign_in(strict.test_client(), KARI)
    theirs = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', kari.get("/account/second").text))["setup"]
    phone = Phone(strict, SOLVEIG)
    phone.password()
    page = phone.client.get("/login/second/new").text
    phone.scan(kari.get("/account/second").text)
    for carried in (theirs, "", "x.y.z"):
        assert post(phone.client, "/login/second/new", page, setup=carried, code=phone.code()).status_code == 422
        phone.step -= 1
    monkeypatch.setattr(second_factor, "SETUP_LIFE", timedelta(seconds=-1))
    phone.scan(page)
    assert post(phone.client, "/login/second/new", page, code=phone.code()).status_code == 422
    assert all_of(strict, SecondFactor) == []


def test_a_log_in_of_long_ago_changes_nothing_of_it(strict: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from webapp.accounts import second_routes

    client = sign_in(strict.test_client(), BERIT)
    later = utc_now() + timedelta(minutes=11)
    monkeypatch.setattr(second_routes, "utc_now", lambda: later)
    assert "Det er mer enn ti minutter siden du logget inn." in client.get("/account/second").text
    for path in ("/account/second", "/account/second/codes", "/account/second/removal"):
        assert client.post(path, data={"setup": "x", "code": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("env", "on"),
    [
        ({}, False),
        ({"TRYGGRUNDE_HTTPS": "1"}, True),
        ({"HOST": "0.0.0.0"}, True),  # noqa: S104
        ({"TRYGGRUNDE_HTTPS": "1", "TRYGGRUNDE_SECOND_FACTOR": "no"}, False),
        ({"TRYGGRUNDE_SECOND_FACTOR": "yes"}, True),
    ],
    ids=str,
)
def test_it_is_asked_for_where_others_can_reach_it_unless_somebody_said_otherwise(tmp_path: Path, env: dict[str, str], on: bool) -> None:
    assert from_environment({"DATA_DIR": str(tmp_path), **env})["SECOND_FACTOR"] is on


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: SHA-1, the last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at: Any = datetime.fromtimestamp(seconds, utc_now().tzinfo)
        assert second_factor._step(secret, code, 0, at) == seconds // 30
        assert second_factor._step(secret, code, seconds // 30, at) is None
