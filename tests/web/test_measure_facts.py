"""What measures count follows every change of a person, and is what a rebuild makes of the same data."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.web.year import NOW, year_on
from webapp import db
from webapp.measures import bedside, store
from webapp.models import CheckRecord, Episode, MeasureChange, MeasureFact, MeasureState, Patient, Unit
from webapp.sync import feed

TODAY = NOW.date()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo year on each database."""
    yield from year_on(request.param, request, tmp_path_factory.mktemp("measured"))


@pytest.fixture
def session(year: Flask) -> Iterator[Session]:
    """Rolled back at the end."""
    with db.open_session(db.engine(), write=True) as opened:
        yield opened
        opened.rollback()


def facts(session: Session) -> set[tuple[object, ...]]:
    table = MeasureFact.__table__
    return {tuple(row) for row in session.execute(select(*table.columns))}


def another(session: Session, rng: random.Random, like: CheckRecord, **changes: object) -> None:
    """A check like that one, under its own id."""
    row = {column.name: getattr(like, column.key) for column in CheckRecord.__table__.columns}
    row |= {"id": uuid4(), "received_at": NOW, "supersedes": None, "key_id": None, "device_id": None, **changes}
    session.add(CheckRecord(**row))
    feed.touch(session, like.patient_id, like.unit_id, "check")


def edit(session: Session, rng: random.Random) -> None:
    """A new, a late or a corrected check, a person who moves, a stay that turns out to have been."""
    known = select(CheckRecord).where(CheckRecord.performed_at > NOW - timedelta(days=200)).order_by(CheckRecord.id)
    like = rng.choice(list(session.scalars(known)))
    match rng.choice(["late", "corrected", "moved", "stay"]):
        case "late":
            another(session, rng, like, performed_at=like.performed_at - timedelta(days=rng.randint(0, 90)))
        case "corrected":
            another(session, rng, like, supersedes=like.id, derived={})
        case "moved":
            unit = rng.choice(list(session.scalars(select(Unit.id).order_by(Unit.id))))
            session.execute(update(Patient).where(Patient.id == like.patient_id).values(unit_id=unit))
            feed.touch(session, like.patient_id, unit, "person")
        case _:
            begins = TODAY - timedelta(days=rng.randint(20, 300))
            stay = {"kind": "absence", "start": begins, "end": begins + timedelta(days=rng.randint(1, 40)), "place": "hospital"}
            session.add(Episode(patient_id=like.patient_id, **stay))
            feed.touch(session, like.patient_id, like.unit_id, "person")


def test_after_random_edits_the_followed_facts_are_those_of_a_rebuild(year: Flask) -> None:
    rng = random.Random(5)
    for _ in range(8):
        with db.open_session(db.engine(), write=True) as session:
            for _ in range(5):
                edit(session, rng)
            session.commit()
        with db.open_session(db.engine(), write=True) as session:
            told = store.stale(session, TODAY)
            assert 0 < len(told) <= 5
            store.settle(session, told, NOW)
            session.commit()
    with db.open_session(db.engine(), write=True) as session:
        followed = facts(session)
        store.rebuild(session, NOW)
        assert facts(session) == followed


def test_a_check_that_is_there_twice_moves_no_point(session: Session) -> None:
    before = facts(session)
    store.settle(session, list(session.scalars(select(Patient.id))), NOW)
    assert facts(session) == before
    assert store.stale(session, TODAY) == []


def test_the_next_day_everybody_is_read_again(session: Session) -> None:
    assert len(store.stale(session, TODAY + timedelta(days=1))) == session.scalar(select(func.count(Patient.id)))


def test_a_closed_point_that_changes_is_written_down(session: Session) -> None:
    start = datetime(2026, 8, 1, tzinfo=UTC)
    kept = select(MeasureFact).where(MeasureFact.measure == "F-R1", MeasureFact.period == start.date(), MeasureFact.den == 31)
    who = session.scalars(kept.order_by(MeasureFact.patient_id)).first()
    assert who is not None
    known = session.scalar(select(func.count(MeasureChange.id)))
    session.add(Episode(patient_id=who.patient_id, kind="absence", start=start.date(), end=start.date() + timedelta(days=10), place=""))
    session.flush()
    store.settle(session, [who.patient_id], NOW)
    written = session.scalars(select(MeasureChange).where(MeasureChange.measure == "F-R1", MeasureChange.period == start.date()))
    assert (session.scalar(select(func.count(MeasureChange.id))) or 0) > (known or 0)
    assert -10 in [one.den for one in written]


def test_a_measure_that_is_new_is_no_news_of_months_that_nobody_was_shown(session: Session) -> None:
    known = select(func.count(MeasureChange.id)).where(MeasureChange.measure == "T-R3")
    before = session.scalar(known) or 0
    session.execute(delete(MeasureFact).where(MeasureFact.measure == "T-R3"))
    session.execute(update(MeasureState).values(basis="1:of before;1;2025-11"))
    store.settle(session, store.stale(session, TODAY), NOW)
    assert session.scalar(select(func.count()).where(MeasureFact.measure == "T-R3"))
    assert session.scalar(known) == before
    session.execute(delete(MeasureFact).where(MeasureFact.measure == "T-R3"))
    store.settle(session, list(session.scalars(select(Patient.id))), NOW)
    assert (session.scalar(known) or 0) > before, "under the same definitions it is"


def test_what_nurses_are_told_of_their_unit_is_what_the_measures_say_of_the_month_that_runs(session: Session) -> None:
    session.execute(update(Episode).where(Episode.kind == "service", Episode.end.is_(None)).values(start=TODAY - timedelta(days=300)))
    store.rebuild(session, NOW)
    month = TODAY.replace(day=1)
    for unit in session.scalars(select(Unit.id)):
        sums = select(MeasureFact.measure, func.sum(MeasureFact.num), func.sum(MeasureFact.den)).group_by(MeasureFact.measure)
        here = sums.where(MeasureFact.unit_id == unit, MeasureFact.period == month)
        kept = {name: (num, den) for name, num, den in session.execute(here)}
        told = bedside.standing(session, unit, NOW)
        assert told == {name: kept.get(name, (0, 0)) for name in told}
        assert told["T-P2"][1] > 0
