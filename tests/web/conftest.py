"""Who sits at a screen, and a small bundle with one flag of each severity, so that these tests say nothing of clinical content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import make_app, sign_in
from tests.device import Tablet, Vault
from tests.fixtures.databases import Template
from tests.people import BERIT, HANS, JORUNN, KARI, PER, SOLVEIG, Actor
from tests.web.filled import Filled
from tests.web.offices import BUNDLES as BUNDLES
from tests.web.offices import Office, nothing_more, office
from tests.web.phone import Phone
from webapp import create_app
from webapp.security import limiter

Login = Callable[[Actor], FlaskClient]


def of_kind(request: pytest.FixtureRequest, kind: str, factory: pytest.TempPathFactory) -> Office:
    """A module may say what else HAPPENED in the office of its tests."""
    template = request.getfixturevalue("sqlite_db" if kind == "sqlite" else "postgres_db")
    return office(template, factory.mktemp("office"), getattr(request.module, "HAPPENED", nothing_more))


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """As everywhere; a test that asks for a filled office gets its app."""
    if "filled" in request.fixturenames:
        yield from of_kind(request, request.param, tmp_path_factory).app(tmp_path)
    else:
        yield from make_app(request.getfixturevalue("sqlite_db" if request.param == "sqlite" else "postgres_db"), tmp_path)


@pytest.fixture
def sqlite_app(
    request: pytest.FixtureRequest, sqlite_db: Template, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The same on SQLite only."""
    if "filled_sqlite" in request.fixturenames:
        yield from of_kind(request, "sqlite", tmp_path_factory).app(tmp_path)
    else:
        yield from make_app(sqlite_db, tmp_path)


@pytest.fixture(autouse=True)
def _small_bundle(request: pytest.FixtureRequest) -> None:
    for name in ("app", "sqlite_app", "postgres_app"):
        if name in request.fixturenames:
            request.getfixturevalue(name).config["BUNDLE_DIRS"] = [BUNDLES]


@pytest.fixture
def berit(app: Flask) -> FlaskClient:
    """A nurse."""
    return sign_in(app.test_client(), BERIT)


@pytest.fixture
def kari(app: Flask) -> FlaskClient:
    """A nurse in another unit."""
    return sign_in(app.test_client(), KARI)


@pytest.fixture
def solveig(app: Flask) -> FlaskClient:
    """The supervisor of Berit's unit."""
    return sign_in(app.test_client(), SOLVEIG)


@pytest.fixture
def hans(app: Flask) -> FlaskClient:
    """The supervisor of Kari's unit."""
    return sign_in(app.test_client(), HANS)


@pytest.fixture
def per(app: Flask) -> FlaskClient:
    """An administrator: no access to anybody."""
    return sign_in(app.test_client(), PER)


@pytest.fixture
def filled(app: Flask, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Something behind every address, on both databases."""
    kind = "sqlite" if app.config["DATABASE_URL"].startswith("sqlite") else "postgresql"
    return of_kind(request, kind, tmp_path_factory).filled_in(app)


@pytest.fixture
def filled_sqlite(sqlite_app: Flask, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The same where the database does not matter."""
    return of_kind(request, "sqlite", tmp_path_factory).filled_in(sqlite_app)


@pytest.fixture
def tablet(app: Flask, berit: FlaskClient) -> Tablet:
    """A device that Berit has taken into use."""
    return Tablet.enrol(app, berit, "Nettbrett 3")


@pytest.fixture
def vault(tablet: Tablet, berit: FlaskClient) -> Vault:
    """Berit's on it, open."""
    return tablet.open_vault(berit)


@pytest.fixture
def jorunn(app: Flask) -> FlaskClient:
    """She answers for the records."""
    return sign_in(app.test_client(), JORUNN)


@pytest.fixture
def strict(app: Flask) -> Flask:
    """An installation that others can reach."""
    app.config["SECOND_FACTOR"] = True
    return app


@pytest.fixture
def solveig_phone(strict: Flask) -> Phone:
    """Solveig's, set up, and logged out again."""
    phone = Phone(strict, SOLVEIG)
    assert phone.set_up().status_code == 200
    phone.client = strict.test_client()
    return phone


@pytest.fixture
def limited(sqlite_db: Template, tmp_path: Path) -> Iterator[Flask]:
    """The app as it is served, with its limits."""
    url, drop = sqlite_db.copy(tmp_path)
    app = create_app({"TESTING": True, "DATABASE_URL": url, "DATA_DIR": tmp_path / "data", "RATELIMIT_ENABLED": True})
    limiter.reset()
    yield app
    limiter.reset()
    limiter.enabled = False
    app.extensions["engine"].dispose()
    drop()
