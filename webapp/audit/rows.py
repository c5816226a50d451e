"""Which rows of the access log somebody asks for, and the names that stand behind their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from webapp.audit.words import KINDS
from webapp.models import AccessLog, Device, Patient, Unit, User

OSLO = ZoneInfo("Europe/Oslo")
PAGE = 50
DAYS = 30
MOST_DAYS = 3660
MOST_PAGES = 100_000


def today(now: datetime) -> date:
    """The calendar day in Oslo."""
    return now.astimezone(OSLO).date()


def earliest(now: datetime) -> date:
    """As far back as one question goes."""
    return today(now) - timedelta(days=MOST_DAYS)


def begins(day: date) -> datetime:
    """The instant a day begins in Oslo."""
    return datetime.combine(day, time(), OSLO).astimezone(UTC)


def ident(text: str | None) -> UUID | None:
    """An id, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


@dataclass(frozen=True)
class Filter:
    """A part of the log. `problem`: something asked for could not be read, and was not used."""

    first: date
    last: date
    person: UUID | None = None
    employee: UUID | None = None
    kind: str = ""
    page: int = 1
    problem: bool = False

    @classmethod
    def read(cls, args: Mapping[str, str], now: datetime) -> Filter:
        """From a query string; without a period the last days."""
        first, last, good = period(args, now)
        number, kind = args.get("page", ""), args.get("kind", "")
        page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
        person, employee = ident(args.get("person")), ident(args.get("employee"))
        lost = (args.get("person") and not person) or (args.get("employee") and not employee) or (kind and kind not in KINDS)
        return cls(first, last, person, employee, kind if kind in KINDS else "", min(max(page, 1), MOST_PAGES), not good or bool(lost))

    def query(self, **news: Any) -> str:
        """The same as a query string, with these changes."""
        one = replace(self, **news)
        said = {"from": one.first.isoformat(), "to": one.last.isoformat(), "person": one.person, "employee": one.employee,
                "kind": one.kind, "page": one.page if one.page > 1 else None}
        return "?" + urlencode({name: value for name, value in said.items() if value})

    def wanted(self) -> list[ColumnElement[bool]]:
        """As conditions on the log."""
        found: list[ColumnElement[bool]] = [AccessLog.at >= begins(self.first), AccessLog.at < begins(self.last + timedelta(days=1))]
        if self.person:
            found.append(AccessLog.patient_id == self.person)
        if self.employee:
            found.append(AccessLog.user_id == self.employee)
        if self.kind == "other":
            found.append(AccessLog.action.not_in([one for actions in KINDS.values() for one in actions]))
        elif self.kind:
            found.append(AccessLog.action.in_(KINDS[self.kind]))
        return found


def period(args: Mapping[str, str], now: datetime) -> tuple[date, date, bool]:
    """(first day, last day, whether what was asked for could be used)."""
    last = today(now)
    try:
        last = date.fromisoformat(args["to"]) if args.get("to") else last
        first = date.fromisoformat(args["from"]) if args.get("from") else last - timedelta(days=DAYS - 1)
    except (ValueError, OverflowError):
        return today(now) - timedelta(days=DAYS - 1), today(now), False
    if not date(2000, 1, 1) <= first <= last <= date(2200, 1, 1) or (last - first).days > MOST_DAYS:
        return today(now) - timedelta(days=DAYS - 1), today(now), False
    return first, last, True


def select_rows(asked: Filter) -> Select[AccessLog]:
    """The rows asked for, newest first."""
    return select(AccessLog).where(*asked.wanted()).order_by(AccessLog.at.desc(), AccessLog.id)


def count(session: Session, asked: Filter) -> int:
    return session.scalar(select(func.count()).select_from(AccessLog).where(*asked.wanted())) or 0


def page_of(session: Session, asked: Filter) -> Sequence[AccessLog]:
    return session.scalars(select_rows(asked).limit(PAGE).offset((asked.page - 1) * PAGE)).all()


@dataclass
class Names:
    """What the ids in some rows stand for."""

    users: dict[UUID, User]
    people: dict[UUID, Patient]
    units: dict[UUID, str]
    devices: dict[UUID, str]

    def units_text(self, row: AccessLog) -> str:
        """The units somebody acted from: as they were then, or, in rows without them, the row's own."""
        said = [ident(one) for one in row.detail.get("from", [])] or [row.unit_id]
        return ", ".join(self.units[one] for one in said if one in self.units)


def account_of(row: AccessLog) -> UUID | None:
    """Whose account something was done to."""
    return ident(str(row.detail.get("account", "")))


def names(session: Session, rows: Iterable[AccessLog]) -> Names:
    """Of these rows; what is no longer there is not among them."""
    listed = list(rows)
    people = {row.patient_id for row in listed if row.patient_id}
    users = {row.user_id for row in listed if row.user_id} | {one for row in listed if (one := account_of(row))}
    devices = {row.device_id for row in listed if row.device_id}
    return Names(
        {one.id: one for one in session.scalars(select(User).where(User.id.in_(users)))},
        {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_(people)))},
        {one.id: one.name for one in session.scalars(select(Unit))},
        {one.id: one.name for one in session.scalars(select(Device).where(Device.id.in_(devices)))},
    )
