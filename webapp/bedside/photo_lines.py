"""What a page says of photos on their way. Twin: sw/photo_lines.js."""

from __future__ import annotations

from typing import Any

from webapp import reasons
from webapp.bedside.says import Translate, many

World = dict[str, Any]


def unsent_text(count: int, t: Translate) -> str:
    """Nothing when none wait."""
    return many(t, count, "1 bilde er ikke sendt ennå.", "%(n)s bilder er ikke sendt ennå.") if count else ""


def of_check(world: World, check_id: str, t: Translate) -> str:
    """How many of a check's photos wait, and why others were not taken."""
    known = (world["sync"].get("photos") or {}).get(check_id)
    if known is None:
        return ""
    unsent = unsent_text(known["waiting"], t)
    refused = [t("Et bilde ble ikke tatt imot.") + " " + reasons.sentence("refused", one, t) for one in known["refused"]]
    return " ".join(one for one in [unsent, *refused] if one)


def waiting(world: World) -> int:
    """How many wait on this device."""
    return sum(one["waiting"] for one in (world["sync"].get("photos") or {}).values())


def left(world: World, t: Translate) -> str:
    """All that wait on this device; nothing when none do."""
    return unsent_text(waiting(world), t)
