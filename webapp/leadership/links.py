"""Links that open a unit's board on a screen where nobody logs in: made and taken back by its leader. Of a token only its hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from webapp.models import BoardLink, User
from webapp.sync.keys import token_hash

LASTS = timedelta(days=90)
NAME_MOST = 80
COOKIE = "tr_screen"
PATH = "/screen"  # the cookie goes nowhere else


def is_name(text: str) -> bool:
    return 0 < len(text) <= NAME_MOST and "\x00" not in text


def make(session: Session, unit_id: UUID, name: str, by: User, now: datetime) -> tuple[str, BoardLink]:
    """(the token, shown once; the row)."""
    token = secrets.token_urlsafe(32)
    row = BoardLink(unit_id=unit_id, name=name, token_hash=token_hash(token), made_by=by.id, made_at=now, expires_at=now + LASTS)
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, now: datetime) -> BoardLink | None:
    """The link a screen shows, while it works."""
    if not 0 < len(token) <= 100:
        return None
    return session.scalar(select(BoardLink).where(BoardLink.token_hash == token_hash(token), *_open(now)))


def withdraw(session: Session, link_id: UUID, by: User, now: datetime) -> bool:
    """No screen shows it any more, from its next question on; False when it had ended already."""
    wanted = update(BoardLink).where(BoardLink.id == link_id, *_open(now)).values(withdrawn_at=now, withdrawn_by=by.id)
    return session.execute(wanted.returning(BoardLink.id)).scalar() is not None


def listed(session: Session, units: Sequence[UUID], now: datetime) -> list[BoardLink]:
    query = select(BoardLink).where(BoardLink.unit_id.in_(units), *_open(now))
    return list(session.scalars(query.order_by(BoardLink.made_at, BoardLink.id)))


def _open(now: datetime) -> list[ColumnElement[bool]]:
    return [BoardLink.withdrawn_at.is_(None), BoardLink.expires_at > now]
