"""Log in, log out, one's own language."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import select

from webapp import db
from webapp.accounts import log
from webapp.accounts.pages import account_context
from webapp.accounts.policy import ACCOUNT, public, requires
from webapp.language import reader
from webapp.models import User
from webapp.security import limiter
from webapp.words import LANGUAGES

bp = Blueprint("accounts", __name__)
login_manager = LoginManager()
hasher = PasswordHasher()
LONGEST = 1000  # argon2 hashes anything; nobody needs to make us hash megabytes


@cache
def decoy_hash() -> str:
    """Checked when the user name is unknown, so that both answers take as long."""
    return hasher.hash("nobody has this password")


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """The person behind a session; disabled accounts are logged out at once."""
    try:
        user = db.session().get(User, UUID(user_id))
    except ValueError:
        return None
    return user if user is not None and user.is_active else None


@login_manager.unauthorized_handler
def unauthorised() -> Response:
    """To the log-in page, back here afterwards; htmx gets a full navigation."""
    if request.method == "GET":
        target = url_for("accounts.login", next=request.full_path.rstrip("?"))
    else:
        target = url_for("accounts.login", next=page_of(request.headers.get("HX-Current-URL", "")), lost=1)
    if request.headers.get("HX-Request"):
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target)  # type: ignore[return-value]


def page_of(address: str) -> str:
    """The path of the page a form stood on, if it was one of ours."""
    return safe_next(address.removeprefix(request.host_url.rstrip("/")))


def safe_next(target: str | None) -> str:
    """A path on this server, or the first page."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target and "\n" not in target:
        return target
    return "/"


@bp.get("/login")
@public("the log-in form")
def login() -> str | Response:
    """The form."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))  # type: ignore[return-value]
    lost = "Innloggingen var utløpt. Det siste du gjorde, er ikke lagret. Logg inn og prøv igjen."
    _lang, t = reader()
    return _form(t(lost) if request.args.get("lost") else "", safe_next(request.args.get("next")))


@bp.post("/login")
@public("the log-in form")
@limiter.limit("10 per minute; 60 per hour")
def create_login() -> Response | tuple[str, int]:
    """Check the password; a new session id on success."""
    username, password = request.form.get("username", "").strip().casefold(), request.form.get("password", "")
    _lang, t = reader()
    user = find_user(username)
    if not verify(user.password_hash if user else decoy_hash(), password) or user is None or not user.is_active:
        if user is not None:
            log.seen(user, "login_failed")
        return _form(t("Feil brukernavn eller passord. Prøv igjen."), safe_next(request.form.get("next")), username), 422
    session.clear()  # rotation: nothing of the session before log-in lives on
    login_user(user)
    session.permanent = True
    log.seen(user, "login")
    return redirect(safe_next(request.form.get("next")))  # type: ignore[return-value]


def find_user(username: str) -> User | None:
    """By user name; rubbish is nobody."""
    if not username or len(username) > 80 or "\x00" in username:
        return None
    return db.session().scalars(select(User).where(User.username == username)).first()


def verify(stored: str, password: str) -> bool:
    """Is this the password behind the hash."""
    if len(password) > LONGEST:
        return False
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _form(problem: str, target: str, username: str = "") -> str:
    lang, t = reader()
    return render_template(
        "accounts/login.html", lang=lang, title=t("Logg inn"), home_url="/", problem=problem, next=target, username=username
    )


@bp.post("/logout")
@requires(ACCOUNT)
def logout() -> Response:
    """End this browser's session. What an enrolled device has not sent stays on it."""
    logout_user()
    session.clear()
    return redirect(url_for("accounts.login"))  # type: ignore[return-value]


@bp.get("/account")
@requires(ACCOUNT)
def account() -> str:
    """One's own page: name, role, units, language, log out."""
    lang, t = reader()
    return render_template("accounts/account.html", **account_context(current_user, lang, t))


@bp.post("/account/language")
@requires(ACCOUNT)
def update_language() -> Response:
    """Choose nb, nn or en, or none to follow the municipality."""
    chosen = request.form.get("language", "")
    if chosen and chosen not in LANGUAGES:
        return make_response("", 400)
    current_user.language = chosen or None
    db.session().merge(current_user._get_current_object())
    db.session().commit()
    return redirect(url_for("accounts.account"))  # type: ignore[return-value]
