"""Facts of a unit -> points: how many of how many, how complete, how late, and whether the period is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.measures import imported, months
from webapp.measures.declared import Count, Measure
from webapp.measures.facts import Fact
from webapp.models import MeasureChange, MeasureFact

LATE_DAYS = 2  # a check that took longer to arrive is told of
LESS_COVERED = 0.2  # so much less of those eligible checked than usual: the point says nothing about practice
FEWEST_USEFUL = 10
SHARES = ("share", "start", "people", "events", "days", "settled", "again", "kept")
ADDS = ("start", "events", "per", "rate", "days", "settled", "again")  # nobody is counted once a period: a quarter is the sum of its months


@dataclass(frozen=True, slots=True)
class Point:
    period: date
    num: int
    den: int
    eligible: int
    covered: int
    declined: int
    unknown: int
    late: int
    closed: bool
    changed: bool = False  # after it was closed
    thin: bool = False  # much fewer were checked than in other months
    imported: bool = False  # from an old list; nobody knows how complete it is
    by_service: bool = False  # what lies between two events is counted in service days
    middle: float | None = None  # the median of its people, where that is the number
    few: bool = False  # it could tell of few people to who sees numbers only

    @property
    def is_blank(self) -> bool:
        """Nothing was counted and nobody was missed."""
        return not (self.den or self.eligible or self.imported)

    @property
    def coverage(self) -> float | None:
        return self.covered / self.eligible if self.eligible else None

    def value(self, count: Measure) -> float | None:
        """Nothing of nothing is missing, not 0 %."""
        if not self.den or self.middle is not None:
            return self.middle
        return (100 if count.kind in SHARES else count.factor) * self.num / self.den


Lasted = tuple[str, date, int]  # measure, period, one person's number
Sums = dict[tuple[str, date], list[int]]
EVER = date(1900, 1, 1)


def of_unit(
    session: Session, unit: UUID, since: date, today: date, fresh: Mapping[UUID, Sequence[Fact]], measures: Collection[str],
    lasting: Collection[str] = (),
) -> dict[str, list[Point]]:
    """Measure -> its months, oldest first. `fresh`: facts that hold instead of what is stored about these people; `lasting`: of
    which measures the number is the median of the people."""
    fact, total = MeasureFact, func.sum
    late = total(case((fact.late > LATE_DAYS, 1), else_=0))
    columns = (total(fact.num), total(fact.den), total(fact.eligible), total(fact.covered), total(fact.declined), total(fact.unknown), late)
    query = select(fact.measure, fact.period, *columns).where(fact.unit_id == unit, fact.period >= since, fact.measure.in_(measures))
    sums: Sums = {}
    for measure, period, *numbers in session.execute(query.where(fact.patient_id.not_in(list(fresh))).group_by(fact.measure, fact.period)):
        sums[measure, period] = [int(number) for number in numbers]
    add(sums, (one for facts in fresh.values() for one in facts if one.measure in measures), unit, since)
    own = made(session, sums, unit, since, today, "month")
    if lasting:
        each = select(fact.measure, fact.period, fact.num).where(fact.unit_id == unit, fact.period >= since, fact.measure.in_(lasting))
        rows = [(measure, period, num) for measure, period, num in session.execute(each.where(fact.patient_id.not_in(list(fresh))))]
        own = with_medians(own, rows + lasted((one for facts in fresh.values() for one in facts), unit, lasting))
    return with_imported(own, imported.held(session, unit, since, measures))


def with_imported(own: dict[str, list[Point]], old: Mapping[str, imported.Periods]) -> dict[str, list[Point]]:
    """With periods of old lists where there is nothing of our own."""
    for measure, found in old.items():
        known = {one.period for one in own.get(measure, []) if not one.is_blank}
        more = [Point(period, num, den, 0, 0, 0, 0, 0, closed=True, imported=True)
                for period, (num, den) in found.items() if period not in known]  # fmt: skip
        taken = {one.period for one in more}
        own[measure] = sorted([*(one for one in own.get(measure, []) if one.period not in taken), *more], key=lambda one: one.period)
    return own


def old_of(session: Session, unit: UUID, count: Count, since: date, grain: months.Grain) -> dict[str, imported.Periods]:
    """Weeks or quarters of old lists in which there is no month of our own: a part of a period is not told as the whole."""
    found = imported.held(session, unit, since, [count.id], grain, adds=count.kind in ADDS).get(count.id, {})
    query = select(MeasureFact.period).where(MeasureFact.unit_id == unit, MeasureFact.measure == count.id).distinct()
    ours = set(session.scalars(query)) if found else set()
    return {count.id: {period: both for period, both in found.items() if not months.touched(period, grain) & ours}}


def of_facts(
    session: Session, facts: Sequence[Fact], unit: UUID, since: date, today: date, grain: months.Grain, lasting: Collection[str] = ()
) -> dict[str, list[Point]]:
    """As `of_unit`, from facts made for this occasion."""
    sums: Sums = {}
    add(sums, facts, unit, since)
    return with_medians(made(session, sums, unit, since, today, grain), lasted(facts, unit, lasting))


def lasted(facts: Iterable[Fact], unit: UUID, lasting: Collection[str]) -> list[Lasted]:
    return [(one.measure, one.period, one.num) for one in facts if one.measure in lasting and one.unit == str(unit)]


def with_medians(found: dict[str, list[Point]], rows: Iterable[Lasted]) -> dict[str, list[Point]]:
    values: dict[tuple[str, date], list[int]] = {}
    for measure, period, num in rows:
        values.setdefault((measure, period), []).append(num)
    return {measure: [replace(one, middle=float(median(of_it))) if (of_it := values.get((measure, one.period))) else one for one in every]
            for measure, every in found.items()}  # fmt: skip


def add(sums: Sums, facts: Iterable[Fact], unit: UUID, since: date) -> None:
    for one in facts:
        if one.unit == str(unit) and one.period >= since:
            more = (one.num, one.den, one.eligible, one.covered, one.declined, one.unknown, int(one.late > LATE_DAYS))
            known = sums.get((one.measure, one.period), [0] * len(more))
            sums[one.measure, one.period] = [a + b for a, b in zip(known, more, strict=True)]


def made(session: Session, sums: Sums, unit: UUID, since: date, today: date, grain: months.Grain) -> dict[str, list[Point]]:
    changes = select(MeasureChange.measure, MeasureChange.period).where(MeasureChange.unit_id == unit, MeasureChange.period >= since)
    # A month that changed says that its quarter did; which of its days or weeks did is not known.
    changed = {(measure, months.first_of(period, grain)) for measure, period in session.execute(changes) if grain not in ("day", "week")}
    found: dict[str, list[Point]] = {}
    for (measure, period), (num, den, eligible, covered, declined, unknown, late) in sorted(sums.items()):
        shut, moved = months.closed(period, today, grain), (measure, period) in changed
        found.setdefault(measure, []).append(Point(period, num, den, eligible, covered, declined, unknown, late, shut, moved))
    return {measure: marked(whole(points, today, grain)) for measure, points in found.items()}


def whole(points: Sequence[Point], today: date, grain: months.Grain) -> list[Point]:
    """With the periods in which nothing was counted, up to now: a line that skips them would say that time stood still."""
    known = {one.period: one for one in points}
    return [known.get(period) or Point(period, 0, 0, 0, 0, 0, 0, 0, months.closed(period, today, grain))
            for period in months.months(points[0].period, today, grain)]  # fmt: skip


def marked(points: Sequence[Point]) -> list[Point]:
    """Months in which much fewer were checked than usual are marked: they say nothing about practice."""
    usual = [one.coverage for one in points if one.closed and one.coverage is not None]
    least = median(usual) - LESS_COVERED if usual else 0.0
    return [replace(one, thin=one.coverage is not None and one.coverage < least) for one in points]
