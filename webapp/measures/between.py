"""Days between events of a unit: each event is a point, with how complete the months are that it spans.

The time since the last event is no point: it is not over. Two events on one day have no days between them; then service days are
counted instead, in all of the series, also in a part of it that is shown alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.measures import months
from webapp.measures.declared import Count
from webapp.measures.facts import Fact
from webapp.measures.points import LATE_DAYS, Point
from webapp.models import MeasureChange, MeasureFact

Days = dict[date, tuple[int, int]]  # day -> (events, of how many it was told late)


def of_unit(
    session: Session, unit: UUID, today: date, fresh: Mapping[UUID, Sequence[Fact]], counts: Sequence[Count],
    known: Mapping[str, Sequence[Point]],
) -> dict[str, list[Point]]:  # fmt: skip
    """Measure -> its events, oldest first. `known`: the months of the measures whose events they are, from the first."""
    found = days(session, unit, fresh, [one.id for one in counts])
    changes = select(MeasureChange.measure, MeasureChange.period).where(
        MeasureChange.unit_id == unit, MeasureChange.measure.in_([one.id for one in counts]))  # fmt: skip
    changed: dict[str, set[date]] = {}
    for measure, day in session.execute(changes):
        changed.setdefault(measure, set()).add(day)
    return {one.id: points(found[one.id], changed.get(one.id, set()), known.get(one.of, ()), today) for one in counts if one.id in found}


def days(session: Session, unit: UUID, fresh: Mapping[UUID, Sequence[Fact]], measures: Sequence[str]) -> dict[str, Days]:
    """On which days something happened in the unit, whenever that was."""
    fact, late = MeasureFact, func.sum(case((MeasureFact.late > LATE_DAYS, MeasureFact.num), else_=0))
    query = select(fact.measure, fact.period, func.sum(fact.num), late).where(fact.unit_id == unit, fact.measure.in_(measures))
    query = query.where(fact.patient_id.not_in(list(fresh))).group_by(fact.measure, fact.period)
    found: dict[str, Days] = {}
    for measure, day, number, delayed in session.execute(query):
        found.setdefault(measure, {})[day] = int(number), int(delayed)
    for one in (one for facts in fresh.values() for one in facts if one.measure in measures and one.unit == str(unit)):
        number, delayed = found.setdefault(one.measure, {}).get(one.period, (0, 0))
        found[one.measure][one.period] = number + one.num, delayed + (one.num if one.late > LATE_DAYS else 0)
    return found


def points(found: Days, changed: Iterable[date], base: Sequence[Point], today: date) -> list[Point]:
    """What is changed is the stretch of time in which an event came or went: the point at its end."""
    by_service, moved = any(number > 1 for number, _late in found.values()), sorted(changed)
    made: list[Point] = []
    for day in sorted(found):
        number, late = found[day]
        for nth in range(number):
            since = made[-1].period if made else None
            spanned = [one for one in base if one.period <= day and months.after(one.period) > (since or months.first_of(day))]
            made.append(Point(
                day, 0 if since is None else service_days(base, since, day, today) if by_service else (day - since).days,
                int(since is not None), sum(one.eligible for one in spanned), sum(one.covered for one in spanned), 0, 0, int(nth < late),
                closed=months.closed(day, today, "event"), changed=any((since is None or since < one) and one <= day for one in moved),
                thin=any(one.thin for one in spanned), by_service=by_service,
            ))  # fmt: skip
    return made


def service_days(base: Sequence[Point], since: date, until: date, today: date) -> int:
    """Service days after one day, until and with another. Those of a month are spread evenly over its days."""
    total = 0.0
    for one in base:
        end = min(months.after(one.period), today + timedelta(days=1))
        inside = (min(end, until + timedelta(days=1)) - max(one.period, since + timedelta(days=1))).days
        if inside > 0:
            total += one.den * inside / (end - one.period).days
    return round(total)
