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
from webapp.bundles import due
from webapp.models import CheckRecord, Episode, Flag, Trigger
from webapp.review import coverage, queries, standing
from webapp.sync import feed, people, world

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


def test_who_waits_for_an_open_flag_stands_on_the_pages_as_on_a_device(app: Flask) -> None:
    """Every due rule that counts from an open flag: the day the flag was opened is known to both."""
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        waiting = [(form, rule.each) for form in world.bundles().forms for rule in form.due if rule.base == "flag"]
        assert waiting
        for number, (form, code) in enumerate(waiting):
            session.add(
                Flag(
                    patient_id=ASTRID, unit_id=HOME, code=code, severity="high", bundle_id=form.bundle, bundle_version=1, form=form.id,
                    rule="", opened_at=NOW - timedelta(days=number + 1), check_id=uuid4(),
                )
            )  # fmt: skip
        feed.touch(session, ASTRID, HOME, "flag")
        session.commit()
    now = NOW.astimezone(OSLO).isoformat(timespec="seconds")
    with app.app_context(), db.open_session(db.engine(), write=False) as session:
        settings = world.settings(session)["params"]
        held = people.load(session, [ASTRID], world.bundles(), NOW)[ASTRID]
        assert kept(app)[ASTRID] == due.for_person(world.bundles(), held, now, settings)


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
