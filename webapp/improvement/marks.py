"""Dates of improvement work as marks on the time series of the measure they should move."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.improvement import work
from webapp.improvement.work import Item
from webapp.measures.marks import Mark

KINDS = ("project", "aim", "idea", "cycle")


def of_unit(session: Session, unit: UUID) -> dict[str, list[Mark]]:
    """Measure -> when an idea was put to use or a PDSA cycle began, in the projects whose aim names it; oldest first."""
    every = work.of_units(session, [unit], *KINDS)
    projects = {one.id for one in every if one.kind == "project"}
    found: dict[str, list[Mark]] = {}
    for aim in every:
        if aim.kind == "aim" and aim.get("measure") and aim.parent in projects:
            of = [mark(one) for one in every if one.parent == aim.parent and one.kind in ("idea", "cycle") and one.get("start")]
            known = found.setdefault(aim.get("measure"), [])
            known += [one for one in of if one not in known]
    return {measure: sorted(marks, key=lambda one: (one.day, one.text)) for measure, marks in found.items()}


def mark(item: Item) -> Mark:
    kind, name = ("change", "text") if item.kind == "idea" else ("cycle", "title")
    return Mark(date.fromisoformat(item.get("start")), item.get(name), f"/improvement/{item.parent}", kind)
