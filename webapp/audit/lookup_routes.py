"""Begrunnet oppslag: begun and ended by whoever needs it, looked at by the leader of the unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.policy import RECORD, REVIEW, may, requires
from webapp.audit import lookups, reviews
from webapp.audit.reviews import Refused
from webapp.audit.routes import page
from webapp.language import reader
from webapp.models import utc_now
from webapp.security import limiter
from webapp.sync import tokens

bp = Blueprint("lookups", __name__)
KEPT = ("name", "born", "reason")


@bp.get("/lookups")
@requires(RECORD)
def show_own() -> Response:
    """One's own look-ups, and the form for a new one."""
    log.seen(current_user, "lookups")
    return own_page(dict.fromkeys(KEPT, ""))


def own_page(filled: dict[str, str], problem: str = "", status: int = 200) -> Response:
    lang, t = reader()
    told = lookups.own(db.session(), current_user, utc_now(), t)
    more: dict[str, Any] = {"filled": filled, "problem": t(problem) if problem else "", "leads": may(current_user, REVIEW)}
    more["on_device"] = tokens.welcome(db.session(), request) is not None  # it answers the bedside itself, and holds no such person
    return make_response(render_template("audit/lookups.html", **page(t("Begrunnet oppslag"), "/lookups", lang, t, **told, **more)), status)


@bp.post("/lookups")
@requires(RECORD)
@limiter.limit("20 per hour", key_func=lambda: f"lookups {current_user.get_id()}")
def create_lookup() -> Response:
    """Begin one. Whoever is not found leaves a row too: nobody is to be able to guess who gets services."""
    filled = {name: request.form.get(name, "")[:500] for name in KEPT}
    found = lookups.find(db.session(), request.form)
    if isinstance(found, Refused):
        log.seen(current_user, "lookup_search")
        return own_page(filled, found.reason, 422)
    made = lookups.begin(db.session(), current_user, found, request.form.get("reason", ""), utc_now())
    if isinstance(made, Refused):
        log.seen(current_user, "lookup_search")
        return own_page(filled, made.reason, 422)
    log.write(
        db.session(), current_user, "lookup_begun", patient_id=found.id, unit_id=found.unit_id, reason=made.reason,
        detail={"lookup": str(made.id), "until": made.until.isoformat(timespec="seconds")},
    )  # fmt: skip
    db.session().commit()
    return redirect("/lookups", 303)  # type: ignore[return-value]


@bp.post("/lookups/<uuid:lookup_id>/end")
@requires(RECORD)
def create_end(lookup_id: UUID) -> Response:
    """End one's own look-up before its time."""
    one = policy.lookup_or_404(current_user, lookup_id, to_review=False)
    if lookups.end(db.session(), current_user, one, utc_now()):
        detail = {"lookup": str(one.id)}
        log.write(db.session(), current_user, "lookup_ended", patient_id=one.patient_id, unit_id=one.unit_id, detail=detail)
        db.session().commit()
    return redirect("/lookups", 303)  # type: ignore[return-value]


@bp.get("/review/lookups")
@requires(REVIEW)
def show_to_review() -> Response:
    """What others looked up in the units this person leads."""
    log.seen(current_user, "lookups")
    return review_page()


def review_page(problem: str = "", status: int = 200) -> Response:
    lang, t = reader()
    asked = request.args.get("page", "")
    number = max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    told = lookups.to_review(db.session(), policy.lookups_to_review(current_user), number, utc_now(), t)
    whole = page(t("Begrunnede oppslag"), "/review", lang, t, **told, problem=t(problem) if problem else "")
    return make_response(render_template("audit/lookup_list.html", **whole), status)


@bp.post("/review/lookups/<uuid:lookup_id>/review")
@requires(REVIEW)
def create_review(lookup_id: UUID) -> Response:
    """What the leader thinks of it."""
    one = policy.lookup_or_404(current_user, lookup_id, to_review=True)
    made = reviews.add(db.session(), current_user, lookups.about(one), request.form)
    if isinstance(made, Refused):
        return review_page(made.reason, 422)
    log.write(
        db.session(), current_user, "lookup_reviewed", patient_id=one.patient_id, unit_id=one.unit_id, reason=made.note,
        detail={"reviewed": str(one.id), "verdict": made.verdict},
    )  # fmt: skip
    db.session().commit()
    return redirect("/review/lookups", 303)  # type: ignore[return-value]
