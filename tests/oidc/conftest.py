"""The provider's process, an app that trusts it, and a browser that walks between the two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.conftest import make_app
from tests.fixtures.databases import free_port
from tests.fixtures.servers import ROOT
from tests.people import BERIT, Actor
from tests.web.sync.reading import change
from webapp.accounts.oidc_settings import OidcSettings, read
from webapp.models import User

HPR = "9144900"  # whom the provider logs in unless it is told otherwise
CLIENT = "00000000-client"


class OpenIdProvider:
    """The provider's process, and how a test tells it to behave."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = ECKey.generate_key("P-256", {"kid": "ours"}, private=True)
        program = [sys.executable, "-m", "tests.oidc.provider", str(self.port)]
        self._process = subprocess.Popen(program, cwd=ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL)
        self.http = httpx.Client(base_url=self.url, trust_env=False)
        for _ in range(600):
            if self._process.poll() is not None:
                raise RuntimeError("the provider ended")
            try:
                self.http.get("/told")
                return
            except httpx.HTTPError:
                threading.Event().wait(0.05)
        raise RuntimeError("the provider did not answer")

    def stop(self) -> None:
        self.http.close()
        self._process.terminate()
        self._process.wait(30)

    def settings(self, folder: Path, redirect_uri: str, **more: str) -> OidcSettings:
        """As the environment would say it."""
        key = folder / "client.jwk"
        key.write_text(json.dumps(self.key.as_dict(private=True)))
        ours = {"OIDC_CLIENT_ID": CLIENT, "OIDC_PRIVATE_KEY_FILE": str(key), "OIDC_REDIRECT_URI": redirect_uri}
        found = read({"OIDC_ISSUER": more.pop("issuer", self.url), "OIDC_ALLOW_LOOPBACK": "1", **ours, **more})
        assert found is not None
        self.redirect_uri = redirect_uri
        return found

    def behaves(self, **knobs: Any) -> None:
        """From now on; what it knew is forgotten."""
        client = {"id": CLIENT, "jwk": self.key.as_dict(private=False), "redirect_uri": self.redirect_uri}
        self.http.post("/knobs", json={"client": client, **knobs}).raise_for_status()

    def told(self) -> dict[str, list[str]]:
        """What it was asked, what it gave out, what it complained about."""
        found: dict[str, list[str]] = self.http.get("/told").json()
        return found


@pytest.fixture(scope="session")
def openid() -> Iterator[OpenIdProvider]:
    made = OpenIdProvider()
    yield made
    made.stop()


def trusting(openid: OpenIdProvider, template: Any, folder: Path, **more: Any) -> Iterator[Flask]:
    settings = openid.settings(folder, "http://localhost/login/oidc/answer")
    openid.behaves()
    for app in make_app(template, folder, OIDC=settings, **more):
        change(app, lambda session: session.execute(update(User).where(User.id == BERIT.id).values(hpr=HPR)))
        yield app


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path, openid: OpenIdProvider) -> Iterator[Flask]:
    """The app that trusts the provider; Berit's account has her HPR number. On both databases."""
    template = request.getfixturevalue("sqlite_db" if request.param == "sqlite" else "postgres_db")
    yield from trusting(openid, template, tmp_path)


@pytest.fixture
def sqlite_app(sqlite_db: Any, tmp_path: Path, openid: OpenIdProvider) -> Iterator[Flask]:
    """The same where the database does not matter."""
    yield from trusting(openid, sqlite_db, tmp_path)


@dataclass
class Walker:
    """A browser that goes from the log-in page to the provider and back."""

    app: Flask
    openid: OpenIdProvider

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()

    def leaves(self, target: str = "/") -> TestResponse:
        """Press the button on the log-in page."""
        return self.client.get("/login/oidc", query_string={"next": target})

    def identifies(self, left: TestResponse) -> str:
        """At the provider: where it sends the browser afterwards."""
        assert left.headers["Location"].startswith(self.openid.url), left.headers["Location"]
        answer = self.openid.http.get(left.headers["Location"])
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def returns(self, address: str) -> TestResponse:
        """Back here with the provider's answer."""
        parts = urlsplit(address)
        return self.client.get(parts.path + "?" + parts.query)

    def logs_in(self, target: str = "/") -> TestResponse:
        """All of it."""
        return self.returns(self.identifies(self.leaves(target)))

    def is_in(self) -> bool:
        """Whether anybody is logged in here."""
        return self.client.get("/account").status_code == 200

    def reads(self, answer: TestResponse) -> str:
        """The page one ends on."""
        assert answer.status_code == 302
        return self.client.get(answer.headers["Location"]).text


@pytest.fixture
def walker(sqlite_app: Flask, openid: OpenIdProvider) -> Walker:
    return Walker(sqlite_app, openid)


@pytest.fixture
def anybody(app: Flask, openid: OpenIdProvider) -> Callable[[], Walker]:
    """A new browser, on both databases."""
    return lambda: Walker(app, openid)


def knows(app: Flask, actor: Actor, **values: Any) -> None:
    """What an administrator has written on an account."""
    change(app, lambda session: session.execute(update(User).where(User.id == actor.id).values(**values)))
