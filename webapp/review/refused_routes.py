"""The supervisor's pages for refused records: the list, one of them, and what is decided about it."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.policy import REVIEW, requires
from webapp.language import reader
from webapp.models import Quarantine
from webapp.review import refused, taking_in
from webapp.review.refused import Form
from webapp.review.routes import bp, chosen, now_text, page
from webapp.sync import repair, storing


@bp.get("/quarantine")
@requires(REVIEW)
def quarantine() -> Response:
    """Records that were kept but not accepted."""
    return list_page()


@bp.post("/quarantine")
@requires(REVIEW)
def take_in() -> Response:
    """Those in order now, all at once; each is a decision of its own, with this reason."""
    reason, t = request.form.get("reason", ""), reader()[1]
    done = taking_in.take_in(current_user, reason)
    if isinstance(done, repair.Refused):
        return list_page(422, problem=t(done.reason), reason=reason)
    return list_page(message=taking_in.words(done, t))


def list_page(status: int = 200, **told: str) -> Response:
    """The list, with what became of what was asked."""
    lang, t = reader()
    log.seen(current_user, "quarantine")
    listed = refused.listing(current_user, chosen().page, t, now_text(), lang)
    whole = page(t("Ikke godtatt"), "/review/quarantine", lang, t, **listed, **{"message": "", "problem": "", "reason": "", **told})
    return make_response(render_template("review/quarantine.html", **whole), status)


@bp.route("/quarantine/<envelope_hash>", methods=["GET", "POST"])
@requires(REVIEW)
def refused_record(envelope_hash: str) -> Response:
    """One refused record, judged again now; a search for whom it is about comes in the body."""
    record = policy.quarantined_or_404(current_user, envelope_hash)
    return record_page(record, Form.read(request.form))


def record_page(record: Quarantine, form: Form, status: int = 200, problem: str = "") -> Response:
    """The page of one record, with what was filled in and a problem to tell if there is one."""
    lang, t = reader()
    found = refused.detail(current_user, record, form, t, now_text(), lang)
    seen = found.pop("patient_id")
    log.seen(current_user, "quarantine_record", patient_id=seen, unit_id=record.unit_id)
    whole = page(found["title_text"], "/review/quarantine", lang, t, **found, problem=t(problem) if problem else "")
    return make_response(render_template("review/refused.html", **whole), status)


@bp.post("/quarantine/<envelope_hash>/decision")
@requires(REVIEW)
def create_decision(envelope_hash: str) -> Response:
    """Take a record in, put it right, or leave it out; the record itself is kept either way."""
    record, form = policy.quarantined_or_404(current_user, envelope_hash), Form.read(request.form)
    try:
        done = repair.decide(db.session(), envelope_hash, form.wish, current_user)
        if not isinstance(done, repair.Refused):
            db.session().commit()
            return redirect(f"/review/quarantine/{envelope_hash}", 303)  # type: ignore[return-value]
    except storing.Raced:
        done = repair.Refused("Registreringen kom inn på nytt samtidig. Se på den igjen. Ingenting er endret.")
    db.session().rollback()
    return record_page(record, form, 422, done.reason)
