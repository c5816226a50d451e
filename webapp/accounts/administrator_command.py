"""`webapp administrator USERNAME [NAME]`: the first administrator, or the way back in when the last one is locked out."""

from __future__ import annotations

import sys
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import db
from webapp.accounts import log, passwords, second_factor, sessions, staff_form
from webapp.config import ConfigProblem
from webapp.models import User, utc_now


def run(database_url: str, username: str, name: str) -> int:
    """Print a one-time password for an administrator: a new account, or one that is an administrator's already."""
    engine = db.make_engine(database_url)
    try:
        with db.open_session(engine, write=True) as session:
            password = _let_in(session, username, name)
            session.commit()
    finally:
        engine.dispose()
    sys.stdout.write(f"One-time password, good for three days: {password}\n")
    return 0


def _let_in(session: Session, username: str, name: str) -> str:
    said, now = staff_form.username({"username": username}), utc_now()
    if not isinstance(said, str):
        raise ConfigProblem(f"{username!r} is no user name: 2 to 80 letters, digits and . _ - @. Nothing was changed.")
    user = session.scalar(select(User).where(User.username == said))
    if user is None:
        full = staff_form.line(name)
        if not 0 < len(full) <= 160:
            raise ConfigProblem(f"There is no account {said!r}. Give a name as well to make one. Nothing was changed.")
        user = User(id=uuid4(), username=said, name=full, title="administrator", role="admin", password_hash="")
        session.add(user)
        action = "account_created"
    elif user.role != "admin" or not user.is_active:
        raise ConfigProblem(f"The account {said!r} is not an administrator's in use. Nothing was changed.")
    else:
        sessions.end_all(session, user, now)
        second_factor.remove(session, user)
        action = "password_reset"
    password = passwords.give_one_time(user, now)
    session.flush()
    log.write(session, None, action, detail={"account": str(user.id), "by": "command"})
    return password
