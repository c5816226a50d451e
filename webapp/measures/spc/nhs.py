"""XmR charts by the rules of NHS England's "Making Data Count": an option, never mixed with the Anhøj verdict on one chart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from webapp.measures.spc.limits import moving_range
from webapp.measures.spc.subgroups import mean

Direction = Literal["increase", "decrease", "neutral"]
Cause = Literal["common", "above_limit", "below_limit", "rising", "falling", "near_upper", "near_lower", "run_above", "run_below"]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]

LIMIT = 2.66  # 3 / 1.128, rounded as NHS England does
NEAR = 2 * (LIMIT / 3)
LENGTH = 7  # points in a run or a trend
SHORT = 12  # a group of so few points says little

UPWARD: frozenset[Cause] = frozenset({"above_limit", "rising", "near_upper", "run_above"})


@dataclass(frozen=True, slots=True)
class XmrPoint:
    """``group`` counts from 0. ``outside``, ``near``: None where a value is missing."""

    y: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    outside: bool | None
    near: bool | None
    group: int
    cause: Cause
    short_group: bool


@dataclass(frozen=True, slots=True)
class _Lines:
    mean: float
    limit: float | None
    near: float | None

    def side(self, y: float) -> int:
        return (y > self.mean) - (y < self.mean)

    def beyond(self, y: float, distance: float | None) -> bool:
        return distance is not None and (y > self.mean + distance or y < self.mean - distance)


def xmr(values: Sequence[float | None], rebased: Collection[int] = (), fixed: int | None = None, screened: bool = True) -> list[XmrPoint]:
    """Values in order of time. ``rebased``: where (from 0) a new group starts. ``fixed``: a group's first k points make its lines."""
    starts = sorted({0, *(place for place in rebased if 0 < place < len(values))})
    points: list[XmrPoint] = []
    for group, (start, end) in enumerate(pairwise([*starts, len(values)])):
        points += _group(values[start:end], group, fixed, screened)
    return points


def _group(values: Sequence[float | None], group: int, fixed: int | None, screened: bool) -> list[XmrPoint]:
    base = values if fixed is None else values[:fixed]
    middle = mean(one for one in base if one is not None)
    short = len(values) <= SHORT
    if middle is None:
        return [XmrPoint(y, None, None, None, None, None, group, "common", short) for y in values]
    ranges = moving_range(base, screened)
    lines = _Lines(middle, None if ranges is None else LIMIT * ranges, None if ranges is None else NEAR * ranges)
    outside = [None if y is None or lines.limit is None else lines.beyond(y, lines.limit) for y in values]
    near = [None if y is None or lines.near is None else not out and lines.beyond(y, lines.near)
            for y, out in zip(values, outside, strict=True)]
    causes = _causes(values, lines, outside, near)
    lower, upper = (None, None) if lines.limit is None else (middle - lines.limit, middle + lines.limit)
    return [XmrPoint(y, middle, lower, upper, outside[at], near[at], group, causes[at], short) for at, y in enumerate(values)]


def _causes(values: Sequence[float | None], lines: _Lines, outside: Sequence[bool | None], near: Sequence[bool | None]) -> list[Cause]:
    """The first rule that holds: beyond a limit, trend, two of three near a limit, run."""
    sides = [0 if y is None else lines.side(y) for y in values]
    trends, one_sided, pairs = _trends(values), _runs(sides), _two_of_three(sides, near)
    causes: list[Cause] = []
    for at, side in enumerate(sides):
        if outside[at]:
            causes.append("above_limit" if side > 0 else "below_limit")
        elif trends[at]:
            causes.append("rising" if trends[at] > 0 else "falling")
        elif pairs[at]:
            causes.append("near_upper" if side > 0 else "near_lower")
        elif one_sided[at]:
            causes.append("run_above" if side > 0 else "run_below")
        else:
            causes.append("common")
    return causes


def _trends(values: Sequence[float | None]) -> list[int]:
    """For each point the direction of the trend it belongs to, the later one where two meet, or 0."""
    steps = [0 if x is None or y is None else (y > x) - (y < x) for x, y in pairwise(values)]
    found = [0] * len(values)
    for start in range(len(values) - LENGTH + 1):
        window = set(steps[start:start + LENGTH - 1])
        if window in ({1}, {-1}):
            found[start:start + LENGTH] = [window.pop()] * LENGTH
    return found


def _runs(sides: Sequence[int]) -> list[bool]:
    found = [False] * len(sides)
    for start in range(len(sides) - LENGTH + 1):
        if abs(sum(sides[start:start + LENGTH])) == LENGTH:
            found[start:start + LENGTH] = [True] * LENGTH
    return found


def _two_of_three(sides: Sequence[int], near: Sequence[bool | None]) -> list[bool]:
    """Points near a limit, in three on one side of the mean of which two at least are."""
    found = [False] * len(sides)
    for start in range(len(sides) - 2):
        three = range(start, start + 3)
        if abs(sum(sides[at] for at in three)) == 3 and sum(bool(near[at]) for at in three) >= 2:
            for at in three:
                found[at] = found[at] or bool(near[at])
    return found


def is_improvement(cause: Cause, direction: Direction) -> bool | None:
    """None where a cause is common or no direction is better."""
    if cause == "common" or direction == "neutral":
        return None
    return (cause in UPWARD) == (direction == "increase")


def assurance(points: Sequence[XmrPoint], target: float | None, direction: Direction) -> Assurance | None:
    """Will the process, as it is, reach the target: always, never, or now and then? By the last group's limits."""
    if target is None or direction == "neutral" or not points:
        return None
    last = points[-1]
    if last.upper is not None and target > last.upper:
        return "consistent_fail" if direction == "increase" else "consistent_pass"
    if last.lower is not None and target < last.lower:
        return "consistent_pass" if direction == "increase" else "consistent_fail"
    return "inconsistent"
