"""A full log-in, however she showed who she is: by password, by a passkey, at a provider. What is begun here, nothing else begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, current_app, redirect, url_for
from flask import session as cookie
from flask_login import current_user, login_user
from sqlalchemy.orm import Session

from webapp.accounts import log, pending, second_factor, sessions
from webapp.accounts.pages import page_for
from webapp.accounts.pending import Pending
from webapp.models import User


def by_password() -> bool:
    """Whether this installation takes local passwords (TRYGGRUNDE_LOCAL_PASSWORDS)."""
    return bool(current_app.config["LOCAL_PASSWORDS"])


def begin(session: Session, user: User, now: datetime, **how: Any) -> None:
    """She is logged in from now on, in this browser, with a new session id. The caller commits."""
    sessions.begin(session, user, now)
    login_user(user)
    cookie.permanent = True
    cookie["logged_in_at"] = int(now.timestamp())
    log.write(session, user, "login", detail=how)


def left_to_do(session: Session, one: Pending) -> str:
    """The page of what stands between the right password and the log-in; empty when nothing does."""
    second = second_factor.wanted(session, one.user)
    if second == "show" and not one.done:
        return "/login/second"
    if one.user.password_until is not None:
        return "/login/password"
    return "/login/second/new" if second == "make" else ""


def at(session: Session, page: str, now: datetime) -> Pending | Response:
    """Who is at this page of her log-in, or where to go instead."""
    one = pending.current(session, now)
    if one is None:  # it took too long, or she is in already
        return redirect("/" if current_user.is_authenticated else url_for("accounts.login", slow=1))  # type: ignore[return-value]
    left = left_to_do(session, one)
    return one if left == page else redirect(left or url_for("accounts.login", slow=1))  # type: ignore[return-value]


def onward(session: Session, one: Pending, now: datetime) -> Response:
    """To what is left, or in. Commits."""
    page = left_to_do(session, one)
    if not page:
        begin(session, one.user, now, by="password", **({"second": one.done} if one.done else {}))
        page = page_for(one.user, one.target)
    session.commit()
    return redirect(page)  # type: ignore[return-value]
