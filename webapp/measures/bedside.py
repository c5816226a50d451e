"""What a nurse gets back at the bedside: which values make a row, and how her unit stands today, one sentence per package."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.bundles import Registry
from webapp.measures import months, store
from webapp.measures.declared import Count, CountingError, declared
from webapp.measures.facts import Person
from webapp.models import CheckRecord, Patient, is_shown
from webapp.sync import feed, kept, world

FILE = Path(__file__).with_name("bedside.v1.toml")
KEPT = timedelta(minutes=10)  # a sentence says its age: it need not be made anew for every tablet that asks
KINDS = ("share", "start")
_C = CheckRecord
Text = dict[str, str]
# (timeline of the database, unit, settings) -> when, and what there was to say. One process's memory of a few minutes.
_made: dict[tuple[str, UUID, int], tuple[datetime, dict[str, list[Text]]]] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence about a unit."""

    count: Count
    bundle: str
    some: Text
    none: Text


@lru_cache(maxsize=8)
def read(registry: Registry) -> tuple[dict[str, list[dict[str, Any]]], tuple[Line, ...]]:
    """(package -> its trends, the sentences), of the packages that are loaded."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    counts = {one.id: one for one in declared(registry)[1]}
    homes = {form.id: bundle.id for bundle in registry.bundles for form in bundle.forms}
    trends: dict[str, list[dict[str, Any]]] = {}
    for one in data["trend"]:
        if one["form"] in homes:
            form = registry.form(one["form"])
            if form.field(one["value"]) is None and one["value"] not in {each.name for each in form.derived}:
                raise CountingError(f"{FILE.name}: {form.id} has no value {one['value']}")
            trends.setdefault(homes[form.id], []).append(one)
    lines = [Line(counts[one["measure"]], homes[counts[one["measure"]].form.id], one["some"], one["none"])
             for one in data["line"] if one["measure"] in counts]  # fmt: skip
    if wrong := [one.count.id for one in lines if one.count.kind not in KINDS]:
        raise CountingError(f"{FILE.name}: {', '.join(wrong)} does not count people")
    return trends, tuple(lines)


def told(session: Session, units: Iterable[UUID], lang: str, now: datetime) -> dict[str, Any]:
    """For pages and snapshots: rows to make, and for each unit its sentences with their time."""
    trends, _lines = read(world.bundles())
    found = {str(unit): of_unit(session, unit, now) for unit in units}
    spoken = sorted({"nb", lang})

    def words(said: dict[str, list[Text]]) -> dict[str, list[Text]]:
        return {bundle: [{key: one[key] for key in spoken} for one in texts] for bundle, texts in said.items()}

    return {"trend": trends, "units": {unit: {"at": at.astimezone(store.OSLO).isoformat(timespec="seconds"), "lines": words(said)}
                                       for unit, (at, said) in found.items()}}  # fmt: skip


def of_unit(session: Session, unit: UUID, now: datetime) -> tuple[datetime, dict[str, list[Text]]]:
    """(when, package -> sentences); what was made a few minutes ago is good enough."""
    key = (feed.epoch(session), unit, int(world.settings(session)["settings_version"]))
    known = _made.get(key)
    if key[0] and known and now - KEPT < known[0] <= now:
        return known
    made: dict[str, list[Text]] = {}
    numbers = standing(session, unit, now)
    for line in read(world.bundles())[1]:
        met, every = numbers[line.count.id]
        words = line.some if every else line.none
        made.setdefault(line.bundle, []).append({lang: text.format(met=met, all=every) for lang, text in words.items()})
    _made[key] = now, made
    return _made[key]


def standing(session: Session, unit: UUID, now: datetime) -> dict[str, tuple[int, int]]:
    """Measure -> (people it is met for, people who count), as the measure's own month that runs says today."""
    counts = [line.count for line in read(world.bundles())[1]]
    today, params = now.astimezone(store.OSLO).date(), world.settings(session)["params"]
    first = months.first_of(today)
    sums = {count.id: (0, 0) for count in counts}
    refs = list(session.scalars(select(Patient.id).where(Patient.unit_id == unit)))
    for start in range(0, len(refs), store.SOME):
        some = refs[start : start + store.SOME]
        since = datetime.combine(first, datetime.min.time(), store.OSLO)
        for history in store.histories(session, some, only=latest(session, some, since)).values():
            person = Person(history, counts, params, today)
            for fact in person.of(counts, first) if person.service else ():
                met, every = sums[fact.measure]
                sums[fact.measure] = met + fact.num, every + fact.den
    return sums


def latest(session: Session, refs: list[UUID], since: datetime) -> list[UUID]:
    """Everything since then of these people, and each form's last check and last refusal before: all that today's standing reads."""
    apart = (_C.patient_id, _C.form, _C.outcome == "not_done", _C.performed_at >= since)
    place = func.row_number().over(partition_by=apart, order_by=(_C.performed_at.desc(), _C.id.desc())).label("n")
    rows = select(_C.id, _C.performed_at, place).where(_C.patient_id.in_(refs), kept.STANDS, is_shown()).subquery()
    return list(session.scalars(select(rows.c.id).where(or_(rows.c.n == 1, rows.c.performed_at >= since))))
