"""The week tells of a signal in the week its month closed, with what it must be read with, and of months when far fewer were checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from tests.people import ident
from tests.web import measured
from webapp import db
from webapp.models import MeasureFact, Patient, Unit
from webapp.summary import week
from webapp.words import translator

CLOSING = datetime(2026, 11, 16, 9, tzinfo=UTC)  # October closed the day before
LOW_THEN_HIGH = [2, 3, 2, 3, 2, 8, 9, 8, 9, 8]


def told(app: Flask, now: datetime, measure: str, covered: list[int], events: Sequence[tuple[str, date]] = ()) -> list[week.Item]:
    unit: UUID = ident("Fjordsida")
    with app.app_context(), db.open_session(db.engine(), write=True) as session:
        measured.keep(session, measure, [(num, 300) for num in LOW_THEN_HIGH], covered, 20)
        who = session.scalars(select(Patient.id).where(Patient.unit_id == unit).order_by(Patient.id)).first()
        session.add_all(MeasureFact(patient_id=who, measure=name, period=day, unit_id=unit, num=1, den=0, eligible=1, covered=1, declined=0,
                                    unknown=0, late=0) for name, day in events)  # fmt: skip
        measured.settled(session, now)
        session.flush()
        found = week.measures(session, session.get_one(Unit, unit), now, translator("nb"), "nb")
        session.rollback()
        return found


def test_a_signal_is_told_in_the_week_its_month_closed_with_what_it_must_be_read_with(app: Flask) -> None:
    (one,) = told(app, CLOSING, "K-R1", [18] * 10)
    assert one.text.startswith("Kateterassosiert urinveisinfeksjon per 1000 kateterdøgn: Signal i uønsket retning (Anhøj-reglene:")
    assert one.do.endswith("Må leses sammen med: Kateterbruk; Kateterassosiert urinveisinfeksjon per 10 000 tjenestedøgn.")
    (alone,) = told(app, CLOSING, "F-R1", [18] * 10)
    assert "Må leses sammen med" not in alone.do


def test_a_week_in_which_no_month_closed_tells_of_no_signal(app: Flask) -> None:
    assert told(app, CLOSING.replace(day=24), "K-R1", [18] * 10) == []


def test_a_month_when_far_fewer_were_checked_is_told_of_and_is_no_signal(app: Flask) -> None:
    (one,) = told(app, CLOSING, "F-R1", [18] * 9 + [5])
    assert (one.kind, one.text) == ("coverage", "Langt færre enn ellers er sjekket: Fall per 1000 tjenestedøgn.")


def test_few_checked_long_ago_is_no_news(app: Flask) -> None:
    assert told(app, CLOSING, "F-R1", [18] * 7 + [5, 18, 18]) == []


def test_days_between_events_say_nothing_more_of_a_month_when_few_were_checked_than_their_measure_does(app: Flask) -> None:
    events = [("K-R2", date(2026, 8, 3)), ("K-R2", date(2026, 10, 12))]
    (one,) = told(app, CLOSING, "K-R4", [18] * 9 + [5], events)
    assert one.text == "Langt færre enn ellers er sjekket: Kateterassosiert urinveisinfeksjon per 10 000 tjenestedøgn."
