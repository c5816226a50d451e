"""Codes for taking a tablet into use: make one, see which are open, take one back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import segno
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import select

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.policy import DEVICES, requires
from webapp.language import reader
from webapp.models import DeviceCode, Unit, User
from webapp.review.fleet import near
from webapp.review.routes import page
from webapp.security import limiter
from webapp.sync import codes, enrol
from webapp.words import Translate

UUID_TEXT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
bp = Blueprint("device_codes", __name__, url_prefix="/devices/codes")


@bp.get("")
@requires(DEVICES)
def device_codes() -> Response:
    """Make a code; the open ones. With `device` it is to be called as that one was, and belong there."""
    again = request.args.get("device", "")
    former = policy.device_or_404(current_user, UUID(again)) if UUID_TEXT.fullmatch(again) else None
    return _page(name=former.name if former else "", chosen=str(former.unit_id) if former else "")


@bp.post("")
@requires(DEVICES)
@limiter.limit("30 per minute")
def create_code() -> Response:
    """A new code, shown now and never again."""
    name, chosen = request.form.get("name", "").strip(), request.form.get("unit", "")
    unit = next((one for one in _units() if str(one.id) == chosen), None)
    _lang, t = reader()
    if unit is None or not enrol.is_name(name):
        problem = t("Gi enheten et navn på høyst 80 tegn, og velg hvor den hører til. Ingenting er endret.")
        return _page(422, problem=problem, name=name, chosen=chosen)
    now = datetime.now(UTC)
    code, row = codes.make(db.session(), name, unit.id, current_user, now)
    log.write(db.session(), current_user, "device_code_made", unit_id=unit.id, detail={"code": str(row.id), "name": name})
    db.session().commit()
    until = near(now + codes.LASTS, now, t)
    picture = segno.make(f"{request.host_url}enrol#{code}", error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
    made = {"code": codes.shown(code), "picture": picture, "name": name, "unit": unit.name, "until": until}
    return _page(201, made=made)


@bp.post("/<uuid:code_id>/withdrawal")
@requires(DEVICES)
def create_withdrawal(code_id: UUID) -> Response:
    """Take a code back."""
    code = db.session().get(DeviceCode, code_id)
    if code is None or code.unit_id not in policy.fleet_units(db.session(), current_user):
        log.refused(current_user, request.endpoint or "", "device_code")
        abort(404)
    _lang, t = reader()
    if not codes.withdraw(db.session(), code_id, datetime.now(UTC)):
        return _page(422, problem=t("Koden er brukt, trukket tilbake eller utløpt. Ingenting er endret."))
    log.write(db.session(), current_user, "device_code_withdrawn", unit_id=code.unit_id, detail={"code": str(code_id)})
    db.session().commit()
    return redirect("/devices/codes", 303)  # type: ignore[return-value]


def _units() -> list[Unit]:
    mine = policy.fleet_units(db.session(), current_user)
    return list(db.session().scalars(select(Unit).where(Unit.id.in_(mine)).order_by(Unit.name)))


def _page(status: int = 200, *, problem: str = "", made: dict[str, str] | None = None, name: str = "", chosen: str = "") -> Response:
    lang, t = reader()
    now, units = datetime.now(UTC), _units()
    rows = _rows({unit.id: unit.name for unit in units}, now, t)
    choices = [{"id": str(unit.id), "name": unit.name, "chosen": str(unit.id) == chosen} for unit in units]
    whole = page(t("Ta i bruk en enhet"), "/review/devices", lang, t, problem=problem, made=made, name=name, units=choices, codes=rows)
    return make_response(render_template("review/codes.html", **whole), status)


def _rows(units: dict[UUID, str], now: datetime, t: Translate) -> list[dict[str, str]]:
    found = []
    for one in codes.listed(db.session(), list(units), now):
        by = db.session().get_one(User, one.made_by).name
        text = t("Gjelder til %(at)s. Laget av %(name)s.", at=near(one.expires_at, now, t), name=by)
        found.append({"id": str(one.id), "name": one.name, "unit": units[one.unit_id], "text": text})
    return found
