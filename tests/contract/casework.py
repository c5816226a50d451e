"""Contract cases: fill in what a case leaves out, and run it through the Python engine.

The same jobs run in the browser (casework.js) and must give the same result, key by key."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from webapp.bundles import codec, due, history, openflags, prefill, rules
from webapp.bundles.bundle import Registry
from webapp.bundles.flagtext import flag_text
from webapp.bundles.model import Form
from webapp.bundles.workdays import instant, oslo_offset

CASES = Path(__file__).parent / "cases"
_RELATIVE = re.compile(r"(?:^|(?<=@))T([+-]\d+)?(?= nv$|$)")
_BORN = {True: "1940-01-01", False: "1990-01-01"}


def load_cases(pattern: str = "rules_*.json") -> list[dict[str, Any]]:
    found = []
    for path in sorted(CASES.glob(pattern)):
        data = json.loads(path.read_text(encoding="utf-8"))
        found += [{"file": path.name, "bundle": data["bundle"], **one} for one in data["cases"]]
    return found


def dated(value: Any, today: str) -> Any:
    """`T-5` and `T+30` anywhere become dates."""
    if isinstance(value, str):
        start = date.fromisoformat(today)
        return _RELATIVE.sub(lambda found: (start + timedelta(days=int(found.group(1) or 0))).isoformat(), value)
    if isinstance(value, list):
        return [dated(one, today) for one in value]
    if isinstance(value, dict):
        return {key: dated(one, today) for key, one in value.items()}
    return value


def at(day: str, clock: str = "09:00:00") -> str:
    """An Oslo time on a day."""
    hours = oslo_offset(instant(f"{day}T{clock}+01:00") or 0) // 60
    return f"{day}T{clock}+0{hours}:00"


def person_of(given: dict[str, Any], registry: Registry, params: dict[str, Any]) -> dict[str, Any]:
    """A whole person from a partial one; history is evaluated in order."""
    facts = given.get("facts") or {}
    person: dict[str, Any] = {
        "ref": "p1", "name": "Ida Prøve", "born": _BORN[facts.get("fall_group", True)], "end_of_life": facts.get("end_of_life", False),
        "fall_group_set": facts.get("fall_group", False), "episodes": given.get("episodes", []), "checks": [],
        "triggers": given.get("triggers", []), "flags": [],
        **{key: given[key] for key in ("born", "fall_group_set") if key in given}}
    if "age" in facts:
        person["born"] = f"{2026 - facts['age']}-01-01"
    for n, one in enumerate(given.get("checks", []), 1):
        person = with_check(person, {"id": f"h{n:02}", **one}, registry, params)
    if "flags" in given:
        person["flags"] = [flag_of(one, n) for n, one in enumerate(given["flags"], 1)]
    return person


def flag_of(given: dict[str, Any], n: int) -> dict[str, Any]:
    opened = given.get("opened_on") or given.get("on") or "2026-11-01"
    return {"id": f"f{n}", "severity": "medium", "subject": "", "opened_at": at(opened), "check_id": None, **given}


def with_check(person: dict[str, Any], given: dict[str, Any], registry: Registry,
               params: dict[str, Any]) -> dict[str, Any]:
    form = registry.form(given["form"])
    check = {"status": "final", "outcome": "done", "actions": [], "context": "planned_visit", **given,
             **given.get("common", {})}
    check.setdefault("performed_at", at(check.get("on") or "2026-11-01"))
    today = check["performed_at"][:10]
    prior = history.prior(form, person, check["performed_at"], check.get("supersedes"), check["id"])
    judged = rules.evaluate(form, check.get("answers", {}), common_of(check), prior, today, params)
    judged.derived = given.get("derived", judged.derived)
    judged.flags = given.get("flags", judged.flags)
    return openflags.after(form, person, check, judged)


def common_of(check: dict[str, Any]) -> dict[str, Any]:
    names = ("outcome", "context", "actions", "not_done_reason", "performed_at")
    return {name: check[name] for name in names if check.get(name) is not None}


def job_of(case: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """Everything both engines need, as JSON."""
    today = case["today"]
    case = {**dated(case, today), "today": today}
    params = case.get("params", {})
    common = {"outcome": "done", "context": "planned_visit", "actions": [], "performed_at": at(today),
              **case.get("common", {})}
    return {"form": case["form"], "today": today, "answers": case.get("answers", {}), "common": common,
            "person": person_of(case.get("person", {}), registry, params), "params": params,
            "check": "answers" in case or "common" in case,  # neither: nothing new is recorded, only time has passed
            "supersedes": case.get("supersedes"), "now": case.get("now", at(today, "23:00:00")),
            "timed_at": at(case["expect"].get("timed_on", today), "00:00:00"),
            "not_done": case.get("not_done", False), "expect": case["expect"]}


def run(job: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """Evaluate, apply to open flags, then what is due: the Python side."""
    form, common, person = registry.form(job["form"]), job["common"], job["person"]
    prior = history.prior(form, person, common["performed_at"], job["supersedes"], "new")
    judged = rules.evaluate(form, job["answers"], common, prior, job["today"], job["params"])
    check = {"id": "new", "status": "final", "supersedes": job["supersedes"], **common}
    after = openflags.after(form, person, check, judged) if job["check"] else person
    return {
        "prior": prior, "asked": sorted(judged.asked), "required": sorted(judged.required),
        "opened": sorted(judged.opened), "hints": judged.hints, "answers": judged.answers, "derived": judged.derived,
        "flags": judged.flags, "problems": judged.problems, "missing": judged.missing,
        "items": {name: [{**card, **{key: sorted(card[key]) for key in ("asked", "required", "opened")}}
                         for card in cards] for name, cards in judged.items.items()},
        "triggers": judged.triggers, "open": [f"{one['code']}:{one['subject']}" for one in after["flags"]],
        "not_found": [one["code"] for one in after["flags"] if one.get("not_found_last")],
        "due": {one.id: due.due(one, after, job["now"], job["params"]) for one in registry.forms},
        "timed": [flag for one in registry.forms for flag in due.timed(one, after, job["timed_at"], job["params"])],
        "prefill": prefill.start(form, after, job["now"], job["params"]),
        "texts": [[flag_text(registry.bundle_of(form), one, lang, judged.answers) for lang in ("nb", "nn", "en")]
                  for one in judged.flags],
        **packed(form, judged.answers)}


def packed(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they travel; what may not be saved may not travel either."""
    try:
        encoded = codec.encode(form, answers)
        return {"codec": encoded, "decoded": codec.decode(form, encoded)}
    except ValueError:
        return {"codec": "refused", "decoded": "refused"}


def code_of(raised: dict[str, Any]) -> str:
    return f"{raised['code']}:{raised['subject']}" if raised["subject"] else str(raised["code"])
