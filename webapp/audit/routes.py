"""The journal-responsible's pages: the access log, its export, and a service user's printout. Looking at the log is logged too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from webapp import csv_file, db
from webapp.accounts import log
from webapp.accounts.pages import frame
from webapp.accounts.policy import LOG, requires
from webapp.audit import log_pages, printout, rows
from webapp.audit.rows import Filter
from webapp.language import reader
from webapp.models import Patient, utc_now
from webapp.words import Translate

bp = Blueprint("audit", __name__, url_prefix="/journal")
MOST_ROWS = 100_000  # of an export; longer periods are taken in parts


def page(title: str, here: str, lang: str, t: Translate, **more: Any) -> dict[str, Any]:
    """A page's context."""
    return {**frame(current_user, lang, t, title, here), **more}


def told(asked: Filter) -> dict[str, Any]:
    """What the log says of how it was looked at."""
    said = {"from_day": asked.first.isoformat(), "to_day": asked.last.isoformat(), "kind": asked.kind, "page": asked.page}
    return said | ({"employee": str(asked.employee)} if asked.employee else {})


@bp.get("")
@requires(LOG)
def show_log() -> str:
    """A page of the log."""
    lang, t = reader()
    asked = Filter.read(request.args, utc_now())
    log.seen(current_user, "log", patient_id=asked.person, detail=told(asked))
    whole = log_pages.whole(db.session(), t, at_any_length=False)
    listed = log_pages.listing(db.session(), asked, t)
    return render_template("audit/log.html", **page(t("Tilgangslogg"), "/journal", lang, t, **listed, whole=whole))


@bp.get("/whole")
@requires(LOG)
def show_whole() -> str:
    """Whether the log is whole, however long it is."""
    lang, t = reader()
    log.seen(current_user, "log", detail={"whole": True})
    whole = log_pages.whole(db.session(), t, at_any_length=True)
    return render_template("audit/whole.html", **page(t("Er loggen hel?"), "/journal", lang, t, whole=whole))


@bp.get("/log.csv")
@requires(LOG)
def export_log() -> Response:
    """The rows asked for, as a file."""
    _lang, t = reader()
    asked = Filter.read(request.args, utc_now())
    log.seen(current_user, "log_export", patient_id=asked.person, detail=told(asked))
    answer = make_response("".join(export(db.session(), asked, t)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="tilgangslogg.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def export(session: Session, asked: Filter, t: Translate) -> Any:
    header = [t("Tidspunkt"), t("Hvem"), t("Rolle og enhet"), t("Hva"), t("Bruker"), t("Født"), t("Nettbrett eller telefon"),
              t("På enheten"), t("Grunn")]
    found = session.scalars(rows.select_rows(asked).limit(MOST_ROWS)).all()
    known = rows.names(session, found)
    keys = ("at", "who", "role", "text", "person", "born", "device", "offline", "reason")
    said = (log_pages.line(row, known, t) for row in found)
    return csv_file.lines(header, ([one[key] for key in keys] for one in said))


@bp.route("/people", methods=["GET", "POST"])
@requires(LOG)
def people() -> str:
    """Whose log it is about; the search comes in the body."""
    lang, t = reader()
    if request.method == "POST":
        log.seen(current_user, "log_search")
    found = log_pages.people(db.session(), request.form.get("q", ""), t)
    return render_template("audit/people.html", **page(t("Innsyn"), "/journal/people", lang, t, **found))


@bp.get("/people/<uuid:ref>")
@requires(LOG)
def show_printout(ref: UUID) -> str:
    """Who looked at or changed this service user's record: to be printed and given to her (REQ-07)."""
    lang, t = reader()
    person = db.session().get(Patient, ref)
    if person is None:
        log.refused(current_user, request.endpoint or "", "person")
        abort(404)
    asked = Filter.read({"from": rows.earliest(utc_now()).isoformat(), **request.args, "person": str(ref)}, utc_now())
    log.seen(current_user, "log_print", patient_id=ref, detail=told(asked))
    found = printout.context(db.session(), person, asked, utc_now(), t, lang)
    return render_template("audit/printout.html", **page(t("Utskrift av tilgangslogg"), "/journal/people", lang, t, **found))
