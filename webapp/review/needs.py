""""Trenger deg nå": which open flags a supervisor asked for, and the list as template context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.bedside.says import day, many
from webapp.models import CheckRecord, FeedRow, Membership, Patient, Unit, User
from webapp.review import pages, queries
from webapp.words import Translate

Context = dict[str, Any]
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Chosen:
    """A part of the list: one unit, one flag, a page. What cannot be read is not chosen."""

    unit: UUID | None = None
    flag: UUID | None = None
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Chosen:
        """From a query string."""
        number = args.get("page", "")
        page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
        return cls(ident(args.get("unit")), ident(args.get("flag")), min(max(page, 1), MOST_PAGES))

    def query(self, **news: Any) -> str:
        """The same as a query string, with these changes; empty when nothing is chosen."""
        said = {"unit": self.unit, "flag": self.flag, "page": self.page if self.page > 1 else None} | news
        return "?" + urlencode({name: value for name, value in said.items() if value}) if any(said.values()) else ""


def ident(text: str | None) -> UUID | None:
    """An id, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def newest_change(session: Session, units: list[UUID]) -> int:
    """The number of the latest change in these units: a list is made anew only when it moved."""
    return session.scalar(select(func.max(FeedRow.seq)).where(FeedRow.unit_id.in_(units))) or 0


def listing(session: Session, units: list[Unit], chosen: Chosen, now: str, t: Translate, lang: str) -> Context:
    """The open flags asked for, how many there are of each kind, and who may own one."""
    wanted = [unit.id for unit in units if chosen.unit in (None, unit.id)] or [unit.id for unit in units]
    since = newest_change(session, [unit.id for unit in units])  # before the list: what comes in between is told next time
    numbers = queries.open_counts(session, wanted)
    rows = queries.open_flags(session, wanted, now[:10], chosen.page, chosen.flag)
    asked = select(CheckRecord).where(CheckRecord.id.in_([row.flag.check_id for row in rows]))
    checks = {one.id: one for one in session.scalars(asked)}
    here = staff(session, wanted)
    flags = [pages.open_flag(row, checks.get(row.flag.check_id), now, t, lang) for row in rows]
    for one in flags:
        one["owner_away"] = bool(one["owner_id"]) and one["owner_id"] not in {who["id"] for who in here}
    return {
        "since": since,
        "query": chosen.query(),
        "poll": chosen.query(since=str(since)),
        "counts": pages.counts(numbers, t),
        "flags": flags,
        "staff": here,
        "alone": chosen.flag is not None,
        "unit_links": unit_links(units, chosen, t),
        **paging(sum(numbers.values()), chosen, t),
    }


def staff(session: Session, units: list[UUID]) -> list[Context]:
    """Who may follow up in these units."""
    query = select(User.id, User.name).join(Membership).where(Membership.unit_id.in_(units), User.disabled_at.is_(None))
    return [{"id": str(one.id), "name": one.name} for one in session.execute(query.order_by(User.name).distinct())]


def unit_links(units: list[Unit], chosen: Chosen, t: Translate) -> list[Context]:
    """One link per unit, when somebody leads several."""
    if len(units) < 2:
        return []
    every = [{"text": t("Alle"), "url": "?", "here": chosen.unit is None}]
    return every + [{"text": unit.name, "url": Chosen(unit.id).query(), "here": chosen.unit == unit.id} for unit in units]


def paging(total: int, chosen: Chosen, t: Translate) -> Context:
    """The way on and back in a list that is longer than a page."""
    last = max(1, -(-total // queries.PAGE))
    if chosen.flag is not None or last == 1:
        return {"page_text": "", "earlier_url": "", "later_url": ""}
    return {
        "page_text": t("Side %(page)s av %(last)s", page=chosen.page, last=last),
        "earlier_url": "/review" + (chosen.query(page=min(chosen.page, last + 1) - 1) or "?page=1") if chosen.page > 1 else "",
        "later_url": "/review" + chosen.query(page=chosen.page + 1) if chosen.page < last else "",
    }


def people(session: Session, units: list[Unit], words: str, t: Translate) -> Context:
    """Service users of the units whose name, birth date or address has all the words."""
    said = words.replace("\x00", "")[:60]
    asked = [one for one in said.lower().split() if one]
    names = {unit.id: unit.name for unit in units}
    query = select(Patient).where(Patient.unit_id.in_(names)).order_by(Patient.name_key, Patient.id)
    found = []
    for one in session.scalars(query):
        born = day(one.born.isoformat())
        if all(word in f"{one.name} {born} {one.address}".lower() for word in asked):
            found.append({"id": str(one.id), "url": f"/review/people/{one.id}", "name": one.name, "born": born, "address": one.address,
                          "unit": names[one.unit_id]})
    return {"q": said, "people": found[:200], "count_text": many(t, len(found), "1 bruker", "%(n)s brukere")}
