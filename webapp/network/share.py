"""What other units may know of a unit's points. Pure.

A point that may not be shown is replaced by an empty one before anything is made of it: its chart's centre line and verdict, its
coverage, the network's mean. So nothing that is shown is worked out of a number that is hidden. Two numbers that are shown may
still differ by a hidden one, since measures count the same events and people: `few` says which, and one of the two is then hidden.
The price: what is shown leaves out the months of few, and the page says that its lines and means may be too high or too low."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from webapp.accounts.policy import too_small
from webapp.measures import few
from webapp.measures.declared import Measure
from webapp.measures.points import LESS_COVERED, Point

Found = Mapping[str, Sequence[Point]]  # measure -> its months


def empty(one: Point) -> Point:
    return replace(one, num=0, den=0, eligible=0, covered=0, declined=0, unknown=0, late=0, changed=False, thin=False, middle=None)


def shareable(counts: Mapping[str, Measure], found: Found) -> dict[str, list[Point]]:
    """The closed months, with those emptied that tell of few. To be asked about all measures of the unit, whichever are followed.

    A month that still runs is left out: who read it every day would see each event come."""
    known = {name: [one for one in every if one.closed] for name, every in found.items() if name in counts}
    hidden = few.secret(counts, known)
    return {name: marked([empty(one) if (name, one.period) in hidden else one for one in points]) for name, points in known.items()}


def told_coverage(one: Point) -> float | None:
    """The coverage that may be told; none when the few who were not checked could be counted from it."""
    return None if too_small({"covered": one.covered, "rest": one.eligible - one.covered}) else one.coverage


def marked(every: Sequence[Point]) -> list[Point]:
    """As points.marked, of the coverage that may be told: the mark itself would tell of the other."""
    usual = [told for one in every if (told := told_coverage(one)) is not None]
    least = median(usual) - LESS_COVERED if usual else 0.0
    return [replace(one, thin=(told := told_coverage(one)) is not None and told < least) for one in every]


def is_empty(one: Point) -> bool:
    return one.den == 0
