"""An app that makes codes, and the browser of whose it is."""

from __future__ import annotations

import re

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import PASSWORD, Actor
from tests.web.test_login import attempt
from webapp.models import utc_now

HERE = "/login/second"


class Phone:
    """An app that makes codes, and the browser of whose it is."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.app, self.actor, self.client = app, actor, app.test_client()
        self.secret, self.codes, self.step = "", [""], 0

    def password(self, client: FlaskClient | None = None) -> TestResponse:
        return attempt(client or self.client, self.actor.username, PASSWORD)

    def scan(self, page: str) -> None:
        found = re.search(r'second-letters num">([A-Z2-7 ]+)<', page)
        assert found is not None
        self.secret = found[1].replace(" ", "")

    def code(self) -> str:
        """The next one that was not used: a phone shows one each half minute, and one beside now counts too."""
        now = int(utc_now().timestamp()) // 30
        self.step = max(self.step + 1, now)
        assert self.step <= now + 1, "two codes are all there are to come at one moment"
        return pyotp.TOTP(self.secret).generate_otp(self.step)

    def set_up(self) -> TestResponse:
        """As somebody whose role needs it, on her first way in."""
        assert self.password().headers["Location"] == "/login/second/new"
        page = self.client.get("/login/second/new").text
        self.scan(page)
        answer = post(self.client, "/login/second/new", page, code=self.code())
        self.codes = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", answer.text)
        return answer

    def show(self, code: str, client: FlaskClient | None = None) -> TestResponse:
        client = client or self.client
        return post(client, HERE, client.get(HERE).text, code=code)


def post(client: FlaskClient, path: str, page: str, **more: str) -> TestResponse:
    """A form as it stands on this page."""
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(path, data={**fields, **more})


def inside(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def csrf(client: FlaskClient) -> str:
    for page in (HERE, "/account"):
        client.get(page)
    found = client.get_cookie("csrf")
    assert found is not None
    return found.value
