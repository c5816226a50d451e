"""A chart: subgroups, phases, frozen baselines and ghost points, with limits and the verdict of the run rules per phase."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from webapp.measures.spc.limits import COUNTED, Kind, Phase, Sides, lines
from webapp.measures.spc.runs import Runs, runs
from webapp.measures.spc.subgroups import Aggregate, Place, RefusedError, Row, Subgroup, subgroups


@dataclass(frozen=True, slots=True)
class Options:
    """``ends``: how many subgroups lie before each new phase. ``baselines``: phase (from 0) -> its first k subgroups that make its lines.

    ``ghosts``: subgroups (from 0) that are drawn and not counted. ``centre``: given instead of computed.
    ``factor`` multiplies values, centre and limits at last. ``screened``: moving ranges beyond their own limit are left out once.
    """

    ends: Collection[int] = ()
    baselines: Mapping[int, int] = field(default_factory=dict)
    ghosts: Collection[int] = ()
    centre: float | None = None
    factor: float = 1.0
    aggregate: Aggregate = "mean"
    screened: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """``lower`` and ``upper`` at 3 sigma, ``near`` at 2 (display only). ``phase`` counts from 0."""

    x: Place
    y: float | None
    n: float | None
    rows: int
    centre: float | None
    lower: float | None
    upper: float | None
    near: Sides
    phase: int
    baseline: bool
    counted: bool

    @property
    def outside(self) -> bool:
        """Beyond a 3-sigma line; on it is not beyond."""
        if self.y is None:
            return False
        return (self.upper is not None and self.y > self.upper) or (self.lower is not None and self.y < self.lower)


@dataclass(frozen=True, slots=True)
class Chart:
    kind: Kind
    points: list[Point]
    phases: list[Runs]


PLAIN = Options()


def chart(kind: Kind, rows: Sequence[Row], options: Options = PLAIN) -> Chart:
    """RefusedError: a share above 1, a numerator without a denominator, a time between events that is not above zero."""
    counted = kind in COUNTED or any(row.n is not None for row in rows)
    groups = subgroups(rows, counted, options.aggregate)
    if kind in ("p", "pp") and (wrong := [one for one in groups if one.value is not None and one.value > 1]):
        raise RefusedError(f"{wrong[0].x}: {wrong[0].total or 0:g} of {wrong[0].n:g}")
    points: list[Point] = []
    verdicts: list[Runs] = []
    for number, (start, end) in enumerate(pairwise([0, *_ends(options.ends, len(groups)), len(groups)])):
        drawn = _phase(kind, groups[start:end], start, number, options)
        points += drawn
        tested = [one for one in drawn if one.counted]
        verdicts.append(runs([one.y for one in tested], [one.centre for one in tested], kind != "mr"))
    return Chart(kind, points, verdicts)


def _ends(ends: Collection[int], count: int) -> list[int]:
    return sorted({end for end in ends if 0 < end < count})


def _phase(kind: Kind, groups: Sequence[Subgroup], start: int, number: int, options: Options) -> list[Point]:
    first = options.baselines.get(number, len(groups))
    counted = [start + place not in options.ghosts for place in range(len(groups))]
    base = [place < first and counted[place] for place in range(len(groups))]
    values, centre, three, two = lines(kind, Phase(groups, base, options.centre, options.screened))
    return [
        Point(
            x=group.x, y=_times(value, options), n=group.n, rows=group.rows, centre=_times(centre, options),
            lower=_times(limit.lower, options), upper=_times(limit.upper, options),
            near=Sides(_times(near.lower, options), _times(near.upper, options)),
            phase=number, baseline=place < first, counted=counted[place],
        )
        for place, (group, value, limit, near) in enumerate(zip(groups, values, three, two, strict=True))
    ]


def _times(value: float | None, options: Options) -> float | None:
    return None if value is None else value * options.factor
