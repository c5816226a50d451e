"""What a page says of photos on their way. Twin: sw/photo_lines.js."""

from __future__ import annotations

from webapp import reasons
from webapp.bedside.pages_frame import World
from webapp.bedside.says import Translate, many


def of_check(world: World, check_id: str, t: Translate) -> str:
    """How many of a check's photos wait, and why others were not taken."""
    known = (world["sync"].get("photos") or {}).get(check_id)
    if known is None:
        return ""
    waiting = many(t, known["waiting"], "1 bilde er ikke sendt ennå.", "%(n)s bilder er ikke sendt ennå.") if known["waiting"] else ""
    refused = [t("Et bilde ble ikke tatt imot.") + " " + reasons.sentence("refused", one, t) for one in known["refused"]]
    return " ".join(one for one in [waiting, *refused] if one)


def left(world: World, t: Translate) -> str:
    """All that wait on this device; nothing when none do."""
    count = sum(one["waiting"] for one in (world["sync"].get("photos") or {}).values())
    return many(t, count, "1 bilde er ikke sendt ennå.", "%(n)s bilder er ikke sendt ennå.") if count else ""
