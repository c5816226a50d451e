"""How many taps a check costs when nothing is found: counted on the form as it is shown, with last time's check on file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.casework import CASES, dated, person_of
from tests.contract.hands import counter
from webapp.bedside import drafts
from webapp.bedside.form_view import form_view
from webapp.bedside.judging import Judged, judge
from webapp.bundles import registry
from webapp.bundles.model import Form

TODAY = "2026-11-16"
NOW = f"{TODAY}T10:00:00+01:00"
FALL = "01930000-0000-7000-8000-0000000000e1"
MEASURES = ["meds", "oh", "shoes", "aid", "light", "bath", "alarm", "vision", "train", "nutri", "toilet", "info"]
EVENT: dict[str, Any] = {
    "ev_witnessed": "no", "ev_assisted": "no", "ev_place": "bedroom", "ev_doing": "walking", "ev_injury": "none", "ev_head": "no",
    "ev_loc": "no", "ev_longlie": "no", "ev_newpain": "no", "ev_cause": ["slipped"]}
SCREEN = {"f_12m": "no", "f_unsteady": "no", "f_worry": "no"}
SKIN = {"pu_now": "no", "pu_help": "yes", "pu_judge": "no", "skin_seen": "all_points"}


def vector(bundle: str, name: str) -> dict[str, Any]:
    """The answers of a case of the clinical document."""
    cases = json.loads((CASES / f"rules_{bundle}.json").read_text(encoding="utf-8"))["cases"]
    found: dict[str, Any] = dated(next(one["answers"] for one in cases if one["name"].startswith(name)), TODAY)
    return found


LONG = {**vector("kateter", "kateter 1:"), "cat_inserted_on": "2026-05-01", "cat_changed_on": "2026-10-20", "cat_plan": "longterm_review",
        "cat_plan_date": "2027-01-15", "cat_trial": "failed", "cat_review_on": "2026-11-01"}
MEDS = vector("legemiddel", "med 1:")
# form, last time's answers, today's answers to what is asked anew, budget of the clinical document
PATHS: list[tuple[str, str, dict[str, Any], dict[str, Any], int]] = [
    ("a short-term catheter", "kateter", vector("kateter", "kateter 1:"), vector("kateter", "kateter 1:"), 7),
    ("a long-term catheter", "kateter", LONG, LONG, 7),
    ("skin without risk", "trykksar", {**SKIN, "pu_help": "no"}, {**SKIN, "pu_help": "no"}, 4),
    ("skin at risk, all in place", "trykksar", {**SKIN, **dict.fromkeys(("m_bed", "m_chair"), "ok")}, SKIN, 6),
    ("fall check without risk", "fall_screen", SCREEN, SCREEN, 4),
    ("fall measures all in place", "fall_measures", {f"fm_{one}": "ok" for one in MEASURES}, {}, 2),
    ("a fall", "fall_event", {}, EVENT, 13),
    ("after a fall", "fall_post", {}, {"pf_new": ["none"], "pf_med": "no", "pf_env": "ok", "pf_plan": "ok"}, 7),
    ("medicines reconciled", "med_check", MEDS, MEDS, 12),
    ("medicines followed up", "med_followup", {}, {"adher": "yes", "prob": ["none"], "fu_effect": "as_expected"}, 6),
]


def history(form: Form, before: dict[str, Any]) -> dict[str, Any]:
    """Last time's check three days ago; for the assessment after a fall, the fall itself."""
    checks = [{"form": form.id, "on": "2026-11-13", "answers": before}] if before else []
    if form.per_subject:
        event = {"ev_id": FALL, "ev_at": "2026-11-14T08:00:00+01:00", **EVENT}
        checks = [{"form": "fall_event", "on": "2026-11-14", "answers": event}]
    change = [{"type": "med_change", "on": "2026-11-13"}] if form.id == "med_followup" else []
    return person_of({"checks": checks, "triggers": change}, registry(), {})


class Thumb:
    """One thumb: it taps what the form shows, and never types."""

    def __init__(self, form: Form, person: dict[str, Any], wanted: dict[str, Any]) -> None:
        self.form, self.person, self.wanted, self.new_id = form, person, wanted, counter("taps")
        self.draft = drafts.start(form, person, NOW, {}, self.new_id)
        self.taps: list[str] = []

    @property
    def judged(self) -> Judged:
        return judge(self.draft, self.form, self.person, NOW, {}, "nb", translate)

    def tap(self, name: str, *body: tuple[str, str]) -> None:
        self.taps.append(name)
        self.draft = drafts.apply(self.draft, self.form, list(body), NOW, self.new_id)

    def shown(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The form, and the questions that stand open on it."""
        view = form_view(registry().bundle_of(self.form), self.form, self.draft, self.judged, {"me": {"lang": "nb"}}, translate, False)
        return view, [one for section in [*view["sections"], *view["ending"]] for one in section["controls"]]

    def one(self) -> bool:
        """The next tap, if there is one to make."""
        view, controls = self.shown()
        if not view["facts_confirmed"]:
            self.tap("Stemmer fortsatt", ("do", "confirm"))
            return True
        return any(self.answer(control) for control in controls)

    def answer(self, control: dict[str, Any]) -> bool:
        path = control["path"]
        if control["optional"] or control["kind"] == "list":
            return False
        if control["kind"] == "group":
            if all(row["path"] in self.draft["answers"] for row in control["rows"]):
                return False
            self.tap(control["all_text"], ("do", control["all_do"]))
            return True
        if control["kind"] == "datetime":
            if path in self.draft["answers"]:
                return False
            assert control["now_do"], f"{control['label']} must be typed"
            self.tap(control["label"], ("do", control["now_do"]))
            return True
        assert control["kind"] == "chips", f"{control['label']} must be typed"
        return self.choose(control)

    def choose(self, control: dict[str, Any]) -> bool:
        on = [one["value"] for one in control["options"] if one["on"]]
        wanted = self.wanted.get(control["path"], ["gp_contacted"] if control["path"] == "common.actions" else on or None)
        wanted = wanted if isinstance(wanted, list) else [wanted]
        left = [one for one in wanted if one not in on]
        if not left:
            return False
        assert left[0] in [one["value"] for one in control["options"]], f"{control['label']}: no chip for {left[0]}"
        self.tap(control["label"], ("f", control["path"]), *((control["name"], one) for one in [*on, left[0]]))
        return True


def translate(text: str, **parts: Any) -> str:
    return text % parts if parts else text


@pytest.mark.parametrize(("form_id", "before", "wanted", "budget"), [one[1:] for one in PATHS], ids=[one[0] for one in PATHS])
def test_a_check_without_findings_stays_within_its_taps(
        form_id: str, before: dict[str, Any], wanted: dict[str, Any], budget: int) -> None:
    form = registry().form(form_id)
    thumb = Thumb(form, history(form, before), wanted)
    while thumb.one():
        assert len(thumb.taps) < 40, thumb.taps
    thumb.taps.append("Lagre")
    assert thumb.judged.stops == []
    assert len(thumb.taps) <= budget, thumb.taps
    assert len(thumb.taps) <= 12 or form.quick  # a fall counts as a finding


def test_every_form_has_a_budget() -> None:
    assert {one[1] for one in PATHS} == {form.id for form in registry().forms}
