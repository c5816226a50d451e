"""The measures that improvement work refers to: their names, and how they stand. The only file here that asks webapp/measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.measures import lately, pages, points, unit_points
from webapp.measures.declared import Measure


@dataclass(frozen=True)
class Series:
    """One measure of one unit by month: (first day, value, closed); a value of None is a month that says nothing."""

    id: str
    title: str
    share: bool
    months: tuple[tuple[date, float | None, bool], ...]
    middle: timedelta = timedelta(days=14)  # of a month; an event is on its own day

    def latest(self) -> tuple[date, float] | None:
        """The newest month that is closed and says something."""
        return next(((day, value) for day, value, closed in reversed(self.months) if closed and value is not None), None)


def counts() -> dict[str, Measure]:
    return {one.id: one for one in pages.order()}


def titles(lang: str) -> dict[str, str]:
    """Measure -> what it is called."""
    return {name: says.text(one.text["title"], lang) for name, one in counts().items()}


def series(session: Session, unit: UUID, wanted: set[str], since: date, lang: str) -> dict[str, Series]:
    """How these measures stand in a unit, month by month, with what came in since the night."""
    if not wanted:
        return {}
    today, fresh = lately.of(session, unit, datetime.now(UTC))
    found = unit_points.of_unit(session, unit, since, today, fresh, wanted)
    names, known = titles(lang), counts()
    return {name: Series(name, names[name], known[name].kind in points.SHARES, tuple(
                (one.period, one.value(known[name]), one.closed and not one.thin) for one in found.get(name, ())),
                timedelta(0) if known[name].is_between else timedelta(days=14))
            for name in wanted if name in known}  # fmt: skip
