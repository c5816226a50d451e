"""The access log: append-only rows about views, searches and refusals. No text of health in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp import db
from webapp.accounts import chain, lookup
from webapp.models import AccessLog, AccessPending, User


def write(
    session: Session,
    user: User | None,
    action: str,
    *,
    patient_id: UUID | None = None,
    unit_id: UUID | None = None,
    device_id: UUID | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a row to this session; the caller commits. About a service user it also says from which units, and under which look-up."""
    more = dict(detail or {})
    if user is not None and patient_id is not None:
        more["from"] = [str(unit) for unit in user.unit_ids]
        if under := lookup.used(user.id, patient_id):
            more["lookup"], reason = str(under.id), reason or under.reason
    session.add(
        AccessLog(
            user_id=user.id if user else None,
            role=user.role if user else "",
            unit_id=unit_id,
            patient_id=patient_id,
            action=action,
            reason=reason,
            device_id=device_id,
            detail=more,
        )
    )


def recorded(session: Session, rows: list[dict[str, Any]]) -> None:
    """Many rows of what was recorded elsewhere and has come in, in two statements; the caller commits."""
    if rows:
        rows = [{"id": uuid4(), "reason": "", **row} for row in rows]
        session.execute(insert(AccessLog), rows)
        session.execute(insert(AccessPending), [{"log_id": row["id"]} for row in rows])


def seen(
    user: User, action: str, *, patient_id: UUID | None = None, unit_id: UUID | None = None, detail: dict[str, Any] | None = None
) -> None:
    """A view or search, written at once in a transaction of its own."""
    _at_once(user, action, patient_id=patient_id, unit_id=unit_id, detail=detail)


def refused(user: User, endpoint: str, what: str, *, patient_id: UUID | None = None, device_id: UUID | None = None) -> None:
    """A refusal, written at once, whatever becomes of the request."""
    _at_once(user, "refused", patient_id=patient_id, device_id=device_id, detail={"endpoint": endpoint, "what": what})


def nobody(action: str, detail: dict[str, Any]) -> None:
    """What somebody tried who is not logged in and may have no account, written at once."""
    _at_once(None, action, detail=detail)


def screen(action: str, unit_id: UUID, detail: dict[str, Any]) -> None:
    """What a screen was shown that nobody is logged in on, written at once."""
    _at_once(None, action, unit_id=unit_id, detail=detail)


def _at_once(user: User | None, action: str, **more: Any) -> None:
    # The request's own transaction may hold SQLite's write lock, and is about to be given up: join it, then commit.
    opened = db.session()
    _ = user and user.role  # after a rollback this begins a transaction, which a second one would wait for in vain
    if opened.in_transaction() and opened.get_bind().get_execution_options().get("write"):
        opened.rollback()
        _linked(opened, user, action, **more)
        return
    with db.open_session(db.engine(), write=True) as own:
        _linked(own, user, action, **more)


def _linked(session: Session, user: User | None, action: str, **more: Any) -> None:
    write(session, user, action, **more)
    session.flush()
    chain.extend(session)
    session.commit()
