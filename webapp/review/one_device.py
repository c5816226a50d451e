"""Template context for the page of one device."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Device, Unit
from webapp.review import device_history, fleet, missing
from webapp.review.device_history import WHY_REVOKED, Holder
from webapp.review.fleet import near
from webapp.sync import tokens
from webapp.sync.device_changes import NAME, UNIT
from webapp.words import Translate

Context = dict[str, Any]


def context(session: Session, device: Device, mine: Sequence[Unit], version: str, now: datetime, t: Translate) -> Context:
    """All but the forms' own trouble. `mine`: the units whose devices the reader looks after."""
    unit = next(one for one in mine if one.id == device.unit_id)
    revoked = tokens.is_revoked(device)
    return {
        "id": str(device.id),
        "device": fleet.row(device, unit, version, None, missing.missing(session, [device.id], now).get(device.id, []), now, t),
        "facts": facts(session, device, version, now, t),
        "holders": [holder(one, now, t) for one in device_history.holders(session, device)],
        "events": [{**one._asdict(), "at": near(one.at, now, t)} for one in device_history.events(session, device, t)],
        "units": [{"id": str(one.id), "name": one.name} for one in mine if one.id != unit.id],
        "revoked": revoked,
        "lost": lost(session, device, now, t) if revoked else None,
        "reasons": [{"value": code, "text": t(WHY_REVOKED[code])} for code in WHY_REVOKED],
    }


def facts(session: Session, device: Device, version: str, now: datetime, t: Translate) -> list[Context]:
    """What is known of it, in pairs; what it has never said is left out."""
    told = device.reported or {}
    rows = [
        (t("Siste kontakt"), near(device.last_contact, now, t) if device.last_contact else t("aldri")),
        (t("Har igjen"), fleet.holds(device, now, t)),
        (t("Klokka"), fleet.clock(told.get("clock"), t)),
        (t("Utgave av appen"), fleet.app(str(told.get("shell", "")), version, t)),
        (t("Lagring"), yes(told.get("kept"), t("Lovet varig av nettleseren"), t("Ikke lovet varig av nettleseren"))),
        (t("Installert"), yes(told.get("installed"), t("Ja, som app på startskjermen"), t("Nei, åpen i nettleseren"))),
    ]
    return [pair(label, value) for label, value in rows if value]


def pair(label: str, value: str) -> Context:
    return {"label": label, "value": value, "changed": False, "was": ""}


def yes(said: Any, true: str, false: str) -> str:
    return (true if said else false) if isinstance(said, bool) else ""


def holder(one: Holder, now: datetime, t: Translate) -> Context:
    last = t("Siste innlogging på enheten: %(at)s.", at=near(one.logged_in, now, t)) if one.logged_in else ""
    return {"name": one.name, "since": t("Hvelv fra %(at)s.", at=near(one.since, now, t)), "last": last}


def lost(session: Session, device: Device, now: datetime, t: Translate) -> Context:
    """Why it is revoked, and how far the device has come with it."""
    told, found = device.reported or {}, device_history.revocation(session, device)
    tone, step = "danger", t("Enheten har ikke hørt det ennå. Ved neste kontakt slettes alt som kan leses.")
    if told.get("emptied") and fleet.aside(device):
        tone = "warn"
        step = t("Enheten har sagt at alt er slettet. Et lager som ikke åpnet seg, ble slettet uten at det som lå der, var sendt.")
    elif told.get("emptied"):
        tone, step = "ok", t("Enheten har sagt at alt er sendt, og at alt er slettet.")
    elif told.get("wiped"):
        tone = "warn"
        step = t("Enheten har sagt at det som kunne leses, er slettet. Usendte sjekker ligger forseglet til serveren har svart.")
    rows = []
    if found:
        change, by = found
        rows = [
            (t("Hvorfor"), change.reason), (t("Sperret av"), f"{by}, {near(change.at, now, t)}"),
            (t("Enheten ber den som finner den, ringe"), f"{change.call_name}, {change.call_phone}" if change.call_phone else t("ingen")),
        ]  # fmt: skip
    return {"tone": tone, "step": step, "rows": [pair(label, value) for label, value in rows]}


def undo(session: Session, device: Device, done: str, mine: Sequence[Unit], t: Translate) -> Context:
    """What was just done, and how it is taken back: name and unit can be, as long as they are what they were changed to."""
    if done == "revoked" and tokens.is_revoked(device):
        return {"message": t("Enheten er sperret.")}
    change = device_history.last_change(session, device, done) if done in (NAME, UNIT) else None
    if change is None or change.after != (device.name if done == NAME else str(device.unit_id)):
        return {}
    back = {"url": f"/devices/{device.id}/{done}", "name": done, "value": change.before}
    may = not tokens.is_revoked(device) and (done == NAME or change.before in {str(one.id) for one in mine})
    return {"message": t("Navnet er endret.") if done == NAME else t("Enheten er flyttet."), "undo": back if may else None}
