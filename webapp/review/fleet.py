"""The devices of the units: when they were heard of and what they hold; what has not reached the server within a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import photo_lines, says
from webapp.models import Device, Unit
from webapp.review import missing, queries
from webapp.review.missing import Missing
from webapp.sync import report, tokens
from webapp.words import Translate

Context = dict[str, Any]
DAY = timedelta(hours=24)  # REQ-02: what has waited longer than a day is told to the supervisor
WRONG_CLOCK = 120


def waiting(device: Device) -> int:
    return int((device.reported or {}).get("waiting", 0))


def oldest(device: Device) -> datetime | None:
    """When the oldest check it still held at the last contact was saved."""
    return report.moment((device.reported or {}).get("oldest")) if waiting(device) else None


def photos(device: Device) -> int:
    return int((device.reported or {}).get("photos", 0))


def photos_oldest(device: Device) -> datetime | None:
    """When the first check whose photos it still held was made."""
    return report.moment((device.reported or {}).get("photos_oldest")) if photos(device) else None


def aside(device: Device) -> int:
    """Stores that it set aside because they did not open, and has not been able to read since."""
    return int((device.reported or {}).get("aside", 0))


def is_silent(device: Device, now: datetime) -> bool:
    return now - (device.last_contact or device.enrolled_at) > DAY


def is_late(device: Device, now: datetime) -> bool:
    """It holds a check, or a photo of one, that is older than a day, as far as is known."""
    return any(saved is not None and now - saved > DAY for saved in (oldest(device), photos_oldest(device)))


def listing(session: Session, units: list[UUID], version: str, now: datetime, t: Translate) -> list[Context]:
    """Every device, the longest silent first."""
    found = queries.devices(session, units)
    all_ids = [device.id for device, _unit in found]
    again, gaps = queries.given_again(session, all_ids), missing.missing(session, all_ids, now)
    return [row(device, unit, version, again.get(device.id), gaps.get(device.id, []), now, t) for device, unit in found]


def row(
    device: Device, unit: Unit, version: str, again: tuple[datetime, str] | None, gaps: list[Missing], now: datetime, t: Translate
) -> Context:
    tone, text, icon = standing(device, now, t)
    if gaps and tone == "ok":
        tone, text, icon = "medium", t("Noe mangler"), "alert"
    told = device.reported or {}
    contact = near(device.last_contact, now, t) if device.last_contact else t("aldri")
    facts = [holds(device, now, t)]
    if told:
        facts += [clock(told.get("clock"), t), app(str(told.get("shell", "")), version, t)]
    if told.get("kept") is False:
        facts.append(t("Nettleseren har ikke lovet å ta vare på det som er lagret der."))
    if again:
        said = t("Fikk ny informasjonskapsel %(when)s, da %(name)s logget inn. Spør om det var på denne enheten.",
                 when=near(again[0], now, t), name=again[1])
        facts.append(said)
    return {
        "url": f"/devices/{device.id}", "name": device.name, "unit": unit.name, "tone": tone, "icon": icon, "tag_text": text,
        "contact": t("Siste kontakt: %(when)s", when=contact), "facts": [one for one in facts if one],
        "gaps": missing.texts(gaps, now, t), "advice": advice(device, now, t) or (missing.advice(waiting(device), t) if gaps else ""),
    }  # fmt: skip


def near(at: datetime, now: datetime, t: Translate) -> str:
    return says.near_moment(at.isoformat(), says.local(now.isoformat())[:10], t)


def standing(device: Device, now: datetime, t: Translate) -> tuple[str, str, str]:
    if tokens.is_revoked(device):
        return revoked(device, t)
    if is_silent(device, now):
        return "medium", t("Stille over et døgn"), "clock"
    if is_late(device, now):
        return "medium", t("Har noe som ikke blir sendt"), "alert"
    if aside(device):
        return "medium", t("Har lagt et lager til side"), "alert"
    return "ok", t("I kontakt"), "check"


def revoked(device: Device, t: Translate) -> tuple[str, str, str]:
    """How far a device that is not welcome says it has come with destroying what it holds."""
    told = device.reported or {}
    if told.get("emptied"):
        return "quiet", t("Sperret. Alt er slettet"), "check"
    if told.get("wiped"):
        return "medium", t("Sperret. Det lesbare er slettet"), "stop"
    return "high", t("Sperret. Har ikke hørt det ennå"), "stop"


def holds(device: Device, now: datetime, t: Translate) -> str:
    if not device.reported:
        return t("Har ikke sagt hva den har igjen.")
    drafts, count, saved = int(device.reported.get("drafts", 0)), waiting(device), oldest(device)
    said = t("Sier at den har %(checks)s sjekker og %(drafts)s utkast igjen.", checks=count, drafts=drafts)
    more = [t("Den eldste sjekken er fra %(at)s.", at=near(saved, now, t)) if saved else "", photo_lines.unsent_text(photos(device), t)]
    if aside(device):
        more.append(t("Dessuten et lager som ikke åpnet seg og er lagt til side: hva som lå usendt der, er ukjent."))
    return " ".join(one for one in (said, *more) if one)


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
    if tokens.is_revoked(device) or not (is_silent(device, now) or is_late(device, now) or aside(device)):
        return ""
    if is_silent(device, now):
        return t("Finn enheten, slå den på der det er nett, og åpne appen.")
    if not is_late(device, now):
        return t("Start enheten på nytt og åpne appen: åpner lageret seg da, blir det som lå der sendt. Tøm ikke nettleseren.")
    return t("Åpne «Denne enheten» på enheten: der står hva som er galt, og der kan det som ikke er sendt lagres i en redningsfil.")


def held_then(device: Device, t: Translate) -> str:
    """What a silent device had when it was last heard of."""
    if not device.reported:
        return t("Hva den har igjen å sende, er ukjent.")
    said = [t("Da hadde den %(n)s sjekker som ikke var sendt.", n=waiting(device)) if waiting(device) else ""]
    said.append(t("Da hadde den %(n)s bilder som ikke var sendt.", n=photos(device)) if photos(device) else "")
    said.append(t("Den hadde et lager som er lagt til side.") if aside(device) else "")
    return " ".join(one for one in said if one)


def late(device: Device, now: datetime, t: Translate) -> str:
    """What has waited for a day on a device that is in contact."""
    said = []
    if saved := oldest(device):
        at = near(saved, now, t)
        said.append(t("%(name)s har %(n)s sjekker som ikke er sendt, den eldste fra %(at)s.", name=device.name, n=waiting(device), at=at))
    if taken := photos_oldest(device):
        at, n = near(taken, now, t), photos(device)
        said.append(t("%(name)s har %(n)s bilder som ikke er sendt. Den eldste sjekken er fra %(at)s.", name=device.name, n=n, at=at))
    return " ".join(said)


def notices(session: Session, units: list[UUID], now: datetime, t: Translate) -> list[str]:
    """What the supervisor is told before she asks: unsent for more than a day, or silent and not known to be empty."""
    found, quiet = [], 0
    listed = queries.devices(session, units)
    gaps = missing.missing(session, [device.id for device, _unit in listed], now - DAY + missing.SOON)
    for device, _unit in listed:
        if tokens.is_revoked(device):
            continue
        found += [f"{device.name}: {one}" for one in missing.texts(gaps.get(device.id, []), now, t)]
        if is_silent(device, now):
            if device.reported and not (waiting(device) or photos(device) or aside(device)):
                quiet += 1
                continue
            since = near(device.last_contact or device.enrolled_at, now, t)
            found.append(t("%(name)s har vært stille siden %(at)s.", name=device.name, at=since) + " " + held_then(device, t))
        elif is_late(device, now):
            found.append(late(device, now, t))
        elif aside(device):
            found.append(t("%(name)s har lagt et lager til side som ikke åpnet seg. Hva som lå usendt der, er ukjent.", name=device.name))
    if quiet:
        found.append(says.many(t, quiet, "1 enhet har vært stille i over et døgn. Den hadde ingenting igjen å sende.",
                               "%(n)s enheter har vært stille i over et døgn. De hadde ingenting igjen å sende."))
    return found
