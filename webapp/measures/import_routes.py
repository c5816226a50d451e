"""Taking in old series from files: choose, look, confirm, and take the whole of it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import IMPROVE, requires
from webapp.language import reader
from webapp.measures import import_pages, imported, old_series, sheet_file
from webapp.measures.import_pages import Context, Read
from webapp.measures.months import touched
from webapp.measures.routes import as_of_now, chosen_unit
from webapp.measures.sheet_file import Refused
from webapp.models import MeasureImport, Unit
from webapp.security import limiter

bp = Blueprint("measure_import", __name__, url_prefix="/measures/import")
DONE = {"stored": "Tallene er importert.", "undone": "Importen er angret. Tallene vises ikke lenger."}
CHOOSE = Refused("Velg en måling og en fil. Ingenting er lagret.")


def unit_or_404() -> Unit:
    unit = chosen_unit()
    if unit is None:
        abort(404)
    return unit


@bp.get("")
@requires(IMPROVE)
def imports() -> Response:
    """Where a file is chosen, and what was imported before."""
    return _page(unit_or_404())


@bp.post("/preview")
@requires(IMPROVE)
@limiter.limit("60 per minute")
def preview() -> Response:
    """What the file would become. Nothing is stored: the page carries the rows."""
    unit, (lang, t) = unit_or_404(), reader()
    found = _read(as_of_now(unit)[0])
    if isinstance(found, Refused):
        return _page(unit, 422, t(found.reason))
    return _page(unit, shown=import_pages.preview(db.session(), unit, found, as_of_now(unit)[1], as_of_now(unit)[0], t, lang))


@bp.post("")
@requires(IMPROVE)
def create_import() -> Response:
    """What was looked at is taken in, read anew from what the page carried."""
    unit, (_lang, t) = unit_or_404(), reader()
    today, fresh = as_of_now(unit)
    found = _read(today)
    if isinstance(found, Refused):
        return _page(unit, 422, t(found.reason))
    ours = import_pages.own_months(db.session(), unit, found.count, fresh, today)
    new = {period: one for period, one in found.periods.items() if not touched(period, found.per) & ours}
    if not new:
        return _page(unit, 422, t("Det er ingen punkter å importere. Ingenting er lagret."))
    there = imported.kept(db.session(), unit.id, found.count.id).get(found.per, {})
    if all(there.get(period) == (one.num, one.den) for period, one in new.items()):
        return _page(unit, 422, t("Disse tallene er importert fra før. Ingenting er endret."))
    imported.store(db.session(), current_user, unit, found.count.id, found.file, found.per, new)
    db.session().commit()
    return redirect(f"/measures/import?unit={unit.id}&done=stored", 303)  # type: ignore[return-value]


@bp.post("/<uuid:import_id>/undoing")
@requires(IMPROVE)
def undo_import(import_id: UUID) -> Response:
    """A whole import is taken back."""
    unit, (_lang, t) = unit_or_404(), reader()
    old = db.session().get(MeasureImport, import_id)
    if old is None or old.unit_id != unit.id or old.undoes:
        log.refused(current_user, request.endpoint or "", "import")
        abort(404)
    try:
        imported.undo(db.session(), current_user, old)
        db.session().commit()
    except IntegrityError:  # it was taken back already
        db.session().rollback()
        return _page(unit_or_404(), 422, t("Importen er angret fra før. Ingenting er endret."))
    return redirect(f"/measures/import?unit={unit.id}&done=undone", 303)  # type: ignore[return-value]


def _read(today: date) -> Read | Refused:
    """The file sent, or the rows that came back with what the columns are said to be."""
    count = next((it for it in import_pages.takes() if it.id == request.form.get("measure")), None)
    sent = request.files.get("file")
    if count is None:
        return CHOOSE
    if sent is not None:
        rows = sheet_file.read(sent.read(sheet_file.MOST_BYTES + 1))
        if isinstance(rows, Refused):
            return rows
        return import_pages.read(count, named(sent.filename or ""), rows, old_series.guess(rows), today)
    carried = import_pages.carried(request.form.get("table", ""))
    if carried is None:
        return CHOOSE
    return import_pages.read(count, named(request.form.get("name", "")), carried, import_pages.columns(request.form), today,
                             request.form.get("per", ""))


def named(said: str) -> str:
    """The file's own name, without its folders."""
    return sheet_file.tidy(said.replace("\\", "/").rpartition("/")[2]) or "–"


def _page(unit: Unit, status: int = 200, problem: str = "", shown: Context | None = None) -> Response:
    lang, t = reader()
    log.seen(current_user, "coverage", unit_id=unit.id)
    every = policy.counted_units(db.session(), current_user)
    links = [{"text": it.name, "url": f"?unit={it.id}", "here": it.id == unit.id} for it in every if len(every) > 1]
    context = import_pages.page(db.session(), unit, t, lang) | {"shown": shown, "problem": problem, "unit_links": links}
    done = DONE.get(request.args.get("done", ""), "")
    context |= {"unit_id": str(unit.id), "unit_name": unit.name, "done": t(done) if done else "",
                "chosen": request.form.get("measure") or request.args.get("m", "")}  # fmt: skip
    whole = render_template("measures/import.html", **frame(current_user, lang, t, t("Importer eldre tall"), "/measures"), **context)
    return make_response(whole, status)
