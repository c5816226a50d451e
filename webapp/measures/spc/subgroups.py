"""Rows become subgroups: one point on a chart per date or number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Place = str | float  # an ISO date, or a number
Aggregate = Literal["mean", "median", "sum"]


@dataclass(frozen=True, slots=True)
class Row:
    """What was counted or measured: ``y`` of ``n``, or a value ``y``. ``None`` is missing."""

    x: Place
    y: float | None
    n: float | None = None


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The rows of one place in time. ``rows`` counts those with a value, and with a denominator where there is one.

    ``total``: what the rows add up to; a missing one among several adds nothing, a missing one alone is missing.
    """

    x: Place
    value: float | None
    total: float | None
    n: float | None
    rows: int
    mean: float | None
    deviation: float | None


class RefusedError(ValueError):
    """The numbers cannot be what they say they are. Nothing was computed."""


def mean(values: Iterable[float]) -> float | None:
    """Summed exactly: a sum in order would make the mean of ten 0.1 differ from 0.1, and every point a false "above"."""
    kept = list(values)
    return math.fsum(kept) / len(kept) if kept else None


AGGREGATES: dict[Aggregate, Callable[[list[float]], float | None]] = {
    "mean": mean, "median": lambda values: median(values) if values else None, "sum": math.fsum,
}


def subgroups(rows: Sequence[Row], counted: bool, aggregate: Aggregate = "mean") -> list[Subgroup]:
    """In order of x; rows with the same x are one. ``counted``: y is a numerator and n its denominator.

    RefusedError: a numerator without a denominator to be part of.
    """
    together: dict[Place, list[Row]] = {}
    for row in rows:
        together.setdefault(row.x, []).append(row)
    return [_subgroup(x, together[x], counted, aggregate) for x in sorted(together, key=_order)]


def _order(x: Place) -> tuple[bool, float, str]:
    return (True, 0.0, x) if isinstance(x, str) else (False, x, "")


def _subgroup(x: Place, rows: list[Row], counted: bool, aggregate: Aggregate) -> Subgroup:
    kept = [(row.y, row.n) for row in rows if row.y is not None and not (counted and row.n is None)]
    values = [y for y, _ in kept]
    total = math.fsum(values) if values or len(rows) > 1 else None
    if not counted:
        return Subgroup(x, AGGREGATES[aggregate](values), total, None, len(kept), mean(values), _deviation(values))
    n = math.fsum(n for _, n in kept if n is not None)
    if n < 0 or (n == 0 and total):
        raise RefusedError(f"{x}: {total or 0:g} of {n:g}")
    return Subgroup(x, (total or 0) / n if n else None, total, n, len(kept), mean(values), _deviation(values))


def _deviation(values: list[float]) -> float | None:
    """The sample's standard deviation."""
    middle = mean(values)
    if middle is None or len(values) < 2:
        return None
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))
