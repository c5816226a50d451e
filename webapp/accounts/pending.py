"""Between the right password and the log-in: what she still has to do, in this browser, within minutes.

The signed cookie says who came so far and in which try; it names no session and opens nothing.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from flask import session as cookie
from sqlalchemy.orm import Session

from webapp.accounts import sessions
from webapp.models import User

NAME = "pending"
LIFE = timedelta(minutes=10)
LONGEST = 500  # of an address in the cookie


@dataclass(frozen=True)
class Pending:
    """Somebody on her way in: `attempt` names this try, `done` what she has shown besides the password."""

    user: User
    attempt: str
    target: str
    done: str


def begin(session: Session, user: User, target: str, now: datetime) -> Pending:
    """Her password was right. Nothing of what this browser had before lives on. The caller commits."""
    sessions.end(session, now)
    made = Pending(user, secrets.token_urlsafe(9), target if len(target) <= LONGEST else "/", "")
    _write(made, now)
    return made


def go_on(one: Pending, done: str, now: datetime) -> Pending:
    """She has done a step, or her password is another now."""
    again = Pending(one.user, one.attempt, one.target, done or one.done)
    _write(again, now)
    return again


def current(session: Session, now: datetime) -> Pending | None:
    """Who is on her way in here: not after some minutes, nor when the account was closed or its password changed meanwhile."""
    said = cookie.get(NAME)
    if not isinstance(said, list) or len(said) != 6:
        return None
    ident, attempt, target, done, at, mark = said
    user = session.get(User, UUID(hex=ident), populate_existing=True)
    if user is None or not user.is_active or not 0 <= now.timestamp() - at <= LIFE.total_seconds():
        return None
    return Pending(user, attempt, target, done) if hmac.compare_digest(mark, _mark(user)) else None


def give_up() -> None:
    """She begins again at the log-in page."""
    cookie.pop(NAME, None)


def _write(one: Pending, now: datetime) -> None:
    cookie[NAME] = [one.user.id.hex, one.attempt, one.target, one.done, int(now.timestamp()), _mark(one.user)]


def _mark(user: User) -> str:
    """Another one as soon as the password is another."""
    return hmac.digest(current_app.config["SECRET_KEY"], b"pending " + user.password_hash.encode(), "sha256")[:12].hex()
