"""All points of a unit, wherever they come from: months of facts and of old lists, days between events, what leaders keep."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.measures import between, points, recorded
from webapp.measures.declared import declared
from webapp.measures.facts import Fact
from webapp.measures.points import Point
from webapp.sync import world


def of_unit(
    session: Session, unit: UUID, since: date, today: date, fresh: Mapping[UUID, Sequence[Fact]], measures: Collection[str] | None = None
) -> dict[str, list[Point]]:
    """Measure -> its months since then, oldest first; of a measure of events all there are."""
    counts = declared(world.bundles())[1]
    wanted = [one for one in counts if measures is None or one.id in measures]
    events = [one for one in wanted if one.is_between]
    lasting = [one.id for one in wanted if one.kind == "lasted"]
    found = points.of_unit(session, unit, since, today, fresh, [one.id for one in wanted if not one.is_between], lasting)
    if events:
        known = points.of_unit(session, unit, points.EVER, today, fresh, [one.of for one in events])
        found |= between.of_unit(session, unit, today, fresh, events, known)
    kept = [one.id for one in recorded.measures() if measures is None or one.id in measures]
    return found | recorded.of_unit(session, unit, since, today, kept)
