"""What is counted of one person is what the definition of the measure says, whatever else her checks hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from webapp.bundles import registry
from webapp.measures.declared import Count, declared
from webapp.measures.facts import Fact, Person

COUNTS: dict[str, Count] = {one.id: one for one in declared(registry())[1]}
MONTH, TODAY = date(2026, 9, 1), date(2026, 11, 20)
Check = dict[str, Any]


def check(form: str, day: str, answers: dict[str, Any], outcome: str = "done", **derived: Any) -> Check:
    """Recorded that day at noon, and received the same minute."""
    at = f"{day}T12:00:00+02:00"
    return {"id": f"{form}-{day}", "unit": "u", "form": form, "outcome": outcome, "not_done_reason": None, "performed_at": at,
            "received_at": at, "context": "planned_visit", "actions": [], "answers": answers, "derived": derived,
            "supersedes": None}  # fmt: skip


def person_of(measure: str, checks: Sequence[Check], service: str = "2026-01-01", stays: Sequence[tuple[str, str]] = ()) -> Person:
    episodes = [{"kind": "service", "from": service, "to": None}]
    episodes += [{"kind": "absence", "from": begins, "to": ends} for begins, ends in stays]
    person = {"unit": "u", "born": "1940-01-01", "fall_group_set": False, "end_of_life": False, "checks": list(checks),
              "episodes": episodes}  # fmt: skip
    return Person(person, [COUNTS[measure]], {}, TODAY)


def fact(measure: str, checks: Sequence[Check], service: str = "2026-01-01", stays: Sequence[tuple[str, str]] = ()) -> Fact | None:
    """What September counts of her."""
    return next(person_of(measure, checks, service, stays).of([COUNTS[measure]], MONTH), None)


def counted(measure: str, checks: Sequence[Check], service: str = "2026-01-01", stays: Sequence[tuple[str, str]] = ()) -> tuple[int, ...]:
    """(num, den, declined)."""
    one = fact(measure, checks, service, stays)
    return (one.num, one.den, one.declined) if one else (0, 0, 0)


@pytest.mark.parametrize(("seen", "told"), [
    ("all_points", (1, 1, 0)), ("partly", (1, 1, 0)), ("not_done", (0, 1, 0)), ("declined", (0, 0, 1)),
])  # fmt: skip
def test_a_skin_check_in_which_the_skin_was_not_seen_is_no_inspection(seen: str, told: tuple[int, ...]) -> None:
    assert counted("T-P2", [check("trykksar", "2026-09-28", {"skin_seen": seen}, at_risk=True)]) == told


def test_a_new_user_is_risk_assessed_when_all_three_questions_are_answered() -> None:
    asked = {"pu_now": "no", "pu_help": "no", "pu_judge": "no"}
    assert counted("T-P1", [check("trykksar", "2026-09-12", asked)], "2026-09-10") == (1, 1, 0)
    assert counted("T-P1", [check("trykksar", "2026-09-12", asked | {"pu_judge": None}, "partly_done")], "2026-09-10") == (0, 1, 0)


def test_whose_first_check_came_in_time_after_the_month_was_over_is_covered() -> None:
    asked = {"pu_now": "no", "pu_help": "no", "pu_judge": "no"}
    for day, told in (("2026-10-02", (1, 1, 1)), ("2026-10-12", (0, 1, 0))):
        one = fact("T-P1", [check("trykksar", day, asked)], "2026-09-28")
        assert one is not None
        assert (one.num, one.den, one.covered) == told


def test_a_fall_makes_the_fall_check_before_it_too_old_after_a_week() -> None:
    screened = check("fall_screen", "2026-08-01", {})
    assert counted("F-P1", [screened]) == (1, 1, 0)
    assert counted("F-P1", [screened, check("fall_event", "2026-09-10", {}, event_on="2026-09-10")]) == (0, 1, 0)
    assert counted("F-P1", [screened, check("fall_event", "2026-09-27", {}, event_on="2026-09-27")]) == (1, 1, 0)
    again = [screened, check("fall_event", "2026-09-10", {}, event_on="2026-09-10"), check("fall_screen", "2026-09-12", {})]
    assert counted("F-P1", again) == (1, 1, 0)


def test_medicines_are_reconciled_in_time_after_a_start_and_after_a_stay() -> None:
    full, stay = {"med_decision": "full"}, [("2026-09-03", "2026-09-10")]
    assert counted("L-P1", [check("med_check", "2026-09-12", full, completeness="full")], stays=stay) == (1, 1, 0)
    assert counted("L-P1", [check("med_check", "2026-09-20", full, completeness="full")], stays=stay) == (0, 1, 0)
    assert counted("L-P1", [check("med_check", "2026-09-12", full, completeness="insufficient")], stays=stay) == (0, 1, 0)
    assert counted("L-P1", [check("med_check", "2026-06-01", {"med_decision": "none"})], stays=stay) == (0, 0, 0)
    assert counted("L-P1", [], stays=stay) == (0, 1, 0), "what nobody knows of is not left out"


def catheter(day: str, **answers: Any) -> Check:
    known = {"cat_present": "yes", "cat_type": "urethral", "cat_inserted_on": "2026-06-01"} | answers
    return check("kateter", day, known, indwelling=known["cat_present"] == "yes", current_since="2026-09-14")


def test_an_infection_just_after_a_change_of_catheter_counts_and_one_long_after_its_removal_does_not() -> None:
    treated = {"uti_treated": "yes", "uti_sympt": "yes", "uti_on": "2026-09-15"}
    assert counted("K-R4", [catheter("2026-09-16", **treated)])[0] == 1
    assert counted("K-R4", [catheter("2026-09-16", **treated, cat_inserted_on="2026-09-14")])[0] == 0
    gone = {"cat_present": "no", "cat_type": None, "cat_inserted_on": None}
    assert counted("K-R4", [catheter("2026-09-16", **treated, **gone, rem_on="2026-09-14")])[0] == 1
    assert counted("K-R4", [catheter("2026-09-16", **treated, **gone, rem_on="2026-09-09")])[0] == 0


def test_a_suprapubic_catheter_is_no_urethral_catheter() -> None:
    treated = {"uti_treated": "yes", "uti_sympt": "yes", "uti_on": "2026-09-15"}
    assert counted("K-R3", [catheter("2026-09-01")]) == (30, 30, 0)
    assert counted("K-R3", [catheter("2026-09-01", cat_type="suprapubic")]) == (0, 30, 0)
    assert counted("K-R4", [catheter("2026-09-16", cat_type="suprapubic", **treated)])[0] == 0


def wound(day: str, *cards: dict[str, str], seen: str = "all_points") -> Check:
    return check("trykksar", day, {"skin_seen": seen, "pu_now": "yes", "finding": [{"kind": "pressure"} | one for one in cards]},
                 at_risk=True, finding={})  # fmt: skip


NEW = {"wound_id": "a", "category": "cat2", "state": "new", "where_arose": "here_in_service"}


@pytest.mark.parametrize(("cards", "news"), [
    ([NEW], 1), ([NEW, NEW | {"wound_id": "b"}], 2), ([NEW | {"category": "cat1"}], 0), ([NEW | {"where_arose": "hospital"}], 0),
    ([NEW | {"state": "known_same"}], 0), ([NEW | {"kind": "moisture"}], 0), ([NEW | {"category": "unst"}], 1),
])  # fmt: skip
def test_a_new_ulcer_is_one_of_category_two_or_deeper_that_arose_here(cards: list[dict[str, str]], news: int) -> None:
    assert counted("T-R3", [wound("2026-09-20", *cards)])[:2] == (news, 30)


def test_an_ulcer_is_new_when_it_is_classified_and_not_within_three_days_of_a_return() -> None:
    unsure = wound("2026-08-20", NEW | {"category": "unsure"})
    assert counted("T-R3", [unsure, wound("2026-09-03", {"wound_id": "a", "category": "cat3", "state": "known_same"})])[0] == 1
    stay = [("2026-09-01", "2026-09-18")]
    assert counted("T-R3", [wound("2026-09-20", NEW)], stays=stay)[0] == 0
    assert counted("T-R3", [wound("2026-09-22", NEW)], stays=stay)[0] == 1


def test_of_those_whose_skin_was_seen_some_have_an_ulcer_and_who_was_not_seen_is_missed() -> None:
    deep, shallow = wound("2026-09-20", NEW), wound("2026-09-20", NEW | {"category": "cat1"})
    assert [counted("T-R2", [one])[:2] for one in (deep, shallow)] == [(1, 1), (0, 1)]
    missed = fact("T-R2", [wound("2026-06-20", NEW)])
    assert missed is not None
    assert (missed.den, missed.eligible, missed.covered) == (0, 1, 0), "fewer seen must not look like fewer ulcers"


def test_ulcers_first_found_as_category_one_are_a_share_of_all_that_are_found() -> None:
    cards = NEW, NEW | {"wound_id": "b", "category": "cat1"}, {"wound_id": "c", "category": "cat1", "state": "known_same"}
    assert counted("T-B1", [wound("2026-09-20", *cards)])[:2] == (1, 2)


def test_the_whole_package_against_ulcers_is_all_or_nothing() -> None:
    every = dict.fromkeys(("m_bed", "m_chair", "m_repos", "m_nutri", "m_info"), "ok")
    for answers, met in ((every, 1), (every | {"m_bed": "na"}, 1), (every | {"m_info": "gap"}, 0), (every | {"m_repos": None}, 0)):
        assert counted("T-P3", [check("trykksar", "2026-09-28", {"skin_seen": "partly"} | answers, at_risk=True)])[:2] == (met, 1)


def medicines(day: str, *cards: dict[str, str], form: str = "med_check", outcome: str = "done", **answers: Any) -> Check:
    return check(form, day, {"med_decision": "full", "disc": list(cards)} | answers, outcome, completeness="full", disc={})


def test_a_list_is_reconciled_when_nothing_is_open_and_nothing_happened_since() -> None:
    found = {"disc_id": "a", "status": "sent_to_gp"}
    assert counted("L-P2", [medicines("2026-09-10")])[:2] == (1, 1)
    assert counted("L-P2", [medicines("2026-09-10", found)])[:2] == (0, 1)
    closed = medicines("2026-09-20", found | {"status": "corrected"}, form="med_followup")
    assert counted("L-P2", [medicines("2026-09-10", found), closed])[:2] == (1, 1)
    assert counted("L-P2", [medicines("2026-09-10", found), closed | {"performed_at": "2026-10-02T12:00:00+02:00"}])[:2] == (0, 1)
    assert counted("L-P2", [medicines("2026-09-10")], stays=[("2026-09-12", "2026-09-15")])[:2] == (0, 1)
    assert counted("L-P2", [medicines("2025-08-10")])[:2] == (0, 1)


@pytest.mark.parametrize(("on", "met"), [("2026-03-01", 1), ("2025-08-01", 0), ("never", 0), ("unknown", 0), (None, 0)])
def test_a_medication_review_is_valid_for_a_year(on: str | None, met: int) -> None:
    assert counted("L-P3", [medicines("2026-09-10", n_reg=6, lmg_on=on)])[:2] == (met, 1)
    assert counted("L-P3", [medicines("2026-09-10", n_reg=3, lmg_on=on)])[:2] == (0, 0)


def test_new_discrepancies_are_counted_per_list_that_was_reconciled_to_the_end() -> None:
    old, new = {"disc_id": "a", "status": "open"}, {"disc_id": "b", "status": "open"}
    before = medicines("2026-08-10", old)
    assert counted("L-R1", [before, medicines("2026-09-10", old, new), medicines("2026-09-20")])[:2] == (1, 2)
    assert counted("L-R1", [before, medicines("2026-09-10", old, new, outcome="partly_done")])[:2] == (0, 0)
