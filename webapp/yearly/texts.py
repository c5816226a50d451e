"""What a leader writes under each part of the year, and that it was reviewed. Kept as versions: a new one overwrites nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.improvement import kinds, named, work
from webapp.improvement.work import Item, Refused, Version
from webapp.models import User, WorkVersion
from webapp.words import Translate
from webapp.yearly.years import Year

Context = dict[str, Any]
KIND = "yearly"
PARTS = ("plan", "do", "study", "act")
SIGNED = "signed"  # the day it was reviewed, and by whom
MOST, MOST_WHO = 3000, 160


def ident(unit: UUID, year: int, part: str) -> UUID:
    """The same thing for the same year, whoever writes first."""
    return uuid5(unit, f"year {year} {part}")


def of(session: Session, unit: UUID, year: int) -> dict[str, Item]:
    """Part -> what was written about it."""
    parts = {ident(unit, year, part): part for part in (*PARTS, SIGNED)}
    return {parts[one.id]: one for one in work.read(session, WorkVersion.item.in_(list(parts)))}


def write(session: Session, unit: UUID, year: Year | None, given: Mapping[str, str], by: User) -> Item | Refused:
    """A new version, if nobody else wrote one since `seen`."""
    part, seen = given.get("part", ""), given.get("seen", "")
    if year is None or part not in (*PARTS, SIGNED):
        return Refused("Siden kunne ikke lese hvilket år og hvilken del teksten gjelder. Ingenting er lagret. Last siden på nytt.")
    data = read(year, part, given)
    if isinstance(data, Refused):
        return data
    if about := named.in_text(session, by, data["text"]):
        return about
    item, known = ident(unit, year.number, part), work.one(session, ident(unit, year.number, part))
    if known is None:
        return work.begin(session, KIND, unit, data, by, None, item)
    return work.change(session, known, data, by, int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 6 else 0)


def read(year: Year, part: str, given: Mapping[str, str]) -> work.Data | Refused:
    """What was filled in, or why it cannot be kept."""
    text, most = given.get("text", "").replace("\r\n", "\n").strip(), MOST_WHO if part == SIGNED else MOST
    if not text:
        return Refused("Skriv noe først. Ingenting er lagret.")
    if len(text) > most or "\x00" in text:
        return Refused("Teksten er for lang eller har ugyldige tegn. Ingenting er lagret.")
    data: work.Data = {"year": year.number, "part": part, "text": text}
    if part != SIGNED:
        return data
    day = given.get("day", "")
    if not kinds.is_day(day) or not year.first <= date.fromisoformat(day) <= year.today:
        return Refused("Dagen må være etter at året begynte, og ikke etter i dag. Ingenting er lagret.")
    return data | {"day": day}


def shown(items: Mapping[str, Item], year: Year, said: Mapping[str, str], t: Translate) -> dict[str, Context]:
    """Each part with the version that holds, the earlier ones, and the form as it was filled in when `said` could not be kept."""
    return {part: one(part, items.get(part), year, said if said.get("part") == part else None, t) for part in (*PARTS, SIGNED)}


def one(part: str, item: Item | None, year: Year, said: Mapping[str, str] | None, t: Translate) -> Context:
    newest = version(item.newest, year.today, t) if item else None
    kept = item.data if item else {}
    return {
        "part": part, "newest": newest, "seen": item.number if item else 0, "most": MOST_WHO if part == SIGNED else MOST,
        "text": said.get("text", "") if said else str(kept.get("text", "")), "is_open": said is not None,
        "day": said.get("day", "") if said else str(kept.get("day", "")), "first": year.first.isoformat(), "last": year.today.isoformat(),
        "earlier": [version(each, year.today, t) for each in reversed(item.versions[:-1])] if item else [],
        "earlier_says": says.many(t, item.number - 1, "1 tidligere utgave", "%(n)s tidligere utgaver") if item else "",
    }  # fmt: skip


def version(it: Version, today: date, t: Translate) -> Context:
    day = str(it.data.get("day", ""))
    return {"text": str(it.data["text"]), "day": says.day(day) if day else "", "by": it.by,
            "when": says.near_moment(it.at.isoformat(), today.isoformat(), t)}  # fmt: skip
