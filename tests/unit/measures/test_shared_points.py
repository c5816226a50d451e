"""What other units are shown depends on nothing that is hidden: so nothing hidden can be found from it, by subtraction or otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.bundles import registry
from webapp.measures import few
from webapp.measures import pages as measure_pages
from webapp.measures.declared import Count, declared
from webapp.measures.points import Point
from webapp.measures.series import series
from webapp.models import Unit
from webapp.network import pages, share
from webapp.network.funnel import Z95, Z998, Funnel, Team, drawing
from webapp.words import translator

T = translator("nb")
COUNTS = {one.id: one for one in declared(registry())[1]}
MONTHS = [date(2026, month, 1) for month in range(1, 10)]
NAMES = ("F-P1", "F-R1", "F-R2", "F-B2", "K-R1", "K-R3", "K-R4")


def point(period: date, num: int, den: int, eligible: int) -> Point:
    covered = min(eligible, num)
    return Point(period, num, den, eligible, covered, 0, 0, 0, closed=True)


def months_of_a_unit(rng: Random) -> dict[str, list[Point]]:
    """Numbers as they hang together: falls with and without injury, infections counted in two measures, catheter days in two."""
    found: dict[str, list[Point]] = {name: [] for name in NAMES}
    for period in MONTHS:
        people, catheters = rng.randint(0, 40), rng.randint(0, 12)
        days, catheter_days = people * 30, catheters * 20
        injured, unhurt, infections = rng.randint(0, 9), rng.randint(0, 9), rng.randint(0, 8)
        assessed = rng.randint(0, people)
        for name, numbers in {"F-P1": (assessed, people, people), "F-R1": (injured + unhurt, days, people), "F-R2": (injured, days, people),
                              "F-B2": (unhurt, injured + unhurt, people), "K-R1": (infections, catheter_days, catheters),
                              "K-R3": (catheter_days, days, people), "K-R4": (infections, days, people)}.items():  # fmt: skip
            found[name].append(point(period, *numbers))
    return found


def unit(name: str) -> Unit:
    return cast(Unit, SimpleNamespace(id=UUID(int=len(name)), name=name))


def everything_shown(units: dict[str, dict[str, list[Point]]]) -> str:
    """All that the pages are made of: cards with chart, table and sentences, and every month's funnel."""
    known = [(unit(name), share.shareable(COUNTS, found)) for name, found in sorted(units.items())]
    said: list[Any] = []
    for name in NAMES:
        count = COUNTS[name]
        for one, found in known:
            shown = series(count, found[name], measure_pages.visible(count, found[name], True))
            said.append(measure_pages.card(shown, one, True, 0, T, "nb", [], MONTHS[0]))
        said += [pages.funnel(count, known, period, T) for period in MONTHS]
    return repr(said)


def test_a_month_that_runs_is_not_shared() -> None:
    """Who read it each day would see each event come."""
    found = {"F-P1": [point(MONTHS[0], 20, 30, 30), replace(point(MONTHS[1], 20, 30, 30), closed=False)]}
    assert [one.period for one in share.shareable(COUNTS, found)["F-P1"]] == [MONTHS[0]]


def a_month(**numbers: tuple[int, int]) -> dict[str, list[Point]]:
    return {name.replace("_", "-"): [replace(point(MONTHS[0], num, den, 40), covered=30)] for name, (num, den) in numbers.items()}


@pytest.mark.parametrize(("numbers", "gone"), [
    ({"F_R1": (9, 900), "F_R2": (7, 900)}, "F-R2"),  # two falls that did no harm
    ({"F_R1": (9, 900), "F_R2": (9, 900)}, "F-R2"),  # none
    ({"F_R1": (20, 900), "F_R2": (7, 900), "F_B2": (10, 20)}, "F-R2"),  # three that nobody said the harm of
    ({"F_R1": (9, 900), "F_R3": (6, 40)}, "F-R3"),
    ({"F_P1": (20, 40), "F_P3": (20, 37)}, "F-P3"),
    ({"K_R1": (5, 300), "K_R4": (7, 900)}, "K-R1"),
    ({"K_P1": (10, 20), "K_R5": (12, 20)}, "K-R5"),
    ({"K_P1": (10, 20), "K_P2": (11, 22)}, "K-P2"),
    ({"T_P2": (18, 30), "T_P3": (16, 30)}, "T-P3"),  # two of whom a measure lacks
    ({"T_P2": (12, 30), "T_R2": (6, 28)}, "T-R2"),  # two whose skin nobody saw
    ({"T_B1": (6, 20), "T_R3": (12, 900)}, "T-R3"),  # two that came from elsewhere
    ({"L_P2": (10, 30), "L_P3": (10, 27)}, "L-P3"),
])  # fmt: skip
def test_two_numbers_that_are_shown_never_differ_by_a_few(numbers: dict[str, tuple[int, int]], gone: str) -> None:
    shown = share.shareable(COUNTS, a_month(**numbers))
    assert [name for name, (one,) in shown.items() if share.is_empty(one)] == [gone]


def test_two_numbers_that_differ_by_more_or_tell_the_same_are_shown() -> None:
    for numbers in ({"F_R1": (20, 900), "F_R2": (10, 900), "F_B2": (10, 20)}, {"K_R1": (7, 300), "K_R4": (7, 900)},
                    {"K_P1": (10, 20), "K_R5": (10, 20), "K_P2": (6, 20)}):  # fmt: skip
        assert not any(share.is_empty(one) for (one,) in share.shareable(COUNTS, a_month(**numbers)).values())


APART = {  # of the same form, and looked at: neither is part of the other
    ("F-R2", "F-R3"), ("F-R3", "F-B2"), *(("T-P1", t) for t in ("T-P2", "T-P3", "T-R2", "T-R3", "T-B1")),
    *((p, t) for p in ("T-P2", "T-P3", "T-R2") for t in ("T-R3", "T-B1")), *(("L-P1", p) for p in ("L-P2", "L-P3", "L-R1")),
    *(("L-R1", p) for p in ("L-P2", "L-P3")), *((k, p) for k in ("K-R1", "K-R3", "K-R4") for p in ("K-P1", "K-P2", "K-R5")),
    ("K-R1", "K-R3"), ("K-R3", "K-R4"), *(("K-B1", k) for k in ("K-P1", "K-P2", "K-R1", "K-R3", "K-R4", "K-R5")),
    *((r, p) for r in ("L-R2", "L-B1") for p in ("L-P1", "L-P2", "L-P3")), ("L-R1", "L-B1"), ("L-R2", "L-B1"),
}  # fmt: skip


def test_a_new_measure_of_a_form_must_be_compared_with_the_others() -> None:
    decided = {frozenset((one.whole[0], one.part[0])) for one in few.NESTED} | {frozenset(pair) for pair in APART}
    every = [one for one in COUNTS.values() if not one.is_between]  # of which nothing is shown
    pairs = {frozenset((a.id, b.id)) for a in every for b in every if a.id < b.id and a.form.id == b.form.id}
    assert pairs <= decided


def test_an_old_list_of_few_days_and_a_month_when_hardly_anybody_was_checked_are_hidden() -> None:
    old = Point(MONTHS[0], 6, 100, 0, 0, 0, 0, 0, closed=True, imported=True)
    assert share.is_empty(share.shareable(COUNTS, {"F-R1": [old]})["F-R1"][0])
    assert not share.is_empty(share.shareable(COUNTS, {"F-R1": [replace(old, den=1000)]})["F-R1"][0])
    assert share.is_empty(share.shareable(COUNTS, {"K-P1": [replace(point(MONTHS[0], 10, 20, 20), covered=3)]})["K-P1"][0])


def test_the_mark_of_few_checked_is_not_made_of_a_coverage_that_is_hidden() -> None:
    usual = [point(one, 20, 40, 20) for one in MONTHS[:3]]
    four_missing = replace(point(MONTHS[3], 8, 20, 9), covered=5)
    six_missing = replace(point(MONTHS[3], 8, 20, 12), covered=6)
    assert not share.marked([*(replace(one, eligible=25) for one in usual), four_missing])[3].thin
    assert share.marked([*(replace(one, eligible=25) for one in usual), six_missing])[3].thin


def is_secret(found: dict[str, list[Point]], name: str, place: int) -> bool:
    return share.is_empty(share.shareable(COUNTS, found)[name][place])


def secrets_changed(found: dict[str, list[Point]], other: dict[str, list[Point]]) -> tuple[dict[str, list[Point]], int]:
    """Hidden points replaced by others that are hidden too, as long as exactly the same ones stay hidden; and how many."""
    changed, count = {name: list(points) for name, points in found.items()}, 0
    hidden = [[is_secret(found, name, place) for place in range(len(MONTHS))] for name in NAMES]
    for row, name in enumerate(NAMES):
        for place in range(len(MONTHS)):
            before = changed[name][place]
            if hidden[row][place] and other[name][place] != before:
                changed[name][place] = other[name][place]
                same = [is_secret(changed, one, place) for one in NAMES] == [each[place] for each in hidden]
                changed[name][place], count = (other[name][place], count + 1) if same else (before, count)
    return changed, count


@pytest.mark.parametrize("seed", range(12))
def test_a_hidden_number_may_be_another_and_everything_that_is_shown_is_the_same(seed: int) -> None:
    """Also to somebody who knows all of the other units' numbers: theirs are held fast here."""
    rng = Random(seed)
    a, b, c, other = (months_of_a_unit(rng) for _ in range(4))
    changed, count = secrets_changed(a, other)
    assert count > 5
    assert everything_shown({"Aker": a, "Berg": b, "Dal": c}) == everything_shown({"Aker": changed, "Berg": b, "Dal": c})


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_whatever_the_numbers_are_what_is_shown_does_not_depend_on_hidden_ones(rng: Random) -> None:
    """Without the count above: where every unit has nothing at all there is nothing to change."""
    a, b, c, other = (months_of_a_unit(rng) for _ in range(4))
    changed, _count = secrets_changed(a, other)
    assert everything_shown({"Aker": a, "Berg": b, "Dal": c}) == everything_shown({"Aker": changed, "Berg": b, "Dal": c})


@pytest.mark.parametrize("seed", range(60))
def test_no_number_that_is_hidden_is_the_difference_of_what_stands_beside_it(seed: int) -> None:
    found = months_of_a_unit(Random(seed))
    shown = share.shareable(COUNTS, found)
    for place in range(len(MONTHS)):
        falls, unhurt, hurt = (shown[name][place] for name in ("F-R1", "F-B2", "F-R2"))
        if share.is_empty(hurt) and not share.is_empty(falls) and not share.is_empty(unhurt):
            assert falls.num - unhurt.num >= 5
        if share.is_empty(unhurt) and not share.is_empty(falls) and not share.is_empty(hurt):
            assert falls.num - hurt.num >= 5
        rate, use, all_of_them = (shown[name][place] for name in ("K-R1", "K-R3", "K-R4"))
        if 0 < found["K-R1"][place].eligible < 5:
            assert share.is_empty(rate)
            assert share.is_empty(use) or share.is_empty(all_of_them)
        for name in NAMES:
            one = shown[name][place]
            assert share.is_empty(one) or (one.num >= 5 and one.eligible >= 5)


def test_coverage_of_a_hidden_month_is_hidden_too() -> None:
    found = {"F-P1": [point(MONTHS[0], 3, 30, 30), point(MONTHS[1], 20, 30, 30)]}
    hidden, shown = share.shareable(COUNTS, found)["F-P1"]
    assert (hidden.coverage, hidden.value(COUNTS["F-P1"])) == (None, None)
    assert (shown.num, shown.den) == (20, 30)
    assert replace(hidden, period=MONTHS[1]).closed


def test_limits_are_those_of_the_normal_approximation_around_the_pooled_mean() -> None:
    funnel = Funnel([Team("Aker", 30, 100, 100), Team("Berg", 60, 100, 100), Team("Dal", 90, 200, 200)], share=True)
    assert funnel.mean == pytest.approx(0.45)
    assert funnel.limits(100, Z95) == pytest.approx((0.45 - 0.0975070, 0.45 + 0.0975070), abs=1e-6)
    assert funnel.limits(100, Z998) == pytest.approx((0.45 - 0.1537371, 0.45 + 0.1537371), abs=1e-6)
    assert [funnel.outside(one) for one in funnel.teams] == ["95", "95", ""]
    rate = Funnel([Team("Aker", 10, 2000, 2.0), Team("Berg", 10, 3000, 3.0)], share=False)
    assert rate.limits(4, Z95) == pytest.approx((4 - 1.959964, 4 + 1.959964), abs=1e-6)
    assert rate.limits(0.01, Z95)[0] == 0.0


def test_units_stand_by_name_however_they_do() -> None:
    count: Count = COUNTS["F-P1"]
    every = [(unit(name), {"F-P1": [point(MONTHS[0], met, 40, 40)]}) for name, met in (("Aker", 10), ("Berg", 30), ("Dal", 20))]
    made = pages.funnel(count, every, MONTHS[0], T)
    assert [row["name"] for row in made["rows"]] == ["Aker", "Berg", "Dal"]
    assert not {"best", "beste", "verst", "dårligst", "rangering"} & set(repr(made).lower().split())
    assert len(drawing(Funnel([Team("A", 5, 10, 10), Team("B", 6, 10, 10)], True))["inner"][0].split()) > 40


def test_no_funnel_of_one_unit_and_none_of_a_ratio_of_days() -> None:
    one = [(unit("Aker"), {"F-P1": [point(MONTHS[0], 10, 40, 40)]})]
    assert "Færre enn to enheter" in pages.funnel(COUNTS["F-P1"], one, MONTHS[0], T)["why"]
    assert "forhold mellom døgn" in pages.funnel(COUNTS["K-R3"], one, MONTHS[0], T)["why"]


def test_a_unit_where_far_fewer_were_checked_stands_open_in_the_funnel_and_is_not_judged() -> None:
    usual, hidden = [replace(point(one, 20, 40, 40), covered=34) for one in MONTHS[:4]], replace(point(MONTHS[3], 5, 40, 40), covered=15)
    every = [(unit(name), share.shareable(COUNTS, {"F-R1": found})) for name, found in (("Aker", usual), ("Berg", [*usual[:3], hidden]))]
    made = pages.funnel(COUNTS["F-R1"], every, MONTHS[3], T)
    assert [(row["coverage"], row["state"]) for row in made["rows"]] == [("85 %", "innenfor 95 %-grensene"), ("38 %", "for få sjekket")]
    assert made["says"].startswith("Snittet av enhetene som vises er 500;"), "what is missing makes nobody else look bad"
    assert [one["thin"] for one in made["drawing"]["points"]] == [False, True]
