"""The green cross: one colour a day, decided by a person at the meeting. Grey is not green: nobody has decided."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.bundles.evaluate import Run, closure
from webapp.bundles.language import parse
from webapp.bundles.resolve import boolean
from webapp.bundles.scope import form_scope
from webapp.improvement import work
from webapp.improvement.work import Item, Refused
from webapp.measures import store
from webapp.measures.facts import Person
from webapp.measures.line import holds
from webapp.models import CheckRecord, Unit, User, WorkVersion, is_shown
from webapp.sync import world
from webapp.words import Translate

Context = dict[str, Any]
OSLO = ZoneInfo("Europe/Oslo")
COLOURS = {"green": "Grønn: ingen hendelse", "yellow": "Gul: nestenhendelse eller noe å forbedre", "red": "Rød: uønsket hendelse med skade"}
SIGNS = {"green": "✓", "yellow": "–", "red": "!", "": ""}
NOTE_MOST = 300
REACH = timedelta(days=62)  # a day can be decided so long after
EVENTS = tomllib.loads(Path(__file__).with_name("cross.v1.toml").read_text("utf-8"))["event"]
# rows of a cross with 31 places
SHAPE = ((1, 3, 3), (4, 6, 3), (7, 13, 1), (14, 20, 1), (21, 27, 1), (28, 30, 3), (31, 31, 4))


def ident(unit: UUID, day: date) -> UUID:
    """The same thing for the same day, whoever decides first."""
    return uuid5(unit, f"cross {day.isoformat()}")


def decided(session: Session, unit: UUID, month: date) -> dict[date, Item]:
    """Every day of the month that somebody has said something about, also when it was taken back."""
    asked = [ident(unit, month.replace(day=n)) for n in range(1, (after(month) - month).days + 1)]
    return {date.fromisoformat(one.get("day")): one for one in work.read(session, WorkVersion.item.in_(asked))}


def after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def decide(session: Session, unit: UUID, day: date | None, given: Any, by: User, today: date) -> Item | Refused:
    """A colour for a day, as a new version. `seen` says what stood there."""
    colour, note, seen = given.get("colour", ""), given.get("note", "").strip(), given.get("seen", "0")
    if day is None or not today - REACH <= day <= today:
        return Refused("Dagen må være i dag eller inntil to måneder tilbake. Ingenting er endret.")
    if colour not in COLOURS:
        return Refused("Velg en farge for dagen. Ingenting er endret.")
    if colour != "green" and not note:
        return Refused("Skriv kort hva som skjedde, uten navn. Ingenting er endret.")
    if len(note) > NOTE_MOST or "\x00" in note:
        return Refused("Teksten er for lang eller har ugyldige tegn. Ingenting er endret.")
    data = {"day": day.isoformat(), "colour": colour, "note": note}
    known = work.one(session, ident(unit, day))
    if known is None:
        return work.begin(session, "cross", unit, data, by, None, ident(unit, day))
    if str(known.number) != seen:
        return Refused(work.OVERTAKEN)
    return known if known.data == data and not known.gone else work.again(session, known, data, by)


def suggestions(session: Session, unit: Unit, month: date, today: date) -> dict[date, tuple[str, Counter[str]]]:
    """Day -> (colour, what there was of each kind): events by their own day, else whether anybody was checked at all."""
    end = min(after(month), today + timedelta(days=1))
    begins, ends = (datetime.combine(day, time(), OSLO) for day in (month, end))
    found: dict[date, Counter[str]] = {}
    made = select(CheckRecord.performed_at).where(CheckRecord.unit_id == unit.id, CheckRecord.performed_at >= begins,
                                                  CheckRecord.performed_at < ends, is_shown())  # fmt: skip
    for at in session.scalars(made):
        found.setdefault(at.astimezone(OSLO).date(), Counter())["checks"] += 1
    for event in (one for one in EVENTS if one["form"] in {form.id for form in world.bundles().forms}):
        for day, harmed in events(session, unit, event, month, end, today):
            found.setdefault(day, Counter())["harmed" if harmed else "unharmed"] += 1
    return {day: ("red" if n["harmed"] else "yellow" if n["unharmed"] else "green", n) for day, n in found.items() if month <= day < end}


def events(session: Session, unit: Unit, event: dict[str, Any], month: date, end: date, today: date) -> list[tuple[date, bool]]:
    """(day, whether somebody was harmed) of everything this form tells of in the month, told in it or in the weeks after."""
    told = select(CheckRecord.patient_id).where(CheckRecord.unit_id == unit.id, CheckRecord.form == event["form"], is_shown(),
                                                CheckRecord.performed_at >= datetime.combine(month, time(), OSLO))  # fmt: skip
    people = store.histories(session, list(session.scalars(told.distinct())))
    params, red, form = world.settings(session)["params"], harm(event), world.bundles().form(event["form"])
    found = []
    for history in people.values():
        person = Person(history, (), params, today)
        for check in person.lines[form.id].done if form.id in person.lines else ():
            env = person.env(form, check, None)
            day = date.fromisoformat(str(env[0].v.get(event["on"]) or env[0].v["_on"])[:10])
            if month <= day < end and check["unit"] == str(unit.id):
                found.append((day, holds(red, env)))
    return found


def harm(event: dict[str, Any]) -> Run:
    """The expression that says somebody was harmed."""
    form = world.bundles().form(event["form"])
    owner = max((each for each in world.bundles().bundles if form.id in {it.id for it in each.forms}), key=lambda each: each.version)
    return closure(boolean(parse(event["red"]), form_scope(owner, form, "due", owner.find)))


def why(colour: str, n: Counter[str], t: Translate) -> str:
    """The numbers behind a suggestion."""
    harmed = says.many(t, n["harmed"], "1 hendelse med skade er meldt", "%(n)s hendelser med skade er meldt")
    unharmed = says.many(t, n["unharmed"], "1 hendelse uten skade er meldt", "%(n)s hendelser uten skade er meldt")
    parts = [text for kind, text in (("harmed", harmed), ("unharmed", unharmed)) if n[kind]]
    parts = parts or [t("ingen hendelse er meldt")]
    parts.append(says.many(t, n["checks"], "1 sjekk er gjort", "%(n)s sjekker er gjort"))
    return t("Forslag: %(colour)s. Grunnlag: %(why)s.", colour=t(COLOURS[colour]), why="; ".join(parts))


def month_page(session: Session, unit: Unit, day: date, today: date, t: Translate) -> Context:
    """The cross of a month, and the day that is looked at."""
    month = day.replace(day=1)
    said, offered = decided(session, unit.id, month), suggestions(session, unit, month, today)
    cells = {n: cell(month.replace(day=n), said, offered, day, today, unit, t) for n in range(1, (after(month) - month).days + 1)}
    rows = [[cells[n] | {"column": first + n - start} for n in range(start, stop + 1) if n in cells] for start, stop, first in SHAPE]
    chosen, item = offered.get(day), said.get(day)
    standing = item is not None and not item.gone
    tally = Counter(one.get("colour") for one in said.values() if not one.gone)
    grey = sum(month.replace(day=n) <= today for n in cells) - sum(tally.values())
    return {
        "rows": [row for row in rows if row], "month": t(MONTHS[month.month - 1]) + f" {month.year}", "day": day.isoformat(),
        "day_text": says.long_day(day.isoformat(), t), "number": item.number if item else 0, "standing": standing,
        "colour": item.get("colour") if item and standing else "", "note": item.get("note") if item and standing else "",
        "suggestion": why(*chosen, t) if chosen else t("Ingenting er registrert denne dagen, så det er ikke noe forslag."),
        "colours": [{"value": one, "text": t(text), "sign": SIGNS[one]} for one, text in COLOURS.items()],
        "history": [version(one, today, t) for one in reversed(item.versions)] if item else [], "item": str(item.id) if item else "",
        "says": t("Grønn: %(green)s. Gul: %(yellow)s. Rød: %(red)s. Ikke bestemt: %(grey)s.", green=tally["green"], yellow=tally["yellow"],
                  red=tally["red"], grey=grey),
        "earlier_url": f"?unit={unit.id}&day={month - timedelta(days=1)}",
        "later_url": f"?unit={unit.id}&day={after(month)}" if after(month) <= today else "",
    }  # fmt: skip


MONTHS = ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember")


def cell(day: date, said: dict[date, Item], offered: dict[date, Any], chosen: date, today: date, unit: Unit, t: Translate) -> Context:
    """A place of the cross: what was decided, never what was suggested."""
    item = said.get(day)
    colour = item.get("colour") if item and not item.gone else ""
    words = t(COLOURS[colour]) if colour else t("Ikke bestemt") if day <= today else t("Ikke kommet ennå")
    return {"n": day.day, "colour": colour or ("grey" if day <= today else "ahead"), "sign": SIGNS[colour], "here": day == chosen,
            "label": f"{day.day}. {t(MONTHS[day.month - 1])}: {words}",
            "url": f"?unit={unit.id}&day={day.isoformat()}" if day <= today else ""}  # fmt: skip


def version(one: work.Version, today: date, t: Translate) -> Context:
    text = t("Tatt tilbake: ikke bestemt") if one.gone else t(COLOURS[str(one.data["colour"])])
    note = "" if one.gone else str(one.data["note"])
    return {"text": text + (f". {note}" if note else ""), "by": one.by, "when": says.near_moment(one.at.isoformat(), today.isoformat(), t)}
