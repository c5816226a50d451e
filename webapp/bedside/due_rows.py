"""What is due for one person, why and how late, in words. Twin: sw/due_rows.js."""

from __future__ import annotations

from typing import Any

from webapp.bedside.says import Translate, days_between, many, near_day, text
from webapp.bundles import Registry, due

ORDER = {"overdue": 0, "due": 1, "upcoming": 2, "done": 3, "not_applicable": 4}


def due_rows(person: dict[str, Any], world: dict[str, Any], registry: Registry, t: Translate) -> list[dict[str, Any]]:
    """One row per form, the most late first."""
    lang = world["me"]["lang"]
    today = world["now"][:10]
    rows = []
    states = due.for_person(registry, person, world["now"], world["params"])
    for place, form in enumerate(registry.forms):
        one = states[form.id]
        late = one["days_late"] or 0
        rows.append({
            "form": form.id, "title": text(form.title, lang), "short": text(form.short, lang),
            "icon": form.icon or "check-form", "tone": one["state"], "quick": form.quick, "place": place, "late": late,
            "state": state_words(one, today, t), "state_icon": {"overdue": "alert", "due": "clock"}.get(one["state"], ""),
            "reason": text(one["reason"], lang) if one["reason"] else "",
        })
    return sorted(rows, key=lambda row: (ORDER[row["tone"]], -row["late"], row["place"]))


def state_words(one: dict[str, Any], today: str, t: Translate) -> str:
    state, on = one["state"], one["next_due_on"]
    if state == "overdue":
        late = one["days_late"] or days_between(on, today)
        return many(t, late, "1 dag over tiden", "%(n)s dager over tiden")
    if state == "due":
        return t("ved dette besøket") if one["at_next_visit"] or on > today else t("nå")
    if state == "upcoming":
        return near_day(on, today, t)
    return t("gjort i dag") if state == "done" else t("ikke aktuelt")
