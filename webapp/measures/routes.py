"""Measures as pages: "Blir vi bedre?" for a unit, and one measure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import STATISTICS, requires
from webapp.bedside import says
from webapp.language import reader
from webapp.measures import months, pages, points, store
from webapp.models import Unit

bp = Blueprint("measures", __name__, url_prefix="/measures")


def chosen_unit() -> Unit | None:
    """The unit asked for, among those whose numbers this person may see; the first of them when none is asked for."""
    every = policy.counted_units(db.session(), current_user)
    try:
        asked = UUID(request.args["unit"]) if request.args.get("unit") else None
    except ValueError:
        abort(404)
    found = next((unit for unit in every if asked in (None, unit.id)), None)
    if asked is not None and found is None:
        log.refused(current_user, request.endpoint or "", "unit")
        abort(404)
    return found


def as_of_now(unit: Unit) -> tuple[date, pages.Fresh]:
    """(today, facts of the unit's people whose stored ones are of earlier): reading writes nothing."""
    now = datetime.now(UTC)
    today = now.astimezone(store.OSLO).date()
    return today, dict(store.computed(db.session(), store.stale(db.session(), today, [unit.id]), now))


@bp.get("")
@requires(STATISTICS)
def unit_measures() -> str:
    """Small multiples of one unit."""
    lang, t = reader()
    unit, section = chosen_unit(), None
    log.seen(current_user, "coverage", unit_id=unit.id if unit else None)
    if unit is not None:
        section = pages.unit_page(db.session(), unit, *as_of_now(unit), policy.sees_numbers_only(current_user), t, lang)
    every = policy.counted_units(db.session(), current_user)
    links = [{"text": one.name, "url": f"?unit={one.id}", "here": unit is not None and one.id == unit.id} for one in every]
    context = {"unit": section, "unit_links": links if len(links) > 1 else [], "numbers_only": policy.sees_numbers_only(current_user)}
    return render_template("measures/unit.html", **frame(current_user, lang, t, t("Målinger"), "/measures"), **context)


@bp.get("/one")
@requires(STATISTICS)
def one_measure() -> str:
    """One measure: its chart, its definition, and for who leads the unit the people behind the newest point."""
    lang, t = reader()
    unit = chosen_unit()
    count = next((one for one in pages.order() if one.id == request.args.get("m")), None)
    if unit is None or count is None:
        abort(404)
    (today, fresh), only = as_of_now(unit), policy.sees_numbers_only(current_user)
    found = points.of_unit(db.session(), unit.id, date(1900, 1, 1), today, fresh).get(count.id, [])
    card = pages.card(count, found, unit, only, t, lang) if found else None
    log.seen(current_user, "coverage" if only else "people", unit_id=unit.id)
    text = {name: says.text(count.text[name], lang) for name in ("numerator", "denominator", "exclusions")}
    behind = {} if only else pages.behind(db.session(), unit, count, months.first_of(today), fresh, t)
    title = says.text(count.text["title"], lang)
    context = {"one": card, "unit_name": unit.name, "unit_id": str(unit.id), "text": text, "version": count.bundle, **behind}
    return render_template("measures/one.html", **frame(current_user, lang, t, title, "/measures"), heading=title, **context)
