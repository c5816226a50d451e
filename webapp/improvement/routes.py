"""Improvement work: projects of a unit, one project, and the form for anything in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy_work
from webapp.accounts.pages import frame
from webapp.accounts.policy import REVIEW, requires
from webapp.improvement import attached, kinds, named, pages, work
from webapp.improvement.attached import Sent
from webapp.improvement.work import Item, Refused
from webapp.language import reader
from webapp.models import Unit

bp = Blueprint("improvement", __name__, url_prefix="/improvement")
OSLO = ZoneInfo("Europe/Oslo")
MENU = "/measures"
DONE = {"saved": "Lagret.", "gone": "Tatt bort.", "back": "Endringen er tatt tilbake."}


def today() -> date:
    return datetime.now(UTC).astimezone(OSLO).date()


def answer(template: str, title: str, status: int = 200, **more: Any) -> Response:
    lang, t = reader()
    return make_response(render_template(template, **{**frame(current_user, lang, t, title, MENU), "heading": title, **more}), status)


def unit_links(unit: Unit | None) -> list[dict[str, Any]]:
    every = policy_work.led_units(current_user)
    return [{"text": one.name, "url": f"?unit={one.id}", "here": unit is not None and one.id == unit.id} for one in every if len(every) > 1]


def done_words() -> dict[str, Any]:
    """What the last change came to, with the way back."""
    _lang, t = reader()
    done, item, seen = (request.args.get(name, "") for name in ("done", "item", "seen"))
    if done not in DONE:
        return {"done": "", "undo": None}
    ours = len(item) == 36 and seen.isdecimal() and len(seen) < 6 and done != "back"
    return {"done": t(DONE[done]), "undo": {"item": item, "seen": seen} if ours else None}


@bp.get("")
@requires(REVIEW)
def projects() -> Response:
    """The projects of a unit."""
    _lang, t = reader()
    unit = policy_work.led_unit_or_404(current_user, request.args.get("unit", ""))
    log.seen(current_user, "work", unit_id=unit.id if unit else None)
    found = pages.listing(db.session(), unit, today(), t) if unit else []
    return answer("improvement/list.html", t("Forbedringsarbeid"), projects=found, unit=unit is not None,
                  unit_id=str(unit.id) if unit else "", unit_links=unit_links(unit), **done_words())  # fmt: skip


@bp.get("/new")
@requires(REVIEW)
def new_project() -> Response:
    """The form for a new project."""
    unit = policy_work.led_unit_or_404(current_user, request.args.get("unit", ""))
    if unit is None:
        abort(404)
    return form_page("project", unit.id, None, None, {"state": "active", "start": today().isoformat()})


@bp.post("/new")
@requires(REVIEW)
def create_project() -> Response:
    """A new project."""
    unit = policy_work.led_unit_or_404(current_user, request.form.get("unit", ""))
    if unit is None:
        abort(404)
    return created("project", unit.id, None)


@bp.get("/<uuid:item_id>")
@requires(REVIEW)
def show_project(item_id: UUID) -> Response:
    """One project on one page."""
    lang, t = reader()
    item = policy_work.item_or_404(current_user, item_id, "project")
    if item.gone:
        abort_gone()
    log.seen(current_user, "work", unit_id=item.unit_id)
    found = pages.project(db.session(), item, today(), t, lang)
    unit = db.session().get_one(Unit, item.unit_id)
    return answer("improvement/project.html", t("Forbedringsarbeid"), one=found, unit_name=unit.name, printed=today().strftime("%d.%m.%Y"),
                  unit_id=str(unit.id), **done_words())  # fmt: skip


def abort_gone() -> None:
    log.refused(current_user, request.endpoint or "", "work")
    abort(404)


def child_kind(parent: Item) -> str:
    """What is to be made under it."""
    kind = request.args.get("kind", "")
    if kinds.PARENT.get(kind) != parent.kind or parent.gone:
        abort_gone()
    return kind


@bp.get("/<uuid:item_id>/new")
@requires(REVIEW)
def new_part(item_id: UUID) -> Response:
    """The form for a new aim, idea, cycle or action."""
    parent = policy_work.item_or_404(current_user, item_id, *kinds.PARENT.values())
    given = {"start": today().isoformat() if request.args.get("kind") == "cycle" else "", "idea_state": "thought"}
    return form_page(child_kind(parent), parent.unit_id, parent, None, given)


@bp.post("/<uuid:item_id>/new")
@requires(REVIEW)
def create_part(item_id: UUID) -> Response:
    """A new aim, idea, cycle or action."""
    parent = policy_work.item_or_404(current_user, item_id, *kinds.PARENT.values())
    return created(child_kind(parent), parent.unit_id, parent)


@bp.get("/items/<uuid:item_id>")
@requires(REVIEW)
def edit(item_id: UUID) -> Response:
    """The form for something that is there, with its history."""
    item = policy_work.item_or_404(current_user, item_id, *kinds.FORMS)
    return form_page(item.kind, item.unit_id, parent_of(item), item, item.data)


@bp.post("/items/<uuid:item_id>")
@requires(REVIEW)
def update(item_id: UUID) -> Response:
    """A new version."""
    item = policy_work.item_or_404(current_user, item_id, *kinds.FORMS)
    said = read(item.kind, item.unit_id, item.parent, item.data)
    made = said if isinstance(said, Refused) else with_files(work.change(db.session(), item, said[0], current_user, seen()), said[1])
    if isinstance(made, Refused):
        db.session().rollback()
        return form_page(item.kind, item.unit_id, parent_of(item), item, request.form, made.reason, 422)
    return home(made, "saved")


@bp.post("/items/<uuid:item_id>/removal")
@requires(REVIEW)
def remove(item_id: UUID) -> Response:
    """Take it away; its history stays."""
    item = policy_work.item_or_404(current_user, item_id, *kinds.FORMS)
    return changed(item, work.take_away(db.session(), item, current_user, seen()), "gone")


@bp.post("/items/<uuid:item_id>/undo")
@requires(REVIEW)
def undo(item_id: UUID) -> Response:
    """Take back the newest version."""
    item = policy_work.item_or_404(current_user, item_id, *kinds.FORMS)
    return changed(item, work.take_back(db.session(), item, current_user, seen()), "back")


def changed(item: Item, made: Item | Refused, done: str) -> Response:
    if isinstance(made, Refused):
        db.session().rollback()
        return form_page(item.kind, item.unit_id, parent_of(item), item, item.data, made.reason, 422)
    return home(made, done)


def parent_of(item: Item) -> Item | None:
    return work.one(db.session(), item.parent) if item.parent else None


def seen() -> int:
    said = request.form.get("seen", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0


def read(kind: str, unit: UUID, parent: UUID | None, kept: work.Data) -> tuple[work.Data, list[Sent]] | Refused:
    """What the form says, and the files that came with it; who or what was chosen before may stay."""
    lang, _t = reader()
    known = pages.names(db.session(), unit, parent, lang)
    allowed = {name: [*every, *(str(one) for one in kept.values())] for name, every in known.items()}
    data = kinds.read(kind, request.form, allowed)
    if isinstance(data, Refused):
        return data
    if kind in kinds.SHARED and (wrong := named.problem(db.session(), current_user, kind, data)):
        return wrong
    sent = attached.read(db.session(), current_user, request.files.getlist("files") if kind in kinds.FILED else ())
    return sent if isinstance(sent, Refused) else (data, sent)


def with_files(made: Item | Refused, sent: list[Sent]) -> Item | Refused:
    """The thing with the files that came along, or why none of it is kept."""
    if isinstance(made, Refused) or not sent:
        return made
    log.write(db.session(), current_user, "network_file_added", unit_id=made.unit_id, detail={"network": str(made.parent)})
    return attached.add(db.session(), made, sent, current_user) or made


def created(kind: str, unit: UUID, parent: Item | None) -> Response:
    """Kept under the id that came with the form: pressed twice is made once."""
    said = read(kind, unit, parent.id if parent else None, {})
    if isinstance(said, Refused):
        return form_page(kind, unit, parent, None, request.form, said.reason, 422)
    try:
        ident = UUID(request.form.get("item", ""))
    except ValueError:
        ident = uuid4()
    made = work.begin(db.session(), kind, unit, said[0], current_user, parent.id if parent else None, ident)
    if isinstance(made, Refused):  # it is there already; an id of somebody else's gives nothing away
        return home(policy_work.item_or_404(current_user, ident, kind), "saved")
    if isinstance(whole := with_files(made, said[1]), Refused):
        db.session().rollback()
        return form_page(kind, unit, parent, None, request.form, whole.reason, 422)
    return home(whole, "saved")


def home(item: Item, done: str) -> Response:
    """Commit, and back to the page the thing stands on."""
    log.write(db.session(), current_user, "work_changed", unit_id=item.unit_id)
    db.session().commit()
    base = kinds.PLACES[kinds.PARENT.get(item.kind, item.kind)][0]
    listed = item.gone and item.kind in kinds.PLACES
    page, unit = (base, f"&unit={item.unit_id}") if listed else (f"{base}/{item.parent or item.id}", "")
    return redirect(f"{page}?done={done}&item={item.id}&seen={item.number}{unit}", 303)  # type: ignore[return-value]


def form_page(kind: str, unit: UUID, parent: Item | None, item: Item | None, given: Any, problem: str = "", status: int = 200) -> Response:
    """The form as it was filled in, and what it has been before."""
    lang, t = reader()
    known = pages.names(db.session(), unit, parent.id if parent else None, lang)
    top = item if item and item.kind in kinds.PLACES else parent
    base, base_text = kinds.PLACES[kinds.PARENT.get(kind, kind)]
    ident = request.form.get("item", "")
    return answer(
        "improvement/form.html", t(kinds.KIND_NAMES[kind]), status, problem=t(problem) if problem else "",
        boxes=pages.form(kind, given, known, item.data if item else {}, t), number=item.number if item else 0,
        action=f"/improvement/items/{item.id}" if item else f"/network/{parent.id}/posts" if kind == "post" and parent else
        f"/improvement/{parent.id}/new?kind={kind}" if parent else f"{base}/new",
        unit_id=str(unit), item=str(item.id) if item else ident if len(ident) == 36 else str(uuid4()), is_new=item is None,
        back_url=f"{base}/{top.id}" if top and not top.gone else f"{base}?unit={unit}",
        back_text=(top.get("title") if top and not top.gone else "") or t(base_text),
        history=pages.history(item, known, today(), t) if item else [], gone=bool(item and item.gone), takes_files=kind in kinds.FILED,
        files=pages.files(attached.of_posts(db.session(), [item.id]).get(item.id, []), item, today(), t) if item and kind in kinds.FILED
        else pages.NO_FILES,
    )  # fmt: skip
