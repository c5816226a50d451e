"""Measures as pages: "Blir vi bedre?" for a unit, one measure, and what is decided about its chart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.pages import frame
from webapp.accounts.policy import IMPROVE, STATISTICS, requires
from webapp.bedside import says
from webapp.language import reader
from webapp.measures import decide, lately, not_counted, one, pages
from webapp.measures.one import Asked
from webapp.models import MeasureDecision, Unit

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


def chosen() -> Asked:
    """The unit, measure and chart of the address."""
    unit = chosen_unit()
    count = next((it for it in pages.order() if it.id == request.args.get("m")), None)
    if unit is None or count is None:
        abort(404)
    return one.asked(unit, count, request.args, policy.sees_numbers_only(current_user))


def as_of_now(unit: Unit) -> tuple[date, pages.Fresh]:
    """(today, facts of the unit's people whose stored ones are of earlier): reading writes nothing."""
    return lately.of(db.session(), unit.id, datetime.now(UTC))


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
    links = [{"text": it.name, "url": f"?unit={it.id}", "here": unit is not None and it.id == unit.id} for it in every]
    context = {"unit": section, "unit_links": links if len(links) > 1 else [], "numbers_only": policy.sees_numbers_only(current_user),
               "not_counted": not_counted.listed([it.id for it in pages.order()], t),
               "may_decide": policy.may(current_user, IMPROVE)}  # fmt: skip
    return render_template("measures/unit.html", **frame(current_user, lang, t, t("Målinger"), "/measures"), **context)


@bp.get("/one")
@requires(STATISTICS)
def one_measure() -> Response:
    """One measure: its chart, its definition, and for who leads the unit the people behind the newest point."""
    return _page(chosen())


@bp.post("/one/decisions")
@requires(IMPROVE)
def create_decision() -> Response:
    """A baseline, a phase, a point left out, a note or a target."""
    it, (_lang, t), now = chosen(), reader(), datetime.now(UTC)
    made = decide.of(db.session(), it.unit.id, [it.count.id]).get(it.count.id, [])
    shown = one.read(db.session(), it, now, as_of_now(it.unit)[1], False, made)
    problem = decide.wrong(shown, request.form, t) if shown else t("Velg et punkt i diagrammet. Ingenting er endret.")
    if shown is None or problem:
        return _page(it, 422, problem)
    decide.decide(db.session(), current_user, shown, it.unit, request.form)
    db.session().commit()
    return redirect(it.url(), 303)  # type: ignore[return-value]


@bp.post("/one/decisions/<uuid:decision_id>/undoing")
@requires(IMPROVE)
def create_undoing(decision_id: UUID) -> Response:
    """A decision is taken back, with a reason; both stay."""
    it, (_lang, t) = chosen(), reader()
    old = db.session().get(MeasureDecision, decision_id)
    if old is None or (old.unit_id, old.measure) != (it.unit.id, it.count.id):
        log.refused(current_user, request.endpoint or "", "decision")
        abort(404)
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > decide.REASON_MAX or "\0" in reason:
        return _page(it, 422, t("Skriv hvorfor, høyst 500 tegn. Ingenting er endret."))
    if old not in decide.holding(decide.of(db.session(), it.unit.id, [it.count.id])[it.count.id]):
        return _page(it, 422, t("Den er opphevet fra før. Ingenting er endret."))
    decide.undo(db.session(), current_user, old, reason)
    db.session().commit()
    return redirect(it.url(), 303)  # type: ignore[return-value]


def _page(it: Asked, status: int = 200, problem: str = "") -> Response:
    lang, t = reader()
    now, only = datetime.now(UTC), policy.sees_numbers_only(current_user)
    context = one.page(db.session(), it, now, as_of_now(it.unit)[1], only, t, lang)
    log.seen(current_user, "coverage", unit_id=it.unit.id, detail={"measure": it.count.id})
    text = {name: says.text(it.count.text[name], lang) for name in ("numerator", "denominator", "exclusions")}
    text["note"] = pages.notes(it.count, lang)
    title = says.text(it.count.text["title"], lang)
    context |= {"unit_name": it.unit.name, "unit_id": str(it.unit.id), "text": text, "version": it.count.bundle, "numbers_only": only}
    context |= {"problem": problem, "said": {name: request.form.get(name, "") for name in ("kind", "period", "reason", "value")},
                "may_decide": policy.may(current_user, IMPROVE), "here": it.url(), "query": it.url("")}  # fmt: skip
    whole = render_template("measures/one.html", **frame(current_user, lang, t, title, "/measures"), heading=title, **context)
    return make_response(whole, status)
