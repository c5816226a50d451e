"""The second factor: shown and set up on the way in, looked after on one's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import db
from webapp.accounts import log, passkey, pending, second_factor, second_pages, signin, told
from webapp.accounts.pages import frame, page_for
from webapp.accounts.pending import Pending
from webapp.accounts.policy import ACCOUNT, has_just_logged_in, public, requires
from webapp.language import reader
from webapp.models import User, utc_now
from webapp.security import limiter

bp = Blueprint("second", __name__)
SHOW, MAKE, OWN = "/login/second", "/login/second/new", "/account/second"
PUBLIC = "only for who has just shown a right password"


def gate(template: str, title: str, status: int = 200, **more: Any) -> Response:
    lang, _t = reader()
    return make_response(render_template(template, lang=lang, title=title, home_url="/", **more), status)


def show_page(one: Pending, problem: str = "", status: int = 200) -> Response:
    _lang, t = reader()
    session, user = db.session(), one.user
    return gate("accounts/second.html", t("Bekreft at det er deg"), status, problem=problem, attempt=one.attempt, who=user.name,
                app=second_factor.has_app(session, user), next=one.target,
                passkeys=bool(passkey.of(session, user)) and passkey.host() is not None)  # fmt: skip


@bp.get(SHOW)
@public(PUBLIC)
def show_second() -> Response:
    """A code from her app, a recovery code, or a passkey."""
    one = signin.at(db.session(), SHOW, utc_now())
    return show_page(one) if isinstance(one, Pending) else one


@bp.post(SHOW)
@public(PUBLIC)
@limiter.limit("60 per minute")
def create_second() -> Response:
    """The code; then on."""
    session, now = db.session(), utc_now()
    one = signin.at(session, SHOW, now)
    if not isinstance(one, Pending):
        return one
    _lang, t = reader()
    if request.form.get("attempt") != one.attempt:  # the other window's account is asked for now
        return show_page(one, second_pages.trouble("other", t), 422)
    try:
        kind = second_factor.show(session, one.user, request.form.get("code", ""), now)
    except second_factor.Closed as shut:
        return show_page(one, second_pages.closed(shut.until, t), 429)
    if not kind:
        log.write(session, one.user, "login_failed", detail={"why": "second_factor"})
        session.commit()
        return show_page(one, second_pages.trouble("code", t), 422)
    return signin.onward(session, pending.go_on(one, kind, now), now)


def make_page(one: Pending, carried: str = "", problem: str = "", status: int = 200) -> Response:
    _lang, t = reader()
    said = {**second_pages.setting_up(one.user, carried), "problem": problem, "attempt": one.attempt, "who": one.user.name}
    before = told.history(db.session(), one.user, utc_now(), t)
    return gate("accounts/second_new.html", t("Sett opp totrinnsinnlogging"), status, **said, told=before)


@bp.get(MAKE)
@public(PUBLIC)
def show_new() -> Response:
    """Her role needs a second factor, and she has none yet."""
    one = signin.at(db.session(), MAKE, utc_now())
    return make_page(one) if isinstance(one, Pending) else one


@bp.post(MAKE)
@public(PUBLIC)
@limiter.limit("60 per minute")
def create_new() -> Response:
    """Her app knows the secret: she is in, and sees her recovery codes once."""
    session, now = db.session(), utc_now()
    one = signin.at(session, MAKE, now)
    if not isinstance(one, Pending):
        return one
    _lang, t = reader()
    carried = request.form.get("setup", "")
    if request.form.get("attempt") != one.attempt:
        return make_page(one, "", second_pages.trouble("other", t), 422)
    codes = confirmed(one.user, carried)
    if codes is None:
        return make_page(one, carried, second_pages.trouble("setup", t), 422)
    signin.begin(session, one.user, now, by="password", second="made")
    log.write(session, one.user, "second_factor_added")
    session.commit()
    return gate("accounts/recovery.html", t("Ta vare på gjenopprettingskodene"), codes=codes, next=page_for(one.user, one.target))


def confirmed(user: User, carried: str) -> list[str] | None:
    """Recovery codes when the code fits the secret that the page carried."""
    secret = second_factor.secret_of(user, carried)
    return second_factor.confirm(db.session(), user, secret, request.form.get("code", ""), utc_now()) if secret else None


def mine() -> User:
    """Whoever is logged in, if she may log in by password."""
    user: User = current_user._get_current_object()
    if not signin.by_password() or not user.password_hash:
        abort(404)
    return user


def own_page(user: User, carried: str = "", why: str = "", status: int = 200) -> Response:
    lang, t = reader()
    fresh = has_just_logged_in(utc_now().timestamp())
    told = second_pages.setting_up(user, carried) if fresh else {}
    whole = {**frame(user, lang, t, t("Totrinnsinnlogging"), "/account"), **second_pages.own(user, t), **told}
    done = t("Totrinnsinnlogging er slått av.") if request.args.get("done") == "removed" and status == 200 else ""
    said = {"problem": second_pages.trouble(why or ("" if fresh else "stale"), t), "fresh": fresh, "done": done}
    return make_response(render_template("accounts/second_own.html", **whole, **said), status)


@bp.get(OWN)
@requires(ACCOUNT)
def show_own() -> Response:
    """What she has, and how to set it up."""
    return own_page(mine())


def codes_page(user: User, codes: list[str]) -> Response:
    _lang, t = reader()
    return gate("accounts/recovery.html", t("Ta vare på gjenopprettingskodene"), codes=codes, next=OWN)


@bp.post(OWN)
@requires(ACCOUNT)
@limiter.limit("60 per minute")
def create_own() -> Response:
    """An app makes codes for her from now on, this one instead of the one before."""
    user, session, carried = mine(), db.session(), request.form.get("setup", "")
    codes = confirmed(user, carried) if has_just_logged_in(utc_now().timestamp()) else None
    if codes is None:
        return own_page(user, carried, "setup" if has_just_logged_in(utc_now().timestamp()) else "stale", 422)
    log.write(session, user, "second_factor_added")
    session.commit()
    return codes_page(user, codes)


@bp.post("/account/second/codes")
@requires(ACCOUNT)
def create_codes() -> Response:
    """Other recovery codes instead of those there were."""
    user, session = mine(), db.session()
    if not has_just_logged_in(utc_now().timestamp()) or not second_factor.has_app(session, user):
        return own_page(user, "", "stale", 422)
    codes = second_factor.new_codes(session, user)
    log.write(session, user, "recovery_codes_made")
    session.commit()
    return codes_page(user, codes)


@bp.post("/account/second/removal")
@requires(ACCOUNT)
def create_removal() -> Response:
    """A password is enough again, where her role allows it."""
    user, session = mine(), db.session()
    if not has_just_logged_in(utc_now().timestamp()):
        return own_page(user, "", "stale", 422)
    if not second_pages.own(user, reader()[1])["second"]["may_remove"]:
        return own_page(user, "", "needed", 422)
    second_factor.remove(session, user)
    log.write(session, user, "second_factor_removed", detail={"own": True})
    session.commit()
    return redirect(url_for("second.show_own", done="removed"), 303)  # type: ignore[return-value]
