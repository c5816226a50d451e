"""The end of the shift: what nobody has received, what is half done, what was not done. Twin: sw/pages/shift.js."""

from __future__ import annotations

from webapp.bedside import photo_lines
from webapp.bedside.drafts import is_begun
from webapp.bedside.due_rows import due_rows
from webapp.bedside.pages_frame import Context, Page, World, frame, today_of
from webapp.bedside.pages_result import find_check
from webapp.bedside.pages_round import DUE_TONES, draft_rows, once, visits_on
from webapp.bedside.says import Translate, local, many, text
from webapp.bundles import Registry


def shift_page(world: World, t: Translate, registry: Registry) -> Page:
    states = [one["state"] for one in world["sync"]["by_id"].values()]
    left = world["sync"]["waiting"]
    photos = photo_lines.left(world, t)
    context = frame(world, t, "sent", t("Vaktslutt"))
    context.update({
        "left_tone": "waiting" if left or photos else "ok", "left_number": str(left),
        "left_text": many(t, left, "sjekk er ikke mottatt ennå", "sjekker er ikke mottatt ennå") if left else arrived(world, t),
        "photos_text": photos,
        "leave_text": t("La enheten ligge på lading der det er nett. Det sendes av seg selv, også når den er låst.")
        if left or photos else "",
        "kept_text": many(t, states.count("quarantined"), "1 registrering er hos leder.", "%(n)s registreringer er hos leder.")
        if "quarantined" in states else "",
        "calls": calls(world, registry, t),
        "drafts": draft_rows(world, registry, t),
        "elsewhere": len([one for one in world["drafts"] if is_begun(one)]) > len(draft_rows(world, registry, t)),
        "undone": undone(world, registry, t),
    })
    return Page("bedside/shift.html", context)


def arrived(world: World, t: Translate) -> str:
    return t("Alt er mottatt. Ingenting ligger igjen på enheten.") if world["device"] else t("Alt er lagret på serveren.")


def calls(world: World, registry: Registry, t: Translate) -> list[Context]:
    """Urgent findings that nobody can have seen."""
    rows = []
    for one in sorted(world["sync"]["by_id"]):
        found = find_check(world, one)
        if world["sync"]["by_id"][one]["state"] != "received" and found and any(flag["severity"] == "urgent" for flag in found[1]["flags"]):
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
