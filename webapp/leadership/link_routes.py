"""The board on a screen where nobody logs in, and the leader's list of the links that open it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, policy_work
from webapp.accounts.policy import REVIEW, by_token, requires
from webapp.bedside import says
from webapp.improvement.routes import OSLO, answer
from webapp.language import reader
from webapp.leadership import board, links
from webapp.leadership.routes import unit_asked
from webapp.models import BoardLink, Unit, User
from webapp.security import limiter

bp = Blueprint("board_links", __name__)
WHY = "the board link's own token, kept by the screen in a cookie that is sent to these addresses only"


@bp.get("/leadership/board/links")
@requires(REVIEW)
def list_links() -> Response:
    """The links of a unit that work, and the form for a new one."""
    _lang, t = reader()
    done = t("Lenken er trukket tilbake. Skjermen slutter å vise tavla.") if request.args.get("done") == "withdrawn" else ""
    return _page(unit_asked(request.args.get("unit", "")), done=done)


@bp.post("/leadership/board/links")
@requires(REVIEW)
@limiter.limit("30 per minute")
def create_link() -> Response:
    """A new link, shown now and never again."""
    unit, name, (_lang, t) = unit_asked(request.form.get("unit", "")), request.form.get("name", "").strip(), reader()
    if not links.is_name(name):
        return _page(unit, 422, problem=t("Skriv hvor skjermen henger, med høyst 80 tegn. Ingenting er endret."), name=name)
    now = datetime.now(UTC)
    token, row = links.make(db.session(), unit.id, name, current_user, now)
    log.write(db.session(), current_user, "board_link_made", unit_id=unit.id, detail={"link": str(row.id), "name": name})
    db.session().commit()
    url = f"{request.host_url}screen/{token}"
    picture = segno.make(url, error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
    until = says.day(row.expires_at.astimezone(OSLO).date().isoformat())
    return _page(unit, 201, made={"name": name, "url": url, "picture": picture, "until": until})


@bp.post("/leadership/board/links/<uuid:link_id>/withdrawal")
@requires(REVIEW)
def withdraw_link(link_id: UUID) -> Response:
    """Take a link back."""
    link = db.session().get(BoardLink, link_id)
    unit = next((one for one in policy_work.led_units(current_user) if link and one.id == link.unit_id), None)
    if unit is None:
        log.refused(current_user, request.endpoint or "", "board_link")
        abort(404)
    _lang, t = reader()
    if not links.withdraw(db.session(), link_id, current_user, datetime.now(UTC)):
        return _page(unit, 422, problem=t("Lenken er trukket tilbake eller utløpt. Ingenting er endret."))
    log.write(db.session(), current_user, "board_link_withdrawn", unit_id=unit.id, detail={"link": str(link_id)})
    db.session().commit()
    return redirect(f"/leadership/board/links?unit={unit.id}&done=withdrawn", 303)  # type: ignore[return-value]


def _page(unit: Unit, status: int = 200, **more: Any) -> Response:
    _lang, t = reader()
    rows = []
    for one in links.listed(db.session(), [unit.id], datetime.now(UTC)):
        by, until = db.session().get_one(User, one.made_by).name, says.day(one.expires_at.astimezone(OSLO).date().isoformat())
        rows.append({"id": str(one.id), "name": one.name, "text": t("Gjelder til %(at)s. Laget av %(name)s.", at=until, name=by)})
    whole = {"problem": "", "done": "", "made": None, "name": "", "links": rows, "unit_id": str(unit.id), "unit_name": unit.name}
    return answer("leadership/links.html", t("Tavle på en skjerm"), status, **{**whole, **more})


@bp.get("/screen/<token>")
@by_token(WHY)
@limiter.limit("30 per minute")
def open_screen(token: str) -> Response:
    """Where a screen begins: it keeps the token, and the address bar does not."""
    now = datetime.now(UTC)
    link = links.find(db.session(), token, now)
    if link is None:
        return _screen(None, "leadership/screen.html")
    shown = make_response(redirect("/screen", 303))
    secure = bool(current_app.config["SECURE_COOKIES"])
    shown.set_cookie(links.COOKIE, token, max_age=link.expires_at - now, path=links.PATH, httponly=True, secure=secure, samesite="Lax")
    return shown


@bp.get("/screen")
@by_token(WHY)
def show_screen() -> Response:
    """The board of the link's unit."""
    return _screen(_mine(), "leadership/screen.html")


@bp.get("/screen/list")
@by_token(WHY)
def screen_list() -> Response:
    """The list again if it is another than `since`; 204 if not. After the link has ended, nothing of anybody stays on the screen."""
    link = _mine()
    if link and request.args.get("since", "") == board.state(db.session(), db.session().get_one(Unit, link.unit_id), False, _now()):
        return make_response("", 204)
    return _screen(link, "leadership/_screen.html", 200)


def _mine() -> BoardLink | None:
    return links.find(db.session(), request.cookies.get(links.COOKIE, ""), datetime.now(UTC))


def _now() -> str:
    return datetime.now(UTC).astimezone(OSLO).isoformat(timespec="seconds")


def _screen(link: BoardLink | None, template: str, ended: int = 404) -> Response:
    lang, t = reader()  # nobody is logged in: the municipality's
    frame = {"lang": lang, "title": t("Tavle"), "home_url": "/screen"}
    if link is None:
        return make_response(render_template(template, working=False, unit_name="", **frame), ended)
    unit = db.session().get_one(Unit, link.unit_id)
    shown = board.listing(db.session(), unit, False, _now(), t, lang, strangers=True)
    whole = render_template(template, working=True, **frame, **shown)
    log.screen("board_link", link.unit_id, {"link": str(link.id)})
    return make_response(whole)
