"""Logging in: whose session it is, how often one may guess, and where one lands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from argon2 import extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.conftest import sign_in
from tests.people import AMINA, BERIT, HANS, KARI, PASSWORD, PER, SOLVEIG
from tests.web.sync.reading import all_of, change
from webapp import create_app
from webapp.accounts import passwords
from webapp.config import from_environment
from webapp.models import AccessLog, User
from webapp.sync.people import utc_now


def attempt(client: FlaskClient, username: str, password: str, **more: Any) -> TestResponse:
    """Post the log-in form as it stands on the page."""
    client.get("/login")
    token = client.get_cookie("csrf")
    assert token is not None
    data = {"username": username, "password": password, "csrf_token": token.value, **more}
    return client.post("/login", data=data, environ_overrides=more.pop("environ", {}))


def cookie(client: FlaskClient, name: str = "tr_session") -> str:
    found = client.get_cookie(name)
    return found.value if found else ""


LANDINGS = [(BERIT, "/round"), (SOLVEIG, "/review"), (PER, "/review/devices")]


@pytest.mark.parametrize(("actor", "first"), LANDINGS, ids=["nurse", "leader", "admin"])
def test_each_role_lands_on_its_own_first_page(app: Flask, actor: Any, first: str) -> None:
    client = app.test_client()
    assert attempt(client, actor.username.upper() + " ", PASSWORD).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == first
    assert client.get(first).status_code == 200
    (row,) = all_of(app, AccessLog, AccessLog.action == "login")
    assert row.user_id == actor.id


WRONG = [("berit", "wrong"), ("berit", ""), ("nobody", PASSWORD), ("", ""), ("berit\0", PASSWORD), ("berit", PASSWORD + " "),
         ("berit", PASSWORD.upper()), ("berit", "x" * 5000)]  # fmt: skip


@pytest.mark.parametrize(("username", "password"), WRONG)
def test_a_wrong_password_says_the_same_whoever_it_was_for(app: Flask, username: str, password: str) -> None:
    client = app.test_client()
    answer = attempt(client, username, password)
    assert answer.status_code == 422
    assert "Feil brukernavn eller passord. Prøv igjen." in answer.text
    assert client.get("/round").status_code == 302
    failed = all_of(app, AccessLog, AccessLog.action == "login_failed")
    assert len(failed) == (1 if username == "berit" else 0)


def test_an_unknown_name_costs_as_much_as_a_wrong_password(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    change(app, lambda session: session.execute(update(User).where(User.id == AMINA.id).values(disabled_at=utc_now())))
    change(app, lambda session: session.execute(update(User).values(password_hash=passwords.hasher.hash(PASSWORD))))
    checked: list[str] = []
    real = passwords.verify

    def noted(stored: str, password: str) -> bool:
        checked.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "verify", noted)
    for name in ("berit", "amina", "nobody", ""):
        assert attempt(app.test_client(), name, "wrong").status_code == 422
    assert attempt(app.test_client(), "amina", PASSWORD).status_code == 422
    assert len(checked) == 5
    assert len({repr(extract_parameters(stored)) for stored in checked}) == 1
    assert all(stored.startswith("$argon2id$") for stored in checked)


def test_logging_in_leaves_nothing_of_the_session_before(app: Flask) -> None:
    client = app.test_client()
    client.get("/login")
    before, token = cookie(client), cookie(client, "csrf")
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    assert client.post("/login", data={"username": "berit", "password": PASSWORD}).status_code == 302
    mine = cookie(client)
    assert mine != before
    thief = app.test_client()
    thief.set_cookie("tr_session", before)
    assert thief.get("/round").status_code == 302
    assert client.post("/account/language", data={"language": "nn"}).status_code == 400  # the token of before is worth nothing
    client.get("/account")
    client.environ_base["HTTP_X_CSRFTOKEN"] = cookie(client, "csrf")
    assert client.post("/account/language", data={"language": "nn"}).status_code == 302


def test_the_next_person_in_the_same_browser_is_herself(app: Flask) -> None:
    client = sign_in(app.test_client(), BERIT)
    berits, token = cookie(client), cookie(client, "csrf")
    client.post("/logout")
    assert client.get("/account").status_code == 302
    sign_in(client, AMINA)
    assert AMINA.name in client.get("/account").text
    old = app.test_client()
    old.set_cookie("tr_session", berits)
    assert AMINA.name not in old.get("/account").text
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    assert client.post("/account/language", data={"language": "nn"}).status_code == 400


def test_after_logging_out_a_copied_cookie_opens_nothing(app: Flask) -> None:
    client = sign_in(app.test_client(), BERIT)
    copy = app.test_client()
    copy.set_cookie("tr_session", cookie(client))
    assert copy.get("/round").status_code == 200
    elsewhere = sign_in(app.test_client(), BERIT)
    assert client.post("/logout").status_code == 302
    assert client.get_cookie("csrf") is None
    assert copy.get("/round").status_code == 302
    assert elsewhere.get("/round").status_code == 200


def test_a_forged_or_altered_cookie_is_nobody(app: Flask, berit: FlaskClient) -> None:
    mine = cookie(berit)
    for value in (mine[:-3] + "abc", mine.partition(".")[0] + ".x.y", "x", "", "å".encode().decode("latin-1"), mine[:40], "." + mine):
        other = app.test_client()
        other.set_cookie("tr_session", value)
        assert other.get("/round").status_code == 302


TARGETS = ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)",
           "evil.example", "/\n//evil.example", "http:/evil.example", "/%0d%0aSet-Cookie:x", " //evil.example", "",
           "/\r\nX: y"]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_is_led_to_another_site_after_logging_in(app: Flask, target: str) -> None:
    answer = attempt(app.test_client(), "berit", PASSWORD, next=target)
    where = answer.headers["Location"]
    assert where == "/" or (where == target and where.startswith("/%0d"))
    inside = sign_in(app.test_client(), BERIT)
    where = inside.get("/login", query_string={"next": target}).headers["Location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


def test_one_lands_where_one_was_going(app: Flask) -> None:
    client = app.test_client()
    where = client.get("/round/sent?x=1").headers["Location"]
    assert where == "/login?next=/round/sent?x%3D1"
    page = client.get(where)
    assert 'value="/round/sent?x=1"' in page.text
    assert attempt(client, "berit", PASSWORD, next="/round/sent?x=1").headers["Location"] == "/round/sent?x=1"


def test_a_form_sent_after_the_session_ended_says_that_it_was_not_saved(app: Flask) -> None:
    client = app.test_client()
    client.get("/login")
    client.environ_base["HTTP_X_CSRFTOKEN"] = cookie(client, "csrf")
    page = f"http://localhost/round/checks/{BERIT.id}"
    answer = client.post(f"/round/checks/{BERIT.id}/answers", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert (answer.status_code, answer.text) == (401, "")
    where = answer.headers["HX-Redirect"]
    assert where == f"/login?next=/round/checks/{BERIT.id}&lost=1"
    assert "Det siste du gjorde, er ikke lagret." in client.get(where).text
    stranger = client.post("/account/language", headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"})
    assert stranger.headers["HX-Redirect"] == "/login?next=/&lost=1"


def from_address(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_ten_wrong_guesses_close_an_account_for_a_while_wherever_they_came_from(limited: Flask) -> None:
    for number in range(10):
        assert attempt(from_address(limited, f"10.0.0.{number}"), "Berit", "wrong").status_code == 422
    eleventh = attempt(from_address(limited, "10.0.9.9"), "berit ", PASSWORD)
    assert eleventh.status_code == 429
    assert "For mange forsøk. Vent litt og prøv igjen." in eleventh.text
    assert attempt(from_address(limited, "10.0.9.9"), "amina", PASSWORD).status_code == 302


def test_an_unknown_account_closes_like_a_known_one(limited: Flask) -> None:
    codes = [attempt(from_address(limited, f"10.0.0.{number}"), "nobody", "wrong").status_code for number in range(11)]
    assert codes == [422] * 10 + [429]


def test_thirty_wrong_guesses_a_minute_are_all_an_address_gets(limited: Flask) -> None:
    client = from_address(limited, "10.0.0.1")
    codes = [attempt(client, f"name{number}", "wrong").status_code for number in range(31)]
    assert codes == [422] * 30 + [429]
    assert attempt(client, "berit", PASSWORD).status_code == 429
    assert attempt(from_address(limited, "10.0.0.2"), "berit", PASSWORD).status_code == 302


def through_a_proxy(app: Flask, address: str) -> FlaskClient:
    """What the installation's own proxy sends on: it says last who asked it, after whatever that one said."""
    client = from_address(app, "127.0.0.1")
    client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.9.9, {address}"
    return client


@pytest.mark.parametrize(("proxies", "gets_in"), [(1, 302), (0, 429)])
def test_behind_a_proxy_that_is_named_a_stranger_who_guesses_shuts_nobody_else_out(
    limited: Flask, proxies: int, gets_in: int
) -> None:
    app = create_app({"TESTING": True, "PROXIES": proxies, **{name: limited.config[name] for name in ("DATABASE_URL", "DATA_DIR")}})
    codes = [attempt(through_a_proxy(app, "10.0.0.1"), f"name{number}", "wrong").status_code for number in range(31)]
    assert codes == [422] * 30 + [429]
    assert attempt(through_a_proxy(app, "10.0.0.2"), "berit", PASSWORD).status_code == gets_in
    app.extensions["engine"].dispose()


def test_where_no_proxy_is_named_a_header_gives_nobody_more_tries(limited: Flask) -> None:
    client = from_address(limited, "10.0.0.1")
    codes = []
    for number in range(31):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.1.{number}"
        codes.append(attempt(client, f"name{number}", "wrong").status_code)
    assert codes == [422] * 30 + [429]


def test_a_whole_shift_behind_one_address_gets_in(limited: Flask) -> None:
    for _ in range(40):
        assert attempt(from_address(limited, "10.0.0.1"), "berit", PASSWORD).status_code == 302


def test_log_in_language_and_log_out_work_before_a_script_has_run(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()

    def post(page: str, path: str, **data: str) -> int:
        token = re.search(rf'action="{path}"[^>]*><input type="hidden" name="csrf_token" value="([^"]+)"', client.get(page).text)
        assert token
        return client.post(path, data={"csrf_token": token[1], **data}).status_code

    assert post("/login", "/login", username="berit", password=PASSWORD) == 302
    assert post("/account", "/account/language", language="nn") == 302
    assert "Språk" in client.get("/account").text
    assert post("/account", "/logout") == 302
    assert client.get("/account").status_code == 302


def test_whoever_guesses_at_who_gets_services_is_stopped_for_a_while(limited: Flask) -> None:
    kari, said = sign_in(limited.test_client(), KARI), {"name": "Astrid Lunde", "born": "1941-03-01", "reason": "Vikar på kveldsvakt"}
    assert [kari.post("/lookups", data=said).status_code for _ in range(21)] == [422] * 20 + [429]
    hans = sign_in(limited.test_client(), HANS)
    assert hans.post("/lookups", data=said).status_code == 422, "another is not in her way"


@pytest.mark.parametrize(
    ("env", "on"),
    [
        ({}, True),
        ({"HOST": "::1"}, True),
        ({"HOST": "0.0.0.0"}, False),  # noqa: S104
        ({"TRYGGRUNDE_HTTPS": "1"}, False),
        ({"TRYGGRUNDE_HTTPS": "1", "TRYGGRUNDE_LOCAL_PASSWORDS": "yes"}, True),
        ({"TRYGGRUNDE_LOCAL_PASSWORDS": "no"}, False),
    ],
    ids=str,
)
def test_local_passwords_are_for_ones_own_machine_unless_somebody_said_so(tmp_path: Path, env: dict[str, str], on: bool) -> None:
    assert from_environment({"DATA_DIR": str(tmp_path), **env})["LOCAL_PASSWORDS"] is on


def test_where_local_passwords_are_off_there_is_no_form_and_the_right_one_opens_nothing(app: Flask) -> None:
    app.config["LOCAL_PASSWORDS"] = False
    client = app.test_client()
    assert 'name="password"' not in client.get("/login").text
    assert attempt(client, "berit", PASSWORD).status_code == 404
    assert client.get("/account").status_code == 302
    assert all_of(app, AccessLog, AccessLog.action == "login") == []
    assert "utløpt" in client.get("/login?lost=1").text
