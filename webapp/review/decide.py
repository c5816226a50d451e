"""What a supervisor decides. Each decision is a new row with a person and a time; the commit is in the route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from webapp.models import Flag, FlagClosing, User
from webapp.sync import feed

OUTCOMES = ("done", "not_relevant")
REASON_MAX = 500


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken; nothing was changed."""

    reason: str


def close_flag(session: Session, flag: Flag, by: User, outcome: str, reason: str) -> FlagClosing | Refused:
    """Close an open flag as done or not relevant; not relevant wants a reason (domain §1a.10)."""
    reason = reason.strip()
    if outcome not in OUTCOMES:
        return Refused("Velg om oppfølgingen er gjort eller ikke aktuell. Ingenting er endret.")
    if outcome == "not_relevant" and not reason:
        return Refused("Skriv hvorfor oppfølgingen ikke er aktuell. Ingenting er endret.")
    if len(reason) > REASON_MAX or "\x00" in reason:
        return Refused("Begrunnelsen er for lang eller har ugyldige tegn. Ingenting er endret.")
    if flag.closed_at is not None:
        return Refused("Oppfølgingen er allerede lukket av en annen. Ingenting er endret.")
    now = datetime.now(UTC)
    flag.closed_at = now
    closing = FlagClosing(id=uuid4(), flag_id=flag.id, outcome=outcome, reason=reason, by=by.id, check_id=None, at=now)
    session.add(closing)
    feed.touch(session, flag.patient_id, flag.unit_id, "flag")
    return closing


def assign_flag(session: Session, flag: Flag, owner: User | None, due_on: date | None, today: date) -> Refused | None:
    """Give an open flag an owner and a day to be done by (at most a year ahead)."""
    if flag.closed_at is not None:
        return Refused("Oppfølgingen er allerede lukket. Ingenting er endret.")
    if due_on is not None and not today <= due_on <= today + timedelta(days=365):
        return Refused("Fristen må være fra i dag til ett år fram. Ingenting er endret.")
    flag.owner_id = owner.id if owner else None
    flag.due_on = due_on
    feed.touch(session, flag.patient_id, flag.unit_id, "flag")
    return None
