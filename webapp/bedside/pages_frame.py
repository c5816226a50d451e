"""What every bedside page has around its content. Twin: sw/pages/frame.js."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webapp.bedside import photo_lines
from webapp.bedside.says import Translate, age, clock, day, many, near_moment
from webapp.bundles.flagtext import flag_text
from webapp.bundles.model import Bundle
from webapp.bundles.workdays import instant

World = dict[str, Any]
Person = dict[str, Any]
Context = dict[str, Any]

SEVERITY = {"urgent": "Nå", "high": "Høy", "medium": "Middels", "info": "Til orientering"}
SEVERITY_ICON = {"urgent": "alert", "high": "alert", "medium": "clock", "info": "info"}
SEVERITIES = ["urgent", "high", "medium", "info"]

DAY = 86_400_000
STALE_DO = {
    "offline": "Ta enheten dit den har nett, og la appen stå åpen.",
    "unauthorised": "Logg inn når du har nett.",
    "captive": "Logg inn på nettet først, og la appen stå åpen.",
    "wire": "Lås enheten når den har nett, så hentes en ny utgave.",
    "device": "Start appen på nytt. Hjelper det ikke, si fra til leder.",
    "other": "La appen stå åpen med nett. Hjelper det ikke, si fra til leder.",
}


@dataclass
class Page:
    """A finished page: what to render and how to answer."""

    template: str
    context: Context
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def initials(name: str) -> str:
    words = [one for one in name.split(" ") if one]
    if not words:
        return "?"
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def sync_line(world: World, t: Translate) -> dict[str, str]:
    waiting = world["sync"]["waiting"]
    if not world["device"]:
        return {"sync_text": t("Lagres på serveren"), "sync_tone": "ok"}
    if world["sync"]["paused"] not in (None, "offline"):
        return {"sync_text": t("Sending er stoppet"), "sync_tone": "stopped"}
    if waiting:
        return {"sync_text": many(t, waiting, "1 venter", "%(n)s venter"), "sync_tone": "waiting"}
    pictures = photo_lines.waiting(world)
    if pictures:
        return {"sync_text": many(t, pictures, "1 bilde venter", "%(n)s bilder venter"), "sync_tone": "waiting"}
    if world["sync"]["paused"]:
        return {"sync_text": t("Uten nett"), "sync_tone": "waiting"}
    return {"sync_text": t("Alt er sendt"), "sync_tone": "ok"}


UNSPOKEN = "Språket du har valgt, er ikke hentet til enheten ennå. Det kommer når enheten har nett."


def stale_text(world: World, t: Translate) -> str:
    """More than a day unsent: said on every page, with what to do."""
    oldest = world["sync"].get("oldest") if world["device"] else None
    if not oldest or (instant(world["now"]) or 0) - (instant(oldest) or 0) < DAY:
        return ""
    said = t("Noe har ventet i over et døgn på å bli sendt. Den eldste sjekken er fra %(at)s.", at=near_moment(oldest, today_of(world), t))
    return said + " " + t(STALE_DO.get(world["sync"]["paused"] or "other", STALE_DO["other"]))


def nav(world: World, t: Translate, here: str) -> list[Context]:
    waiting = world["sync"]["waiting"]
    entries = [("round", "/round", t("Min runde")), ("event", "/round/event", t("Ny hendelse"))]
    entries.append(("sent", "/round/sent", t("Sendt")))
    return [
        {"icon": icon, "url": url, "text": text, "here": icon == here,
         "count": str(waiting) if icon == "sent" and waiting else ""}
        for icon, url, text in entries
    ]


def frame(world: World, t: Translate, here: str, title: str) -> Context:
    return {
        "lang": world["me"]["lang"],
        "title": title,
        "home_url": "/round",
        "me_name": world["me"]["name"],
        "me_initials": initials(world["me"]["name"]),
        "is_device": world["device"],
        "nav": nav(world, t, here),
        "id_sticky": False,
        "stale_text": stale_text(world, t),
        "unspoken_text": t(UNSPOKEN) if world.get("unspoken") else "",
        **sync_line(world, t),
    }


def today_of(world: World) -> str:
    return str(world["now"])[:10]


def who(person: Person, world: World, t: Translate) -> Context:
    return {
        "name": person["name"],
        "born": day(person["born"]),
        "age": t("%(n)s år", n=age(person["born"], today_of(world))),
        "address": person["address"],
        "unit": world["me"]["unit"]["name"] if person.get("unit", "") in ("", world["me"]["unit"]["id"]) else "",
        "key_note": person.get("key_note") or "",
        "url": "/round/people/" + person["ref"],
    }


def find_person(world: World, ref: str) -> Person | None:
    """A person held in full, or the little that is known of another one in the unit."""
    for person in world["people"]:
        if person["ref"] == ref:
            return person  # type: ignore[no-any-return]
    for other in world["others"]:
        if other["ref"] == ref:
            return stub(other)
    return None


def stub(other: Person) -> Person:
    return {
        "ref": other["ref"], "name": other["name"], "born": other["born"], "address": other["address"],
        "unit": other.get("unit", ""), "key_note": "", "fall_group_set": False, "end_of_life": False, "history_missing": True,
        "episodes": [], "triggers": [], "visits": [], "checks": [], "flags": [],
    }


def missing(world: World, t: Translate) -> Page:
    """A page for what is not here, or is not for this nurse: the two are told alike."""
    context = frame(world, t, "", t("Finnes ikke her"))
    context["text"] = t("Denne siden finnes ikke, eller du har ikke tilgang.")
    return Page("bedside/missing.html", context, 404)


NOT_HERS = "Brukeren hører ikke lenger til enheten din. Utkastet kan ikke åpnes, bare forkastes."


def not_hers(world: World, t: Translate) -> Page:
    """Her own draft, about somebody who left her unit meanwhile."""
    context = frame(world, t, "", t("Kan ikke åpnes"))
    context["text"] = t(NOT_HERS)
    return Page("bedside/missing.html", context, 404)


GENERAL = {
    "LATE_ENTRY": "Registrert sent: mer enn 72 timer etter besøket.",
    "CLOCK_AHEAD": "Klokka på enheten går feil. Kontroller tidspunktet.",
}


def flag_words(bundle: Bundle, flag: Context, lang: str, answers: Context, t: Translate) -> str:
    """A flag's sentence: the bundle's, or one of those the server adds to any check."""
    if flag["code"] in GENERAL:
        return t(GENERAL[flag["code"]])
    form = bundle.form(flag["form"]) if flag.get("form") else None
    rules = [one.rule for one in form.flags if one.code == flag["code"]] if form is not None else []
    return flag_text(bundle, {**flag, "rule": flag.get("rule") or (rules[0] if rules else "")}, lang, answers)


def saved_line(world: World, check_id: str, check: Context | None, t: Translate) -> Context:
    """Where a finished check is now: on this device, received, or refused and why."""
    known = world["sync"]["by_id"].get(check_id)
    if known is not None and known["state"] == "waiting":
        at = clock(known["at"] or world["now"])
        return {"state": "waiting", "text": t("Lagret på denne enheten %(at)s", at=at), "tone": "waiting"}
    if known is not None and known["state"] == "quarantined":
        return {"state": "quarantined", "text": t("Ikke godtatt. Leder ser på den."), "tone": "stopped"}
    if known is not None and known["state"] == "received" and "reject" in known["reasons"]:
        return {"state": "rejected", "text": t("Ikke lagt inn, %(at)s", at=clock(known["at"] or world["now"])), "tone": "stopped"}
    if known is not None and known.get("made"):
        at = near_moment(known["at"] or world["now"], today_of(world), t)
        return {"state": "taken", "text": t("Tatt ut %(at)s", at=at), "tone": "info"}
    received = known["at"] if known is not None else None
    if received is None and check is not None:
        received = check["received_at"]
    if received is None:
        return {"state": "received", "text": t("Mottatt"), "tone": "ok"}
    return {"state": "received", "text": t("Mottatt %(at)s", at=clock(received)), "tone": "ok"}
