"""What changed in a unit this week, and what to do: a few sentences with numbers, no person's name and nothing of anybody's health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.measures import decide, months, store, unit_points, verdicts
from webapp.measures.pages import MONTHS, order, silent_devices
from webapp.measures.points import Point
from webapp.measures.series import series
from webapp.models import Flag, Patient, Unit
from webapp.words import Translate

OSLO = ZoneInfo("Europe/Oslo")
WEEK = timedelta(days=7)
SIGNALS = ("better", "worse", "changed")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: what it is, what to do, and where."""

    kind: str
    text: str
    do: str
    url: str


def monday(today: date) -> date:
    return months.first_of(today, "week")


def of_unit(session: Session, unit: Unit, now: datetime, t: Translate, lang: str) -> list[Item]:
    """The week of a unit; nothing when nothing changed."""
    return [*flags(session, unit, now, t), *measures(session, unit, now, t, lang), *devices(session, unit, t)]


def flags(session: Session, unit: Unit, now: datetime, t: Translate) -> list[Item]:
    """Follow-ups over their day, and those that are new and nobody's."""
    today = now.astimezone(OSLO).date()
    mine = select(func.count()).select_from(Flag).join(Patient, Patient.id == Flag.patient_id)
    mine = mine.where(Patient.unit_id == unit.id, Flag.closed_at.is_(None))
    late = session.scalar(mine.where(Flag.due_on < today)) or 0
    alone = session.scalar(mine.where(Flag.owner_id.is_(None), Flag.opened_at >= now - WEEK)) or 0
    found, url = [], f"/review?unit={unit.id}"
    if late:
        text = says.many(t, late, "1 åpent varsel er over fristen.", "%(n)s åpne varsler er over fristen.")
        found.append(Item("flags", text, t("Lukk dem, eller sett en ny frist."), url))
    if alone:
        text = says.many(t, alone, "1 nytt varsel siste uke har ingen ansvarlig.", "%(n)s nye varsler siste uke har ingen ansvarlig.")
        found.append(Item("flags", text, t("Gi dem en ansvarlig på tavlemøtet."), url))
    return found


def measures(session: Session, unit: Unit, now: datetime, t: Translate, lang: str) -> list[Item]:
    """Signals that the month which closed this week brought, and months with far fewer checked than usual."""
    today = now.astimezone(OSLO).date()
    fresh = dict(store.computed(session, store.stale(session, today, [unit.id]), now))
    since = months.first_of(today - timedelta(days=30 * (MONTHS - 1)))
    found, thin, titles = [], [], {one.id: one.text["title"] for one in order()}
    of_it, decisions = unit_points.of_unit(session, unit.id, since, today, fresh), decide.of(session, unit.id)
    for count in order():
        made = of_it.get(count.id, [])
        if not made:
            continue
        plan, of = decide.plan(decisions.get(count.id, []), count.grain), of_it.get(count.of, [])
        title = says.text(count.text["title"], lang)
        state, sentence = verdicts.verdict(series(count, made, [one.value(count) for one in made], plan=plan, of=of), t)
        if not of and any(one.thin and not months.closed(one.period, today - WEEK) for one in made):  # open, or closed this week
            thin.append(title)
        elif state in SIGNALS and (before := without_news(made, today)) is not None:
            old, _said = verdicts.verdict(series(count, before, [one.value(count) for one in before], plan=plan, of=of), t)
            if old != state:
                do = t("Se på diagrammet sammen, og finn ut hva som ble gjort annerledes.")
                if beside := [says.text(titles[name], lang) for name in count.text["shown_with"] if name in titles]:
                    do += " " + t("Må leses sammen med: %(titles)s.", titles="; ".join(beside))
                found.append(Item("signal", f"{title}: {sentence}", do, f"/measures/one?unit={unit.id}&m={count.id}"))
    if thin:
        text = t("Langt færre enn ellers er sjekket: %(titles)s.", titles="; ".join(thin))
        found.append(Item("coverage", text, t("Se hvem som mangler sjekk, og avtal når den gjøres."), f"/review/coverage?unit={unit.id}"))
    return found


def without_news(made: list[Point], today: date) -> list[Point] | None:
    """The points without the month that closed in the last seven days; None when none did."""
    new = [one for one in made if one.closed and not months.closed(one.period, today - WEEK)]
    return [one for one in made if one.closed and one not in new] if new else None


def devices(session: Session, unit: Unit, t: Translate) -> list[Item]:
    silent = silent_devices(session, unit)
    text = says.many(t, silent, "1 enhet har ikke vært i kontakt siste tre dager: sjekker kan mangle.",
                     "%(n)s enheter har ikke vært i kontakt siste tre dager: sjekker kan mangle.")  # fmt: skip
    return [Item("devices", text, t("Finn dem, og gi dem nett."), "/review/devices")] if silent else []


def message(unit: Unit, items: list[Item], week: date, app_url: str, t: Translate) -> tuple[str, str]:
    """(subject, text) of the e-mail."""
    _year, number, _day = week.isocalendar()
    lines = [t("Dette er nytt for %(unit)s, uke %(week)s:", unit=unit.name, week=number), ""]
    for one in items:
        lines += [f"* {one.text}", f"  {one.do}", f"  {app_url}{one.url}", ""]
    lines.append(t("Hele oppsummeringen: %(url)s", url=f"{app_url}/summary?unit={unit.id}"))
    lines.append(t("Meldingen har ingen navn og ingen helseopplysninger. Lederen for enheten bestemmer hvem som får den."))
    return t("TryggRunde: uke %(week)s for %(unit)s", week=number, unit=unit.name), "\n".join(lines) + "\n"
