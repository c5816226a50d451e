"""What a supervisor decides. Each decision is a new row with a person and a time; the commit is in the route."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Flag, FlagClosing, FlagRaise, User
from webapp.sync import feed

OUTCOMES = ("done", "not_relevant")
REASON_MAX = 500


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken; nothing was changed. `closing` = the one that was taken before."""

    reason: str
    closing: tuple[FlagClosing, User | None] | None = field(default=None)


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
        return already(session, flag, by, outcome, reason)
    now = datetime.now(UTC)
    flag.closed_at = now
    closing = FlagClosing(id=uuid4(), flag_id=flag.id, outcome=outcome, reason=reason, by=by.id, check_id=None, at=now)
    session.add(closing)
    feed.touch(session, flag.patient_id, None, "flag")
    return closing


def already(session: Session, flag: Flag, by: User, outcome: str, reason: str) -> FlagClosing | Refused:
    """A second tap by the same person is the same decision; anybody else is told what was decided."""
    found = session.execute(
        select(FlagClosing, User).outerjoin(User, User.id == FlagClosing.by).where(FlagClosing.flag_id == flag.id)
    ).one_or_none()
    if found is None:
        return Refused("Oppfølgingen er allerede lukket. Ingenting er endret.")
    closing, closer = found
    if (closing.by, closing.outcome, closing.reason, closing.check_id) == (by.id, outcome, reason, None):
        return closing
    return Refused("Oppfølgingen er allerede lukket. Ingenting er endret.", (closing, closer))


def reopen_flag(session: Session, flag: Flag) -> Flag | Refused:
    """Take back a decision: the closing stays for ever, and the same thing is open again as a new flag of the same age."""
    decided = session.scalar(select(FlagClosing.id).where(FlagClosing.flag_id == flag.id, FlagClosing.check_id.is_(None)))
    if flag.closed_at is None or decided is None:
        return Refused("Dette varselet kan ikke åpnes igjen. Ingenting er endret.")
    same = (Flag.patient_id == flag.patient_id) & (Flag.code == flag.code) & (Flag.subject == flag.subject)
    if session.scalar(select(Flag.id).where(same, Flag.closed_at.is_(None))) is not None:
        return Refused("Det er allerede et åpent varsel om dette. Ingenting er endret.")
    kept: dict[str, Any] = {column.key: getattr(flag, column.key) for column in Flag.__table__.columns}
    again = Flag(**kept | {"id": uuid4(), "closed_at": None})
    raises = session.scalars(select(FlagRaise).where(FlagRaise.flag_id == flag.id)).all()
    session.add(again)
    session.flush()
    session.add_all(FlagRaise(flag_id=again.id, check_id=one.check_id, at=one.at) for one in raises)
    feed.touch(session, flag.patient_id, None, "flag")
    return again


def assign_flag(session: Session, flag: Flag, owner: User | None, due_on: date | None, today: date) -> Refused | None:
    """Give an open flag an owner and a day to be done by (at most a year ahead); a day that stood there may stay."""
    if flag.closed_at is not None:
        return Refused("Oppfølgingen er allerede lukket. Ingenting er endret.")
    if due_on not in (None, flag.due_on) and not today <= due_on <= today + timedelta(days=365):
        return Refused("Fristen må være fra i dag til ett år fram. Ingenting er endret.")
    flag.owner_id = owner.id if owner else None
    flag.due_on = due_on
    feed.touch(session, flag.patient_id, None, "flag")
    return None
