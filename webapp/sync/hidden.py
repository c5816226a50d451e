"""Records that are taken out of what is read: where they are now, and what comes in about them afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import CheckDecision, CheckRecord, HiddenCheck, Photo, User
from webapp.sync import people
from webapp.sync.submission import Submission

MOVE = "move"
TOLD_DAYS = 30


def where_now(session: Session, check_ids: Iterable[UUID]) -> dict[UUID, CheckDecision]:
    """Of these records, those that stand with somebody else now."""
    moved = select(CheckDecision).where(CheckDecision.check_id.in_(list(check_ids)), CheckDecision.kind == MOVE)
    return {one.check_id: one for one in session.scalars(moved)}


def moved_here(session: Session, check_id: UUID) -> CheckDecision | None:
    """The decision by which this record is about whom it is about."""
    return session.scalar(select(CheckDecision).where(CheckDecision.new_check_id == check_id).limit(1))


def corrects(session: Session, sub: Submission) -> Submission | str:
    """The correction as it is to be stored, or why it is not: what it corrects may have been taken out meanwhile."""
    hidden = session.get(HiddenCheck, sub.supersedes) if sub.supersedes else None
    if hidden is None:
        return sub
    moved = where_now(session, [hidden.check_id]).get(hidden.check_id)
    if moved is None:
        return "corrects_hidden"
    return replace(sub, supersedes=moved.new_check_id) if moved.patient_id == sub.patient_id else "corrects_other"


def of_photo(session: Session, photo: Photo) -> UUID | None:
    """Whom a picture is of now; None when its record is not shown."""
    if session.get(HiddenCheck, photo.check_id) is None:
        return photo.patient_id
    moved = where_now(session, [photo.check_id]).get(photo.check_id)
    return moved.patient_id if moved else None


def told(session: Session, user: User, now: datetime) -> dict[str, dict[str, Any]]:
    """This person's records that her devices are to drop, and what she is told of each: when she made it, what was decided and when,
    never about whom. Of a month, for her own copies live fourteen days."""
    query = (
        select(HiddenCheck.check_id, HiddenCheck.kind, CheckRecord.performed_at, func.max(CheckDecision.at))
        .join(CheckRecord, CheckRecord.id == HiddenCheck.check_id)
        .join(CheckDecision, and_(CheckDecision.check_id == HiddenCheck.check_id, CheckDecision.kind == HiddenCheck.kind))
        .where(CheckRecord.author_id == user.id)
        .group_by(HiddenCheck.check_id, HiddenCheck.kind, CheckRecord.performed_at)
        .having(func.max(CheckDecision.at) > now - timedelta(days=TOLD_DAYS))
        .order_by(HiddenCheck.check_id)
    )
    return {
        str(check): {"state": "received", "at": people.oslo(at), "reasons": [kind], "made": people.oslo(made)}
        for check, kind, made, at in session.execute(query)
    }


def counts(session: Session, patient_id: UUID) -> dict[str, int]:
    """How many records of this person are not shown, by why; versions of one record count once."""
    query = select(HiddenCheck.kind, func.count()).join(CheckRecord, CheckRecord.id == HiddenCheck.check_id)
    first = query.where(CheckRecord.patient_id == patient_id, CheckRecord.supersedes.is_(None))
    return {row[0]: row[1] for row in session.execute(first.group_by(HiddenCheck.kind))}
