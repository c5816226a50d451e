"""Fixtures every test shares. `app` runs each test that asks for it on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests.fixtures import once
from tests.fixtures.databases import Template, cluster, free_port, postgres_template, sqlite_template
from tests.fixtures.javascript import Js
from tests.fixtures.servers import Gunicorn, Live
from tests.fixtures.town import Town
from tests.people import PASSWORD, Actor
from webapp import create_app, db

# The last --disable-features counts, so Playwright's own are named too. The address bar's two pages cost each window more than ours.
FEATURES_OFF = [
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
]  # fmt: skip
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-features=" + ",".join(FEATURES_OFF),
]
PATIENCE = 30_000  # milliseconds: a right answer is not less right on a machine that does other things too
expect.set_options(timeout=PATIENCE)
once.remember_addresses()
FEWER_PROCESSES = ["--in-process-gpu", "--enable-features=NetworkServiceInProcess2"]


def launch_options(windowless: bool = False) -> dict[str, Any]:
    """Debian's Chromium; Playwright's own is never downloaded. The windowless one is the same engine without a browser's
    address bar and tabs, for a fifth less of a processor: where no profile is kept, it serves as well."""
    found = os.environ.get("CHROMIUM") or (windowless and shutil.which("chromium-headless-shell")) or shutil.which("chromium")
    if not found:
        raise RuntimeError("Chromium is missing: apt-get install chromium")
    return {"executable_path": found, "args": [*CHROMIUM, *(FEWER_PROCESSES if windowless else [])]}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_options(windowless=True)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "nb-NO", "timezone_id": "Europe/Oslo"}


@pytest.fixture(scope="session")
def sqlite_db(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_db() -> Iterator[Template]:
    """In a folder of its own: pytest closes its folders to everybody but root, and PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="tryggrunde-postgres-") as folder:
        Path(folder).chmod(0o755)
        with cluster(Path(folder) / "cluster") as server:
            yield postgres_template(server)


def make_app(template: Template, folder: Path, **more: Any) -> Iterator[Flask]:
    url, drop = template.copy(folder)
    settings = {"TESTING": True, "DATABASE_URL": url, "DATA_DIR": folder / "data", "RATELIMIT_ENABLED": False}
    app = create_app(settings | more)
    app.jinja_env.bytecode_cache = once.TEMPLATES
    once.remember_statements(app.extensions["engine"])
    yield app
    app.extensions["engine"].dispose()
    drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The app on its own copy of the database; the test runs once on each kind."""
    name = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    yield from make_app(request.getfixturevalue(name), tmp_path)


@pytest.fixture
def sqlite_app(sqlite_db: Template, tmp_path: Path) -> Iterator[Flask]:
    """The app on SQLite only, for what does not depend on the database."""
    yield from make_app(sqlite_db, tmp_path)


@pytest.fixture
def postgres_app(postgres_db: Template, tmp_path: Path) -> Iterator[Flask]:
    """The app on PostgreSQL only: where two transactions really are open at once."""
    yield from make_app(postgres_db, tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def sign_in(client: FlaskClient, actor: Actor, password: str = PASSWORD) -> FlaskClient:
    """Log in through the form; the client then sends its CSRF token in a header."""
    client.get("/login")
    token = client.get_cookie("csrf")
    assert token is not None
    client.environ_base["HTTP_X_CSRFTOKEN"] = token.value
    answer = client.post("/login", data={"username": actor.username, "password": password})
    assert answer.status_code == 302, answer.text
    client.get("/nowhere")  # any page brings a token of the new session, and this one costs least
    token = client.get_cookie("csrf")
    assert token is not None
    client.environ_base["HTTP_X_CSRFTOKEN"] = token.value
    return client


@pytest.fixture
def login(app: Flask) -> Callable[[Actor], FlaskClient]:
    """login(BERIT) -> a client logged in as her."""
    return lambda actor: sign_in(app.test_client(), actor)


@pytest.fixture
def live(sqlite_app: Flask) -> Iterator[Live]:
    """The app on a port, on SQLite."""
    server = Live(sqlite_app)
    yield server
    server.stop()


@pytest.fixture
def town(sqlite_db: Template, tmp_path: Path) -> Iterator[Town]:
    """The app as it is served, on SQLite, that may be stopped and started again."""
    url, _drop = sqlite_db.copy(tmp_path)
    server = Gunicorn(url, tmp_path / "data", free_port())
    engine = db.make_engine(url)
    yield Town(server, engine)
    engine.dispose()
    server.stop()


@pytest.fixture(scope="session")
def js(browser: Browser, sqlite_db: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Js]:
    """Modules under /sw/ and /device/modules/, callable from Python."""
    made = make_app(sqlite_db, tmp_path_factory.mktemp("js"))
    server = Live(next(made))
    context = browser.new_context(service_workers="block")
    page: Page = context.new_page()
    page.goto(server.url + "/login")
    yield Js(page, server.url)
    context.close()
    server.stop()
    for _ in made:
        pass


def pytest_collection_finish() -> None:
    """As the server does when it has its app (webapp/serve.py): what is there now stays, and nothing looks for rubbish among it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
