"""What a form asks for with one hand: a keyboard of numbers, and slow facts that are confirmed and never taken for granted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.casework import person_of
from tests.contract.hands import counter
from webapp.bedside import drafts
from webapp.bedside.form_view import form_view
from webapp.bedside.judging import Judged, judge
from webapp.bundles import registry
from webapp.bundles.model import Form

NOW = "2026-11-16T10:00:00+01:00"
CATHETER: dict[str, Any] = {
    "cat_present": "yes", "cat_type": "urethral", "cat_inserted_on": "2026-11-06", "cat_changed_on": "not_changed", "cat_need": "yes",
    "cat_indication": "haematuria", "cat_ind_doc": "yes", "cat_plan": "removal_date", "cat_plan_date": "2026-11-20", "sym": ["none"],
    **{f"care_{one}": "ok" for one in ("closed", "below", "flow", "secured", "hygiene")}, "uti_treated": "no"}
ANEW = ("cat_present", "cat_need", "care_closed", "care_below", "care_flow", "care_secured", "care_hygiene", "sym", "uti_treated")


def translate(text: str, **parts: Any) -> str:
    return text % parts if parts else text


def judged(form: Form, person: dict[str, Any], draft: dict[str, Any]) -> Judged:
    return judge(draft, form, person, NOW, {}, "nb", translate)


def begun(form: Form, answers: dict[str, Any], *before: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the draft with these answers, the person)"""
    person = person_of({"checks": list(before)}, registry(), {})
    draft = drafts.start(form, person, NOW, {}, counter("filling"))
    return {**draft, "answers": {**draft["answers"], **answers}, "touched": True}, person


def test_what_was_known_last_time_is_saved_only_when_she_has_said_that_it_still_holds() -> None:
    form = registry().form("kateter")
    earlier = {"form": "kateter", "on": "2026-11-13", "answers": CATHETER}
    draft, person = begun(form, {name: CATHETER[name] for name in ANEW}, earlier)
    assert set(draft["prefilled"]) >= {"cat_type", "cat_inserted_on", "cat_indication", "cat_ind_doc", "cat_plan", "cat_plan_date"}
    assert not set(draft["prefilled"]) & set(ANEW), "a finding is asked anew each time"
    assert [(one["path"], one["text"]) for one in judged(form, person, draft).stops] == [
        ("facts", "Bekreft eller endre opplysningene fra sist.")]
    draft = drafts.apply(draft, form, [("do", "confirm")], NOW, counter("more"))
    assert judged(form, person, draft).stops == []


@pytest.mark.parametrize("form_id", [form.id for form in registry().forms])
def test_a_number_brings_up_a_keyboard_of_numbers(form_id: str) -> None:
    form = registry().form(form_id)
    opening: dict[str, dict[str, Any]] = {
        "kateter": {**CATHETER, "sym": ["malaise"]}, "fall_screen": {"f_12m": "no", "f_unsteady": "yes", "f_worry": "no"},
        "med_check": {"med_decision": "full", "med_why": "periodic"}, "trykksar": {"pu_now": "yes", "pu_help": "no", "pu_judge": "no"},
    }
    draft, person = begun(form, opening.get(form_id, {}))
    if form_id == "trykksar":
        draft = drafts.apply(draft, form, [("do", "add:finding")], NOW, counter("wound"))
    view = form_view(registry().bundle_of(form), form, draft, judged(form, person, draft), {"me": {"lang": "nb"}}, translate, False)
    controls = [one for section in view["sections"] for one in [*section["controls"], *section["more"]]]
    cards = [card for one in controls for card in one.get("cards", [])]
    controls += [one for card in cards for one in [*card["controls"], *card["more"]]]
    found = {one["path"].split(".")[-1]: one["inputmode"] for one in controls if one["kind"] == "number"}
    kinds = {one.name: one.type for one in [*form.answers, *(inner for each in form.lists if each.items for inner in each.items.fields)]}
    assert found == {name: "decimal" if kinds[name] == "decimal" else "numeric" for name in found}
    assert found.keys() == {name for name in kinds if kinds[name] in ("int", "decimal")} - HIDDEN


# asked only where a licence or another answer opens them
HIDDEN = {"tool_total", "f_count", "pain"}
