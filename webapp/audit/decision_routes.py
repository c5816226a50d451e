"""Wrong person, deletion by law, blocked information: decided by the journal-responsible alone, with a reason, and logged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.policy import JOURNAL, requires
from webapp.audit import decision_pages, lookups
from webapp.audit.routes import bp, page
from webapp.language import reader
from webapp.models import CheckRecord, Patient, utc_now
from webapp.sync import taken_out
from webapp.sync.hidden import MOVE
from webapp.sync.taken_out import Refused

KEPT = ("kind", "reason", "name", "born")


@bp.get("/people/<uuid:ref>/checks")
@requires(JOURNAL)
def show_checks(ref: UUID) -> str:
    """A service user's records, shown and taken out."""
    lang, t = reader()
    person = db.session().get(Patient, ref)
    if person is None:
        log.refused(current_user, request.endpoint or "", "person")
        abort(404)
    log.seen(current_user, "timeline", patient_id=ref, unit_id=person.unit_id)
    told = decision_pages.listing(db.session(), person, decision_pages.number(request.args.get("page", "")), t, lang)
    return render_template("audit/checks.html", **page(t("Registreringer"), "/journal/people", lang, t, **told))


@bp.get("/checks/<uuid:check_id>")
@requires(JOURNAL)
def show_check(check_id: UUID) -> Response:
    """One record and what was decided about it."""
    found = policy.record_or_404(current_user, check_id)
    log.seen(current_user, "check", patient_id=found.patient_id, unit_id=found.unit_id)
    return check_page(found)


def check_page(check: CheckRecord, problem: str = "", status: int = 200) -> Response:
    lang, t = reader()
    filled: dict[str, Any] = {name: request.form.get(name, "")[:500] for name in KEPT}
    told = decision_pages.one(db.session(), check, t, lang)
    whole = page(t("Registrering"), "/journal/people", lang, t, **told, filled=filled, problem=t(problem) if problem else "")
    return make_response(render_template("audit/check.html", **whole), status)


@bp.post("/checks/<uuid:check_id>/decision")
@requires(JOURNAL)
def create_decision(check_id: UUID) -> Response:
    """Move it to whom it is about, delete, block, show again, or say no to who asked."""
    check, session, kind = policy.record_or_404(current_user, check_id), db.session(), request.form.get("kind", "")
    right = lookups.find(session, request.form) if kind == MOVE else None
    if right is not None and not isinstance(right, Patient):
        return check_page(check, Refused("Fant ingen bruker med dette navnet og denne fødselsdatoen. Ingenting er endret.").reason, 422)
    seen = decision_pages.number(request.form.get("seen", "")) if request.form.get("seen", "0") != "0" else 0
    made = taken_out.decide(session, check, kind, request.form.get("reason", ""), current_user, utc_now(), person=right, seen=seen)
    if isinstance(made, Refused):
        session.rollback()
        return check_page(check, made.reason, 422)
    more: dict[str, Any] = {"reason": made.reason, "detail": {"check": str(check.id), "decision": str(made.id)}}
    log.write(session, current_user, f"record_{kind}", patient_id=check.patient_id, unit_id=check.unit_id, **more)
    if right is not None:
        log.write(session, current_user, "record_received", patient_id=right.id, unit_id=right.unit_id, **more)
    session.commit()
    return redirect(f"/journal/checks/{check_id}", 303)  # type: ignore[return-value]
