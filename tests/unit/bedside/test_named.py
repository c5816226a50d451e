"""Questions answered by pointing: which fall, which healed wound, a number of falls."""

from __future__ import annotations

from typing import Any

from tests.contract.casework import person_of
from tests.contract.hands import counter
from webapp.bedside import drafts, says
from webapp.bedside.form_view import form_view
from webapp.bedside.judging import judge
from webapp.bundles import history, registry

NOW = "2026-11-16T10:00:00+01:00"
OLD, NEW, WOUND = (f"01930000-0000-7000-8000-0000000000{end}" for end in ("e1", "e2", "a1"))
FALL = {"ev_witnessed": "no", "ev_assisted": "no", "ev_doing": "walking", "ev_injury": "none", "ev_head": "no", "ev_loc": "no",
        "ev_longlie": "no", "ev_newpain": "no", "ev_cause": ["slipped"]}


def fallen(ev_id: str, on: str, place: str) -> dict[str, Any]:
    return {"form": "fall_event", "on": on, "answers": {**FALL, "ev_id": ev_id, "ev_at": f"{on}T08:00:00+01:00", "ev_place": place}}


def skin(on: str, state: str) -> dict[str, Any]:
    card = {"wound_id": WOUND, "site": "heel_l", "kind": "pressure", "category": "cat1", "state": state, "device_related": "no",
            "where_arose": "here_in_service"}
    return {"form": "trykksar", "on": on, "answers": {"pu_now": "no" if state == "healed" else "yes", "pu_help": "no", "pu_judge": "no",
                                                      "finding": [card]}}


class Filling:
    """A form on its way, as the office PC and the tablet build it."""

    def __init__(self, form: str, *checks: dict[str, Any], lang: str = "nb") -> None:
        self.form, self.lang, self.new_id = registry().form(form), lang, counter("named")
        self.person = person_of({"checks": list(checks)}, registry(), {})
        self.draft = drafts.start(self.form, self.person, NOW, {}, self.new_id)

    def post(self, *body: tuple[str, str]) -> None:
        self.draft = drafts.apply(self.draft, self.form, list(body), NOW, self.new_id)

    def control(self, path: str) -> dict[str, Any]:
        return next(one for one in self.controls() if one["path"] == path)

    def controls(self) -> list[dict[str, Any]]:
        judged = judge(self.draft, self.form, self.person, NOW, {}, self.lang, lambda text, **parts: text % parts if parts else text)
        view = form_view(registry().bundle_of(self.form), self.form, self.draft, judged, {"me": {"lang": self.lang}},
                         lambda text, **parts: text % parts if parts else text, False)
        controls = [one for section in view["sections"] for one in [*section["controls"], *section["more"]]]
        cards = [card for one in controls for card in one.get("cards", [])]
        return [*controls, *(each for card in cards for each in [*card["controls"], *card["more"]])]


def chips(control: dict[str, Any]) -> list[tuple[str, bool]]:
    assert control["kind"] == "chips"
    return [(one["text"], one["on"]) for one in control["options"]]


def test_the_assessment_names_its_fall_by_day_and_place_newest_first() -> None:
    filling = Filling("fall_post", fallen(OLD, "2026-11-10", "bathroom"), fallen(NEW, "2026-11-14", "outdoors"))
    assert chips(filling.control("pf_event")) == [("14.11.2026, Ute", False), ("10.11.2026, Bad", True)]


def test_another_answer_never_loses_the_fall_and_a_tap_changes_it() -> None:
    filling = Filling("fall_post", fallen(OLD, "2026-11-10", "bathroom"), fallen(NEW, "2026-11-14", "outdoors"))
    filling.post(("f", "pf_event"), ("a.pf_event", OLD), ("f", "pf_med"), ("a.pf_med", "no"))
    assert filling.draft["answers"] == {"pf_event": OLD, "pf_med": "no"}
    filling.post(("f", "pf_event"), ("a.pf_event", NEW))
    assert filling.draft["answers"]["pf_event"] == NEW
    filling.post(("f", "pf_event"), ("a.pf_event", "<script>"))
    assert "pf_event" not in filling.draft["answers"]


def test_a_finished_check_says_which_fall_and_which_wound_it_is_about() -> None:
    filling = Filling("fall_post", fallen(OLD, "2026-11-10", "bathroom"), fallen(NEW, "2026-11-14", "outdoors"))
    prior = history.prior(filling.form, filling.person, NOW)
    assert says.pairs(filling.form, {"pf_event": OLD, "pf_med": "no"}, "en", prior) == [
        says.pair("For fall", "10.11.2026, Bathroom"), says.pair("Medicines changed in 14 d?", "No")]
    filling = Filling("trykksar", skin("2026-10-01", "new"), skin("2026-11-02", "healed"))
    prior = history.prior(filling.form, filling.person, NOW)
    cards = [{"wound_id": "new", "site": "sacrum", "state": "new", "reopens": WOUND}]
    assert says.pairs(filling.form, {"finding": cards}, "nb", prior) == [says.pair(
        "Korsbein", "Sted: Korsbein; Status: Nytt; Er det et grodd sår som har åpnet seg igjen?: Hæl venstre, 02.11.2026")]


def test_without_a_recorded_fall_the_form_says_so() -> None:
    control = Filling("fall_post", lang="nn").control("pf_event")
    assert (chips(control), control["hint"]) == ([], "Fallet er ikkje registrert her. Registrer fallet først.")


def test_a_new_wound_may_name_a_healed_one() -> None:
    filling = Filling("trykksar", skin("2026-10-01", "new"), skin("2026-11-02", "healed"))
    filling.post(("do", "add:finding"))
    filling.post(("f", "finding.0.kind"), ("a.finding.0.kind", "pressure"))
    assert chips(filling.control("finding.0.reopens")) == [("Hæl venstre, 02.11.2026", False)]
    filling.post(("f", "finding.0.reopens"), ("a.finding.0.reopens", WOUND))
    assert filling.draft["answers"]["finding"][0]["reopens"] == WOUND


def test_a_new_wound_is_not_asked_about_healed_ones_where_there_are_none() -> None:
    filling = Filling("trykksar")
    filling.post(("do", "add:finding"))
    filling.post(("f", "finding.0.kind"), ("a.finding.0.kind", "pressure"))
    paths = [one["path"] for one in filling.controls()]
    assert ("finding.0.kind" in paths, "finding.0.reopens" in paths) == (True, False)


def test_a_number_of_falls_is_one_tap_and_may_still_be_typed() -> None:
    filling = Filling("fall_screen")
    filling.post(("f", "f_12m"), ("a.f_12m", "yes"))
    words = filling.control("f_count")["words"]
    assert [one["text"] for one in words] == ["1", "2", "3", "4", "5", ">5", "Vet ikke"]
    filling.post(("f", "f_count"), ("a.f_count", ""), ("a.f_count.word", "6"))
    assert filling.draft["answers"]["f_count"] == 6
    filling.post(("f", "f_count"), ("a.f_count", "11"), ("a.f_count.word", "6"))
    assert filling.draft["answers"]["f_count"] == 11
    assert not any(one["on"] for one in filling.control("f_count")["words"])
    filling.post(("f", "f_count"), ("a.f_count", "11"), ("a.f_count.word", "7"))
    assert filling.draft["answers"]["f_count"] == 11


def test_an_action_says_when_it_may_be_done() -> None:
    filling = Filling("kateter")
    judged = judge(filling.draft, filling.form, filling.person, NOW, {}, "nb", lambda text, **_: text)
    view = form_view(registry().bundle("kateter"), filling.form, filling.draft, judged, {"me": {"lang": "nb"}},
                     lambda text, **_: text, False)
    actions = next(one for one in view["ending"][0]["more"] if one["path"] == "common.actions")
    hints = {one["value"]: one["hint"] for one in actions["options"]}
    assert hints["removed"] == "Fjernes bare etter avtale med lege eller lokal prosedyre."
    assert hints["changed"] == ""
