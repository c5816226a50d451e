"""What a check does to open flags: one per key, closed only by a person's act."""

from __future__ import annotations

from typing import Any

from webapp.bundles import openflags, registry, rules

FALL = "01930000-0000-7000-8000-0000000000e1"


def opened(code: str, subject: str = "", **more: Any) -> dict[str, Any]:
    return {"id": code, "code": code, "subject": subject, "severity": "high", "check_id": "old", **more}


def judged(form: str, codes: list[tuple[str, str]], answers: dict[str, Any] | None = None, outcome: str = "done") -> rules.Evaluation:
    flags = {flag.code: flag for flag in registry().form(form).flags}
    empty: dict[str, Any] = {"list": [], "n": None, "inputs": []}
    raised = [{"code": code, "subject": subject, "severity": flags[code].severity, "rule": flags[code].rule, **empty}
              for code, subject in codes]
    return rules.Evaluation(outcome, asked={"x"}, answers=answers or {}, flags=raised)


def apply(form: str, flags: list[dict[str, Any]], evaluation: rules.Evaluation, **more: Any) -> openflags.Change:
    return openflags.apply(registry().form(form), flags, evaluation, **more)


def test_a_raise_opens_a_flag_and_info_never_does() -> None:
    change = apply("kateter", [], judged("kateter", [("CAT_REVIEW", ""), ("CAT_NOT_UTI_SIGN", "")]))
    assert [one["code"] for one in change.new] == ["CAT_REVIEW"]


def test_a_second_raise_is_added_to_the_open_one() -> None:
    change = apply("kateter", [opened("CAT_REVIEW")], judged("kateter", [("CAT_REVIEW", "")]))
    assert (change.new, change.closed, [flag["code"] for flag, _raise in change.added]) == ([], [], ["CAT_REVIEW"])


def test_another_subject_is_another_flag() -> None:
    change = apply("trykksar", [opened("PU_NEW", "w1")], judged("trykksar", [("PU_NEW", "w2")]))
    assert [one["subject"] for one in change.new] == ["w2"]


def test_a_flag_not_raised_again_stays_open_and_is_marked() -> None:
    change = apply("kateter", [opened("CAT_REVIEW"), opened("PU_NEW", "w1")], judged("kateter", []))
    assert (change.closed, [one["code"] for one in change.not_found]) == ([], ["CAT_REVIEW"])


def test_fixed_now_closes_the_flags_that_say_so_and_opens_none() -> None:
    evaluation = judged("kateter", [("CAT_CARE_GAP", ""), ("CAT_REVIEW", "")])
    change = apply("kateter", [opened("CAT_CARE_GAP")], evaluation, actions=["fixed_now"])
    assert [(flag["code"], why) for flag, why in change.closed] == [("CAT_CARE_GAP", "fixed_now")]
    assert [one["code"] for one in change.new] == ["CAT_REVIEW"]


def test_a_done_assessment_closes_the_flag_of_its_fall_only() -> None:
    flags = [opened("FALL_POST_DUE", FALL), opened("FALL_POST_DUE", "other")]
    done = apply("fall_post", flags, judged("fall_post", [], {"pf_event": FALL}))
    assert [flag["subject"] for flag, _why in done.closed] == [FALL]
    partly = apply("fall_post", flags, judged("fall_post", [], {"pf_event": FALL}, "partly_done"))
    assert partly.closed == []


def test_a_healed_wound_closes_its_flags_and_no_others() -> None:
    evaluation = judged("trykksar", [], {"finding": [{"wound_id": "w1", "state": "healed"}, {"wound_id": "w2", "state": "known_same"}]})
    change = apply("trykksar", [opened("PU_NEW", "w1"), opened("PU_SEVERE", "w1"), opened("PU_NEW", "w2"), opened("MED_SERIOUS", "w1")],
                   evaluation)
    assert [(flag["code"], flag["subject"]) for flag, _why in change.closed] == [("PU_NEW", "w1"), ("PU_SEVERE", "w1")]


def test_a_correction_closes_the_flags_it_no_longer_raises() -> None:
    flags = [opened("CAT_REVIEW"), opened("CAT_PLAN_MISSING"), opened("CAT_LEAKING", check_id="another")]
    change = apply("kateter", flags, judged("kateter", [("CAT_PLAN_MISSING", "")]), corrects="old")
    assert [(flag["code"], why) for flag, why in change.closed] == [("CAT_REVIEW", "corrected")]


def test_a_check_that_was_not_done_changes_nothing() -> None:
    empty = rules.evaluate(registry().form("kateter"), {}, {"outcome": "not_done"}, {}, "2026-11-16")
    change = apply("kateter", [opened("CAT_REVIEW")], empty)
    assert (change.new, change.added, change.closed, change.not_found) == ([], [], [], [])
