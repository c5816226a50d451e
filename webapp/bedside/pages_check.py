"""The check form as a page and as the fragment the form swaps. Twin: sw/pages/check.js."""

from __future__ import annotations

from typing import Any

from webapp.bedside.form_view import form_view
from webapp.bedside.judging import Judged, judge
from webapp.bedside.pages_frame import Page, World, find_person, frame, not_hers, today_of, who
from webapp.bedside.pages_result import find_check
from webapp.bedside.says import Translate, near_moment, text
from webapp.bundles import Registry


def find_draft(world: World, draft_id: str) -> dict[str, Any] | None:
    return next((one for one in world["drafts"] if one["id"] == draft_id), None)


def judged(world: World, t: Translate, registry: Registry, draft: dict[str, Any]) -> Judged | None:
    person = find_person(world, draft["person"])
    if person is None:
        return None
    form = registry.form(draft["form"], draft["version"])
    params = world["params"].get(draft["bundle"], {})
    return judge(draft, form, person, world["now"], params, world["me"]["lang"], t)


def check_page(world: World, t: Translate, registry: Registry, draft: dict[str, Any], *,
               tried: bool = False, fragment: bool = False) -> Page:
    """The form of a draft. `tried`: a save was refused, so what is missing is shown."""
    person = find_person(world, draft["person"])
    verdict = judged(world, t, registry, draft)
    if person is None or verdict is None:
        return not_hers(world, t)
    form = registry.form(draft["form"], draft["version"])
    bundle = registry.bundle(draft["bundle"], draft["version"])
    lang = world["me"]["lang"]
    shown = form_view(bundle, form, draft, verdict, world, t, tried or draft["tried"])
    shown["focus_problems"] = tried and bool(shown["problems"])
    status = 422 if tried and not fragment else 200
    if fragment:
        return Page("bedside/_form.html", {**shown, "lang": lang}, status)
    context = frame(world, t, "round", t("Sjekk"))
    context.update(shown)
    context.update({
        "who": who(person, world, t), "id_sticky": True, "form_title": text(form.title, lang),
        "form_note": text(form.intro, lang), "about_url": "/round/about/" + bundle.id,
        "correction_text": correction_text(world, t, draft), "discard_url": shown["action"] + "/discard",
    })
    return Page("bedside/check.html", context, status)


def correction_text(world: World, t: Translate, draft: dict[str, Any]) -> str:
    if not draft["supersedes"]:
        return ""
    found = find_check(world, draft["supersedes"])
    at = "" if found is None else near_moment(found[1]["performed_at"], today_of(world), t)
    return t("Du retter sjekken fra %(at)s. Den opprinnelige blir stående.", at=at)
