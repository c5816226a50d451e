"""The demo year, measured, with somebody logged in: for tests of the pages about measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.conftest import sign_in
from tests.fixtures.demo import PASSWORD, demo_app, demo_copy
from tests.html import Page
from tests.people import Actor, ident
from webapp import db
from webapp.measures import store
from webapp.models import MeasureFact, MeasureState, Patient, Unit

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


def shown(client: FlaskClient, query: str) -> str:
    """One measure's page, sound."""
    answer = client.get(f"/measures/one?{query}")
    assert answer.status_code == 200
    assert Page(answer.text).problems == []
    return answer.text


def keep(session: Session, measure: str, numbers: Sequence[tuple[int, int]], covered: Sequence[int], eligible: int) -> None:
    """Months from January 2026 on, kept as if they had been counted: all of a unit's numbers in one service user's row."""
    home = ident("Fjordsida")
    who = session.scalars(select(Patient.id).where(Patient.unit_id == home).order_by(Patient.id)).first()
    for n, ((num, den), checked) in enumerate(zip(numbers, covered, strict=True), 1):
        session.add(MeasureFact(patient_id=who, measure=measure, period=date(2026, n, 1), unit_id=home, num=num, den=den,
                                eligible=eligible, covered=checked, declined=0, unknown=0, late=0))  # fmt: skip


def settled(session: Session, now: datetime) -> None:
    """Nobody's facts are old."""
    session.execute(delete(MeasureState))
    today = now.astimezone(store.OSLO).date()
    by = store.basis(session, today)
    people = session.scalars(select(Patient.id))
    session.add_all(MeasureState(patient_id=ref, seq=10**9, through=today, basis=by) for ref in people)
