"""More than a password: codes from an app, recovery codes and passkeys, on the way in and on one's own page."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.conftest import sign_in
from tests.fixtures.authenticator import Authenticator
from tests.people import HANS, PASSWORD, SOLVEIG
from tests.web.phone import HERE, Phone, csrf, inside, post
from tests.web.sync.reading import all_of, change
from tests.web.test_login import attempt
from tests.web.test_passkeys import enter, registered
from tests.web.test_staff import WHY
from webapp.models import AccessLog, RecoveryCode, SecondFactor, User, WrongCode, utc_now


def test_a_leader_sets_it_up_before_she_is_in_and_gets_ten_recovery_codes(strict: Flask) -> None:
    phone = Phone(strict, SOLVEIG)
    phone.password()
    assert not inside(phone.client)
    answer = phone.set_up()
    assert answer.status_code == 200
    assert len(set(phone.codes)) == 10
    assert 'href="/"' in answer.text
    assert inside(phone.client)
    (row,) = all_of(strict, SecondFactor)
    assert phone.secret.encode() not in row.secret, "a copied database makes no codes"
    stored = {one.code_hash for one in all_of(strict, RecoveryCode)}
    assert len(stored) == 10
    assert not any(code.replace("-", "") in stored for code in phone.codes)
    assert phone.client.get("/login/second/new").headers["Location"] == "/", "back button"


def test_a_password_alone_opens_nothing_and_a_code_opens_it(solveig_phone: Phone) -> None:
    assert solveig_phone.password().headers["Location"] == HERE
    for path in ("/account", "/review", "/enrol", "/round"):
        assert solveig_phone.client.get(path).headers["Location"].startswith("/login")
    assert not inside(solveig_phone.client)
    assert solveig_phone.show(solveig_phone.code()).headers["Location"] == "/"
    assert inside(solveig_phone.client)
    assert solveig_phone.client.get(HERE).headers["Location"] == "/", "back button"
    (row,) = [one for one in all_of(solveig_phone.app, AccessLog, AccessLog.action == "login") if one.detail.get("second") == "app"]
    assert row.user_id == SOLVEIG.id


def test_she_lands_where_she_was_going(solveig_phone: Phone) -> None:
    attempt(solveig_phone.client, "solveig", PASSWORD, next="/review/coverage")
    assert solveig_phone.show(solveig_phone.code()).headers["Location"] == "/review/coverage"


def test_a_code_counts_once_and_none_from_before_it(solveig_phone: Phone) -> None:
    used = solveig_phone.code()
    solveig_phone.password()
    assert solveig_phone.show(used).status_code == 302
    thief = solveig_phone.app.test_client()
    solveig_phone.password(thief)
    answer = solveig_phone.show(used, thief)
    assert answer.status_code == 422
    assert "Koden er ikke riktig, eller den er alt brukt." in answer.text
    before = pyotp.TOTP(solveig_phone.secret).generate_otp(solveig_phone.step - 1)
    assert solveig_phone.show(before, thief).status_code == 422
    assert not inside(thief)


def test_a_recovery_code_counts_once_however_it_is_written(solveig_phone: Phone) -> None:
    code = solveig_phone.codes[3]
    solveig_phone.password()
    assert solveig_phone.show(f" {code.lower().replace('-', ' ')} ").status_code == 302
    other = solveig_phone.app.test_client()
    solveig_phone.password(other)
    assert solveig_phone.show(code, other).status_code == 422
    assert solveig_phone.show(solveig_phone.codes[4], other).status_code == 302
    assert "Gjenopprettingskoder igjen: 8." in other.get("/account").text


def test_five_wrong_codes_close_it_for_a_while_even_for_the_right_one_and_then_longer(solveig_phone: Phone) -> None:
    app = solveig_phone.app
    solveig_phone.password()
    for _ in range(5):
        assert solveig_phone.show("000000").status_code == 422
    for code in (solveig_phone.code(), solveig_phone.codes[0]):
        answer = solveig_phone.show(code)
        assert answer.status_code == 429
        assert "For mange feil koder. Prøv igjen" in answer.text
    another = app.test_client()
    solveig_phone.password(another)
    assert solveig_phone.show(solveig_phone.codes[0], another).status_code == 429, "from another address too"
    change(app, lambda session: session.execute(update(WrongCode).values(closed_until=utc_now() - timedelta(seconds=1))))
    assert solveig_phone.show("000000").status_code == 422
    (row,) = all_of(app, WrongCode)
    assert row.closed_until > utc_now() + timedelta(minutes=29)
    change(app, lambda session: session.execute(update(WrongCode).values(closed_until=utc_now() - timedelta(seconds=1))))
    assert solveig_phone.show(solveig_phone.codes[0]).status_code == 302
    assert all_of(app, WrongCode) == []
    assert len(all_of(app, AccessLog, AccessLog.action == "login_failed")) == 6


def test_another_log_in_begun_in_a_second_window_is_not_answered_with_this_ones_code(solveig_phone: Phone) -> None:
    solveig_phone.password()
    page = solveig_phone.client.get(HERE).text
    hans = Phone(solveig_phone.app, HANS)
    hans.client = solveig_phone.client  # the same browser
    hans.set_up()
    hans.client.post("/logout", headers={"X-CSRFToken": csrf(hans.client)})
    hans.password()
    stale = post(solveig_phone.client, HERE, page, code=solveig_phone.code(), csrf_token=csrf(solveig_phone.client))
    assert stale.status_code == 422
    assert "annen innlogging i et annet vindu" in stale.text
    assert HANS.name in stale.text
    assert all_of(solveig_phone.app, WrongCode) == [], "nobody's wrong code"
    assert not inside(solveig_phone.client)


def test_the_step_waits_ten_minutes_and_ends_with_another_password(solveig_phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from webapp.accounts import second_routes

    solveig_phone.password()
    later = utc_now() + timedelta(minutes=11)
    monkeypatch.setattr(second_routes, "utc_now", lambda: later)
    assert solveig_phone.client.get(HERE).headers["Location"] == "/login?slow=1"
    monkeypatch.undo()
    assert solveig_phone.client.get(HERE).status_code == 200
    change(solveig_phone.app, lambda session: session.execute(update(User).where(User.id == SOLVEIG.id).values(password_hash="x")))
    assert solveig_phone.client.get(HERE).headers["Location"] == "/login?slow=1"


def test_an_administrator_lets_in_who_lost_her_phone_and_that_is_logged(per: FlaskClient, solveig_phone: Phone) -> None:
    path = f"/staff/{SOLVEIG.id}/second-factor/removal"
    assert "Koder fra en app" in per.get(f"/staff/{SOLVEIG.id}").text
    assert per.post(path, data={"reason": ""}).status_code == 422
    assert per.post(path, data=WHY).status_code == 303
    assert solveig_phone.password().headers["Location"] == "/login/second/new"
    assert all_of(solveig_phone.app, RecoveryCode) == []
    (row,) = all_of(solveig_phone.app, AccessLog, AccessLog.action == "second_factor_removed")
    assert (row.reason, row.detail["account"]) == (WHY["reason"], str(SOLVEIG.id))


def test_a_passkey_is_a_second_factor_and_the_password_alone_is_still_too_little(strict: Flask) -> None:
    strict.config["SECOND_FACTOR"] = False
    key, solveig = Authenticator(), sign_in(strict.test_client(), SOLVEIG)
    assert registered(solveig, key).status_code == 200
    strict.config["SECOND_FACTOR"] = True
    phone = Phone(strict, SOLVEIG)
    assert phone.password().headers["Location"] == HERE
    page = phone.client.get(HERE).text
    assert 'data-passkey="login"' in page
    assert 'name="code"' not in page
    assert post(phone.client, HERE, page, code="000000", csrf_token=csrf(phone.client)).status_code == 422
    assert not inside(phone.client)
    assert enter(phone.client, key, "/review").get_json() == {"next": "/review"}
    assert inside(phone.client)
