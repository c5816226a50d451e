"""One device: how it is, who uses it, another name or unit, and revoking it when it is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import select

from webapp import db
from webapp.accounts import policy
from webapp.accounts.policy import DEVICES, requires
from webapp.device import shell
from webapp.language import reader
from webapp.models import Device, Unit
from webapp.review import one_device
from webapp.review.device_history import WHY_REVOKED
from webapp.review.routes import page
from webapp.sync import device_changes, enrol, tokens
from webapp.sync.device_changes import Call
from webapp.words import Translate

bp = Blueprint("fleet", __name__, url_prefix="/devices")
PHONE = re.compile(r"\+?[0-9][0-9 ]{1,18}[0-9]")
MORE_MAX = 250


@bp.get("/<uuid:device_id>")
@requires(DEVICES)
def device(device_id: UUID) -> Response:
    """How it is, and what has happened to it."""
    return _page(policy.device_or_404(current_user, device_id))


@bp.post("/<uuid:device_id>/name")
@requires(DEVICES)
def update_name(device_id: UUID) -> Response:
    """Another name."""
    found = policy.device_or_404(current_user, device_id, change=True)
    name = request.form.get("name", "").strip()
    _lang, t = reader()
    if tokens.is_revoked(found) or not enrol.is_name(name) or name == found.name:
        return _page(found, 422, problem=t("Gi enheten et nytt navn på høyst 80 tegn. Ingenting er endret."), named=name)
    device_changes.rename(db.session(), found, current_user, name, datetime.now(UTC))
    return _done(found, device_changes.NAME)


@bp.post("/<uuid:device_id>/unit")
@requires(DEVICES)
def update_unit(device_id: UUID) -> Response:
    """Another unit, of those whose devices this person looks after."""
    found = policy.device_or_404(current_user, device_id, change=True)
    unit = next((one for one in _units() if str(one.id) == request.form.get("unit", "") and one.id != found.unit_id), None)
    _lang, t = reader()
    if unit is None or tokens.is_revoked(found):
        return _page(found, 422, problem=t("Velg hvor enheten skal flyttes. Ingenting er endret."))
    device_changes.move(db.session(), found, current_user, unit, datetime.now(UTC))
    return _done(found, device_changes.UNIT)


@bp.post("/<uuid:device_id>/revocation")
@requires(DEVICES)
def create_revocation(device_id: UUID) -> Response:
    """It is lost: at its next contact it destroys what can be read, and asks its finder to call somebody."""
    found = policy.device_or_404(current_user, device_id, change=True)
    _lang, t = reader()
    if tokens.is_revoked(found):
        return _page(found, 422, problem=t("Enheten er sperret fra før. Ingenting er endret."))
    read = _revocation(t)
    if isinstance(read, str):
        return _page(found, 422, problem=read, opened=True)
    device_changes.revoke(db.session(), found, current_user, read[0], datetime.now(UTC), read[1])
    return _done(found, device_changes.REVOKED)


def _revocation(t: Translate) -> tuple[str, Call] | str:
    """(why, whom to call), or what is wrong with the form."""
    said = {name: request.form.get(name, "").strip() for name in ("why", "more", "call_name", "call_phone")}
    if said["why"] not in WHY_REVOKED or (said["why"] == "other" and not said["more"]) or len(said["more"]) > MORE_MAX:
        return t("Si hvorfor enheten sperres; ved «Annet» med egne ord, høyst 250 tegn. Ingenting er endret.")
    if not enrol.is_name(said["call_name"]) or not PHONE.fullmatch(said["call_phone"]):
        return t("Si hvem den som finner enheten skal ringe: navn, og et telefonnummer med bare sifre. Ingenting er endret.")
    reason = ". ".join(one for one in (WHY_REVOKED[said["why"]], said["more"].replace("\0", "")) if one)
    return reason, Call(said["call_name"], said["call_phone"])


def _done(found: Device, what: str) -> Response:
    db.session().commit()
    return redirect(f"/devices/{found.id}?done={what}", 303)  # type: ignore[return-value]


def _units() -> list[Unit]:
    mine = policy.fleet_units(db.session(), current_user)
    return list(db.session().scalars(select(Unit).where(Unit.id.in_(mine)).order_by(Unit.name)))


def _page(found: Device, status: int = 200, *, problem: str = "", named: str | None = None, opened: bool = False) -> Response:
    lang, t = reader()
    version, mine = shell.build(current_app.config.get("BUNDLE_DIRS") or ()).version, _units()
    context = one_device.context(db.session(), found, mine, version, datetime.now(UTC), t)
    done = {} if problem else one_device.undo(db.session(), found, request.args.get("done", ""), mine, t)
    form = {name: request.form.get(name, "") if opened else "" for name in ("why", "more", "call_name", "call_phone")}
    told = {"message": "", "undo": None, **done, "problem": problem, "named": found.name if named is None else named, "form": form}
    whole = page(t("Enhet"), "/review/devices", lang, t, **context, **told, opened=opened)
    return make_response(render_template("review/device.html", **whole), status)
