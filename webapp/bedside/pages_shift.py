"""The end of the shift: what nobody has received, what is half done, what was not done. Twin: sw/pages/shift.js."""

from __future__ import annotations

from webapp.bedside import photo_lines
from webapp.bedside.drafts import is_begun
from webapp.bedside.due_rows import due_rows
from webapp.bedside.pages_frame import Context, Page, World, frame, today_of
from webapp.bedside.pages_result import find_check
from webapp.bedside.pages_round import DUE_TONES, draft_rows, once, visits_on
from webapp.bedside.pages_sent import PAUSED
from webapp.bedside.says import Translate, local, many, text
from webapp.bundles import Registry


def shift_page(world: World, t: Translate, registry: Registry) -> Page:
    states = [one["state"] for one in world["sync"]["by_id"].values()]
    left, paused = world["sync"]["waiting"], world["sync"]["paused"]
    photos = photo_lines.left(world, t)
    waits = bool(left or photos)
    context = frame(world, t, "sent", t("Vaktslutt"))
    context.update({
        "left_tone": "waiting" if waits else "ok", "left_number": str(left) if left else "",
        "left_text": many(t, left, "sjekk er ikke mottatt ennå", "sjekker er ikke mottatt ennå") if left else photos,
        "photos_text": photos if left else "",
        "leave_text": leave(paused, t), **({} if waits else nothing_left(world, t)),
        "kept_text": many(t, states.count("quarantined"), "1 registrering er hos leder.", "%(n)s registreringer er hos leder.")
        if "quarantined" in states else "",
        "calls": calls(world, registry, t, "waiting"), "kept_calls": calls(world, registry, t, "quarantined"),
        "drafts": draft_rows(world, registry, t),
        "elsewhere": len([one for one in world["drafts"] if is_begun(one)]) > len(draft_rows(world, registry, t)),
        "undone": undone(world, registry, t), "visits": bool(visits_on(world, today_of(world))),
    })
    return Page("bedside/shift.html", context)


def nothing_left(world: World, t: Translate) -> Context:
    if not world["device"]:
        return {"left_text": t("Alt er lagret på serveren."), "leave_text": ""}
    return {"left_number": "0", "left_text": t("sjekker igjen på denne enheten"),
            "leave_text": t("Alt er mottatt. Ingenting ligger igjen på enheten.")}


def leave(paused: str | None, t: Translate) -> str:
    if paused and paused != "offline":
        return t(PAUSED.get(paused, PAUSED["server"]))
    return t("La enheten ligge på lading med appen åpen der det er nett. Det sendes av seg selv, også når den er låst.")


def calls(world: World, registry: Registry, t: Translate, state: str) -> list[Context]:
    """Urgent findings of records in this state: not sent, or kept and not taken in."""
    rows = []
    for one in sorted(world["sync"]["by_id"]):
        found = find_check(world, one)
        urgent = found and any(flag["severity"] == "urgent" for flag in found[1]["flags"])
        if found and urgent and world["sync"]["by_id"][one]["state"] == state:
            person, check = found
            title = text(registry.form(check["form"], check["version"]).title, world["me"]["lang"])
            rows.append({"url": "/round/checks/" + one, "name": person["name"], "text": title + " " + local(check["performed_at"])[11:16]})
    return rows


def undone(world: World, registry: Registry, t: Translate) -> list[Context]:
    """Who on today's route still has something due, and what."""
    rows = []
    for person in once([person for _, person in visits_on(world, today_of(world))]):
        asked = [row["short"] + ": " + row["state"] for row in due_rows(person, world, registry, t) if row["tone"] in DUE_TONES]
        if asked:
            rows.append({"url": "/round/people/" + person["ref"], "name": person["name"], "text": ", ".join(asked)})
    return rows
