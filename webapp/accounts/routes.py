"""Log in, log out, one's own language."""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_htmx import make_response as hx_response
from flask_login import LoginManager, current_user, logout_user
from sqlalchemy import select

from webapp import db
from webapp.accounts import log, oidc_words, passkey, passkey_pages, passwords, pending, second_pages, session_pages, sessions, signin, told
from webapp.accounts.pages import account_context, page_for
from webapp.accounts.policy import ACCOUNT, public, requires
from webapp.htmx import htmx
from webapp.language import reader
from webapp.models import User, utc_now
from webapp.security import limiter
from webapp.thin import smaller
from webapp.words import LANGUAGES

bp = Blueprint("accounts", __name__)
WHY_AGAIN = {
    "lost": "Innloggingen var utløpt. Det siste du gjorde, er ikke lagret. Logg inn og prøv igjen.",
    "slow": "Innloggingen ble ikke ferdig her, eller den tok for lang tid. Begynn på nytt.",
}
login_manager = LoginManager()
INSIDE = re.compile(r"/(?!/)[^\s\\\x00-\x1f\x7f]*")  # browsers drop tabs and line breaks, and read \ as /


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """The person behind a session; ended sessions and disabled accounts are out at once."""
    try:
        return sessions.holder(db.session(), UUID(user_id), utc_now())
    except ValueError:
        return None


@login_manager.unauthorized_handler
def unauthorised() -> Response:
    """To the log-in page, back here afterwards; htmx gets a full navigation."""
    if request.method == "GET":
        target = url_for("accounts.login", next=request.full_path.rstrip("?"))
    else:
        target = url_for("accounts.login", next=page_of(htmx.current_url or ""), lost=1)
    if htmx:
        answer: Response = hx_response("", 401, redirect=target)
        return answer
    return redirect(target)  # type: ignore[return-value]


def page_of(address: str) -> str:
    """The path of the page a form stood on, if it was one of ours."""
    return safe_next(address.removeprefix(request.host_url.rstrip("/")))


def safe_next(target: str | None) -> str:
    """A path on this server, or the first page."""
    return target if target and INSIDE.fullmatch(target) else "/"


def refused(answer: Response) -> bool:
    """Only wrong passwords count towards a limit."""
    return answer.status_code == 422


def tried_account() -> str:
    """The account somebody tries, known or not: guesses from many addresses count together."""
    return "account " + hashlib.sha256(request.form.get("username", "").strip().casefold().encode()).hexdigest()


@bp.get("/login")
@public("the log-in form")
def login() -> Response:
    """The form."""
    target = safe_next(request.args.get("next"))
    taking_over = target == "/enrol"  # from a lock screen: who is logged in here may be a colleague who has gone
    problem = oidc_words.said(request.args, reader()[1])
    if current_user.is_authenticated and not taking_over and not problem:
        return redirect(page_for(current_user, target))  # type: ignore[return-value]
    _lang, t = reader()
    why = next((one for one in WHY_AGAIN if request.args.get(one)), "")
    form = _form(problem or (t(WHY_AGAIN[why]) if why else ""), target)
    return smaller(form) if taking_over else form  # the address is this one word then: nothing a stranger can choose stands in it


@bp.post("/login")
@public("the log-in form")
@limiter.limit("240 per minute")  # per address, right or wrong: a hash costs time, and a whole shift shares an address
@limiter.limit("30 per minute; 200 per hour", deduct_when=refused)
@limiter.limit("10 per 15 minutes", key_func=tried_account, deduct_when=refused)
def create_login() -> Response | tuple[Response, int]:
    """Check the password; then what is left to do before the log-in, if anything is."""
    if not signin.by_password():
        abort(404)
    username, password = request.form.get("username", "").strip().casefold(), request.form.get("password", "")
    session, now, target = db.session(), utc_now(), safe_next(request.form.get("next"))
    _lang, t = reader()
    user = find_user(username)
    if not passwords.opens(user, password) or user is None:
        if user is not None:
            log.seen(user, "login_failed")
        return _form(t("Feil brukernavn eller passord. Prøv igjen."), target, username), 422
    if passwords.ran_out(user, now):
        log.seen(user, "login_failed", detail={"why": "ran_out"})
        return _form(t("Engangspassordet er utløpt. Be en administrator om et nytt."), target, username), 422
    return signin.onward(session, pending.begin(session, user, target, now), now)


def find_user(username: str) -> User | None:
    """By user name; rubbish is nobody."""
    if not username or len(username) > 80 or "\x00" in username:
        return None
    return db.session().scalars(select(User).where(User.username == username)).first()


def _form(problem: str, target: str, username: str = "") -> Response:
    lang, t = reader()
    other = oidc_words.offer(current_app.config["OIDC"], target)
    page = render_template(
        "accounts/login.html",
        lang=lang,
        title=t("Logg inn"),
        home_url="/",
        problem=problem,
        next=target,
        username=username,
        other=other,
        passkeys=passkey.offered(db.session()),
        passwords=signin.by_password(),
    )
    return make_response(page)  # not compressed: it holds a token beside an address that a stranger can choose


@bp.post("/logout")
@requires(ACCOUNT)
def logout() -> Response:
    """End this browser's session. What an enrolled device has not sent stays on it."""
    log.write(db.session(), current_user, "logout")
    logout_user()
    sessions.end(db.session(), utc_now())
    db.session().commit()
    answer = redirect(url_for("accounts.login"))
    answer.delete_cookie("csrf")
    return answer  # type: ignore[return-value]


@bp.get("/account")
@requires(ACCOUNT)
def account() -> str:
    """One's own page: name, role, units, language, log out."""
    lang, t = reader()
    keys = passkey_pages.context(current_user, t, request.args.get("passkey", ""))
    where = session_pages.context(current_user, t)
    own = {"has_password": signin.by_password() and bool(current_user.password_hash), "done": request.args.get("done", "")}
    own |= {**second_pages.own(current_user, t), "told": told.history(db.session(), current_user, utc_now(), t)}
    return render_template("accounts/account.html", **account_context(current_user, lang, t), **keys, **where, **own)


@bp.post("/account/language")
@requires(ACCOUNT)
def update_language() -> Response:
    """Choose nb, nn or en, or none to follow the municipality."""
    chosen = request.form.get("language", "")
    if chosen and chosen not in LANGUAGES:
        abort(400)
    current_user.language = chosen or None
    db.session().merge(current_user._get_current_object())
    db.session().commit()
    return redirect(url_for("accounts.account"))  # type: ignore[return-value]
