"""Behind a point, and a chart as a file."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import STATISTICS, requires
from webapp.bedside import says
from webapp.language import reader
from webapp.measures import behind, decide, export, marks, months, one, pages, picture, recorded, verdicts
from webapp.measures.declared import Count
from webapp.measures.one import Asked
from webapp.measures.routes import as_of_now, chosen
from webapp.measures.series import Series
from webapp.models import MeasureDecision
from webapp.words import Translate

bp = Blueprint("measure_points", __name__, url_prefix="/measures/one")
KINDS = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


def read(it: Asked, now: datetime, fresh: pages.Fresh) -> tuple[Series, list[MeasureDecision], bool]:
    only = policy.sees_numbers_only(current_user)
    made = decide.of(db.session(), it.unit.id, [it.count.id]).get(it.count.id, [])
    shown = one.read(db.session(), it, now, fresh, only, made)
    if shown is None:
        abort(404)
    return shown, made, only


@bp.get("/point")
@requires(STATISTICS)
def point() -> str:
    """The people and checks of one point, and what would raise it; for who sees numbers only, the numbers."""
    it, (lang, t), now = chosen(), reader(), datetime.now(UTC)
    fresh = as_of_now(it.unit)[1]
    shown, _made, only = read(it, now, fresh)
    place = next((n for n, this in enumerate(shown.points) if this.period.isoformat() == request.args.get("period")), None)
    if place is None:
        abort(404)
    period, title = shown.points[place].period, says.text(it.count.text["title"], lang)
    imported, people = shown.points[place].imported, {}
    if not only and not imported and isinstance(it.count, Count):
        people = behind.point(db.session(), it.unit, it.count, it.grain, period, now, fresh, t)
    told = {"measure": it.count.id, "period": period.isoformat(), "by": it.grain}
    log.seen(current_user, "coverage" if only else "measure_people", unit_id=it.unit.id, detail=told)
    name = f"{verdicts.grain_word(it.grain, t)} {months.named(period, it.grain)}"
    context = {"row": pages.row(shown, place, only, t), "word": pages.word(shown, t), "measure": title, "back": it.url(),
               "unit_name": it.unit.name, "numbers_only": only, "heading": name, "imported": imported,
               "kept": "" if only or not it.count.is_kept else f"{recorded.path(it.count.id)}?unit={it.unit.id}", **people}  # fmt: skip
    return render_template("measures/point.html", **frame(current_user, lang, t, f"{title}: {name}", "/measures"), **context)


@bp.get("/file.<any(csv, xlsx, svg):ending>")
@requires(STATISTICS)
def file(ending: str) -> Response:
    """The chart that is shown, with its numbers."""
    it, (lang, t), now = chosen(), reader(), datetime.now(UTC)
    whole, made, only = read(it, now, as_of_now(it.unit)[1])
    shown = whole.since(it.since(now.date()))
    log.seen(current_user, "measure_export", unit_id=it.unit.id, detail={"measure": it.count.id, "kind": ending})
    sheet = export.Sheet(shown, it.unit.name, only, decide.history(db.session(), made, t), t, lang)
    body = export.xlsx(sheet) if ending == "xlsx" else export.csv(sheet) if ending == "csv" else drawn(it, sheet, made, t)
    answer = Response(body, content_type=KINDS[ending])
    answer.headers["Content-Disposition"] = f'attachment; filename="{export.filename(sheet, ending)}"'
    return answer


def drawn(it: Asked, sheet: export.Sheet, made: list[MeasureDecision], t: Translate) -> str:
    shown = sheet.shown
    every = decide.notes(made, t) + marks.of_unit(db.session(), it.unit.id).get(it.count.id, [])
    noted = marks.drawn(every, shown.points, shown.grain, sheet.only, t)
    names = [t("Måling"), verdicts.centre_word(shown, t), t("Mål"), t("Nedre kontrollgrense"), t("Øvre kontrollgrense"), t("Importert"),
             t("Teller ikke med")]  # fmt: skip
    title = f"{sheet.title}, {sheet.unit}"
    return picture.svg(shown, title, verdicts.verdict(shown, t)[1], [(each["at"], each["n"]) for each in noted], names)
