"""A service user's own printout of the log: what one employee did during one visit is one line, told in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.audit import log_pages, rows, words
from webapp.audit.rows import Filter, Names
from webapp.bedside import says
from webapp.models import AccessLog, Municipality, Patient, Visit
from webapp.words import Translate

Context = dict[str, Any]
VISIT = timedelta(minutes=30)  # rows further apart are told as two: nobody is said to have looked all the time between
Key = tuple[Any, ...]


@dataclass
class Line:
    """What somebody did in one go, for one reason."""

    first: AccessLog
    why: str
    units: str
    device: str
    rows: list[AccessLog] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        return self.rows[-1].at


@dataclass
class Reasons:
    """What says why somebody of this person's unit looked: the routes there were."""

    person: Patient
    visits: dict[date, set[tuple[UUID | None, UUID]]]

    @classmethod
    def of(cls, session: Session, person: Patient) -> Reasons:
        found: dict[date, set[tuple[UUID | None, UUID]]] = {}
        query = select(Visit.on, Visit.user_id, Visit.unit_id).where(Visit.patient_id == person.id)
        for on, user, unit in session.execute(query):
            found.setdefault(on, set()).add((user, unit))
        return cls(person, found)

    def why(self, row: AccessLog, t: Translate) -> str:
        """In plain words; what the log does not say is not guessed."""
        if row.action in words.REFUSALS:
            return t("Har ikke tilgang, og fikk ikke se noe.")
        if row.reason and ("lookup" in row.detail or row.action == "lookup_begun"):
            return t("Begrunnet oppslag: %(reason)s", reason=row.reason)
        if row.role == "journal":
            return t("Behandler innsyn og kontrollerer loggen.")
        planned = self.visits.get(rows.today(row.at), set())
        units = {rows.ident(one) for one in row.detail.get("from", [])} | {row.unit_id}
        if row.user_id in {user for user, _unit in planned}:
            return t("Hadde brukeren på ruta denne dagen.")
        if any(user is None and unit in units for user, unit in planned):
            return t("Brukeren sto på enhetens rute denne dagen.")
        if self.person.unit_id in units:
            return t("Leder enheten og følger opp.") if row.role == "supervisor" else t("Arbeider i enheten som gir tjenesten.")
        return row.reason or t("Grunnen er ikke registrert.")


def merged(found: Iterable[AccessLog], reasons: Reasons, known: Names, t: Translate) -> list[Line]:
    """Rows in the order of time as lines: the same employee, unit, reason and device, with no more than half an hour between."""
    made: list[Line] = []
    going: dict[Key, Line] = {}
    for row in found:
        why, units, device = reasons.why(row, t), known.units_text(row), known.devices.get(row.device_id, "") if row.device_id else ""
        key = (row.user_id, row.role, why, units, device, row.action in words.REFUSALS)
        line = going.get(key)
        if line is None or row.at - line.last > VISIT or rows.today(row.at) != rows.today(line.last):
            line = going[key] = Line(row, why, units, device)
            made.append(line)
        line.rows.append(row)
    return made


def did(found: Sequence[AccessLog], t: Translate) -> list[str]:
    """What was done, each thing once, with how many times."""
    counts: dict[str, int] = {}
    for row in found:
        text = words.action_text(row.action, str(row.detail.get("what", "")), t)
        counts[text] = counts.get(text, 0) + 1
    return [text if n == 1 else t("%(what)s, %(n)s ganger", what=text, n=n) for text, n in counts.items()]


def when(line: Line) -> tuple[str, str]:
    """(day, clock or from-to)."""
    first, last = says.local(line.first.at.isoformat()), says.local(line.last.isoformat())
    return says.day(first[:10]), first[11:16] + (f"–{last[11:16]}" if last != first else "")


def told(line: Line, known: Names, t: Translate) -> Context:
    user = known.users.get(line.first.user_id) if line.first.user_id else None
    day, clock = when(line)
    offline = any(row.detail.get("offline") for row in line.rows)
    return {
        "day": day,
        "clock": clock,
        "who": user.name if user else t("Ukjent eller ingen"),
        "title": user.title if user else "",
        "unit": line.units,
        "did": did(line.rows, t),
        "where": t("På %(device)s", device=line.device) if line.device and offline else "",
        "why": line.why,
        "refused": line.first.action in words.REFUSALS,
    }


def context(session: Session, person: Patient, asked: Filter, now: datetime, t: Translate, lang: str) -> Context:
    """The whole printout, newest line first."""
    found = session.scalars(select(AccessLog).where(*asked.wanted()).order_by(AccessLog.at, AccessLog.id)).all()
    known = rows.names(session, found)
    lines = merged(found, Reasons.of(session, person), known, t)
    at = says.local(now.isoformat())
    return {
        "who": {"name": person.name, "born": says.day(person.born.isoformat())},
        "municipality": session.scalar(select(Municipality.name).limit(1)) or "",
        "lines": [told(one, known, t) for one in reversed(lines)],
        "count_text": says.many(t, len(lines), "1 gang har noen sett på eller endret opplysninger, eller prøvd på det.",
                                "%(n)s ganger har noen sett på eller endret opplysninger, eller prøvd på det."),
        "made_text": t("Skrevet ut %(at)s", at=says.day(at[:10]) + " " + at[11:16]),
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "period_text": t("Fra %(first)s til og med %(last)s", first=says.day(asked.first.isoformat()),
                         last=says.day(asked.last.isoformat())),
        "log_url": "/journal" + asked.query(page=1),
        "problem": t("Noe i det du valgte, kunne ikke leses. Det er ikke brukt. Velg på nytt.") if asked.problem else "",
        "whole": log_pages.whole(session, t, at_any_length=False),
    }
