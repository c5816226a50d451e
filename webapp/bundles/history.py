"""A person's earlier checks, in their one order, and the facts of them that rules read. Twin: sw/history.js."""

from __future__ import annotations

from typing import Any

from webapp.bundles.model import Form
from webapp.bundles.workdays import day, instant, oslo_date

Values = dict[str, Any]
FALL_AGE = 65
DONE = ("done", "partly_done")


def order_key(check: Values) -> tuple[int, str]:
    """Order of checks: the earlier of performed and received, then the id."""
    performed, received = moment(check["performed_at"]), moment(check.get("received_at") or "")
    return (min(performed, received) if received else performed, str(check["id"]))


def moment(text: str) -> int:
    return instant(text) or 0


def day_of(check: Values) -> str:
    """Oslo date of a check."""
    return oslo_date(check["performed_at"]) or ""


def valid(person: Values, form_id: str, outcomes: tuple[str, ...] = DONE) -> list[Values]:
    """Checks of a form that count, oldest first: not superseded, not entered in error."""
    found = [one for one in person.get("checks") or ()
             if one["form"] == form_id and not one.get("superseded_by") and one.get("status") != "entered_in_error"
             and one.get("outcome", "done") in outcomes]
    return sorted(found, key=order_key)


def values_of(check: Values) -> Values:
    """Answers and derived values of a check, with its day, actions and outcome under names no field can have."""
    return {**(check.get("answers") or {}), **(check.get("derived") or {}), "_on": day_of(check),
            "_actions": check.get("actions") or None, "_outcome": check.get("outcome", "done")}


def facts(person: Values, today: str) -> Values:
    """Age, fall group and end of life on a day."""
    born = str(person.get("born") or "")
    age = int(today[:4]) - int(born[:4]) - (today[5:] < born[5:]) if day(born) is not None else None
    return {"age": age, "fall_group": bool(person.get("fall_group_set")) or (age is not None and age >= FALL_AGE),
            "end_of_life": bool(person.get("end_of_life"))}


def item_records(checks: list[Values], form: Form) -> dict[str, dict[str, list[Values]]]:
    """Every record of every card, by identity and key, oldest first."""
    found: dict[str, dict[str, list[Values]]] = {}
    names = {one.name: one.items for one in form.lists}
    for check in checks:
        for name, items in names.items():
            if items is None:
                continue
            derived = (check.get("derived") or {}).get(name) or {}
            for card in (check.get("answers") or {}).get(name) or ():
                key = card.get(items.key)
                if isinstance(key, str):
                    record = {**card, **(derived.get(key) or {}), "_on": day_of(check)}
                    found.setdefault(items.identity, {}).setdefault(key, []).append(record)
    return found


def cards(form: Form, forms: list[Form], person: Values, before: tuple[int, str] | None = None,
          exclude: str | None = None) -> tuple[dict[str, dict[str, list[Values]]], list[str]]:
    """Records of the lists this bundle's forms share, and the checks they came from."""
    wanted = [(check, other) for other in forms if other.lists for check in valid(person, other.id)
              if (before is None or order_key(check) < before) and check["id"] != exclude]
    wanted.sort(key=lambda pair: order_key(pair[0]))
    found: dict[str, dict[str, list[Values]]] = {}
    uses = []
    for check, other in wanted:
        for identity, keys in item_records([check], other).items():
            uses.append(check["id"])
            for key, records in keys.items():
                found.setdefault(identity, {}).setdefault(key, []).extend(records)
    return found, uses


def prior(form: Form, person: Values, performed_at: str, exclude: str | None = None, check_id: str = "~",
          wide: bool = False) -> Values:
    """The facts of history a form's rules name; nothing else travels with a check.

    `exclude`: the check this one corrects. `wide`: also what prefilled fields need."""
    before = (moment(performed_at), check_id)
    today = oslo_date(performed_at) or ""
    uses: list[str] = []
    wanted = [form.reads, *([form.prefill_reads] if wide else [])]
    last: Values = {}
    for other in sorted({name for reads in wanted for name in reads.last} | ({form.id} if wide else set())):
        check = latest(person, other, before, exclude)
        if check is not None:
            names = None if wide and other == form.id else {name for r in wanted for name in r.last.get(other, ())}
            last[other] = picked(values_of(check), names)
            uses.append(check["id"])
    items, item_uses = item_facts(form, person, before, exclude, wide)
    past: Values = {}
    for other, names in form.reads.past.items():
        found = [one for one in valid(person, other) if order_key(one) < before and one["id"] != exclude]
        past[other] = [picked(values_of(one), names) for one in found]
        uses += [one["id"] for one in found]
    known = facts(person, today)
    result = {"facts": {name: known[name] for name in sorted(form.reads.facts)}, "last": last, "items": items,
              "past": past, "uses": sorted({*uses, *item_uses})}
    if wide:
        result["triggers"] = unused_triggers(form, person, today)
    return result


def latest(person: Values, form_id: str, before: tuple[int, str] | None, exclude: str | None = None) -> Values | None:
    found = [one for one in valid(person, form_id)
             if (before is None or order_key(one) < before) and one["id"] != exclude]
    return found[-1] if found else None


def picked(values: Values, names: set[str] | None) -> Values:
    """Only the named facts, and the day; missing ones stay out."""
    return {name: value for name, value in values.items()
            if value is not None and (names is None or name in names or name == "_on")}


def item_facts(form: Form, person: Values, before: tuple[int, str], exclude: str | None,
               wide: bool) -> tuple[Values, list[str]]:
    parts = {one.items.identity: one.items for other in form.siblings for one in other.lists if one.items is not None}
    own = [one.items.identity for one in form.lists if one.items is not None]
    wanted = sorted({*form.reads.items, *own})
    if not wanted:
        return {}, []
    records, uses = cards(form, form.siblings, person, before, exclude)
    found: Values = {}
    for identity in wanted:
        keep = None if wide else form.reads.items.get(identity, set()) | {parts[identity].state}
        for key, history in (records.get(identity) or {}).items():
            rest = history if identity in form.reads.earlier else history[-1:]
            kept = [picked(one, keep) for one in rest]
            if history[0] is not rest[0]:
                kept.insert(0, {"_on": history[0]["_on"]})
            found.setdefault(identity, {})[key] = kept
    return found, uses


def unused_triggers(form: Form, person: Values, today: str) -> dict[str, str]:
    """Day of the latest trigger of each type, up to today, that no check of the form has used up."""
    check = latest(person, form.id, None)
    since = day_of(check) if check is not None else ""
    found: dict[str, str] = {}
    for one in person.get("triggers") or ():
        if since < one["on"] <= today and one["on"] > found.get(one["type"], ""):
            found[one["type"]] = one["on"]
    return found

