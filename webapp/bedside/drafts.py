"""A draft is a check on its way: start it, apply what the form sends, judge it. Twin: sw/drafts.js."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.bedside.commands import command
from webapp.bedside.places import place_of
from webapp.bedside.reading import SPACE, Body, read, read_moment
from webapp.bedside.says import local
from webapp.bundles import prefill
from webapp.bundles.model import Form

Draft = dict[str, Any]
NewId = Callable[[], str]

ACTIONS = ["gp_contacted", "ooh_contacted", "emergency_113", "manager_informed", "kin_informed", "user_informed",
           "fixed_now", "planned"]
OUTCOMES = ["done", "partly_done", "not_done"]
REASONS = ["declined", "not_home", "acute", "no_time", "not_relevant", "other"]


def actions_of(form: Form) -> list[str]:
    return [*ACTIONS, *form.extra_actions, "none"]


def start(form: Form, person: dict[str, Any], now: str, params: dict[str, Any], new_id: NewId) -> Draft:
    """An empty check with the slow facts of the last one, and a card for each open item."""
    answers = prefill.start(form, person, now, params)
    for field in form.answers:
        if field.auto and field.name not in answers:
            answers[field.name] = new_id()
    return {
        "id": new_id(), "person": person["ref"], "name": person["name"],
        "form": form.id, "bundle": form.bundle, "version": form.version,
        "supersedes": None, "reason": "", "answers": answers, "raw": {}, "prefilled": slow_facts(form, answers),
        "common": {"context": form.contexts[0], "outcome": "done", "not_done_reason": None, "not_done_text": "",
                   "actions": [], "note": "", "performed_at": None},
        "confirmed": [], "warned": [], "all_ok": [], "tried": False, "touched": False, "started_at": now, "updated_at": now,
    }


def slow_facts(form: Form, answers: dict[str, Any]) -> list[str]:
    return [field.name for field in form.answers if field.confirm and field.name in answers]


def correction(form: Form, person: dict[str, Any], check: dict[str, Any], now: str, new_id: NewId) -> Draft:
    """A new check with the old one's answers: both stay, with who, when and why."""
    return {
        "id": new_id(), "person": person["ref"], "name": person["name"],
        "form": form.id, "bundle": form.bundle, "version": form.version,
        "supersedes": check["id"], "reason": "", "answers": dict(check["answers"]), "raw": {}, "prefilled": [],
        "common": {name: check[name] for name in ("context", "outcome", "not_done_reason", "not_done_text",
                                                  "actions", "note", "performed_at")},
        "confirmed": [], "warned": list(check["warned"]), "all_ok": list(check["all_ok"]),
        "tried": False, "touched": False, "started_at": now, "updated_at": now,
    }


def is_begun(draft: Draft) -> bool:
    """Whether anything was done in it: a form that was opened and left is no draft to anybody. Older ones did not say."""
    return bool(draft.get("touched", True))


def to_go_on_with(drafts: list[Draft], form: Form, person: dict[str, Any], today: str) -> Draft | None:
    """The check begun about this person, or her form opened today: yesterday's empty one has yesterday's facts."""
    for draft in drafts:
        same = draft["person"] == person["ref"] and draft["form"] == form.id and not draft["supersedes"]
        if same and not form.quick and (is_begun(draft) or local(draft["started_at"])[:10] == today):
            return draft
    return None


def stale(drafts: list[Draft], today: str) -> list[Draft]:
    """Forms that were opened on an earlier day and left as they were."""
    return [draft for draft in drafts if not is_begun(draft) and local(draft["started_at"])[:10] != today]


def apply(draft: Draft, form: Form, body: Body, now: str, new_id: NewId) -> Draft:
    """The draft after one form post: every field named in `f` is set or cleared, then the button's command."""
    values: dict[str, list[str]] = {}
    for name, value in body:
        values.setdefault(name, []).append(value)
    draft = {**draft, "answers": dict(draft["answers"]), "raw": dict(draft["raw"]),
             "common": dict(draft["common"]), "confirmed": list(draft["confirmed"]),
             "warned": list(draft["warned"]), "all_ok": list(draft["all_ok"]), "updated_at": now,
             "tried": "tried" in values, "touched": True}
    for path in values.get("f", []):
        if path.startswith("common.") or path == "reason":
            set_common(draft, form, path, values)
        else:
            set_answer(draft, form, path, values)
    for do in values.get("do", []):
        command(draft, form, do, new_id)
    return draft


def set_answer(draft: Draft, form: Form, path: str, values: dict[str, list[str]]) -> None:
    found = place_of(draft, form, path)
    if found is None or found[0].auto or found[0].type == "photos":
        return
    field, answers = found
    before = answers.get(field.name)
    value, raw = read(field, "a." + path, values, before)
    draft["raw"].pop(path, None)
    if raw:
        draft["raw"][path] = raw
    if value is None:
        answers.pop(field.name, None)
    else:
        answers[field.name] = value
    if value != before:
        draft["warned"] = [one for one in draft["warned"] if one != path]
        if field.name in draft["prefilled"] and field.name not in draft["confirmed"]:
            draft["confirmed"].append(field.name)


def set_common(draft: Draft, form: Form, path: str, values: dict[str, list[str]]) -> None:
    name = path.removeprefix("common.")
    given = values.get(path, [])
    first = given[0] if given else ""
    common = draft["common"]
    if path == "reason":
        draft["reason"] = first.replace("\x00", "").strip(SPACE)[:500]
    elif name in ("note", "not_done_text"):
        common[name] = first.replace("\x00", "").replace("\r\n", "\n").strip(SPACE)[:500]
    elif name == "actions":
        chosen = [code for code in actions_of(form) if code in given]
        if "none" in chosen and len(chosen) > 1:
            chosen = ["none"] if "none" not in common["actions"] else chosen[:-1]
        common["actions"] = chosen
    elif name == "outcome":
        common["outcome"] = first if first in OUTCOMES else "done"
        if first == "done":
            common["not_done_reason"], common["not_done_text"] = None, ""
    elif name == "not_done_reason":
        common["not_done_reason"] = first if first in REASONS else None
    elif name == "context":
        common["context"] = first if first in form.contexts else form.contexts[0]
    elif name == "performed_at":
        common["performed_at"] = read_moment(values, path)
