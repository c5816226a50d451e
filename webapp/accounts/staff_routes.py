"""Everybody's accounts, for an administrator: nothing here is about a service user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import home, policy, signin, staff, staff_form, staff_pages
from webapp.accounts.pages import frame
from webapp.accounts.policy import ACCOUNTS, requires
from webapp.accounts.staff import Refused, Wanted
from webapp.language import reader
from webapp.models import User, utc_now

bp = Blueprint("staff", __name__, url_prefix="/staff")
DONE = {
    "saved": "Kontoen er lagret.", "closed": "Kontoen er stengt, og den ansatte er logget ut overalt.",
    "reopened": "Kontoen er i bruk igjen.",
    "out": "Den ansatte er logget ut overalt. Sjekker som ikke er sendt, ligger på enhetene til de er kommet fram.",
    "linked": "Koblingen er lagret.", "unlinked": "Koblingen er tatt bort.",
    "home": "Avtrykket er lagret.", "homeless": "Avtrykket er slettet.",
    "second": "Totrinnsinnloggingen er nullstilt, og den ansatte er logget ut overalt.",
}  # fmt: skip


def me() -> User:
    """The administrator, as a row; who was closed a moment ago is none."""
    user: User = current_user._get_current_object()
    if request.method != "GET" and not staff.held(db.session(), user):
        abort(403)
    return user


def page(template: str, title: str, status: int = 200, **more: Any) -> Response:
    lang, t = reader()
    return make_response(render_template(template, **{**frame(current_user, lang, t, title, "/staff"), **more}), status)


@bp.route("", methods=["GET", "POST"])
@requires(ACCOUNTS)
def listed() -> Response:
    """Who has an account; a search comes in the body."""
    _lang, t = reader()
    asked = request.form if request.method == "POST" else request.args
    return page("accounts/staff.html", t("Ansatte"), **staff_pages.listing(db.session(), asked, utc_now(), t))


@bp.get("/new")
@requires(ACCOUNTS)
def show_new() -> Response:
    """The form for a new account."""
    return new_page({"way": "password"})


def new_page(given: dict[str, Any], problem: str = "", status: int = 200) -> Response:
    _lang, t = reader()
    return page("accounts/staff_new.html", t("Ny ansatt"), status, problem=t(problem) if problem else "",
                **staff_pages.form(db.session(), given, t))  # fmt: skip


@bp.post("/new")
@requires(ACCOUNTS)
def create() -> Response:
    """A new account; its one-time password is shown now and never again."""
    actor, session, given = me(), db.session(), {**request.form, "units": request.form.getlist("units")}
    by_password = signin.by_password() and (request.form.get("way") == "password" or not current_app.config["OIDC"])
    asked = staff_form.new(session, request.form, given["units"], by_password=by_password)
    made = asked if isinstance(asked, Refused) else made_of(actor, asked, by_password=by_password)
    if isinstance(made, Refused):
        session.rollback()
        return new_page(given, made.reason, 422)
    session.commit()
    return account_page(made[0], 201, password=made[1])


def made_of(actor: User, asked: tuple[Wanted, str, str], *, by_password: bool) -> tuple[User, str] | Refused:
    """The account and its one-time password."""
    wanted, username, code = asked
    made = staff.create(db.session(), actor, username, wanted, utc_now(), by_password=by_password)
    if isinstance(made, Refused) or not code:
        return made
    return staff.link(db.session(), actor, made[0], code) or made


@bp.get("/<uuid:user_id>")
@requires(ACCOUNTS)
def show(user_id: UUID) -> Response:
    """One account."""
    return account_page(policy.account_or_404(current_user, user_id))


def account_page(user: User, status: int = 200, problem: str = "", password: str = "") -> Response:
    _lang, t = reader()
    said = staff_pages.account(db.session(), user, current_user, utc_now(), t)
    done = request.args.get("done", "") if request.method == "GET" else ""
    return page("accounts/staff_one.html", t("Konto"), status, **said, problem=t(problem) if problem else "", password=password,
                done=t(DONE[done]) if done in DONE else "")  # fmt: skip


def changed(user_id: UUID, done: str, work: Callable[[User, User], Refused | None]) -> Response:
    """Do it to this account and come back to its page, or say there why it was not done."""
    actor, user = me(), policy.account_or_404(current_user, user_id)
    db.session().refresh(user, with_for_update=True)
    refused = work(actor, user)
    if refused is not None:
        db.session().rollback()
        return account_page(user, 422, refused.reason)
    db.session().commit()
    return redirect(f"/staff/{user_id}?done={done}", 303)  # type: ignore[return-value]


def reasoned(work: Callable[[User, User, str], Any]) -> Callable[[User, User], Refused | None]:
    """The same with the reason that was written, which must be one."""

    def with_reason(actor: User, user: User) -> Refused | None:
        why = staff_form.reason(request.form)
        done = why if isinstance(why, Refused) else work(actor, user, why)
        return done if isinstance(done, Refused) else None

    return with_reason


@bp.post("/<uuid:user_id>")
@requires(ACCOUNTS)
def update(user_id: UUID) -> Response:
    """What the account says; not over what somebody else changed meanwhile."""

    def work(actor: User, user: User) -> Refused | None:
        wanted = staff_form.wanted(db.session(), request.form, request.form.getlist("units"))
        if request.form.get("state") != staff_form.state(user):
            return Refused("Kontoen er endret siden du åpnet siden. Ingenting er lagret. Se gjennom og prøv igjen.")
        return wanted if isinstance(wanted, Refused) else staff.change(db.session(), actor, user, wanted, utc_now())

    return changed(user_id, "saved", work)


@bp.post("/<uuid:user_id>/closing")
@requires(ACCOUNTS)
def create_closing(user_id: UUID) -> Response:
    """Nobody uses it any more."""
    return changed(user_id, "closed", reasoned(lambda actor, user, why: staff.close(db.session(), actor, user, why, utc_now())))


@bp.post("/<uuid:user_id>/reopening")
@requires(ACCOUNTS)
def create_reopening(user_id: UUID) -> Response:
    """In use again."""
    return changed(user_id, "reopened", reasoned(lambda actor, user, why: staff.reopen(db.session(), actor, user, why)))


@bp.post("/<uuid:user_id>/log-out")
@requires(ACCOUNTS)
def create_log_out(user_id: UUID) -> Response:
    """Log her out everywhere."""
    return changed(user_id, "out", reasoned(lambda actor, user, why: staff.log_out(db.session(), actor, user, why, utc_now())))


@bp.post("/<uuid:user_id>/second-factor/removal")
@requires(ACCOUNTS)
def create_second_factor_removal(user_id: UUID) -> Response:
    """She sets up her second factor anew."""
    work = reasoned(lambda actor, user, why: staff.remove_second_factor(db.session(), actor, user, why, utc_now()))
    return changed(user_id, "second", work)


@bp.post("/<uuid:user_id>/link")
@requires(ACCOUNTS)
def update_link(user_id: UUID) -> Response:
    """Who logs in to it at the provider."""
    if not current_app.config["OIDC"]:
        abort(404)
    code = staff_form.code(request.form)
    done = "linked" if code else "unlinked"
    return changed(user_id, done, lambda actor, user: code if isinstance(code, Refused) else staff.link(db.session(), actor, user, code))


@bp.post("/<uuid:user_id>/home")
@requires(ACCOUNTS)
def update_home(user_id: UUID) -> Response:
    """In which street she lives, for who follows up look-ups."""
    done = "home" if request.form.get("address", "").strip() else "homeless"
    return changed(user_id, done, lambda actor, user: home.note(db.session(), actor, user, request.form))


@bp.post("/<uuid:user_id>/password")
@requires(ACCOUNTS)
def create_password(user_id: UUID) -> Response:
    """A one-time password, shown now and never again."""
    if not signin.by_password():
        abort(404)
    actor, user, why = me(), policy.account_or_404(current_user, user_id), staff_form.reason(request.form)
    db.session().refresh(user, with_for_update=True)
    made = why if isinstance(why, Refused) else staff.reset_password(db.session(), actor, user, why, utc_now())
    if isinstance(made, Refused):
        db.session().rollback()
        return account_page(user, 422, made.reason)
    db.session().commit()
    return account_page(user, 201, password=made)
