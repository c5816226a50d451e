"""Centre and limits of one phase, per kind of chart. Limits lie at ``centre ± k x sigma``: k = 3, and 2 for display."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from webapp.measures.spc.subgroups import RefusedError, Subgroup, mean

Kind = Literal["run", "i", "mr", "xbar", "s", "c", "u", "up", "p", "pp", "g", "t", "ip"]
COUNTED: frozenset[Kind] = frozenset({"u", "up", "p", "pp"})  # only with a numerator over a denominator

SIGMA_OF_RANGE = 1.128  # d2 for ranges of two
RANGE_LIMIT = 3.267  # D4 for ranges of two
SCALED_RANGE_LIMIT = 3.2665  # the same, as Taylor gives it
MEDIAN_OF_MEAN = 0.693  # of a geometric distribution
POWER = 3.6  # times between events become nearly normal (Nelson 1994)

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Sides:
    lower: float | None
    upper: float | None


Lines = tuple[list[float | None], float | None, list[Sides], list[Sides]]


@dataclass(frozen=True, slots=True)
class Phase:
    """Subgroups under one centre. ``base``: which of them make centre and limits (baseline, ghosts left out)."""

    groups: Sequence[Subgroup]
    base: Sequence[bool]
    centre: float | None
    screened: bool

    @property
    def values(self) -> list[float | None]:
        return [group.value for group in self.groups]

    @property
    def based(self) -> list[Subgroup]:
        return [group for group, based in zip(self.groups, self.base, strict=True) if based]


def lines(kind: Kind, phase: Phase) -> Lines:
    """Values as drawn, the centre, limits and 2-sigma lines beside each subgroup.

    RefusedError: a time between events that is not above zero.
    """
    return KINDS[kind](phase)


def _around(phase: Phase, values: list[float | None], centre: float | None, sigmas: Values,
            floor: float = -math.inf, roof: float = math.inf) -> Lines:
    def at(k: float) -> list[Sides]:
        return [Sides(None, None) if centre is None or sigma is None
                else Sides(max(centre - k * sigma, floor), min(centre + k * sigma, roof)) for sigma in sigmas]
    return values, centre, at(3), at(2)


def moving_range(values: Values, screened: bool) -> float | None:
    """The mean of the ranges from one value to the next. ``screened``: those beyond their own limit are left out, once;
    when all are equal none is left, and there is no mean."""
    ranges = [abs(y - x) for x, y in pairwise(values) if x is not None and y is not None]
    middle = mean(ranges)
    if screened and middle is not None:
        middle = mean(one for one in ranges if one < RANGE_LIMIT * middle)
    return middle


def _sigma(values: Values, screened: bool) -> float | None:
    middle = moving_range(values, screened)
    return None if middle is None else middle / SIGMA_OF_RANGE


def _mean_of(phase: Phase) -> float | None:
    return phase.centre if phase.centre is not None else mean(one.value for one in phase.based if one.value is not None)


def _pooled(phase: Phase) -> float | None:
    if phase.centre is not None:
        return phase.centre
    counted = math.fsum(one.n or 0 for one in phase.based)
    return math.fsum(one.total or 0 for one in phase.based) / counted if counted else None


def _median_of(phase: Phase) -> float | None:
    values = [one.value for one in phase.based if one.value is not None]
    return phase.centre if phase.centre is not None else median(values) if values else None


def _run(phase: Phase) -> Lines:
    return _around(phase, phase.values, _median_of(phase), [None] * len(phase.groups))


def _i(phase: Phase) -> Lines:
    sigma = _sigma([one.value for one in phase.based], phase.screened)
    return _around(phase, phase.values, _mean_of(phase), [sigma] * len(phase.groups))


def _mr(phase: Phase) -> Lines:
    values = phase.values
    ranges: list[float | None] = [None, *(None if x is None or y is None else abs(y - x) for x, y in pairwise(values))][:len(values)]
    kept = [one for one, based in zip(ranges, phase.base, strict=True) if based and one is not None]
    centre = phase.centre if phase.centre is not None else mean(kept)
    three, two = (Sides(0, None if centre is None else centre * RANGE_LIMIT * k / 3) for k in (3, 2))
    return ranges, centre, [three] * len(values), [two] * len(values)


def _c(phase: Phase) -> Lines:
    """Counts: the rows of a subgroup are parts of one count, and are added."""
    values = [one.total for one in phase.groups]
    centre = phase.centre if phase.centre is not None else mean(one.total for one in phase.based if one.total is not None)
    sigma = None if centre is None else math.sqrt(centre)
    return _around(phase, values, centre, [sigma] * len(values), floor=0)


def _binomial(phase: Phase, centre: float | None) -> list[float | None]:
    return [math.sqrt(centre * (1 - centre) / one.n) if centre is not None and one.n else None for one in phase.groups]


def _poisson(phase: Phase, centre: float | None) -> list[float | None]:
    return [math.sqrt(centre / one.n) if centre is not None and one.n else None for one in phase.groups]


def _laney(phase: Phase, centre: float | None, sigmas: Values) -> list[float | None]:
    """Sigmas widened by how much the z-scores really vary."""
    scores = [(one.value - centre) / sigma if one.value is not None and centre is not None and sigma else None
              for one, sigma in zip(phase.groups, sigmas, strict=True)]
    widened = _sigma([one for one, based in zip(scores, phase.base, strict=True) if based], phase.screened)
    return [None if sigma is None or widened is None else sigma * widened for sigma in sigmas]


def _p(phase: Phase) -> Lines:
    centre = _pooled(phase)
    return _around(phase, phase.values, centre, _binomial(phase, centre), floor=0, roof=1)


def _pp(phase: Phase) -> Lines:
    centre = _pooled(phase)
    return _around(phase, phase.values, centre, _laney(phase, centre, _binomial(phase, centre)), floor=0, roof=1)


def _u(phase: Phase) -> Lines:
    centre = _pooled(phase)
    return _around(phase, phase.values, centre, _poisson(phase, centre), floor=0)


def _up(phase: Phase) -> Lines:
    centre = _pooled(phase)
    return _around(phase, phase.values, centre, _laney(phase, centre, _poisson(phase, centre)), floor=0)


def _g(phase: Phase) -> Lines:
    """Limits from the mean of a geometric distribution, the median as centre: half of the points lie on each side.

    A given centre is the mean; its median is 0.693 of it.
    """
    middle = _mean_of(phase)
    sigma = None if middle is None else math.sqrt(middle * (middle + 1))
    values, _, three, two = _around(phase, phase.values, middle, [sigma] * len(phase.groups), floor=0)
    return values, _median_of(phase) if phase.centre is None else MEDIAN_OF_MEAN * phase.centre, three, two


def _t(phase: Phase) -> Lines:
    """An i chart of times to the power of 1/3.6, drawn as times; values too go there and back, so that equal ones lie on the centre."""
    if any(value is not None and value <= 0 for value in phase.values):
        raise RefusedError("time between events must be greater than zero")
    bent = [None if value is None else value ** (1 / POWER) for value in phase.values]
    kept = [value for value, based in zip(bent, phase.base, strict=True) if based]
    centre = mean(value for value in kept if value is not None) if phase.centre is None else phase.centre ** (1 / POWER)
    sigma = _sigma(kept, phase.screened)
    _, _, three, two = _around(phase, bent, centre, [sigma] * len(bent), floor=0)

    def straight(value: float | None) -> float | None:
        return None if value is None else value**POWER
    limits = [Sides(straight(one.lower) or 0, straight(one.upper)) for one in three]
    near = [Sides(straight(one.lower), straight(one.upper)) for one in two]
    return [straight(one) for one in bent], straight(centre), limits, near


def _ip(phase: Phase) -> Lines:
    """Taylor's normalised I chart: ranges are scaled by how much the two subgroups' sizes let them vary."""
    sizes = [one.rows if one.n is None else one.n for one in phase.groups]
    kept = [(one.value, size) for one, size, based in zip(phase.groups, sizes, phase.base, strict=True) if based]
    centre, known = phase.centre, [(value, size) for value, size in kept if value is not None and size]
    if centre is None and known:
        centre = math.fsum(value * size for value, size in known) / math.fsum(size for _, size in known)
    ranges = [abs(y - x) / math.sqrt(1 / m + 1 / n) * math.sqrt(math.pi / 2)
              for (x, m), (y, n) in pairwise(kept) if x is not None and y is not None and m and n]
    middle = mean(ranges)
    if phase.screened and middle is not None:
        middle = mean(one for one in ranges if one < SCALED_RANGE_LIMIT * middle)
    sigmas = [middle / math.sqrt(size) if middle is not None and size else None for size in sizes]
    return _around(phase, phase.values, centre, sigmas)


def _deviation(phase: Phase) -> float | None:
    """Of single values, from the subgroups': their mean where all are of one size (Montgomery 6.29), else pooled (6.31)."""
    kept = [(one.deviation, one.rows - 1) for one in phase.based if one.deviation is not None]
    if len({one.rows for one in phase.groups}) == 1:
        return mean(deviation for deviation, _ in kept)
    freedom = sum(free for _, free in kept)
    return math.sqrt(math.fsum(deviation**2 * free for deviation, free in kept) / freedom) if freedom else None


def c4(n: int) -> float:
    """How much smaller than sigma the standard deviation of n normal values is on average."""
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


def _xbar(phase: Phase) -> Lines:
    weights = sum(one.rows for one in phase.based)
    centre = phase.centre
    if centre is None and weights:
        centre = math.fsum(one.total or 0 for one in phase.based) / weights
    spread = _deviation(phase)
    sigmas = [None if spread is None or one.rows < 2 else spread / (c4(one.rows) * math.sqrt(one.rows)) for one in phase.groups]
    return _around(phase, [one.mean for one in phase.groups], centre, sigmas)


def _s(phase: Phase) -> Lines:
    centre = phase.centre if phase.centre is not None else _deviation(phase)
    sigmas = [None if centre is None or one.rows < 2 else centre * math.sqrt(1 - c4(one.rows) ** 2) / c4(one.rows)
              for one in phase.groups]
    return _around(phase, [one.deviation for one in phase.groups], centre, sigmas, floor=0)


KINDS: dict[Kind, Callable[[Phase], Lines]] = {
    "run": _run, "i": _i, "mr": _mr, "xbar": _xbar, "s": _s, "c": _c, "u": _u, "up": _up, "p": _p, "pp": _pp,
    "g": _g, "t": _t, "ip": _ip,
}
