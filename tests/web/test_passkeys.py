"""Passkeys: whose they are, what counts as an answer, and what is said when it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.fixtures.authenticator import PRESENT, Authenticator
from tests.people import BERIT, KARI
from tests.web.sync.reading import all_of, change
from tests.web.test_guards import csrf_of
from webapp.accounts import passkey
from webapp.models import AccessLog, Passkey, User, WebSession, utc_now
from webapp.words import translator

t = translator("nb")


def post(client: FlaskClient, url: str, body: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    return client.post(url, json=body or {}, headers=csrf_of(client), **more)


def registered(client: FlaskClient, key: Authenticator, name: str = "Min telefon") -> TestResponse:
    options = post(client, "/account/passkeys/question").get_json()
    return post(client, "/account/passkeys", {"answer": key.make(options), "name": name})


def question(client: FlaskClient) -> dict[str, Any]:
    return dict(post(client, "/login/passkey/question").get_json())


def enter(client: FlaskClient, key: Authenticator, next_: str = "/") -> TestResponse:
    return post(client, "/login/passkey", {"answer": key.sign(question(client)), "next": next_})


@pytest.fixture
def phone(berit: FlaskClient) -> Authenticator:
    """Berit's, registered."""
    key = Authenticator()
    assert registered(berit, key).get_json() == {"next": "/account"}
    return key


def refused(answer: TestResponse, words: str, app: Flask) -> None:
    assert (answer.status_code, words in answer.get_json()["message"]) == (422, True), answer.text
    assert "login_failed" in {one.action for one in all_of(app, AccessLog)}


def nobody_is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 302


def test_a_passkey_logs_in_without_a_user_name_and_counts_as_a_full_log_in(app: Flask, phone: Authenticator) -> None:
    client = app.test_client()
    assert "Logg inn med passnøkkel" in client.get("/login").text
    assert enter(client, phone).get_json() == {"next": "/"}
    assert BERIT.name in client.get("/account").text
    assert registered(client, Authenticator()).status_code == 200  # needs a fresh full log-in
    log = [one for one in all_of(app, AccessLog, AccessLog.action == "login") if one.detail == {"by": "passkey"}]
    assert [one.user_id for one in log] == [BERIT.id]
    used = next(one for one in all_of(app, Passkey) if one.credential_id == phone.id)
    assert used.used_at is not None
    assert used.sign_count == phone.count


def test_a_place_on_another_site_is_not_gone_to_after_the_log_in(app: Flask, phone: Authenticator) -> None:
    assert enter(app.test_client(), phone, "https://example.org/").get_json() == {"next": "/"}
    assert enter(app.test_client(), phone, "/round/sent").get_json() == {"next": "/round/sent"}


def test_a_browser_may_not_be_followed_into_the_session_it_had(app: Flask, phone: Authenticator, kari: FlaskClient) -> None:
    before = {one.id for one in all_of(app, WebSession, WebSession.user_id == KARI.id, WebSession.ended_at.is_(None))}
    assert enter(kari, phone).status_code == 200
    after = {one.id for one in all_of(app, WebSession, WebSession.user_id == KARI.id, WebSession.ended_at.is_(None))}
    assert before
    assert not after


def other(**how: Any) -> Callable[[Authenticator], None]:
    return lambda key: key.__dict__.update(how)


WRONG = {
    "another site": other(origin="https://example.org"),
    "another scheme": other(origin="https://localhost"),
    "another relying party": other(rp="example.org"),
    "nobody verified": other(flags=PRESENT),
    "another key": lambda key: key.__dict__.update(key=Authenticator().key),
    "another user": other(user="AAAAAAAAAAAAAAAAAAAAAA"),
    "no user": other(user=""),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_answer_that_is_wrong_in_one_thing_lets_nobody_in(app: Flask, phone: Authenticator, wrong: Callable[[Any], None]) -> None:
    client = app.test_client()
    wrong(phone)
    refused(enter(client, phone), "kunne ikke godtas", app)
    assert nobody_is_in(client)


def test_an_answer_counts_once_also_when_the_cookie_is_sent_again(app: Flask, phone: Authenticator) -> None:
    client = app.test_client()
    asked = question(client)
    token, cookie = csrf_of(client), client.get_cookie("tr_session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("tr_session", cookie.value)
    assert client.post("/login/passkey", json={"answer": phone.sign(asked)}, headers=token).status_code == 200
    refused(thief.post("/login/passkey", json={"answer": phone.sign(asked)}, headers=token), "alt brukt", app)
    assert nobody_is_in(thief)


def test_an_answer_to_another_browsers_challenge_or_to_none_is_refused(app: Flask, phone: Authenticator) -> None:
    client, asker = app.test_client(), app.test_client()
    refused(post(client, "/login/passkey", {"answer": phone.sign(question(asker))}), "tok for lang tid", app)
    question(client)
    refused(post(client, "/login/passkey", {"answer": phone.sign(question(asker))}), "kunne ikke godtas", app)
    assert nobody_is_in(client)


def test_a_challenge_is_good_for_minutes(app: Flask, phone: Authenticator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkey, "LIFE", -passkey.LIFE)
    refused(enter(app.test_client(), phone), "tok for lang tid", app)


def test_a_removed_passkey_opens_nothing(app: Flask, phone: Authenticator, berit: FlaskClient) -> None:
    (kept,) = all_of(app, Passkey)
    berit.post(f"/account/passkeys/{kept.id}/removal", headers=csrf_of(berit))
    assert all_of(app, Passkey) == []
    refused(enter(app.test_client(), phone), "ikke registrert her", app)


def test_nobody_removes_a_colleagues_passkey(app: Flask, phone: Authenticator, kari: FlaskClient) -> None:
    (kept,) = all_of(app, Passkey)
    assert kari.post(f"/account/passkeys/{kept.id}/removal", headers=csrf_of(kari)).status_code == 302
    assert [one.id for one in all_of(app, Passkey)] == [kept.id]


def test_a_passkey_is_one_persons_and_is_registered_once(app: Flask, phone: Authenticator, kari: FlaskClient) -> None:
    again = registered(kari, phone)
    assert (again.status_code, t("Denne passnøkkelen er alt registrert. Ingenting er endret.")) == (422, again.get_json()["message"])
    assert [one.user_id for one in all_of(app, Passkey)] == [BERIT.id]


def test_a_disabled_account_is_not_opened(app: Flask, phone: Authenticator) -> None:
    change(app, lambda session: session.execute(update(User).where(User.id == BERIT.id).values(disabled_at=utc_now())))
    refused(enter(app.test_client(), phone), "er stengt", app)


def test_a_counter_that_goes_back_is_refused_and_logged(app: Flask, phone: Authenticator, caplog: pytest.LogCaptureFixture) -> None:
    phone.count = 40
    assert enter(app.test_client(), phone).status_code == 200
    phone.count = 7
    refused(enter(app.test_client(), phone), "kan være kopiert", app)
    assert "may have been copied" in caplog.text


def test_a_passkey_that_counts_nothing_logs_in_every_time(app: Flask, berit: FlaskClient) -> None:
    key = Authenticator(count=0)
    assert registered(berit, key).status_code == 200
    for _ in range(2):
        key.count = -1
        assert enter(app.test_client(), key).status_code == 200


@pytest.mark.parametrize("wrong", [WRONG["another site"], WRONG["another relying party"], WRONG["nobody verified"]])
def test_a_passkey_made_elsewhere_or_by_nobody_in_particular_is_not_registered(
    app: Flask, berit: FlaskClient, wrong: Callable[[Any], None]
) -> None:
    key = Authenticator()
    wrong(key)
    assert "kunne ikke godtas" in registered(berit, key).get_json()["message"]
    assert all_of(app, Passkey) == []


def test_registering_and_removing_need_a_fresh_log_in(app: Flask, phone: Authenticator, berit: FlaskClient) -> None:
    with berit.session_transaction() as cookie:
        cookie["logged_in_at"] = 1
    (kept,) = all_of(app, Passkey)
    assert "mer enn ti minutter" in post(berit, "/account/passkeys/question").get_json()["message"]
    assert "mer enn ti minutter" in post(berit, "/account/passkeys", {"answer": {}}).get_json()["message"]
    gone = berit.post(f"/account/passkeys/{kept.id}/removal", headers=csrf_of(berit), follow_redirects=True)
    assert "mer enn ti minutter" in gone.text
    assert len(all_of(app, Passkey)) == 1


RUBBISH: list[Any] = [
    None, [], "x", 7, {}, {"id": "x"}, {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}},
    {"id": "A" * 30_000, "rawId": 1, "response": 3}, {"id": "é", "rawId": "\0", "response": {"clientDataJSON": "e30"}},
]  # fmt: skip


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_gets_a_sentence(sqlite_app: Flask, rubbish: Any) -> None:
    client = sqlite_app.test_client()
    question(client)
    assert post(client, "/login/passkey", {"answer": rubbish}).get_json()["message"].startswith("Passnøkkelen kunne ikke godtas")
    assert post(client, "/login/passkey", {"answer": rubbish}).get_json()["message"].startswith("Det tok for lang tid")


@pytest.mark.parametrize("address", ["http://127.0.0.1:8114", "http://[::1]:8114", "http://192.168.1.7"])
def test_an_address_of_numbers_has_no_passkeys_and_says_why(app: Flask, phone: Authenticator, berit: FlaskClient, address: str) -> None:
    assert "passkey.js" not in app.test_client().get("/login", base_url=address).text
    page = berit.get("/account")
    assert "Lag passnøkkel" in page.text
    with app.test_request_context(base_url=address):
        assert passkey.host() is None


def test_where_nobody_has_a_passkey_the_log_in_page_is_as_it_was(sqlite_app: Flask) -> None:
    assert "passkey" not in sqlite_app.test_client().get("/login").text
