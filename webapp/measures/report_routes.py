"""The month of a unit as a page for paper."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import STATISTICS, requires
from webapp.language import reader
from webapp.measures import report
from webapp.measures.routes import as_of_now, chosen_unit

bp = Blueprint("measure_report", __name__, url_prefix="/measures")


@bp.get("/report")
@requires(STATISTICS)
def month() -> str:
    """Charts, verdicts, coverage, what changed and the definitions, for one month of one unit."""
    unit, (lang, t), only = chosen_unit(), reader(), policy.sees_numbers_only(current_user)
    if unit is None:
        abort(404)
    today, fresh = as_of_now(unit)
    asked = report.month_of(request.args.get("month", ""), today)
    log.seen(current_user, "coverage", unit_id=unit.id, detail={"report": asked.isoformat()})
    context = report.page(db.session(), unit, asked, fresh, datetime.now(UTC), only, t, lang)
    every = policy.counted_units(db.session(), current_user)
    context |= {"unit_name": unit.name, "unit_id": str(unit.id), "numbers_only": only,
                "unit_links": [{"text": it.name, "url": f"?unit={it.id}&month={asked:%Y-%m}", "here": it.id == unit.id}
                               for it in every if len(every) > 1]}  # fmt: skip
    return render_template("measures/report.html", **frame(current_user, lang, t, t("Månedsrapport"), "/measures"), **context)
