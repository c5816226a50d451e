"""What a page takes from kept facts, an index or a process's memory is what a reading of all checks gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.test_measure_facts import TODAY, edit
from tests.web.year import NOW, year_on
from webapp import db
from webapp.measures import behind, lately, months, store
from webapp.measures.declared import Count, declared
from webapp.measures.facts import Fact, Month, Person
from webapp.models import Episode, FeedHead, Patient, Unit
from webapp.sync import feed, world

PERIOD = date(2026, 8, 1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo year on each database, with edits that nobody has counted yet."""
    for app in year_on(request.param, request, tmp_path_factory.mktemp("kept")):
        edited(random.Random(3), 8)
        yield app


def edited(rng: random.Random, times: int) -> None:
    with db.open_session(db.engine(), write=True) as session:
        for _ in range(times):
            edit(session, rng)
        session.commit()


def from_all_checks(unit: UUID, count: Count) -> dict[UUID, tuple[Fact, list[str]]]:
    """Person -> her fact of that month and the checks behind it."""
    last = months.after(PERIOD)
    found = {}
    with db.open_session(db.engine(), write=False) as session:
        params = world.settings(session)["params"]
        for ref, values in store.histories(session, list(session.scalars(select(Patient.id)))).items():
            person = Person(values, [count], params, TODAY)
            month = Month(PERIOD, date.fromordinal(last.toordinal() - 1), last)
            fact = next((one for one in person.of([count], PERIOD) if one.unit == str(unit)), None)
            if fact:
                found[ref] = fact, sorted(one["id"] for one in person.checks_behind(count, month))
    return found


def test_behind_a_month_are_the_same_people_and_checks_as_in_all_that_was_written(year: Flask) -> None:
    shown = 0
    with db.open_session(db.engine(), write=False) as session:
        unit = session.scalars(select(Unit).order_by(Unit.name)).first()
        assert unit is not None
        fresh = lately.of(session, unit.id, NOW)[1]
        for count in (one for one in declared(world.bundles())[1] if not one.is_between):
            read = {one.ref: (one.fact, sorted(it["id"] for it in one.checks))
                    for one in behind.read(session, unit, count, "month", PERIOD, NOW, fresh)}  # fmt: skip
            assert read == from_all_checks(unit.id, count), count.id
            shown += sum(bool(ids) for _, ids in read.values())
    assert shown > 20


def test_what_a_process_remembers_holds_until_the_feed_tells_of_more(year: Flask) -> None:
    for day in range(1, 4):
        known: set[UUID] = set()
        with db.open_session(db.engine(), write=False) as session:
            for unit in session.scalars(select(Unit.id)):
                wanted = store.stale(session, TODAY, [unit])
                assert lately.of(session, unit, NOW) == (TODAY, dict(store.computed(session, wanted, NOW)))
                known |= set(wanted)
        assert known
        with db.open_session(db.engine(), write=True) as session:
            for ref in known:  # those it remembers
                away = {"start": PERIOD.replace(day=day), "end": PERIOD.replace(day=day + 1), "place": ""}
                session.add(Episode(patient_id=ref, kind="absence", **away))
                feed.touch(session, ref, None, "person")
            session.commit()


def test_what_came_while_facts_were_made_is_told_of_afterwards(year: Flask) -> None:
    with db.open_session(db.engine(), write=True) as session:
        store.settle(session, store.stale(session, TODAY), NOW)
        assert store.stale(session, TODAY) == []
        session.commit()
    edited(random.Random(9), 1)
    with db.open_session(db.engine(), write=False) as session:
        (told,) = store.touched(session, TODAY).items()
        assert told[1] <= (session.scalar(select(FeedHead.seq)) or 0)
