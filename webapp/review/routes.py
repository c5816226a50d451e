"""The supervisor's pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, lookup, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import DEVICES, REVIEW, STATISTICS, requires
from webapp.accounts.told import ways_in
from webapp.bedside import says
from webapp.bedside.says import many
from webapp.device import shell
from webapp.language import reader
from webapp.models import User
from webapp.review import aggregates, coverage, decide, fleet, needs, pages, records
from webapp.review.needs import Chosen
from webapp.sync import photos as stored
from webapp.words import Translate

bp = Blueprint("review", __name__, url_prefix="/review")
OSLO = ZoneInfo("Europe/Oslo")
PICTURE = {
    "Content-Type": "image/jpeg", "Content-Disposition": 'inline; filename="bilde.jpg"', "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}  # fmt: skip


def now_text() -> str:
    """This moment in Oslo, ISO."""
    return datetime.now(UTC).astimezone(OSLO).isoformat(timespec="seconds")


def today() -> date:
    """The calendar day in Oslo."""
    return datetime.now(UTC).astimezone(OSLO).date()


def page(title: str, here: str, lang: str, t: Translate, **more: Any) -> dict[str, Any]:
    """A supervisor page's context."""
    return {**frame(current_user, lang, t, title, here), **more}


def chosen() -> Chosen:
    """The part of the list this request is about."""
    return Chosen.read(request.args)


def flags_page(asked: Chosen, status: int = 200, **more: str) -> Response:
    """The list of open flags: alone for htmx, which puts it in its place, else with the page around it."""
    lang, t = reader()
    units = policy.units_of(db.session(), current_user)
    context = {"message": "", "problem": "", "undo_url": "", **needs.listing(db.session(), units, asked, now_text(), t, lang), **more}
    log.seen(current_user, "review_list")
    if request.headers.get("HX-Request") and request.path != "/review":
        return make_response(render_template("review/_flags.html", lang=lang, **context), status)
    names = ", ".join(unit.name for unit in units)
    told = fleet.notices(db.session(), [unit.id for unit in units], datetime.now(UTC), t)
    waiting = lookup.waiting(db.session(), policy.lookups_to_review(current_user))
    looked_up = many(t, waiting, "1 begrunnet oppslag venter på at du ser på det", "%(n)s begrunnede oppslag venter på at du ser på dem")
    opened = ways_in(db.session(), [unit.id for unit in units], current_user, datetime.now(UTC), t)
    context["mail_trouble"] = current_app.extensions["summary_trouble"](db.session(), [unit.id for unit in units], t)
    context |= {"accounts": opened, "unit_names": names, "notices": told, "looked_up": looked_up if waiting else ""}
    whole = page(t("Trenger deg nå"), "/review", lang, t, **context)
    return make_response(render_template("review/needs_you.html", **whole), status)


@bp.get("")
@requires(REVIEW)
def needs_you() -> Response:
    """What needs this supervisor now; one flag alone with `flag`."""
    asked = chosen()
    if asked.flag is not None:
        policy.flag_or_404(current_user, asked.flag)
    return flags_page(asked)


@bp.get("/flags")
@requires(REVIEW)
def flags() -> Response:
    """The list again, if something changed since number `since`; 204 if not."""
    if request.args.get("since", "") == str(needs.newest_change(db.session(), policy.unit_ids(current_user))):
        return make_response("", 204)
    return flags_page(chosen())


@bp.post("/flags/<uuid:flag_id>/closing")
@requires(REVIEW)
def create_closing(flag_id: UUID) -> Response:
    """Close a flag with an outcome."""
    flag = policy.flag_or_404(current_user, flag_id)
    done = decide.close_flag(db.session(), flag, current_user, request.form.get("outcome", ""), request.form.get("reason", ""))
    if isinstance(done, decide.Refused):
        return refuse(done)
    _lang, t = reader()
    log.write(db.session(), current_user, "flag_closed", patient_id=flag.patient_id, unit_id=flag.unit_id)
    db.session().commit()
    return flags_page(chosen(), message=t("Varselet er lukket."), undo_url=f"/review/flags/{flag_id}/reopening")


@bp.post("/flags/<uuid:flag_id>/reopening")
@requires(REVIEW)
def create_reopening(flag_id: UUID) -> Response:
    """Take back a closing: the flag is open again, and the closing stays in the history."""
    flag = policy.flag_or_404(current_user, flag_id)
    again = decide.reopen_flag(db.session(), flag)
    if isinstance(again, decide.Refused):
        return refuse(again)
    _lang, t = reader()
    log.write(db.session(), current_user, "flag_reopened", patient_id=flag.patient_id, unit_id=flag.unit_id)
    db.session().commit()
    return flags_page(chosen(), message=t("Varselet er åpent igjen."))


@bp.post("/flags/<uuid:flag_id>/owner")
@requires(REVIEW)
def update_owner(flag_id: UUID) -> Response:
    """Who follows it up, and by when."""
    flag = policy.flag_or_404(current_user, flag_id)
    try:
        owner = owner_of(request.form.get("owner", ""), policy.person_or_404(current_user, flag.patient_id).unit_id, flag.owner_id)
        due_on = date.fromisoformat(request.form["due_on"]) if request.form.get("due_on") else None
    except ValueError:
        return refuse(decide.Refused("Ansvarlig eller frist kunne ikke leses. Ingenting er endret."))
    refused = decide.assign_flag(db.session(), flag, owner, due_on, today())
    if refused is not None:
        return refuse(refused)
    _lang, t = reader()
    log.write(db.session(), current_user, "flag_assigned", patient_id=flag.patient_id, unit_id=flag.unit_id)
    db.session().commit()
    return flags_page(chosen(), message=t("Ansvarlig og frist er lagret."))


def owner_of(user_id: str, unit_id: UUID, present: UUID | None) -> User | None:
    """Somebody of the unit, nobody, whoever follows up now (from before a move), or ValueError."""
    if not user_id:
        return None
    owner = db.session().get(User, UUID(user_id))
    if owner is None or (owner.id != present and unit_id not in owner.unit_ids):
        raise ValueError("not of this unit")
    return owner


def refuse(refused: decide.Refused) -> Response:
    """Leave everything as it is, and say why above the list."""
    _lang, t = reader()
    words = t(refused.reason)
    if refused.closing is not None:
        words += " " + pages.closed_words(*refused.closing, now_text()[:10], t) + "."
    db.session().rollback()
    return flags_page(chosen(), 422, problem=words)


@bp.route("/people", methods=["GET", "POST"])
@requires(REVIEW)
def people() -> str:
    """Everybody in the units this person leads; a search comes in the body."""
    lang, t = reader()
    log.seen(current_user, "search" if request.method == "POST" else "people")
    found = needs.people(db.session(), policy.units_of(db.session(), current_user), request.form.get("q", ""), t)
    return render_template("review/people.html", **page(t("Finn bruker"), "", lang, t, **found))


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


@bp.get("/photos/<uuid:photo_id>")
@requires(REVIEW)
def photo(photo_id: UUID) -> Response:
    """A picture and nothing else: never kept by a browser, never taken for a page."""
    found = policy.photo_or_404(current_user, photo_id)
    jpeg = stored.picture(found)
    if jpeg is None:
        abort(404)
    log.seen(current_user, "photo", patient_id=found.patient_id)
    answer = make_response(jpeg)
    answer.headers.update(PICTURE)
    return answer


@bp.get("/coverage")
@requires(STATISTICS)
def unit_coverage() -> str:
    """Overdue and coverage: for the units this person leads, or numbers only for all of them."""
    lang, t = reader()
    log.seen(current_user, "coverage")
    every, asked = policy.counted_units(db.session(), current_user), chosen()
    units = [unit for unit in every if asked.unit in (None, unit.id)] or every
    build = aggregates.unit_pages if policy.sees_numbers_only(current_user) else coverage.unit_pages
    sections = build(db.session(), units, datetime.now(UTC), t, lang)
    none = t("Det er ingen enheter ennå.") if policy.sees_numbers_only(current_user) else t("Du leder ingen enheter ennå.")
    context = {"units": sections, "date_text": says.day(today().isoformat()), "unit_links": needs.unit_links(every, asked, t)}
    whole = page(t("Dekning"), "/review/coverage", lang, t, no_units_text=none, **context)
    return render_template("review/coverage.html", **whole)


@bp.get("/devices")
@requires(DEVICES)
def devices() -> str:
    """Devices with last contact and what they say they still hold."""
    lang, t = reader()
    units = policy.fleet_units(db.session(), current_user)
    version = shell.build(current_app.config.get("BUNDLE_DIRS") or ()).version
    listed = fleet.listing(db.session(), units, version, datetime.now(UTC), t)
    return render_template("review/devices.html", **page(t("Enheter"), "/review/devices", lang, t, devices=listed))
