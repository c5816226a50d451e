"""Due states kept in memory are those that the database gives, whichever process changed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.people import BERIT, SERVICE_USERS, ident, ref
from webapp import db
from webapp.models import CheckRecord, Episode, Trigger
from webapp.review import coverage, queries, standing
from webapp.sync import feed

NOW = datetime.now(UTC)
ASTRID = ref("Astrid Lunde")
HOME = ident("Fjordsida")
PEOPLE = [ref(name) for name, _, unit, _ in SERVICE_USERS if unit == "Fjordsida"]
OSLO = ZoneInfo("Europe/Oslo")
Change = Callable[[Session], object]


def check(at: datetime, unit: UUID = HOME) -> CheckRecord:
    return CheckRecord(
        id=uuid4(), patient_id=ASTRID, unit_id=unit, bundle_id="trykksar", bundle_version=1, form="trykksar", performed_at=at,
        recorded_at=at, received_at=at, author_id=BERIT.id, author_name="Berit", context="planned_visit", outcome="done",
        answers={}, content_hash="",
    )  # fmt: skip


def kept(app: Flask) -> dict[UUID, standing.States]:
    with app.app_context(), db.open_session(db.engine(), write=False) as session:
        return standing.of(session, PEOPLE, NOW)


def worked_out(app: Flask) -> dict[UUID, standing.States]:
    """The same, by somebody who remembers nothing."""
    memory = app.extensions.pop("standing", None)
    found = kept(app)
    app.extensions["standing"] = memory
    return found


CHANGES: dict[str, Change] = {
    "a check": lambda session: session.add(check(NOW - timedelta(hours=2))),
    "a trigger": lambda session: session.add(Trigger(patient_id=ASTRID, type="discharge", on=NOW.date())),
    "the end of service": lambda session: session.execute(
        update(Episode).where(Episode.patient_id == ASTRID).values(end=NOW.date() - timedelta(days=3))
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_kept_follows_a_change_made_by_another_process(app: Flask, change: str) -> None:
    before = kept(app)
    assert ASTRID in before
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        CHANGES[change](session)
        feed.touch(session, ASTRID, HOME, "check")
        session.commit()
    after = kept(app)
    assert after != before
    assert after == worked_out(app)
    assert {one: after[one] for one in PEOPLE if one != ASTRID} == {one: before[one] for one in PEOPLE if one != ASTRID}


def test_a_database_that_went_back_in_time_is_read_anew(app: Flask) -> None:
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        feed.touch(session, ASTRID, HOME, "check")
        session.commit()
    before = kept(app)
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        session.add(check(NOW - timedelta(hours=2)))
        feed.start_epoch(session, 5)
        session.commit()
    assert kept(app) == worked_out(app) != before


def test_a_new_day_is_worked_out_anew(app: Flask) -> None:
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        session.add(check(NOW - timedelta(hours=2)))
        session.flush()
        today = standing.of(session, PEOPLE, NOW)
        later = standing.of(session, PEOPLE, NOW + timedelta(days=200))
    assert today != later


def test_checks_are_counted_in_the_month_they_were_made_in_oslo(app: Flask) -> None:
    now = datetime(2026, 4, 1, 12, tzinfo=OSLO)
    moments = [datetime(2026, 3, 31, 23, 59, tzinfo=OSLO), datetime(2026, 4, 1, 0, 1, tzinfo=OSLO), datetime(2025, 4, 30, tzinfo=OSLO)]
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        session.add_all([*(check(at) for at in moments), check(moments[0], ident("Sentrum"))])
        session.flush()
        counted = queries.checks_between(session, [HOME], [start for _, start in coverage.months(now)])
    assert counted == {(HOME, 10): 1, (HOME, 11): 1}
    assert [name for name, _ in coverage.months(now)][-2:] == ["03.2026", "04.2026"]
