"""A tablet in Berit's unit, and a small bundle so that these tests say nothing of clinical content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.device import Tablet
from tests.people import BERIT
from tests.web.sync.places import Places

BUNDLE = Path(__file__).parent / "bundles"


@pytest.fixture(autouse=True)
def _small_bundle(request: pytest.FixtureRequest) -> None:
    for name in ("app", "sqlite_app", "postgres_app"):
        if name in request.fixturenames:
            request.getfixturevalue(name).config["BUNDLE_DIRS"] = [BUNDLE]


@pytest.fixture
def tablet(app: Flask, berit: FlaskClient) -> Tablet:
    return Tablet.enrol(app, berit)


@pytest.fixture
def login_sqlite(sqlite_app: Flask) -> FlaskClient:
    """Berit logged in, where only SQLite is asked for."""
    return sign_in(sqlite_app.test_client(), BERIT)


@pytest.fixture
def places(app: Flask, tmp_path: Path) -> Iterator[Places]:
    """The server's own settings, and empty machines to restore on."""
    found = Places(app, tmp_path)
    yield found
    found.close()
