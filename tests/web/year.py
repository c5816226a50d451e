"""The demo year up to a certain moment, measured, on either database; made once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from tests.fixtures.databases import Template, empty_database, template_at
from tests.fixtures.demo import demo_copy
from webapp import create_app, db, migrate
from webapp.demo import seed
from webapp.measures import store

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ON_POSTGRES: dict[str, Template] = {}  # by server


def count() -> None:
    with db.open_session(db.engine(), write=True) as session:
        store.rebuild(session, NOW)
        session.commit()


def opened(url: str, folder: Path) -> Flask:
    return create_app({"TESTING": True, "DATA_DIR": folder, "DATABASE_URL": url})


def on_postgres(template: Template, folder: Path) -> Template:
    """That of this server, made when it is first asked for."""
    known, gone = template.copy(folder)
    gone()
    server = known.rsplit("/", 1)[0]
    if server not in ON_POSTGRES:
        url, _ = empty_database(known)
        app = opened(url, folder / "made")
        with app.app_context():
            migrate.upgrade(db.engine())
            seed.fill_if_empty(NOW)
            count()
        app.extensions["engine"].dispose()
        ON_POSTGRES[server] = template_at(url)
    return ON_POSTGRES[server]


def year_on(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Flask]:
    """The app on a copy, in its context."""
    if kind == "postgresql":
        url, drop = on_postgres(request.getfixturevalue("postgres_db"), folder).copy(folder)
    else:
        url, drop = f"sqlite:///{demo_copy(folder, NOW, count)}", lambda: None
    app = opened(url, folder)
    with app.app_context():
        yield app
    app.extensions["engine"].dispose()
    drop()
