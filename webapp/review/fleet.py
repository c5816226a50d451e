"""The devices of the units: when they were heard of and what they hold; what has not reached the server within a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.models import Device, Unit
from webapp.review import queries
from webapp.sync import report
from webapp.words import Translate

Context = dict[str, Any]
DAY = timedelta(hours=24)  # REQ-02: what has waited longer than a day is told to the supervisor
WRONG_CLOCK = 120


def waiting(device: Device) -> int:
    return int((device.reported or {}).get("waiting", 0))


def oldest(device: Device) -> datetime | None:
    """When the oldest check it still held at the last contact was saved."""
    return report.moment((device.reported or {}).get("oldest")) if waiting(device) else None


def is_silent(device: Device, now: datetime) -> bool:
    return now - (device.last_contact or device.enrolled_at) > DAY


def is_late(device: Device, now: datetime) -> bool:
    """It holds a check that is older than a day, as far as is known."""
    saved = oldest(device)
    return saved is not None and now - saved > DAY


def listing(session: Session, units: list[UUID], version: str, now: datetime, t: Translate) -> list[Context]:
    """Every device, the longest silent first."""
    return [row(device, unit, version, now, t) for device, unit in queries.devices(session, units)]


def row(device: Device, unit: Unit, version: str, now: datetime, t: Translate) -> Context:
    tone, text, icon = standing(device, now, t)
    told = device.reported or {}
    contact = near(device.last_contact, now, t) if device.last_contact else t("aldri")
    facts = [holds(device, now, t)]
    if told:
        facts += [clock(told.get("clock"), t), app(str(told.get("shell", "")), version, t)]
    if told.get("kept") is False:
        facts.append(t("Nettleseren har ikke lovet å ta vare på det som er lagret der."))
    return {
        "name": device.name, "unit": unit.name, "tone": tone, "icon": icon, "tag_text": text,
        "contact": t("Siste kontakt: %(when)s", when=contact), "facts": [one for one in facts if one], "advice": advice(device, now, t),
    }  # fmt: skip


def near(at: datetime, now: datetime, t: Translate) -> str:
    return says.near_moment(at.isoformat(), says.local(now.isoformat())[:10], t)


def standing(device: Device, now: datetime, t: Translate) -> tuple[str, str, str]:
    if device.revoked_at:
        return "high", t("Sperret"), "stop"
    if is_silent(device, now):
        return "medium", t("Stille over et døgn"), "clock"
    if is_late(device, now):
        return "medium", t("Har noe som ikke blir sendt"), "alert"
    return "ok", t("I kontakt"), "check"


def holds(device: Device, now: datetime, t: Translate) -> str:
    if not device.reported:
        return t("Har ikke sagt hva den har igjen.")
    drafts, count, saved = int(device.reported.get("drafts", 0)), waiting(device), oldest(device)
    said = t("Sier at den har %(checks)s sjekker og %(drafts)s utkast igjen.", checks=count, drafts=drafts)
    return said + (" " + t("Den eldste sjekken er fra %(at)s.", at=near(saved, now, t)) if saved else "")


def clock(ahead: Any, t: Translate) -> str:
    if not isinstance(ahead, int):
        return ""
    minutes = round(abs(ahead) / 60)
    if abs(ahead) < WRONG_CLOCK:
        return t("Klokka går riktig.")
    return t("Klokka går %(n)s minutter foran.", n=minutes) if ahead > 0 else t("Klokka går %(n)s minutter etter.", n=minutes)


def app(shell: str, version: str, t: Translate) -> str:
    if not shell:
        return ""
    if shell == version:
        return t("Nyeste utgave av appen.")
    return t("Eldre utgave av appen (%(shell)s): lås den en gang med nett.", shell=shell)


def advice(device: Device, now: datetime, t: Translate) -> str:
    """What the supervisor can do; empty when nothing is wrong."""
    if device.revoked_at or not (is_silent(device, now) or is_late(device, now)):
        return ""
    if is_silent(device, now):
        return t("Finn enheten, slå den på der det er nett, og åpne appen.")
    return t("Åpne «Denne enheten» på enheten: der står hva som er galt, og der kan det som ikke er sendt lagres i en redningsfil.")


def notices(session: Session, units: list[UUID], now: datetime, t: Translate) -> list[str]:
    """What the supervisor is told before she asks: unsent for more than a day, or silent and not known to be empty."""
    found, quiet = [], 0
    for device, _unit in queries.devices(session, units):
        count, saved = waiting(device), oldest(device)
        if device.revoked_at:
            continue
        if is_silent(device, now):
            if device.reported and not count:
                quiet += 1
                continue
            since = near(device.last_contact or device.enrolled_at, now, t)
            holds = t("Da hadde den %(n)s sjekker som ikke var sendt.", n=count) if count else t("Hva den har igjen å sende, er ukjent.")
            found.append(t("%(name)s har vært stille siden %(at)s.", name=device.name, at=since) + " " + holds)
        elif is_late(device, now) and saved:
            at = near(saved, now, t)
            found.append(t("%(name)s har %(n)s sjekker som ikke er sendt, den eldste fra %(at)s.", name=device.name, n=count, at=at))
    if quiet:
        found.append(says.many(t, quiet, "1 enhet har vært stille i over et døgn. Den hadde ingenting igjen å sende.",
                               "%(n)s enheter har vært stille i over et døgn. De hadde ingenting igjen å sende."))
    return found
