"""Look-ups that somebody should look at, each with the plain fact that made it come up. It is no accusation: most have a good reason."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import home
from webapp.audit import rows
from webapp.audit.rows import Filter
from webapp.audit.words import CHANGES, REFUSALS, VIEWS
from webapp.models import AccessLog, CheckRecord, Patient, User, Visit

OWN, SURNAME, NEAR, STRANGER, DENIED, MANY = "own", "surname", "near", "stranger", "denied", "many"
ORDER = (OWN, DENIED, STRANGER, SURNAME, NEAR, MANY)
LEAST = 15  # fewer people than this in a day is never many
TIMES = 2.5  # as many as colleagues of the same role
COLLEAGUES = 5  # days of colleagues it takes to know what is usual
Day = tuple[UUID, UUID, date]


@dataclass
class Seen:
    """What one employee did about one service user on one day."""

    views: int = 0
    refused: int = 0
    units: set[UUID] = field(default_factory=set)
    reason: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing to look at."""

    kind: str
    user: User
    day: date
    person: Patient | None = None
    n: int = 0
    usual: int = 0
    planned: bool = False
    reason: str = ""

    @property
    def about(self) -> str:
        """The same for the same finding, every time it is made."""
        said = f"{self.kind} {self.user.id} {self.person.id if self.person else ''} {self.day.isoformat()}"
        return hashlib.sha256(said.encode()).hexdigest()


def names_of(name: str) -> set[str]:
    """The family names in a name, each part of a double one too."""
    words = name.casefold().split()
    return set(words[-1].split("-")) | {words[-1]} if words else set()


def find(session: Session, asked: Filter) -> list[Finding]:
    """Everything in the period, the newest day first."""
    days = by_day(session, asked)
    users = {one.id: one for one in session.scalars(select(User).where(User.id.in_({key[0] for key in days})))}
    people = {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_({key[1] for key in days})))}
    planned, wrote = routes(session, asked), authors(session, asked)
    found = []
    for key, seen in days.items():
        user, person, day = users.get(key[0]), people.get(key[1]), key[2]
        if user is None or person is None:
            continue
        near = any((user.id, person.id, day + timedelta(days=n)) in planned for n in (-1, 0, 1))
        found += about_one(user, person, day, seen, near, key in wrote)
    found += many(days, users)
    return sorted(found, key=lambda one: (-one.day.toordinal(), ORDER.index(one.kind), one.user.name, one.about))


def by_day(session: Session, asked: Filter) -> dict[Day, Seen]:
    found: dict[Day, Seen] = defaultdict(Seen)
    query = select(AccessLog.user_id, AccessLog.patient_id, AccessLog.at, AccessLog.action, AccessLog.reason, AccessLog.detail,
                   AccessLog.unit_id)
    query = query.where(*asked.wanted(), AccessLog.patient_id.is_not(None), AccessLog.user_id.is_not(None))
    query = query.where(AccessLog.action.in_([*VIEWS, *CHANGES, *REFUSALS]))
    for row in session.execute(query.execution_options(yield_per=1000)):
        seen = found[(row.user_id, row.patient_id, rows.today(row.at))]
        seen.refused += row.action in REFUSALS
        seen.views += row.action not in REFUSALS
        seen.units |= {unit for one in row.detail.get("from", []) if (unit := rows.ident(one))} or ({row.unit_id} if row.unit_id else set())
        seen.reason = row.reason if "lookup" in row.detail else seen.reason
    return found


def routes(session: Session, asked: Filter) -> set[Day]:
    """Whose route whom was on, with a day on each side: a night shift goes over midnight."""
    near = Visit.on.between(asked.first - timedelta(days=1), asked.last + timedelta(days=1))
    query = select(Visit.user_id, Visit.patient_id, Visit.on).where(near, Visit.user_id.is_not(None))
    return {(row.user_id, row.patient_id, row.on) for row in session.execute(query)}


def authors(session: Session, asked: Filter) -> set[Day]:
    """Who wrote a check about whom on which day."""
    first, after = rows.begins(asked.first), rows.begins(asked.last + timedelta(days=1))
    query = select(CheckRecord.author_id, CheckRecord.patient_id, CheckRecord.performed_at)
    query = query.where(CheckRecord.performed_at >= first, CheckRecord.performed_at < after)
    return {(row.author_id, row.patient_id, rows.today(row.performed_at)) for row in session.execute(query)}


def about_one(user: User, person: Patient, day: date, seen: Seen, planned: bool, wrote: bool) -> list[Finding]:
    """What is unusual in this. A neighbour is found where the employee's street is noted (accounts/home.py)."""
    found, more = [], {"person": person, "planned": planned, "reason": seen.reason}
    if seen.views:
        if user.name.casefold() == person.name.casefold():
            found.append(Finding(OWN, user, day, n=seen.views, **more))  # type: ignore[arg-type]
        elif names_of(user.name) & names_of(person.name):
            found.append(Finding(SURNAME, user, day, n=seen.views, **more))  # type: ignore[arg-type]
        if home.is_near(user, person):
            found.append(Finding(NEAR, user, day, n=seen.views, **more))  # type: ignore[arg-type]
        served = person.unit_id in (seen.units or set(user.unit_ids))
        if not (served or planned or wrote):
            found.append(Finding(STRANGER, user, day, n=seen.views, **more))  # type: ignore[arg-type]
    if seen.refused:
        found.append(Finding(DENIED, user, day, n=seen.refused, **more))  # type: ignore[arg-type]
    return found


def many(days: dict[Day, Seen], users: dict[UUID, User]) -> list[Finding]:
    """Days on which somebody looked at far more people than colleagues of the same role do on theirs."""
    counts: dict[tuple[UUID, date], int] = defaultdict(int)
    for (who, _person, day), seen in days.items():
        counts[(who, day)] += bool(seen.views)
    found = []
    for (ident, day), n in counts.items():
        if ident not in users or n < LEAST:
            continue
        user = users[ident]
        others = [m for (other, _day), m in counts.items() if m and other != ident and other in users and users[other].role == user.role]
        if len(others) >= COLLEAGUES and n > TIMES * median(others):
            found.append(Finding(MANY, user, day, n=n, usual=round(median(others))))
    return found


