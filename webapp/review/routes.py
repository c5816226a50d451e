"""The supervisor's pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import func, select

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import REVIEW, requires
from webapp.bedside import says
from webapp.language import reader
from webapp.models import CheckRecord, FeedRow, Membership, Unit, User
from webapp.review import coverage, decide, pages, queries, records
from webapp.words import Translate

bp = Blueprint("review", __name__, url_prefix="/review")
OSLO = ZoneInfo("Europe/Oslo")


def now_text() -> str:
    """This moment in Oslo, ISO."""
    return datetime.now(UTC).astimezone(OSLO).isoformat(timespec="seconds")


def today() -> date:
    """The calendar day in Oslo."""
    return datetime.now(UTC).astimezone(OSLO).date()


def page(title: str, here: str, lang: str, t: Translate, **more: Any) -> dict[str, Any]:
    """A supervisor page's context."""
    return {**frame(current_user, lang, t, title, here), **more}


def newest_change() -> int:
    """The number of the latest change in this person's units: a list is made anew only when it moved."""
    units = policy.unit_ids(current_user)
    return db.session().scalar(select(func.max(FeedRow.seq)).where(FeedRow.unit_id.in_(units))) or 0


def flags_context(lang: str, t: Translate, message: str = "", problem: str = "") -> dict[str, Any]:
    """The list of open flags, its counts and who may own one."""
    session, units, now = db.session(), policy.unit_ids(current_user), now_text()
    rows = queries.open_flags(session, units, today())
    checks = {one.id: one for one in session.scalars(select(CheckRecord).where(CheckRecord.id.in_([row.flag.check_id for row in rows])))}
    staff = session.scalars(
        select(User).join(Membership).where(Membership.unit_id.in_(units), User.disabled_at.is_(None)).order_by(User.name).distinct()
    )
    numbers = queries.open_counts(session, units)
    left = sum(numbers.values()) - len(rows)
    return {
        "lang": lang,
        "since": newest_change(),
        "counts": pages.counts(numbers, t),
        "message": message,
        "problem": problem,
        "flags": [pages.open_flag(row, checks.get(row.flag.check_id), now, t, lang) for row in rows],
        "staff": [{"id": str(one.id), "name": one.name} for one in staff],
        "more": t("%(n)s til, mindre hastende, vises når disse er lukket.", n=left) if left > 0 else "",
    }


@bp.get("")
@requires(REVIEW)
def needs_you() -> str:
    """What needs this supervisor now."""
    lang, t = reader()
    names = ", ".join(unit.name for unit in policy.units_of(db.session(), current_user))
    context = page(
        t("Trenger deg nå"), "/review", lang, t, unit_names=names, **{k: v for k, v in flags_context(lang, t).items() if k != "lang"}
    )
    log.seen(current_user, "review_list")
    return render_template("review/needs_you.html", **context)


@bp.get("/flags")
@requires(REVIEW)
def flags() -> Response:
    """The list again, if something changed since number `since`; 204 if not."""
    lang, t = reader()
    if request.args.get("since", "") == str(newest_change()):
        return make_response("", 204)
    return make_response(render_template("review/_flags.html", **flags_context(lang, t)))


@bp.post("/flags/<uuid:flag_id>/closing")
@requires(REVIEW)
def create_closing(flag_id: UUID) -> Response:
    """Close a flag with an outcome."""
    flag = policy.flag_or_404(current_user, flag_id)
    done = decide.close_flag(db.session(), flag, current_user, request.form.get("outcome", ""), request.form.get("reason", ""))
    return decided(done if isinstance(done, decide.Refused) else None, "Varselet er lukket.")


@bp.post("/flags/<uuid:flag_id>/owner")
@requires(REVIEW)
def update_owner(flag_id: UUID) -> Response:
    """Who follows it up, and by when."""
    flag = policy.flag_or_404(current_user, flag_id)
    try:
        owner = owner_of(request.form.get("owner", ""), flag.unit_id)
        due_on = date.fromisoformat(request.form["due_on"]) if request.form.get("due_on") else None
    except ValueError:
        return decided(decide.Refused("Ansvarlig eller frist kunne ikke leses. Ingenting er endret."), "")
    return decided(decide.assign_flag(db.session(), flag, owner, due_on, today()), "Ansvarlig og frist er lagret.")


def owner_of(user_id: str, unit_id: UUID) -> User | None:
    """Somebody of the flag's unit, nobody, or ValueError."""
    if not user_id:
        return None
    owner = db.session().get(User, UUID(user_id))
    if owner is None or unit_id not in owner.unit_ids:
        raise ValueError("not of this unit")
    return owner


def decided(refused: decide.Refused | None, message: str) -> Response:
    """Commit or leave alone, and answer with the list."""
    lang, t = reader()
    if refused is None:
        db.session().commit()
        return make_response(render_template("review/_flags.html", **flags_context(lang, t, message=t(message))))
    db.session().rollback()
    return make_response(render_template("review/_flags.html", **flags_context(lang, t, problem=t(refused.reason))), 422)


@bp.get("/people/<uuid:ref>")
@requires(REVIEW)
def person(ref: UUID) -> str:
    """A service user's timeline."""
    lang, t = reader()
    found = policy.person_or_404(current_user, ref)
    return render_template(
        "review/person.html",
        **page(t("Tidslinje"), "", lang, t, **records.timeline(found, request.args.get("before", ""), t, lang, now_text())),
    )


@bp.get("/checks/<uuid:check_id>")
@requires(REVIEW)
def check(check_id: UUID) -> str:
    """A check with its history and corrections."""
    lang, t = reader()
    found = policy.check_or_404(current_user, check_id)
    log.seen(current_user, "check", patient_id=found.patient_id, unit_id=found.unit_id)
    return render_template("review/check.html", **page(t("Sjekk"), "", lang, t, **records.one_check(found, t, lang, now_text())))


@bp.get("/coverage")
@requires(REVIEW)
def unit_coverage() -> str:
    """Overdue and coverage for the units this person leads."""
    lang, t = reader()
    units = policy.units_of(db.session(), current_user)
    sections = coverage.unit_pages(db.session(), units, datetime.now(UTC), t, lang)
    return render_template(
        "review/coverage.html", **page(t("Dekning"), "/review/coverage", lang, t, units=sections, date_text=says.day(today().isoformat()))
    )


@bp.get("/quarantine")
@requires(REVIEW)
def quarantine() -> str:
    """Records that were kept but not accepted."""
    lang, t = reader()
    return render_template("review/quarantine.html", **quarantine_context(lang, t, ""))


def quarantine_context(lang: str, t: Translate, problem: str) -> dict[str, Any]:
    """The list, with a problem to tell if there is one."""
    listed = records.quarantined(policy.unit_ids(current_user), t, now_text())
    return page(t("Ikke godtatt"), "/review/quarantine", lang, t, records=listed, problem=problem)


@bp.post("/quarantine/<envelope_hash>/decision")
@requires(REVIEW)
def create_decision(envelope_hash: str) -> Response:
    """Try once more to accept a record, or leave it out; the record itself is kept either way."""
    record = policy.quarantined_or_404(current_user, envelope_hash)
    refused = records.decide(record, current_user, request.form.get("decision", ""), request.form.get("reason", ""))
    if refused is None:
        db.session().commit()
        return redirect("/review/quarantine")  # type: ignore[return-value]
    db.session().rollback()
    lang, t = reader()
    return make_response(render_template("review/quarantine.html", **quarantine_context(lang, t, t(refused.reason))), 422)


@bp.get("/devices")
@requires(REVIEW)
def devices() -> str:
    """Devices with last contact and what they say they still hold."""
    lang, t = reader()
    units = [unit.id for unit in db.session().scalars(select(Unit).where(Unit.id.in_(policy.unit_ids(current_user))))]
    listed = records.devices(units, t, now_text())
    return render_template("review/devices.html", **page(t("Enheter"), "/review/devices", lang, t, devices=listed))
