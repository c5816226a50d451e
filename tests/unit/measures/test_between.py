"""Days between events: each event is a point, the time since the last one is none, and missing data never looks like a quiet time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from tests.unit.measures.test_counting import NEW, catheter, counted, person_of, wound
from webapp.bundles import registry
from webapp.measures import between, decide, marks, months, pages, report, verdicts
from webapp.measures.declared import Count, declared
from webapp.measures.marks import Mark
from webapp.measures.points import Point, marked
from webapp.measures.series import Plan, Series, series
from webapp.measures.spc.chart import chart
from webapp.measures.spc.subgroups import Row
from webapp.words import Translate

T = Translate("nb")
COUNTS: dict[str, Count] = {one.id: one for one in declared(registry())[1]}
TODAY, FIRST = date(2026, 11, 20), date(2024, 1, 1)
TREATED = {"uti_treated": "yes", "uti_sympt": "yes"}


def base(covered: Sequence[int] = (), people: int = 30) -> list[Point]:
    """The unit's months of service: thirty people, so many of them checked (the newest months; nearly all before)."""
    every = list(months.months(FIRST, TODAY))
    checked = [28] * (len(every) - len(covered)) + list(covered)
    found = []
    for first, n in zip(every, checked, strict=True):
        days = (min(months.after(first), TODAY + timedelta(days=1)) - first).days
        found.append(Point(first, 0, people * days, people, n, 0, 0, 0, closed=months.closed(first, TODAY)))
    return marked(found)


def events(days: Sequence[date], changed: Sequence[date] = (), of: Sequence[Point] = ()) -> list[Point]:
    told = {day: (list(days).count(day), 0) for day in days}
    return between.points(told, changed, of or base(), TODAY)


def shown(days: Sequence[date], plan: Plan | None = None, of: Sequence[Point] = ()) -> Series:
    found, of = events(days, of=of), of or base()
    return series(COUNTS["K-R2"], found, [one.value(COUNTS["K-R2"]) for one in found], plan=plan, of=of)


def spaced(gaps: Sequence[int], last: date = date(2026, 9, 20)) -> list[date]:
    """Days so far apart, the last one there."""
    found = [last]
    for gap in reversed(gaps):
        found.insert(0, found[0] - timedelta(days=gap))
    return found


def test_an_event_is_a_fact_of_its_own_day_and_told_twice_it_is_one() -> None:
    told = [catheter("2026-09-16", **TREATED, uti_on="2026-09-15"), catheter("2026-09-23", **TREATED, uti_on="2026-09-15")]
    facts = list(person_of("K-R2", told).of([COUNTS["K-R2"]], date(2026, 9, 1)))
    assert [(one.period, one.num, one.unit) for one in facts] == [(date(2026, 9, 15), 1, "u")]
    assert counted("K-R4", told)[0] == 1
    quiet = [catheter("2026-09-16", uti_treated="yes", uti_sympt="no", uti_on="2026-09-15")]
    assert list(person_of("K-R2", quiet).of([COUNTS["K-R2"]], date(2026, 9, 1))) == []


def test_the_days_are_those_from_one_event_to_the_next_and_the_open_time_is_no_point() -> None:
    found = events([date(2026, 3, 31), date(2026, 5, 10), date(2026, 9, 20)])
    assert [one.value(COUNTS["K-R2"]) for one in found] == [None, 40, 133]
    it = shown([date(2026, 3, 31), date(2026, 5, 10), date(2026, 9, 20)])
    assert (it.kind, it.grain) == ("t", "event")
    assert pages.ago(it, TODAY, T) == "Dager siden sist: 61 (20.09.2026)."
    assert [pages.row(it, n, False, T)["state"] for n in range(3)] == ["den første", "lukket", "lukket"]
    assert pages.row(it, 2, False, T)["den"] == "–"
    assert pages.row(shown([date(2026, 3, 31), date(2026, 11, 10)]), 1, False, T)["limits"] == "–", "there is nothing to make limits of yet"


def test_the_lines_are_those_of_a_t_chart() -> None:
    gaps = [20, 35, 11, 48, 26, 60, 17, 33, 41, 29, 38, 22]
    it, plain = shown(spaced(gaps)), chart("t", [Row(n, gap) for n, gap in enumerate(gaps)])
    assert [one.upper for one in it.chart.points[1:]] == [one.upper for one in plain.points]
    assert it.chart.points[-1].centre == plain.points[-1].centre
    assert verdicts.verdict(it, T)[0] == "none"


def test_two_events_on_one_day_have_no_days_between_them_and_service_days_are_counted_instead() -> None:
    it = shown([date(2026, 3, 31), date(2026, 4, 10), date(2026, 4, 10), date(2026, 5, 20)])
    assert it.kind == "g"
    assert list(it.values) == [None, 300, 0, 1200]
    assert pages.word(it, T) == "tjenestedøgn siden forrige"
    assert series(COUNTS["K-R2"], it.points, it.values, plan=Plan(target=30)).target is None, "a target in days is of something else"
    assert shown([date(2026, 3, 31), date(2026, 4, 10)], Plan(target=30)).target == 30
    early = series(COUNTS["K-R2"], it.points[:2], it.values[:2])
    assert (early.kind, pages.word(early, T)) == ("g", "tjenestedøgn siden forrige"), "a part of it is counted as the whole"
    assert pages.word(it.since(date(2026, 5, 1)), T) == "tjenestedøgn siden forrige"


def test_several_ulcers_of_one_user_on_one_day_are_one_event() -> None:
    found = wound("2026-09-20", NEW, NEW | {"wound_id": "b", "category": "cat3"}, NEW | {"wound_id": "c", "category": "cat1"})
    assert counted("T-R3", [found])[0] == 2
    assert [(one.period, one.num) for one in person_of("T-R1", [found]).of([COUNTS["T-R1"]], date(2026, 9, 1))] == [(date(2026, 9, 20), 1)]


def test_longer_and_longer_is_wanted_and_shorter_and_shorter_is_not() -> None:
    short, long = [9, 14, 11, 8, 12, 10, 13, 9, 12, 11], [45, 52, 48, 60, 41, 55, 47, 51, 49, 58]
    assert verdicts.verdict(shown(spaced(short + long)), T)[0] == "better"
    assert verdicts.verdict(shown(spaced(long + short)), T)[0] == "worse"
    assert verdicts.verdict(shown(spaced(long[:8])), T) == ("few", "For få brukbare punkter: 8, minst 10 trengs.")


def test_a_long_quiet_time_in_which_nobody_was_checked_is_no_improvement() -> None:
    days = spaced([9, 14, 11, 8, 12, 10, 13, 9, 12, 11, 45, 52, 48, 60, 41, 55, 47, 51, 49, 58], date(2026, 7, 3))
    assert verdicts.verdict(shown(days), T)[0] == "better"
    state, sentence = verdicts.verdict(shown(days, of=base([28, 4, 5, 3, 4])), T)
    assert state == "missing"
    assert "i 09.2026, 10.2026, 11.2026 er langt færre sjekket" in sentence


def test_a_stretch_with_a_month_in_which_hardly_anybody_was_checked_does_not_count() -> None:
    it = shown([date(2026, 3, 31), date(2026, 5, 10), date(2026, 9, 20)], of=base([3, 28, 28, 28, 28]))
    assert [(one.period.month, one.thin) for one in it.points] == [(3, False), (5, False), (9, True)]
    assert [one.counted for one in it.chart.points] == [True, True, False]
    assert "for få sjekket" in pages.row(it, 2, False, T)["state"]


def test_an_event_of_a_month_that_is_not_closed_is_provisional() -> None:
    it = shown([date(2026, 5, 10), date(2026, 9, 30), date(2026, 10, 31)])
    assert [one.closed for one in it.points] == [True, True, True]
    it = shown([date(2026, 5, 10), date(2026, 11, 2)])
    assert (it.points[-1].closed, it.chart.points[-1].counted) == (False, False)
    assert months.after(date(2026, 1, 31)) == date(2026, 2, 1), "an event on the 31st belongs to its own month"
    assert months.after(date(2026, 8, 31)) == date(2026, 9, 1)


@pytest.mark.parametrize(("moved", "told"), [
    (date(2026, 5, 10), [False, True, False]), (date(2026, 7, 1), [False, False, True]), (date(2026, 10, 1), [False, False, False]),
])  # fmt: skip
def test_an_event_that_came_or_went_later_changes_the_stretch_it_lies_in(moved: date, told: list[bool]) -> None:
    found = events([date(2026, 3, 31), date(2026, 5, 10), date(2026, 9, 20)], [moved])
    assert [one.changed for one in found] == told


def test_what_is_decided_is_about_an_event_by_its_day() -> None:
    gaps = [9, 14, 11, 8, 12, 10, 13, 9, 12, 11, 10, 12, 45, 52, 48, 60]
    days = spaced(gaps)
    frozen = shown(days, Plan(baselines=(days[12],)))
    assert [one.baseline for one in frozen.chart.points].count(True) == 13
    assert decide.base_of(shown(days), days[12]) == 12
    left = shown(days, Plan(ghosts=frozenset({days[3]})))
    assert [n for n, one in enumerate(left.chart.points) if not one.counted] == [3]
    phased = shown(days, Plan(phases=(days[13],)))
    assert [one.phase for one in phased.chart.points] == [0] * 13 + [1] * 4
    assert "14.02.2026" in months.named(date(2026, 2, 14), "event")


def test_a_mark_stands_at_its_event_or_between_two() -> None:
    found = events([date(2026, 3, 31), date(2026, 5, 10), date(2026, 9, 20)])
    placed = {day: marks.place(day, found, "event") for day in (date(2026, 1, 1), date(2026, 5, 10), date(2026, 6, 1), date(2026, 11, 1))}
    assert list(placed.values()) == [None, 1, 1.5, 2]
    (drawn,) = marks.drawn([Mark(date(2026, 6, 1), "Ny rutine")], found, "event", False, T)
    assert (drawn["at"], drawn["day"]) == (1.5, "01.06.2026")


def test_a_report_ends_with_its_month_and_says_how_long_it_was_quiet_then() -> None:
    found = {"K-R2": events([date(2026, 3, 31), date(2026, 5, 10), date(2026, 9, 20)]), "K-R4": base()}
    it = report.drawn(COUNTS["K-R2"], found, date(2026, 5, 1), False, [])
    assert it is not None
    assert it.points[-1].period == date(2026, 5, 10)
    assert it.of[-1].period == date(2026, 5, 1)
    part = report.part(it, [], False, date(2026, 5, 31), T, "nb")
    assert part["said"] == "10.05.2026: 40. Dager siden sist: 21 (10.05.2026)."
    assert "Nedre kontrollgrense, Øvre kontrollgrense: ···" in part["svg"]
    assert report.drawn(COUNTS["K-R2"], found, date(2026, 2, 1), False, []) is None
    first = report.drawn(COUNTS["K-R2"], found, date(2026, 4, 1), False, [])
    assert first is not None
    assert "e-1" not in report.part(first, [], False, date(2026, 4, 30), T, "nb")["svg"], "without a number the axis still ends on one"


def test_service_days_of_a_month_add_up_whatever_days_they_are_cut_at() -> None:
    rng, of = Random(4), base()
    of = [replace(one, den=rng.randint(300, 900)) for one in of]
    for _ in range(200):
        days = sorted(FIRST + timedelta(days=rng.randint(0, 900)) for _ in range(4))
        parts = sum(between.service_days(of, since, until, TODAY) for since, until in pairwise(days))
        assert abs(parts - between.service_days(of, days[0], days[-1], TODAY)) <= 2
    whole = between.service_days(of, date(2025, 1, 31), date(2025, 2, 28), TODAY)
    assert whole == next(one.den for one in of if one.period == date(2025, 2, 1))
