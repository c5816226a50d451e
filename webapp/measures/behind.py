"""The people and checks behind a point, for who leads their unit: who counts, who does not, and what would raise it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.bundles import history
from webapp.measures import afterwards, months, reading, store
from webapp.measures.declared import Count
from webapp.measures.facts import Fact, Month, Person
from webapp.models import MeasureFact, Patient, Unit
from webapp.sync import world
from webapp.words import Translate

Context = dict[str, Any]
Fresh = dict[UUID, list[Fact]]
SPLIT = ("share", "start", "settled", "again")  # of whom it is told who counts and who does not


@dataclass(frozen=True, slots=True)
class Behind:
    """One person of one point."""

    ref: UUID
    fact: Fact
    checks: list[dict[str, Any]]


def read(session: Session, unit: Unit, count: Count, grain: months.Grain, period: date, now: datetime, fresh: Fresh) -> Iterator[Behind]:
    """Everybody who is in the point, whoever has moved since included. Of months the facts are kept; of weeks and quarters
    they are made from the checks themselves."""
    today, params = now.astimezone(store.OSLO).date(), world.settings(session)["params"]
    last = min(months.after(period, grain) - timedelta(days=1), today)
    month = Month(period, last, last + timedelta(days=1))
    if grain in ("month", "event"):
        yield from of_month(session, kept(session, unit, count, period, fresh), count, month, now)
        return
    stored = select(MeasureFact.patient_id).where(
        MeasureFact.unit_id == unit.id, MeasureFact.measure == count.id,
        MeasureFact.period >= months.first_of(period), MeasureFact.period <= last,
    )  # fmt: skip
    refs = list(session.scalars(select(Patient.id).where(or_(Patient.unit_id == unit.id, Patient.id.in_(stored)))))
    for ref, values in store.histories(session, refs).items():
        person = Person(values, [count], params, today, grain)
        if fact := next((one for one in person.of([count], period) if one.unit == str(unit.id)), None):
            yield Behind(ref, fact, person.checks_behind(count, month))


def kept(session: Session, unit: Unit, count: Count, period: date, fresh: Fresh) -> dict[UUID, Fact]:
    """A month's facts of the unit."""
    stored = select(MeasureFact).where(MeasureFact.unit_id == unit.id, MeasureFact.measure == count.id, MeasureFact.period == period)
    found = {one.patient_id: Fact(one.measure, one.period, str(one.unit_id), *store.NUMBERS(one)) for one in session.scalars(stored)}
    for ref, facts in fresh.items():
        found.pop(ref, None)
        for one in facts:
            if (one.measure, one.period, one.unit) == (count.id, period, str(unit.id)):
                found[ref] = one
    return found


def of_month(session: Session, facts: dict[UUID, Fact], count: Count, month: Month, now: datetime) -> Iterator[Behind]:
    """With the checks: of those who had events all of what the measure reads, of the others the one that held on the last day."""
    checks: dict[UUID, list[dict[str, Any]]] = {}
    if count.event or count.kind in afterwards.KINDS:
        refs = [ref for ref, one in facts.items() if one.num or (count.kind in ("events", "per", *afterwards.KINDS) and one.den)]
        values = store.histories(session, refs, count.forms)
        if unsure := [ref for ref in refs if not any(one["kind"] == "service" for one in values[ref]["episodes"])]:
            values |= store.histories(session, unsure)  # her first check of any kind says since when she was here
        params, today = world.settings(session)["params"], now.astimezone(store.OSLO).date()
        checks = {ref: Person(one, [count], params, today).checks_behind(count, month) for ref, one in values.items()}
    else:
        end = datetime(month.end.year, month.end.month, month.end.day, tzinfo=store.OSLO)
        checks = {UUID(ref): found for ref, found in reading.newest(session, list(facts), count.form.id, end).items()}
    for ref, fact in facts.items():
        yield Behind(ref, fact, checks.get(ref, []))


def point(
    session: Session, unit: Unit, count: Count, grain: months.Grain, period: date, now: datetime, fresh: Fresh, t: Translate
) -> Context:
    """The people as groups, those who can raise it first. Who no longer belongs to the unit is counted and not named."""
    found = {one.ref: one for one in read(session, unit, count, grain, period, now, fresh)}
    home = select(Patient.id, Patient.name).where(Patient.unit_id == unit.id).order_by(Patient.name_key, Patient.id)
    named = [(who, found[who.id]) for who in session.execute(home) if who.id in found]
    groups: dict[str, list[Context]] = {name: [] for name in ("unchecked", "missing", "met", "declined", "other")}
    for who, one in named:
        groups[group(one, count)].append(person(who.id, who.name, one, t))
    words = titles(count, t)
    if count.is_between:
        groups = {"met": groups["met"]}
    shown = [{"id": name, "title": words[name], "people": people, "count": len(people), "round": name == "unchecked"}
             for name, people in groups.items() if people and name in words]  # fmt: skip
    moved = len(found) - len(named)
    missed = "" if count.is_between else unchecked([who.name for who, one in named if not one.fact.covered], t)
    return {"groups": shown, "unchecked": missed,
            "lacking": lacking(count, groups, t),
            "elsewhere": t("%(n)s hører ikke lenger til enheten og vises ikke.", n=moved) if moved else ""}  # fmt: skip


def group(one: Behind, count: Count) -> str:
    fact = one.fact
    if fact.declined:
        return "declined"
    if not fact.covered:
        return "unchecked"
    if count.kind in SPLIT:
        met = fact.num == fact.den if count.kind == "settled" else fact.num > 0
        return "other" if not fact.den else "met" if met else "missing"
    return "met" if fact.num or count.kind == "lasted" else "other"


def titles(count: Count, t: Translate) -> dict[str, str]:
    """What each group is called; people without a event are many, and are not listed."""
    if count.kind in SPLIT:
        return {"unchecked": t("Uten sjekk i tide"), "missing": t("Sjekket, ikke med i telleren"), "met": t("Med i telleren"),
                "declined": t("Ønsket ikke, holdt utenfor")}  # fmt: skip
    met = t("Hvem det gjelder") if count.kind in ("between", "lasted") else t("Med i telleren")
    return {"unchecked": t("Uten sjekk i tide"), "met": met, "declined": t("Ønsket ikke, holdt utenfor")}  # fmt: skip


def person(ref: UUID, name: str, one: Behind, t: Translate) -> Context:
    checks = [{"url": f"/review/checks/{check['id']}", "text": t("Sjekk %(day)s", day=says.day(history.day_of(check)))}
              for check in one.checks]  # fmt: skip
    return {"name": name, "url": f"/review/people/{ref}", "round": f"/round/people/{ref}", "checks": checks}


def lacking(count: Count, groups: dict[str, list[Context]], t: Translate) -> str:
    """Who was checked, and what was found is what keeps the number from being better."""
    if count.kind not in SPLIT or count.text["direction"] not in ("up", "down"):
        return ""
    wanted = count.text["direction"] == "up"
    names = [who["name"] for who in groups["missing" if wanted else "met"]]
    said = says.many(t, len(names), "1 er sjekket, men ikke med i telleren:", "%(n)s er sjekket, men ikke med i telleren:") if wanted else \
        says.many(t, len(names), "1 er med i telleren, og skulle helst ikke vært det:",
                  "%(n)s er med i telleren, og skulle helst ikke vært det:")  # fmt: skip
    return said + " " + ", ".join(names) + "." if names else ""


def unchecked(names: list[str], t: Translate) -> str:
    """What would have to be done, in one line."""
    if not names:
        return t("Alle det gjelder, er sjekket i tide.")
    return says.many(t, len(names), "1 uten sjekk i tide:", "%(n)s uten sjekk i tide:") + " " + ", ".join(names) + "."
