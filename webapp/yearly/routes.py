"""The yearly review of a unit: read by who reads its numbers, written by who leads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy, policy_work
from webapp.accounts.policy import REVIEW, STATISTICS, requires
from webapp.improvement.routes import answer, today
from webapp.improvement.work import Refused
from webapp.language import reader
from webapp.measures import store
from webapp.measures.routes import as_of_now, chosen_unit
from webapp.models import Unit
from webapp.yearly import pages, texts, years
from webapp.yearly.years import Year

bp = Blueprint("yearly", __name__, url_prefix="/measures/year")


def year_asked(said: str) -> Year | None:
    return years.asked(said, store.began(db.session(), today()), today())


def usual_year() -> Year:
    return years.usual(store.began(db.session(), today()), today())


@bp.get("")
@requires(STATISTICS)
def show_year() -> Response:
    """What was planned, done, found and put right in a year, and what the leader says of it."""
    unit = chosen_unit()
    if unit is None:
        abort(404)
    year = year_asked(request.args.get("year", "")) or usual_year()
    log.seen(current_user, "coverage", unit_id=unit.id, detail={"report": str(year.number)})
    return page(unit, year)


@bp.post("/texts")
@requires(REVIEW)
def create_text() -> Response:
    """A new version of what the leader writes under a part, or that the year was reviewed."""
    unit, year = policy_work.led_unit_or_404(current_user, request.form.get("unit", "")), year_asked(request.form.get("year", ""))
    if unit is None:
        abort(404)
    made = texts.write(db.session(), unit.id, year, request.form, current_user)
    if isinstance(made, Refused) or year is None:
        db.session().rollback()
        _lang, t = reader()
        return page(unit, year or usual_year(), 422, t(made.reason) if isinstance(made, Refused) else "", request.form)
    log.write(db.session(), current_user, "work_changed", unit_id=unit.id)
    db.session().commit()
    return redirect(f"/measures/year?unit={unit.id}&year={year.number}&done=saved", 303)  # type: ignore[return-value]


def page(unit: Unit, year: Year, status: int = 200, problem: str = "", said: Mapping[str, str] | None = None) -> Response:
    (lang, t), only = reader(), policy.sees_numbers_only(current_user)
    context: dict[str, Any] = pages.page(db.session(), unit, year, as_of_now(unit)[1], only, said or {}, t, lang)
    every = policy.counted_units(db.session(), current_user)
    links = [{"text": it.name, "url": f"?unit={it.id}&year={year.number}", "here": it.id == unit.id} for it in every if len(every) > 1]
    done = t("Teksten er lagret.") if request.args.get("done") == "saved" else ""
    return answer("yearly/year.html", t("Årlig gjennomgang"), status, **context, unit_id=str(unit.id), unit_name=unit.name,
                  unit_links=links, numbers_only=only, problem=problem, done=done)  # fmt: skip
