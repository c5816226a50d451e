"""What others have to say about a day on a chart: a change that was tried, a meeting. Whoever knows of such days adds a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.measures import months
from webapp.measures.points import Point
from webapp.words import Translate


@dataclass(frozen=True, slots=True)
class Mark:
    """`url`: where more about it stands, or nothing. `kind`: what began that day, of `words`, or nothing when the text says it."""

    day: date
    text: str
    url: str = ""
    kind: str = ""

    def said(self, t: Translate) -> str:
        words = {"change": t("Endring: %(text)s", text=self.text), "cycle": t("PDSA-runde: %(text)s", text=self.text)}
        return words.get(self.kind, self.text)


Source = Callable[[Session, UUID], Mapping[str, Sequence[Mark]]]  # of a unit: measure -> its marks
sources: list[Source] = []


def of_unit(session: Session, unit: UUID) -> dict[str, list[Mark]]:
    """Measure -> its marks: asked once for all the charts of a unit."""
    found: dict[str, list[Mark]] = {}
    for source in sources:
        for measure, marks in source(session, unit).items():
            found.setdefault(measure, []).extend(marks)
    return found


def place(day: date, points: Sequence[Point], grain: months.Grain) -> float | None:
    """Where on the axis it is: at its period; between two events when it was on the day of neither."""
    if grain != "event":
        return next((n for n, one in enumerate(points) if one.period == months.first_of(day, grain)), None)
    before = sum(one.period < day for one in points)
    if before == len(points):
        return before - 1 if points else None
    return before if points[before].period == day else before - 0.5 if before else None


def drawn(marks: Sequence[Mark], points: Sequence[Point], grain: months.Grain, only: bool, t: Translate) -> list[dict[str, Any]]:
    """Those that fall within what is shown, numbered by day; `at` is the place of their period on the axis.

    `only`: who sees numbers only may not follow the links."""
    ordered = sorted(marks, key=lambda one: (one.day, one.text))
    within = [(at, one) for one in ordered if (at := place(one.day, points, grain)) is not None]
    return [{"n": n, "at": at, "day": says.day(one.day.isoformat()), "text": one.said(t), "url": "" if only else one.url}
            for n, (at, one) in enumerate(within, 1)]  # fmt: skip
