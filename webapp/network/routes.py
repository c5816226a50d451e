"""Learning networks. A leader makes one and is its facilitator; other units' leaders join with its code.

The facilitator is a leader, not the administrator: an administrator sees nobody's numbers, and whoever holds a network reads them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request, send_file
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy_work
from webapp.accounts.policy import REVIEW, requires
from webapp.improvement import attached
from webapp.improvement.files import TYPES
from webapp.improvement.routes import answer, created, done_words, form_page, today, unit_links
from webapp.improvement.work import Item, Refused
from webapp.language import reader
from webapp.leadership.routes import unit_asked
from webapp.measures import months
from webapp.measures.routes import as_of_now
from webapp.models import Unit
from webapp.network import pages, teams

bp = Blueprint("network", __name__, url_prefix="/network")
UNKNOWN = Refused("Koden gjelder ikke. Ingenting er endret. Se over koden, eller spør den som leder nettverket.")


def led() -> set[UUID]:
    return {one.id for one in policy_work.led_units(current_user)}


def seen(network: Item) -> None:
    log.seen(current_user, "network", unit_id=network.unit_id, detail={"network": str(network.id)})


@bp.get("")
@requires(REVIEW)
def networks() -> Response:
    """The networks her units hold or are in."""
    lang, t = reader()
    unit = policy_work.led_unit_or_404(current_user, request.args.get("unit", ""))
    log.seen(current_user, "network", unit_id=unit.id if unit else None)
    found = [{"url": f"/network/{one.id}", "title": one.get("title"), "text": ", ".join(pages.titles(one, lang)),
              "state": t("Dere leder nettverket") if one.unit_id in led() else t("Dere er med")}
             for one in teams.of_leader(db.session(), led())]  # fmt: skip
    return answer("network/list.html", t("Læringsnettverk"), networks=found, unit_id=str(unit.id) if unit else "",
                  unit_links=unit_links(unit), **done_words())  # fmt: skip


@bp.get("/new")
@requires(REVIEW)
def new_network() -> Response:
    """The form for a new network."""
    return form_page("network", unit_asked(request.args.get("unit", "")).id, None, None, {})


@bp.post("/new")
@requires(REVIEW)
def create_network() -> Response:
    """A new network, and the code to join it with."""
    made = created("network", unit_asked(request.form.get("unit", "")).id, None)
    if made.status_code == 303:
        ident = UUID(made.headers["Location"].partition("?")[0].rpartition("/")[2])
        network = policy_work.network_or_404(current_user, ident, host=True)
        if not teams.code_of(db.session(), ident):
            teams.make_code(db.session(), network, current_user)
            db.session().commit()
    return made


@bp.get("/joining")
@requires(REVIEW)
def ask_code() -> Response:
    """Where a code is written."""
    return joining_page(unit_asked(request.args.get("unit", "")), None)


@bp.post("/joining")
@requires(REVIEW)
def create_joining() -> Response:
    """First what will be shared; then, when she says so, the unit is in."""
    unit, code = unit_asked(request.form.get("unit", "")), request.form.get("code", "")
    network = teams.by_code(db.session(), code)
    if network is None:
        log.write(db.session(), current_user, "network_code", unit_id=unit.id)
        db.session().commit()
        return joining_page(unit, None, UNKNOWN.reason, 422)
    if request.form.get("confirmed") != "yes":
        return joining_page(unit, network)
    read = request.form.get("read", "").split()  # what stood on the page she said yes to, not what was chosen since
    made = teams.join(db.session(), network, unit, current_user, {one.id for one in pages.measures(network)} & set(read))
    if isinstance(made, Refused):
        db.session().rollback()
        return joining_page(unit, network, made.reason, 422)
    return moved("network_joined", network, unit.id, f"/network/{network.id}")


def moved(action: str, network: Item, unit: UUID, to: str) -> Response:
    log.write(db.session(), current_user, action, unit_id=unit, detail={"network": str(network.id)})
    db.session().commit()
    return redirect(to, 303)  # type: ignore[return-value]


def joining_page(unit: Unit, network: Item | None, problem: str = "", status: int = 200) -> Response:
    lang, t = reader()
    shown: dict[str, Any] = {}
    if network:
        host = db.session().get_one(Unit, network.unit_id)
        shown = {"title": network.get("title"), "about": network.get("about"), "host": host.name, "leader": network.versions[0].by,
                 "measures": pages.titles(network, lang),
                 "read": " ".join(one.id for one in pages.measures(network)),
                 "teams": [one.name for _team, one in teams.of_network(db.session(), network.id)]}  # fmt: skip
    return answer("network/joining.html", t("Bli med i et læringsnettverk"), status, one=shown, unit_id=str(unit.id), unit_name=unit.name,
                  code=request.form.get("code", "")[:20], problem=t(problem) if problem else "", unit_links=unit_links(unit))  # fmt: skip


@bp.get("/<uuid:network_id>")
@requires(REVIEW)
def show_network(network_id: UUID) -> Response:
    """One network: its plan, what was shared, each unit's own series, and the units beside each other."""
    network = policy_work.network_or_404(current_user, network_id)
    seen(network)
    lang, t = reader()
    found, day = teams.of_network(db.session(), network.id), today()
    every = [(unit, pages.shared(db.session(), team, unit, *as_of_now(unit))) for team, unit in found]
    period = month_asked(pages.months_shown(day))
    parts = [{"id": count.id, "title": title, "cards": pages.cards(db.session(), count, every, day, t, lang),
              "funnel": pages.funnel(count, every, period, t)}
             for count, title in zip(pages.measures(network), pages.titles(network, lang), strict=True)] if every else []  # fmt: skip
    links = [{"text": months.named(one), "url": f"?month={one:%Y-%m}", "here": one == period} for one in pages.months_shown(day)]
    return answer(
        "network/network.html", network.get("title"), one=parts, month_links=links, network_id=str(network.id), about=network.get("about"),
        host=db.session().get_one(Unit, network.unit_id).name, teams=[unit.name for _team, unit in found],
        followed=pages.titles(network, lang),
        sessions=pages.sessions(db.session(), network, day, t), posts=pages.posts(db.session(), network, led(), day, t),
        mine=[{"id": str(unit.id), "name": unit.name, "unread": pages.unread(network, team)} for team, unit in found if unit.id in led()],
        is_host=network.unit_id in led(), code=teams.code_of(db.session(), network.id) if network.unit_id in led() else "", **done_words(),
    )  # fmt: skip


def month_asked(offered: list[date]) -> date:
    return next((one for one in offered if f"{one:%Y-%m}" == request.args.get("month")), offered[0])


@bp.get("/<uuid:network_id>/teams")
@requires(REVIEW)
def show_teams(network_id: UUID) -> Response:
    """For the facilitator: who registers, and who may need help."""
    network = policy_work.network_or_404(current_user, network_id, host=True)
    seen(network)
    _lang, t = reader()
    found = teams.of_network(db.session(), network.id)
    every = [(team, unit, pages.shared(db.session(), team, unit, *as_of_now(unit))) for team, unit in found]
    return answer("network/teams.html", t("Hvem registrerer"), rows=pages.help_rows(db.session(), network, every, today(), t),
                  network_id=str(network.id), name=network.get("title"))  # fmt: skip


@bp.post("/<uuid:network_id>/code")
@requires(REVIEW)
def create_code(network_id: UUID) -> Response:
    """Another code; the old one then opens nothing. Who is in stays."""
    network = policy_work.network_or_404(current_user, network_id, host=True)
    if isinstance(teams.make_code(db.session(), network, current_user), Refused):
        db.session().rollback()
        return redirect(f"/network/{network.id}", 303)  # type: ignore[return-value]
    return moved("work_changed", network, network.unit_id, f"/network/{network.id}")


@bp.post("/<uuid:network_id>/leaving")
@requires(REVIEW)
def create_leaving(network_id: UUID) -> Response:
    """A unit is out again."""
    network, unit = policy_work.network_or_404(current_user, network_id), unit_asked(request.form.get("unit", ""))
    if isinstance(teams.leave(db.session(), network, unit.id, current_user), Refused):
        db.session().rollback()
        return redirect(f"/network/{network.id}", 303)  # type: ignore[return-value]
    return moved("network_left", network, unit.id, "/network")


def writer(network: Item, said: str) -> Unit:
    """The unit she writes for: one that is in the network or holds it."""
    may = policy_work.team_units(network.id) | {network.unit_id}
    found = next((one for one in policy_work.led_units(current_user) if one.id in may and said in ("", str(one.id))), None)
    if found is None:
        log.refused(current_user, request.endpoint or "", "network")
        abort(404)
    return found


@bp.get("/<uuid:network_id>/posts")
@requires(REVIEW)
def new_post(network_id: UUID) -> Response:
    """The form for an experience or a PDSA cycle to share."""
    network = policy_work.network_or_404(current_user, network_id)
    return form_page("post", writer(network, request.args.get("unit", "")).id, network, None, {})


@bp.post("/<uuid:network_id>/posts")
@requires(REVIEW)
def create_post(network_id: UUID) -> Response:
    """An experience or a PDSA cycle, shared."""
    network = policy_work.network_or_404(current_user, network_id)
    return created("post", writer(network, request.form.get("unit", "")).id, network)


@bp.get("/<uuid:network_id>/files/<uuid:file_id>")
@requires(REVIEW)
def download_file(network_id: UUID, file_id: UUID) -> Response:
    """A file of a post: saved and never opened as a page, nor kept by a cache."""
    found = policy_work.network_file_or_404(current_user, network_id, file_id)
    data, name = attached.content(db.session(), found), found.get("name")
    if data is None:
        abort(404)
    log.seen(current_user, "network_file", unit_id=found.unit_id, detail={"network": str(network_id), "file": str(file_id)})
    answer = send_file(BytesIO(data), TYPES[name.rpartition(".")[2]], as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<uuid:network_id>/files/<uuid:file_id>/removal")
@requires(REVIEW)
def remove_file(network_id: UUID, file_id: UUID) -> Response:
    """Its bytes go for good; that it was there stays."""
    found = policy_work.network_file_or_404(current_user, network_id, file_id, own=True)
    if not isinstance(attached.take_away(db.session(), found, current_user), Refused):
        log.write(db.session(), current_user, "network_file_removed", unit_id=found.unit_id, detail={"network": str(network_id)})
        db.session().commit()
    return redirect(f"/network/{network_id}?done=gone", 303)  # type: ignore[return-value]
