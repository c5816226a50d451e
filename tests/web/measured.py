"""The demo year, measured, with somebody logged in: for tests of the pages about measures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import sign_in
from tests.fixtures.demo import PASSWORD, demo_app, demo_copy
from tests.people import Actor
from webapp import db
from webapp.measures import store
from webapp.models import Unit

SOLVEIG, STINE, BERIT, HANS = (
    Actor("solveig", "", "", "supervisor", ()), Actor("stine", "", "", "statistics", ()), Actor("berit", "", "", "nurse", ()),
    Actor("hans", "", "", "supervisor", ()),
)  # fmt: skip


@contextmanager
def measured(folder: Path) -> Iterator[Flask]:
    with demo_app(demo_copy(folder, more=count), folder / "data") as app:
        yield app


def count() -> None:
    """Every fact, as the command does."""
    with db.open_session(db.engine(), write=True) as session:
        store.rebuild(session, datetime.now(UTC))
        session.commit()


def client(app: Flask, actor: Actor) -> FlaskClient:
    return sign_in(app.test_client(), actor, PASSWORD)


def unit(app: Flask, name: str = "Fjordsida") -> str:
    with app.app_context(), db.open_session(db.engine(), write=False) as session:
        return str(session.scalars(select(Unit.id).where(Unit.name == name)).one())
