"""The board, the green cross and the walk-rounds of a unit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask import session as cookie
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy_work
from webapp.accounts.policy import REVIEW, requires
from webapp.improvement import kinds, work
from webapp.improvement.routes import OSLO, answer, created, done_words, form_page, seen, today, unit_links
from webapp.improvement.work import Refused
from webapp.language import reader
from webapp.leadership import board, cross, visits
from webapp.models import Unit

bp = Blueprint("leadership", __name__, url_prefix="/leadership")
NAMES = "board_names_until"


def unit_asked(said: str) -> Unit:
    unit = policy_work.led_unit_or_404(current_user, said)
    if unit is None:
        abort(404)
    return unit


def names_shown(now: datetime) -> bool:
    """Whether this browser was asked to show names a short while ago."""
    return float(cookie.get(NAMES, 0)) > now.timestamp()


def board_list(unit: Unit) -> dict[str, Any]:
    lang, t = reader()
    now = datetime.now(UTC)
    local = now.astimezone(OSLO).isoformat(timespec="seconds")
    return board.listing(db.session(), unit, names_shown(now), local, t, lang)


@bp.get("/board")
@requires(REVIEW)
def show_board() -> Response:
    """Open flags by urgency, for a big screen."""
    _lang, t = reader()
    unit = unit_asked(request.args.get("unit", ""))
    log.seen(current_user, "board", unit_id=unit.id)
    return answer("leadership/board.html", t("Tavlemøte"), unit_links=unit_links(unit), **board_list(unit))


@bp.get("/board/list")
@requires(REVIEW)
def board_rows() -> Response:
    """The list again if it is another than `since`; 204 if not."""
    unit, now = unit_asked(request.args.get("unit", "")), datetime.now(UTC)
    local = now.astimezone(OSLO).isoformat(timespec="seconds")
    if request.args.get("since", "") == board.state(db.session(), unit, names_shown(now), local):
        return make_response("", 204)
    log.seen(current_user, "board", unit_id=unit.id)
    lang, _t = reader()
    return make_response(render_template("leadership/_board.html", lang=lang, **board_list(unit)))


@bp.post("/board/names")
@requires(REVIEW)
def show_names() -> Response:
    """Names instead of initials for ten minutes, or initials again."""
    unit = unit_asked(request.form.get("unit", ""))
    shown = request.form.get("show") == "yes"
    cookie[NAMES] = (datetime.now(UTC) + board.NAMES_FOR).timestamp() if shown else 0
    if shown:
        log.write(db.session(), current_user, "board_names", unit_id=unit.id)
        db.session().commit()
    return redirect(f"/leadership/board?unit={unit.id}", 303)  # type: ignore[return-value]


def a_day(said: str) -> date | None:
    return date.fromisoformat(said) if kinds.is_day(said) else None


def cross_page(unit: Unit, day: date, problem: str = "", status: int = 200) -> Response:
    _lang, t = reader()
    done = {"decided": t("Dagen er bestemt."), "back": t("Endringen er tatt tilbake.")}.get(request.args.get("done", ""), "")
    found = cross.month_page(db.session(), unit, min(day, today()), today(), t)
    return answer("leadership/cross.html", t("Grønt kors"), status, one=found, unit_id=str(unit.id), unit_name=unit.name, done=done,
                  unit_links=unit_links(unit), problem=t(problem) if problem else "")  # fmt: skip


@bp.get("/cross")
@requires(REVIEW)
def show_cross() -> Response:
    """A month's cross and one day of it."""
    unit = unit_asked(request.args.get("unit", ""))
    log.seen(current_user, "work", unit_id=unit.id)
    return cross_page(unit, a_day(request.args.get("day", "")) or today())


@bp.post("/cross")
@requires(REVIEW)
def decide_day() -> Response:
    """A person says which colour the day had."""
    unit, day = unit_asked(request.form.get("unit", "")), a_day(request.form.get("day", ""))
    return settled(unit, day, cross.decide(db.session(), unit.id, day, request.form, current_user, today()), "decided")


@bp.post("/cross/undo")
@requires(REVIEW)
def undo_day() -> Response:
    """Take back what was said last about a day."""
    unit, day = unit_asked(request.form.get("unit", "")), a_day(request.form.get("day", ""))
    item = work.one(db.session(), cross.ident(unit.id, day)) if day else None
    made = work.take_back(db.session(), item, current_user, seen()) if item else Refused(work.OVERTAKEN)
    return settled(unit, day, made, "back")


def settled(unit: Unit, day: date | None, made: work.Item | Refused, done: str) -> Response:
    if isinstance(made, Refused):
        db.session().rollback()
        return cross_page(unit, day or today(), made.reason, 422)
    log.write(db.session(), current_user, "work_changed", unit_id=unit.id)
    db.session().commit()
    return redirect(f"/leadership/cross?unit={unit.id}&day={day}&done={done}", 303)  # type: ignore[return-value]


@bp.get("/visits")
@requires(REVIEW)
def list_visits() -> Response:
    """The walk-rounds of a unit, and what was agreed on them."""
    lang, t = reader()
    unit = unit_asked(request.args.get("unit", ""))
    log.seen(current_user, "work", unit_id=unit.id)
    found = visits.listing(db.session(), unit, today(), t, lang)
    return answer("leadership/visits.html", t("Visitter"), **found, unit_id=str(unit.id), unit_links=unit_links(unit),
                  **done_words())  # fmt: skip


@bp.get("/visits/new")
@requires(REVIEW)
def new_visit() -> Response:
    """The form for a walk-round."""
    return form_page("visit", unit_asked(request.args.get("unit", "")).id, None, None, {"planned": today().isoformat()})


@bp.post("/visits/new")
@requires(REVIEW)
def create_visit() -> Response:
    """A walk-round, planned or held."""
    return created("visit", unit_asked(request.form.get("unit", "")).id, None)


@bp.get("/visits/<uuid:item_id>")
@requires(REVIEW)
def show_visit(item_id: UUID) -> Response:
    """One walk-round."""
    lang, t = reader()
    item = policy_work.item_or_404(current_user, item_id, "visit")
    if item.gone:
        log.refused(current_user, request.endpoint or "", "work")
        abort(404)
    log.seen(current_user, "work", unit_id=item.unit_id)
    unit = db.session().get_one(Unit, item.unit_id)
    return answer("leadership/visit.html", t("Pasientsikkerhetsvisitt"), one=visits.one(db.session(), item, today(), t, lang),
                  unit_id=str(unit.id), unit_name=unit.name, **done_words())  # fmt: skip
