"""Walk-rounds and what was agreed on them as measures: the same numbers as on their page and in the yearly review, month by month."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bundles.read_measures import read_measures
from webapp.bundles.tables import Table
from webapp.improvement import work
from webapp.leadership import visits
from webapp.measures.declared import Measure
from webapp.measures.recorded import Judged, Source

FILE = Path(__file__).with_name("measures.v1.toml")
HELD, CLOSED = "S-P1", "S-P2"


def declared() -> tuple[Measure, ...]:
    """The definitions of the file."""
    top = Table(tomllib.loads(FILE.read_text("utf-8")), FILE.name, "")
    version, texts = top.integer("version"), read_measures(top)
    top.done()
    return tuple(Measure(id=one["id"], kind="kept", text=one, bundle=f"ledelse v{version}") for one in texts)


def of_unit(session: Session, unit: UUID, today: date) -> dict[str, Judged]:
    every = work.of_units(session, [unit], "visit", "action")
    rounds = [one for one in every if one.kind == "visit"]
    here = {one.id for one in rounds}
    actions = [one for one in every if one.kind == "action" and one.parent in here]
    return {HELD: visits.gone(rounds, today), CLOSED: visits.closed(actions, today)}


SOURCE = Source(declared(), of_unit, "/leadership/visits")
