"""What holds for every series: units, order of arrival, phases, ghosts and frozen baselines."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.measures.spc.chart import Chart, Options, Point, chart
from webapp.measures.spc.limits import Kind
from webapp.measures.spc.subgroups import RefusedError, Row, mean

numbers = st.integers(1, 400).map(lambda one: one / 4)
series = st.lists(numbers | st.none(), min_size=2, max_size=40)
shares = st.lists(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=40)
either = st.sampled_from(["p", "pp", "u", "up", "run"])
single = st.sampled_from(["run", "i", "mr", "c", "g", "t"])


def valued(values: list[float | None]) -> list[Row]:
    return [Row(place, value) for place, value in enumerate(values)]


def counted(pairs: list[tuple[int, int]]) -> list[Row]:
    return [Row(place, y, n) for place, (y, n) in enumerate(pairs)]


def numbers_of(point: Point) -> list[float | None]:
    return [point.y, point.centre, point.lower, point.upper, point.near.lower, point.near.upper]


def close(one: list[Point], other: list[Point]) -> bool:
    pairs = [pair for x, y in zip(one, other, strict=True) for pair in zip(numbers_of(x), numbers_of(y), strict=True)]
    return all(x == y or (x is not None and y is not None and math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9)) for x, y in pairs)


def moved(drawn: Chart, by: float) -> list[Point]:
    return [
        replace(point, y=None if point.y is None else point.y + by, centre=None if point.centre is None else point.centre + by,
                lower=None if point.lower is None else point.lower + by, upper=None if point.upper is None else point.upper + by,
                near=type(point.near)(*(None if one is None else one + by for one in (point.near.lower, point.near.upper))))
        for point in drawn.points
    ]


@given(series, st.sampled_from(["run", "i"]), st.integers(-50, 50))
def test_a_shift_moves_points_and_lines_and_no_verdict(values: list[float | None], kind: Kind, by: int) -> None:
    before = chart(kind, valued(values))
    after = chart(kind, valued([None if one is None else one + by for one in values]))
    assert close(moved(before, by), after.points)
    assert after.phases == before.phases


@given(series, st.sampled_from(["run", "i", "mr"]), st.sampled_from([0.25, 2.0, 8.0]))
def test_another_unit_scales_points_and_lines_and_no_verdict(values: list[float | None], kind: Kind, factor: float) -> None:
    scaled = chart(kind, valued([None if one is None else one * factor for one in values]))
    multiplied = chart(kind, valued(values), Options(factor=factor))
    assert close(multiplied.points, scaled.points)
    assert multiplied.phases == scaled.phases


@given(shares, either, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(pairs: list[tuple[int, int]], kind: Kind, order: Random) -> None:
    rows = [Row(place // 2, y, n) for place, (y, n) in enumerate(pairs)]
    mixed = list(rows)
    order.shuffle(mixed)
    assert chart(kind, mixed) == chart(kind, rows)


@given(shares, either, st.integers(1, 39))
def test_phases_that_cover_everything_are_charts_of_their_own(pairs: list[tuple[int, int]], kind: Kind, end: int) -> None:
    rows = counted(pairs)
    whole = chart(kind, rows, Options(ends=[end]))
    parts = [chart(kind, part) for part in (rows[:end], rows[end:]) if part]
    assert whole.phases == [one.phases[0] for one in parts]
    assert close(whole.points, [point for part in parts for point in part.points])


@given(shares, either, st.integers(1, 12), st.integers(2, 30))
def test_a_baseline_inside_a_phase_is_that_phases_own(pairs: list[tuple[int, int]], kind: Kind, first: int, end: int) -> None:
    rows = counted(pairs)
    whole = chart(kind, rows, Options(ends=[end], baselines={1: first}))
    if end < len(rows):
        alone = chart(kind, rows[end:], Options(baselines={0: first}))
        assert close([point for point in whole.points if point.phase == 1], alone.points)
        assert whole.phases[1] == alone.phases[0]


@given(series, single, st.sets(st.integers(0, 39), max_size=4))
def test_a_ghost_is_drawn_and_moves_nothing(values: list[float | None], kind: Kind, ghosts: set[int]) -> None:
    rows = valued(values)
    options = Options(ghosts=ghosts)
    louder = [replace(row, y=row.y * 7 if row.y is not None and place in ghosts else row.y) for place, row in enumerate(rows)]
    before, after = chart(kind, rows, options), chart(kind, louder, options)
    assert [one.x for one in after.points] == [one.x for one in rows]
    if kind != "mr":  # a ghost's neighbours have ranges to it
        assert [numbers_of(one)[1:] for one in after.points] == [numbers_of(one)[1:] for one in before.points]
        assert after.phases == before.phases


@given(st.lists(numbers, min_size=2, max_size=30), st.integers(1, 20))
def test_a_frozen_baseline_is_not_moved_by_what_comes_later(values: list[float], first: int) -> None:
    later = [one if place < first else one + 40 for place, one in enumerate(values)]
    before, after = (chart("i", valued([*one]), Options(baselines={0: first})) for one in (values, later))
    assert [(one.centre, one.upper) for one in after.points] == [(one.centre, one.upper) for one in before.points]


def test_ten_times_a_tenth_lie_on_the_centre() -> None:
    drawn = chart("i", valued([0.1] * 10))
    assert mean([0.1] * 10) == 0.1
    assert (drawn.phases[0].useful, drawn.phases[0].signal) == (0, False)
    assert {(one.lower, one.upper) for one in drawn.points} == {(0.1, 0.1)}


def test_a_missing_denominator_and_nothing_of_nothing_are_missing_points_and_not_zero() -> None:
    drawn = chart("p", [Row(1, 1, 10), Row(2, 0, 0), Row(3, 2, None), Row(4, None, 10), Row(5, 3, 10)])
    assert [one.y for one in drawn.points] == [0.1, None, None, None, 0.3]
    assert [one.upper is None for one in drawn.points] == [False, True, True, True, False]
    assert drawn.points[0].centre == 0.2


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("p", [Row(1, 11, 10)]),
        ("pp", [Row(1, 2, 10), Row(1, 30, 10)]),
        ("p", [Row(1, 1, 0)]),
        ("u", [Row(1, 1, 0), Row(2, 1, 10)]),
        ("u", [Row(1, 1, -5)]),
        ("t", [Row(1, 0)]),
        ("t", [Row(1, 4), Row(2, -1)]),
    ],
)
def test_numbers_that_cannot_be_are_refused(kind: Kind, rows: list[Row]) -> None:
    with pytest.raises(RefusedError):
        chart(kind, rows)
