"""Look-ups across units that are open now. Whether somebody may begin one, and what it opens, is said in policy.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import g, has_app_context
from sqlalchemy import Select, String, cast, exists, func, select
from sqlalchemy.orm import Session

from webapp import limits
from webapp.models import AccessReview, Lookup, LookupEnd, User, utc_now


def hours(session: Session) -> int:
    """How long a look-up lasts in this municipality."""
    return limits.numbers(session, "lookup")["hours"]


def of(user: User, now: datetime | None = None) -> Select[Lookup]:
    """A query for this person's look-ups that have not ended."""
    ended = exists().where(LookupEnd.lookup_id == Lookup.id)
    return select(Lookup).where(Lookup.user_id == user.id, Lookup.until > (now or utc_now()), ~ended).order_by(Lookup.begun_at, Lookup.id)


def open_on(session: Session, user: User, patient_id: UUID) -> Lookup | None:
    """The newest open look-up of this person on this service user; from here on, what is logged about her names it."""
    found = session.scalars(of(user).where(Lookup.patient_id == patient_id)).all()
    if found and has_app_context():
        g.setdefault("lookups", {})[(user.id, patient_id)] = found[-1]
    return found[-1] if found else None


def used(user_id: UUID | None, patient_id: UUID | None) -> Lookup | None:
    """The look-up under which this request sees somebody, if it does."""
    return g.get("lookups", {}).get((user_id, patient_id)) if has_app_context() else None


def waiting(session: Session, mine: Select[Lookup]) -> int:
    """How many of these look-ups nobody has said anything about yet."""
    reviewed = exists().where(AccessReview.about == func.replace(cast(Lookup.id, String), "-", ""))
    return session.scalar(select(func.count()).select_from(mine.where(~reviewed).subquery())) or 0
