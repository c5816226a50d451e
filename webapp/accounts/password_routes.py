"""Choosing one's own password: whenever one wants to, and before the log-in where somebody else made the one there is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import db
from webapp.accounts import log, passwords, pending, sessions, signin, told
from webapp.accounts.pages import frame
from webapp.accounts.pending import Pending
from webapp.accounts.policy import ACCOUNT, public, requires
from webapp.accounts.routes import refused
from webapp.language import reader
from webapp.models import User, utc_now
from webapp.security import limiter

bp = Blueprint("passwords", __name__)
HERE = "/login/password"


def mine() -> User:
    """Whoever is logged in, if she has a password here."""
    user: User = current_user._get_current_object()
    if not signin.by_password() or not user.password_hash:
        abort(404)
    return user


@bp.get("/account/password")
@requires(ACCOUNT)
def show_own() -> Response:
    """The form."""
    return own_page(mine())


def own_page(user: User, why: str = "", status: int = 200) -> Response:
    lang, t = reader()
    context: dict[str, Any] = {**frame(user, lang, t, t("Bytt passord"), "/account"), "problem": t(passwords.WRONG[why]) if why else ""}
    return make_response(render_template("accounts/password.html", **context), status)


@bp.post("/account/password")
@requires(ACCOUNT)
@limiter.limit("10 per 15 minutes", key_func=lambda: f"password {current_user.get_id()}", deduct_when=refused)
def update_own() -> Response:
    """Another password, with the one there is; she stays logged in here and nowhere else."""
    user, session = mine(), db.session()
    session.refresh(user, with_for_update=True)
    if not passwords.opens(user, request.form.get("current", "")):
        log.seen(user, "login_failed", detail={"why": "password_change"})
        return own_page(mine(), "current", 422)
    new = request.form.get("new", "")
    if why := passwords.problem(user, new, request.form.get("again", "")):
        return own_page(user, why, 422)
    passwords.choose(user, new)
    ended = sessions.end_all(session, user, utc_now(), but=sessions.current())
    log.write(session, user, "password_changed", detail={"ended": ended})
    session.commit()
    return redirect(url_for("accounts.account", done="password"), 303)  # type: ignore[return-value]


@bp.get("/login/password")
@public("only for who has just shown the password she is to replace")
def show_first() -> Response:
    """Choose your own, before the log-in."""
    one = signin.at(db.session(), HERE, utc_now())
    return first_page(one.user) if isinstance(one, Pending) else one


def first_page(user: User, why: str = "", status: int = 200) -> Response:
    lang, t = reader()
    before = told.history(db.session(), user, utc_now(), t)
    said = {"lang": lang, "told": before, "title": t("Velg ditt eget passord"), "home_url": "/"}
    said |= {"problem": t(passwords.WRONG[why]) if why else ""}
    return make_response(render_template("accounts/first_password.html", **said), status)


@bp.post("/login/password")
@public("only for who has just shown the password she is to replace")
@limiter.limit("60 per minute")
def create_first() -> Response:
    """Her own instead of the one-time password; then on."""
    session, now = db.session(), utc_now()
    one = signin.at(session, HERE, now)
    if not isinstance(one, Pending):
        return one
    session.refresh(one.user, with_for_update=True)
    if one.user.password_until is None:  # chosen in another window a moment ago
        return redirect(url_for("accounts.login", slow=1))  # type: ignore[return-value]
    new = request.form.get("new", "")
    if why := passwords.problem(one.user, new, request.form.get("again", "")):
        return first_page(one.user, why, 422)
    passwords.choose(one.user, new)
    log.write(session, one.user, "password_changed", detail={"first": True})
    return signin.onward(session, pending.go_on(one, "", now), now)
