"""Who sits at a screen, and a small bundle with one flag of each severity, so that these tests say nothing of clinical content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.fixtures.databases import Template
from tests.people import BERIT, HANS, JORUNN, KARI, PER, SOLVEIG, Actor
from tests.web.filled import Filled
from tests.web.phone import Phone
from webapp import create_app
from webapp.security import limiter

BUNDLES = Path(__file__).parent / "bundles"
Login = Callable[[Actor], FlaskClient]


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
def filled(app: Flask) -> Filled:
    """Something behind every address, on both databases."""
    return Filled(app)


@pytest.fixture
def filled_sqlite(sqlite_app: Flask) -> Filled:
    """The same where the database does not matter."""
    return Filled(sqlite_app)


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
