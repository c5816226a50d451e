"""Log-ins in browsers: begun, found again by the signed cookie, ended for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import session as cookie
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import User, WebSession

NAME = "sid"
LONGEST = timedelta(hours=16)  # as a device's lease: a new day wants the password again


def begin(session: Session, user: User, now: datetime) -> None:
    """A new log-in; nothing of what this browser had before lives on. The caller commits."""
    end(session, now)
    made = WebSession(id=uuid4(), user_id=user.id, created_at=now)
    session.add(made)
    cookie[NAME] = made.id.hex


def end(session: Session, now: datetime) -> None:
    """Log out: no copy of this browser's cookie opens anything from now on. The caller commits."""
    if (known := current()) is not None:
        session.execute(update(WebSession).where(WebSession.id == known, WebSession.ended_at.is_(None)).values(ended_at=now))
    cookie.clear()


def holder(session: Session, user_id: UUID, now: datetime) -> User | None:
    """Whose log-in the cookie names, while it lasts and the account is in use."""
    alive = (WebSession.ended_at.is_(None)) & (WebSession.created_at > now - LONGEST)
    asked = select(User).join(WebSession, WebSession.user_id == User.id).where(WebSession.id == current(), User.id == user_id, alive)
    user = session.scalar(asked)
    return user if user is not None and user.is_active else None


def current() -> UUID | None:
    """The log-in this request's cookie names."""
    try:
        return UUID(hex=str(cookie.get(NAME, "")))
    except ValueError:
        return None
