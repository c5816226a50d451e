"""Build bedside pages as Flask does, from the same worlds that pagework.js builds them from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.contract.hands import counter
from webapp.bedside import drafts, pages
from webapp.bedside.judging import judge
from webapp.bedside.pages_check import find_draft
from webapp.bedside.pages_frame import Page, World
from webapp.bundles import codec, registry
from webapp.bundles.model import Form
from webapp.device.templates import bedside_environment, render
from webapp.words import translator

WORLDS = Path(__file__).parent / "cases" / "worlds"
Asked = tuple[str, dict[str, Any]]
Answer = list[Any]  # template, status, headers, html


def load_world(name: str) -> tuple[World, list[Asked]]:
    """A fixture: the world, and every page of it."""
    case = json.loads((WORLDS / f"{name}.json").read_text(encoding="utf-8"))
    return case["world"], [(one["page"], one["params"]) for one in case["pages"]]


def build(world: World, name: str, params: dict[str, Any]) -> Page:
    """The page builder a Flask route calls for this page."""
    t, known = translator(world["me"]["lang"]), registry()
    match name:
        case "round":
            return pages.round_page(world, t, known)
        case "people":
            return pages.people_page(world, t, params.get("q", ""))
        case "person":
            return pages.person_page(world, t, known, params["ref"])
        case "check":
            draft = find_draft(world, params["check_id"])
            how = {key: params[key] for key in ("tried", "fragment") if key in params}
            return (
                pages.result_page(world, t, known, params["check_id"]) if draft is None else pages.check_page(world, t, known, draft, **how)
            )
        case "event":
            return pages.event_page(world, t, known, params.get("q", ""))
        case "sent":
            return pages.sent_page(world, t, known)
        case "shift":
            return pages.shift_page(world, t, known)
        case "about":
            return pages.about_page(world, t, known, params["bundle_id"])
    raise KeyError(name)


def answer(world: World, asked: Asked) -> Answer:
    page = build(world, *asked)
    html = render(bedside_environment(), page.template, page.context, translator(world["me"]["lang"]))
    return [page.template, page.status, page.headers, html]


def fill(world: World, task: dict[str, Any], place: int) -> list[dict[str, Any]]:
    """What Flask makes of the same taps: `filled` of pagework.js."""
    new_id = counter(f"{place:08}")
    person = next(one for one in world["people"] if one["ref"] == task["person"])
    form = registry().form(task["form"])
    params = world["params"].get(form.bundle, {})
    old = next((one for one in person["checks"] if one["id"] == task["corrects"]), None)
    draft = drafts.correction(form, person, old, world["now"], new_id) if old else drafts.start(form, person, world["now"], params, new_id)
    steps = [step({**world, "drafts": [draft]}, draft, form, person, params)]
    for body in task["bodies"]:
        draft = drafts.apply(draft, form, [(name, value) for name, value in body], world["now"], new_id)
        steps.append(step({**world, "drafts": [draft]}, draft, form, person, params))
    return steps


def step(world: World, draft: dict[str, Any], form: Form, person: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    judged = judge(draft, form, person, world["now"], params, world["me"]["lang"], translator(world["me"]["lang"]))
    hows: list[dict[str, Any]] = [{"fragment": True}, {}, {"tried": True}]
    found = judged.evaluation
    return {
        "draft": draft,
        "stops": judged.stops,
        "common": judged.common,
        "prior": judged.prior,
        "asked": sorted(found.asked),
        "required": sorted(found.required),
        "opened": sorted(found.opened),
        "answers": found.answers,
        "derived": found.derived,
        "flags": found.flags,
        "encoded": codec.encode(form, found.answers),
        "shown": [answer(world, ("check", {"check_id": draft["id"], **how})) for how in hows],
    }
