"""What others have to say about a day on a chart: a change that was tried, a meeting. Whoever knows of such days adds a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.measures import months
from webapp.measures.points import Point


@dataclass(frozen=True, slots=True)
class Mark:
    """`url`: where more about it stands, or nothing."""

    day: date
    text: str
    url: str = ""


Source = Callable[[Session, UUID, str], Sequence[Mark]]  # of a unit and a measure's id
sources: list[Source] = []


def of(session: Session, unit: UUID, measure: str) -> list[Mark]:
    found = [mark for source in sources for mark in source(session, unit, measure)]
    return sorted(found, key=lambda one: (one.day, one.text))


def drawn(marks: Sequence[Mark], points: Sequence[Point], grain: months.Grain) -> list[dict[str, Any]]:
    """Those that fall within what is shown, numbered; `at` is the place of their period on the axis."""
    places = {one.period: place for place, one in enumerate(points)}
    within = [(places[period], one) for one in marks if (period := months.first_of(one.day, grain)) in places]
    return [{"n": n, "at": at, "day": says.day(one.day.isoformat()), "text": one.text, "url": one.url}
            for n, (at, one) in enumerate(within, 1)]  # fmt: skip
