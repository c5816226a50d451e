"""Choosing one's own password."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.people import BERIT, PASSWORD
from tests.web.sync.reading import all_of
from tests.web.test_login import attempt
from tests.web.test_staff import WHY, csrf, shown
from webapp.models import AccessLog

NEW = "grønn tran i fem hus"


def asked(**news: str) -> dict[str, str]:
    return {"current": PASSWORD, "new": NEW, "again": NEW, **news}


def test_another_password_leaves_her_logged_in_here_and_nowhere_else(app: Flask, berit: FlaskClient) -> None:
    elsewhere = sign_in(app.test_client(), BERIT)
    assert berit.post("/account/password", data=asked()).status_code == 303
    assert "Passordet er byttet." in berit.get("/account?done=password").text
    assert elsewhere.get("/round").status_code == 302
    assert attempt(app.test_client(), "berit", PASSWORD).status_code == 422
    assert attempt(app.test_client(), "berit", NEW).status_code == 302
    (row,) = all_of(app, AccessLog, AccessLog.action == "password_changed")
    assert row.user_id == BERIT.id


WRONG = [
    ({"current": "wrong"}, "Passordet du har nå, er ikke riktig."), ({"new": "kort", "again": "kort"}, "minst 12 tegn"),
    ({"again": NEW + "!"}, "ikke like"), ({"new": "berit berit 12", "again": "berit berit 12"}, "for lett å gjette"),
    ({"new": "aaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaa"}, "for lett å gjette"), ({"new": PASSWORD, "again": PASSWORD}, "samme som før"),
    ({"new": "x" * 1001, "again": "x" * 1001}, "minst 12 tegn"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_be_her_password_is_said(app: Flask, berit: FlaskClient, wrong: dict[str, str], says: str) -> None:
    answer = berit.post("/account/password", data=asked(**wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert attempt(app.test_client(), "berit", PASSWORD).status_code == 302


def test_before_her_own_password_is_chosen_nothing_is_open_and_a_copied_cookie_ends_with_it(app: Flask, per: FlaskClient) -> None:
    password = shown(per.post(f"/staff/{BERIT.id}/password", data=WHY))
    berit, copy = app.test_client(), app.test_client()
    attempt(berit, "berit", password)
    berit.environ_base["HTTP_X_CSRFTOKEN"] = csrf(berit)
    for path in ("/account", "/round", "/account/password", "/enrol"):
        assert berit.get(path).headers["Location"].startswith("/login")
    held = berit.get_cookie("tr_session")
    assert held is not None
    copy.set_cookie("tr_session", held.value)
    assert berit.post("/login/password", data={"new": "kort", "again": "kort"}).status_code == 422
    assert berit.post("/login/password", data={"new": NEW, "again": NEW}).headers["Location"] == "/"
    assert copy.get("/login/password").headers["Location"] == "/login?slow=1"
    assert "Begynn på nytt." in copy.get("/login?slow=1").text
    assert copy.get("/round").status_code == 302
    assert berit.get("/login/password").headers["Location"] == "/", "back button after the log-in"


def test_a_closed_account_is_on_its_way_nowhere(app: Flask, per: FlaskClient) -> None:
    password = shown(per.post(f"/staff/{BERIT.id}/password", data=WHY))
    berit = app.test_client()
    attempt(berit, "berit", password)
    per.post(f"/staff/{BERIT.id}/closing", data=WHY)
    assert berit.get("/login/password").headers["Location"] == "/login?slow=1"
