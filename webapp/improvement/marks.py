"""Dates of improvement work as marks on the time series of the measure they should move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.improvement import work
from webapp.improvement.work import Item

KINDS = ("project", "aim", "idea", "cycle")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that began on a day: `kind` is change (an idea is put to use) or cycle (a PDSA cycle begins)."""

    on: date
    kind: str
    text: str
    url: str


def of_unit(session: Session, unit: UUID) -> dict[str, list[Mark]]:
    """Measure -> its marks, oldest first."""
    every = work.of_units(session, [unit], *KINDS)
    projects = {one.id for one in every if one.kind == "project"}
    found: dict[str, list[Mark]] = {}
    for aim in every:
        if aim.kind == "aim" and aim.get("measure") and aim.parent in projects:
            of = [mark(one) for one in every if one.parent == aim.parent and one.kind in ("idea", "cycle") and one.get("start")]
            known = found.setdefault(aim.get("measure"), [])
            known += [one for one in of if one not in known]
    return {measure: sorted(marks, key=lambda one: (one.on, one.text)) for measure, marks in found.items()}


def mark(item: Item) -> Mark:
    kind, name = ("change", "text") if item.kind == "idea" else ("cycle", "title")
    return Mark(date.fromisoformat(item.get("start")), kind, item.get(name), f"/improvement/{item.parent}")
