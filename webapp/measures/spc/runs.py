"""The Anhøj rules: an unusually long run, or unusually few crossings of the centre line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise


@dataclass(frozen=True, slots=True)
class Runs:
    """What the rules looked at. ``useful``: points that are not on the centre line; without any, no test is possible.

    Not ``tested``: neighbours depend on each other (moving ranges), the rules do not apply.
    """

    observed: int
    useful: int
    longest: int | None
    longest_max: int | None
    crossings: int | None
    crossings_min: int | None
    tested: bool = True

    @property
    def signal(self) -> bool:
        if not self.tested:
            return False
        if self.longest is None or self.longest_max is None or self.crossings is None or self.crossings_min is None:
            return False
        return self.longest > self.longest_max or self.crossings < self.crossings_min


def runs(values: Sequence[float | None], centre: Sequence[float | None], tested: bool = True) -> Runs:
    """``values`` in order of time, missing ones as None; ``centre`` beside each."""
    above = [y > middle for y, middle in zip(values, centre, strict=True) if y is not None and middle is not None and y != middle]
    useful = len(above)
    if not useful:
        return Runs(len(values), 0, None, None, None, None, tested)
    longest = max(len(list(run)) for _, run in groupby(above))
    crossings = sum(one != next_one for one, next_one in pairwise(above))
    return Runs(len(values), useful, longest, longest_run_max(useful), crossings, crossings_min(useful), tested)


def longest_run_max(useful: int) -> int:
    """The longest run that is still usual: round(log2(n)) + 3 (Schilling 2012)."""
    return round(math.log2(useful)) + 3


@cache
def crossings_min(useful: int) -> int:
    """The fewest crossings that are still usual: the 5 % quantile of Binomial(n - 1, 0.5), in whole numbers."""
    trials = useful - 1
    below, count = 0, 0
    while True:
        below += math.comb(trials, count)
        if 20 * below >= 2**trials:
            return count
        count += 1
