"""Measures that are counted of what people write down, and not of checks. Whoever keeps such things adds a source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.measures import months
from webapp.measures.declared import Measure
from webapp.measures.points import Point, whole

Judged = Sequence[tuple[date, bool]]  # (the day it was to be done, whether it was)


@dataclass(frozen=True, slots=True)
class Source:
    """`read`: of a unit, until today: measure -> all that was to be done; `path`: where a leader sees it."""

    measures: tuple[Measure, ...]
    read: Callable[[Session, UUID, date], Mapping[str, Judged]]
    path: str


sources: list[Source] = []


def measures() -> list[Measure]:
    return [one for source in sources for one in source.measures]


def path(measure: str) -> str:
    return next((source.path for source in sources if measure in {one.id for one in source.measures}), "")


def of_unit(
    session: Session, unit: UUID, since: date, today: date, wanted: Collection[str], grain: months.Grain = "month"
) -> dict[str, list[Point]]:
    """Measure -> its periods since then, as it all stands when it is read."""
    found: dict[str, list[Point]] = {}
    for source in sources:
        if {one.id for one in source.measures} & set(wanted):
            for measure, judged in source.read(session, unit, today).items():
                if judged and measure in wanted:
                    found[measure] = [one for one in points(judged, today, grain) if one.period >= since]
    return {measure: every for measure, every in found.items() if every}


def points(judged: Iterable[tuple[date, bool]], today: date, grain: months.Grain) -> list[Point]:
    sums: dict[date, tuple[int, int]] = {}
    for day, met in judged:
        num, den = sums.get(months.first_of(day, grain), (0, 0))
        sums[months.first_of(day, grain)] = num + met, den + 1
    made = [Point(period, num, den, 0, 0, 0, 0, 0, months.closed(period, today, grain)) for period, (num, den) in sorted(sums.items())]
    return whole(made, today, grain)
