"""What a check does to a person's open flags: new, added to, closed (domain 1a.10). Pure. Twin: sw/openflags.js."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webapp.bundles.history import moment, order_key
from webapp.bundles.model import Form

Values = dict[str, Any]


@dataclass(slots=True)
class Change:
    """`new` raises to open, `added` (open flag, raise), `closed` (open flag, why), `not_found` flags that stay."""

    new: list[Values] = field(default_factory=list)
    added: list[tuple[Values, Values]] = field(default_factory=list)
    closed: list[tuple[Values, str]] = field(default_factory=list)
    not_found: list[Values] = field(default_factory=list)


def apply(form: Form, open_flags: list[Values], evaluation: Any, actions: list[str] | None = None,
          corrects: str | None = None) -> Change:
    """Open flags + an evaluated check -> what changes.

    `actions` = taps of the check; `corrects` = id of the check it supersedes: its flags, not raised again, close."""
    change = Change()
    raises = merged([one for one in evaluation.flags if one["severity"] != "info"])
    by_code = {flag.code: flag for flag in form.flags}
    fixed = [one for one in raises if by_code[one["code"]].closes_on_action in (actions or [])
             and by_code[one["code"]].closes_on_action]
    keys = {(one["code"], one["subject"]) for one in raises}
    for one in open_flags:
        why = closing(form, one, evaluation, keys, corrects)
        if why:
            change.closed.append((one, why))
        elif one["code"] in by_code and evaluation.asked and (one["code"], one["subject"]) not in keys \
                and not by_code[one["code"]].timed:
            change.not_found.append(one)
    still = [one for one in open_flags if all(one is not gone for gone, _why in change.closed)]
    for one in raises:
        old = next((flag for flag in still if (flag["code"], flag["subject"]) == (one["code"], one["subject"])), None)
        if one in fixed:
            if old is not None:
                change.closed.append((old, "fixed_now"))
            continue
        if old is None:
            change.new.append(one)
        else:
            change.added.append((old, one))
    return change


def merged(raises: list[Values]) -> list[Values]:
    """One raise per code and subject: rules may share a code."""
    found: dict[tuple[str, str], Values] = {}
    for one in raises:
        first = found.setdefault((one["code"], one["subject"]), {**one, "list": [], "inputs": []})
        first["list"] += [entry for entry in one["list"] if entry not in first["list"]]
        first["inputs"] += [name for name in one["inputs"] if name not in first["inputs"]]
    return list(found.values())


def closing(form: Form, one: Values, evaluation: Any, keys: set[tuple[str, str]], corrects: str | None) -> str:
    """Why this check closes an open flag, or ""."""
    if closed_by_answer(form, one, evaluation):
        return f"by_{form.id}"
    if finished_item(form, one, evaluation):
        return "final_state"
    if corrects is not None and one.get("check_id") == corrects and (one["code"], one["subject"]) not in keys:
        return "corrected"
    return ""


def closed_by_answer(form: Form, one: Values, evaluation: Any) -> bool:
    """closed_by: a finished check of this form about the flag's subject."""
    if evaluation.outcome != "done":
        return False
    for other in form.siblings:
        for flag in other.flags:
            if flag.code == one["code"] and flag.closed_by is not None and flag.closed_by[0] == form.id:
                return bool(evaluation.answers.get(flag.closed_by[1]) == one["subject"])
    return False


def finished_item(form: Form, one: Values, evaluation: Any) -> bool:
    """A card set to a final state closes the flags about it."""
    if not one["subject"] or one["code"] not in {flag.code for other in form.siblings for flag in other.flags}:
        return False
    for listed in form.lists:
        items = listed.items
        for card in evaluation.answers.get(listed.name) or ():
            if items is not None and card.get(items.key) == one["subject"]:
                return card.get(items.state) in items.final
    return False


def after(form: Form, person: Values, check: Values, evaluation: Any) -> Values:
    """The person as she is with this check: history, triggers and open flags. `check` has id, times and outcome."""
    change = apply(form, person.get("flags") or [], evaluation, check.get("actions"), check.get("supersedes"))
    gone = [one for one, _why in change.closed]
    kept = [still_open(one, change, is_newest(form, person, check)) for one in person.get("flags") or ()
            if all(one is not other for other in gone)]
    fresh = [{**one, "id": f"{check['id']}:{one['code']}:{one['subject']}", "bundle": form.bundle,
              "version": form.version, "form": form.id, "opened_at": check["performed_at"], "check_id": check["id"],
              "owner": None, "due_on": None, "not_found_last": False} for one in change.new]
    checks = [{**one, "superseded_by": check["id"]} if one["id"] == check.get("supersedes") else one
              for one in person.get("checks") or ()]
    stored = {**check, "form": form.id, "bundle": form.bundle, "version": form.version,
              "answers": evaluation.answers, "derived": evaluation.derived, "flags": evaluation.flags}
    undone = check.get("supersedes")
    before = [one for one in person.get("triggers") or () if not undone or one.get("check_id") != undone]
    triggers = [{"id": f"{check['id']}:{one['type']}", "check_id": check["id"], **one} for one in evaluation.triggers]
    return {**person, "checks": [*checks, stored], "flags": [*kept, *fresh], "triggers": [*before, *triggers]}


def still_open(one: Values, change: Change, newest: bool) -> Values:
    """An open flag after a check: raised again with what it says now, or not found by the newest check of its form."""
    for flag, again in change.added:
        if flag is one:
            return {**one, **{name: again[name] for name in ("list", "n", "inputs")}, "not_found_last": False}
    missed = newest and any(one is other for other in change.not_found)
    return {**one, "not_found_last": True} if missed else one


def is_newest(form: Form, person: Values, check: Values) -> bool:
    """No later check of the form is known."""
    mine = order_key(check)[0]
    return all(moment(one["performed_at"]) <= mine for one in person.get("checks") or ()
               if one["form"] == form.id and not one.get("superseded_by"))
