"""What became of what was found: discrepancies that were settled and how long it took, catheters that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.unit.measures.test_counting import COUNTS, Check, catheter, check, counted, person_of
from webapp.measures import api, few, pages, points
from webapp.measures.behind import Behind, group, titles
from webapp.measures.facts import Fact, Month
from webapp.measures.points import Point
from webapp.measures.series import kinds, series
from webapp.words import Translate

T = Translate("nb")
UNIT = UUID(int=7)


def reconciled(day: str, outcome: str = "done", **cards: str) -> Check:
    """A list gone through, with cards and how each stood."""
    return check("med_check", day, {"med_decision": "full", "disc": listed(cards)}, outcome, completeness="full")


def followed(day: str, **cards: str) -> Check:
    return check("med_followup", day, {"disc": listed(cards)})


def listed(cards: dict[str, str]) -> list[dict[str, Any]]:
    return [{"disc_id": key, "kind": "dose", "sev": "minor", "status": status} for key, status in cards.items()]


@pytest.mark.parametrize(("after", "told"), [
    ([], (0, 1)),
    ([followed("2026-09-24", a="clarified")], (1, 1)),  # the fourteenth day
    ([followed("2026-09-25", a="clarified")], (0, 1)),
    ([followed("2026-09-20", a="sent_to_gp"), followed("2026-10-20", a="corrected")], (0, 1)),
    ([reconciled("2026-09-20", "partly_done", a="intended")], (1, 1)),
])  # fmt: skip
def test_a_reconciliation_is_settled_when_nothing_of_it_is_open_after_fourteen_days(after: list[Check], told: tuple[int, int]) -> None:
    assert counted("L-R2", [reconciled("2026-09-10", a="open"), *after])[:2] == told


def test_one_card_that_is_still_open_keeps_the_whole_list_open() -> None:
    first = reconciled("2026-09-10", a="open", b="open")
    assert counted("L-R2", [first, followed("2026-09-12", a="corrected")])[:2] == (0, 1)
    assert counted("L-R2", [first, followed("2026-09-12", a="corrected", b="intended")])[:2] == (1, 1)
    again = [first, followed("2026-09-12", a="corrected", b="intended"), followed("2026-09-20", a="open")]
    assert counted("L-R2", again)[:2] == (0, 1), "what was opened again is open"


def test_lists_without_a_discrepancy_not_finished_or_not_old_enough_are_not_counted() -> None:
    assert counted("L-R2", [reconciled("2026-09-10")])[:2] == (0, 0)
    assert counted("L-R2", [reconciled("2026-09-10", "partly_done", a="open")])[:2] == (0, 0)
    young = person_of("L-R2", [reconciled("2026-11-10", a="open")])
    assert list(young.of([COUNTS["L-R2"]], date(2026, 11, 1))) == []
    assert counted("L-R2", [reconciled("2026-09-10", a="open")], stays=[("2026-09-01", "2026-09-20")])[:2] == (0, 0)


def test_how_long_it_took_is_from_the_first_record_to_the_first_that_ended_it_in_the_month_of_that() -> None:
    told = [reconciled("2026-08-20", a="open"), followed("2026-08-27", a="sent_to_gp"), followed("2026-09-03", a="clarified")]
    assert counted("L-B1", told)[:2] == (14, 1)
    assert [one.period for one in person_of("L-B1", told).facts(date(2026, 1, 1))] == [date(2026, 9, 1)]
    assert counted("L-B1", told[:2])[:2] == (0, 0), "what is open has no length yet"
    assert counted("L-B1", [reconciled("2026-09-03", a="clarified")])[:2] == (0, 1), "settled at once is no days, and counts"
    assert counted("L-B1", [*told, followed("2026-09-20", a="corrected")])[:2] == (14, 1), "told twice is one"


def test_who_has_several_counts_by_her_own_median() -> None:
    told = [reconciled("2026-09-01", a="open", b="open", c="open"), followed("2026-09-03", a="clarified"),
            followed("2026-09-08", b="clarified"), followed("2026-09-29", c="clarified")]  # fmt: skip
    assert counted("L-B1", told)[:2] == (7, 1)
    assert counted("L-B1", told[:3])[:2] == (7, 1), "between two the later"


def lasted(*days: int) -> Point:
    rows = [("L-B1", date(2026, 9, 1), one) for one in days]
    plain = Point(date(2026, 9, 1), sum(days), len(days), len(days), len(days), 0, 0, 0, closed=True)
    return points.with_medians({"L-B1": [plain]}, rows)["L-B1"][0]


def test_a_months_number_is_the_median_of_its_people_and_not_their_mean() -> None:
    count = COUNTS["L-B1"]
    assert [lasted(*days).value(count) for days in ((3, 4, 90), (3, 4), (0, 0, 5))] == [4, 3.5, 0]
    assert Point(date(2026, 9, 1), 0, 0, 0, 0, 0, 0, 0, closed=True).value(count) is None
    it = series(count, [lasted(3, 4, 90)], [4.0])
    row = pages.row(it, 0, False, T)
    assert (row["num"], row["den"], row["value"], pages.word(it, T)) == ("4", "3", "4", "dager")
    assert kinds(count) == ("run", "i")
    sent = api.point(series(count, [lasted(3, 4, 90, 2, 8)], [4.0]), 0)
    assert (sent["num"], sent["den"], sent["value"]) == (None, 5, 4.0)
    facts = [Fact("L-B1", date(2026, 9, 1), str(UNIT), days, 1, 1, 1, 0, 0, 0) for days in (2, 9, 40)]
    assert points.lasted(facts, UNIT, ["L-B1"]) == [("L-B1", date(2026, 9, 1), days) for days in (2, 9, 40)]


def test_a_median_of_fewer_than_five_is_not_told_and_one_of_few_days_is() -> None:
    assert few.is_small(COUNTS["L-B1"], lasted(3, 4, 9, 12))
    assert not few.is_small(COUNTS["L-B1"], lasted(0, 0, 1, 0, 2))


GONE = {"cat_present": "no", "cat_type": None, "cat_inserted_on": None}


def removed(day: str, on: str = "") -> Check:
    one = catheter(day, **GONE, rem_on=on or day, void_ok="yes")
    return one | {"derived": one["derived"] | {"cat_removed": True}}


def catheters(*checks: Check) -> tuple[int, ...]:
    return counted("K-B1", checks)[:2]


def test_a_catheter_that_comes_back_within_seven_days_counts() -> None:
    first, gone = catheter("2026-09-01"), removed("2026-09-11", "2026-09-10")
    assert catheters(first, gone) == (0, 1)
    assert catheters(first, gone, catheter("2026-09-25", cat_inserted_on="2026-09-17")) == (1, 1)
    assert catheters(first, gone, catheter("2026-09-25", cat_inserted_on="2026-09-18")) == (0, 1)
    assert catheters(first, gone, catheter("2026-09-16", cat_inserted_on="unknown")) == (1, 1)
    assert catheters(first, gone, catheter("2026-09-25", cat_inserted_on="2026-09")) == (0, 1), "nobody knows when"
    assert catheters(first, gone, catheter("2026-09-16", cat_inserted_on="2026-06-01")) == (1, 1), "an old date that stood there"
    assert catheters(first, gone, catheter("2026-09-25", cat_inserted_on="2026-06-01")) == (0, 1)


def test_a_removal_told_of_twice_is_one_and_two_with_a_catheter_between_are_two() -> None:
    twice = [catheter("2026-09-01"), removed("2026-09-11", "2026-09-10"), removed("2026-09-12", "2026-09-11")]
    assert catheters(*twice) == (0, 1)
    back = [*twice, catheter("2026-09-14", cat_inserted_on="2026-09-13"), removed("2026-09-20")]
    assert catheters(*back) == (1, 2)
    assert catheters(removed("2026-09-11", "unknown")) == (0, 0), "a day that is not known is not guessed"


def test_a_catheter_removed_at_the_check_itself_is_a_removal_and_a_change_is_none() -> None:
    out = catheter("2026-09-10") | {"actions": ["removed"]}
    assert catheters(out, removed("2026-09-11", "2026-09-10")) == (0, 1)
    assert catheters(out, catheter("2026-09-12", cat_inserted_on="2026-09-11")) == (1, 1)
    assert catheters(catheter("2026-09-10") | {"actions": ["removed", "changed"]}) == (0, 0)
    assert catheters(catheter("2026-09-10") | {"actions": ["changed"]}) == (0, 0)


def test_a_removal_whose_seven_days_are_not_over_is_not_counted_yet_and_one_while_away_never() -> None:
    young = person_of("K-B1", [catheter("2026-11-01"), removed("2026-11-14")])
    assert list(young.of([COUNTS["K-B1"]], date(2026, 11, 1))) == []
    old = person_of("K-B1", [catheter("2026-11-01"), removed("2026-11-13")])
    assert [(one.num, one.den) for one in old.of([COUNTS["K-B1"]], date(2026, 11, 1))] == [(0, 1)]
    away = [("2026-09-05", "2026-09-11")]
    assert counted("K-B1", [catheter("2026-09-01"), removed("2026-09-12", "2026-09-10")], stays=away)[:2] == (0, 0)


def behind(measure: str, checks: Sequence[Check]) -> list[str]:
    month = Month(date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1))
    return [one["id"] for one in person_of(measure, checks).checks_behind(COUNTS[measure], month)]


def test_behind_a_point_are_the_checks_that_told_of_it() -> None:
    told = [reconciled("2026-09-01", a="open"), followed("2026-09-05", a="clarified"), reconciled("2026-10-02")]
    assert behind("L-R2", told) == ["med_check-2026-09-01"]
    assert behind("L-B1", told) == ["med_followup-2026-09-05"]
    back = [catheter("2026-09-01"), removed("2026-09-10"), catheter("2026-09-14", cat_inserted_on="2026-09-13"), catheter("2026-09-20")]
    assert behind("K-B1", back) == ["kateter-2026-09-10", "kateter-2026-09-14"]


@pytest.mark.parametrize(("measure", "num", "den", "told"), [
    ("L-R2", 2, 2, "met"), ("L-R2", 1, 2, "missing"), ("L-R2", 0, 1, "missing"), ("K-B1", 1, 2, "met"), ("K-B1", 0, 1, "missing"),
    ("L-B1", 0, 1, "met"), ("K-R2", 1, 0, "met"),
])  # fmt: skip
def test_who_has_one_list_that_was_not_settled_is_not_among_those_who_count(measure: str, num: int, den: int, told: str) -> None:
    one = Fact(measure, date(2026, 9, 1), str(UNIT), num, den, 1, 1, 0, 0, 0)
    assert group(Behind(UNIT, one, []), COUNTS[measure]) == told
    assert told in titles(COUNTS[measure], T)
