"""What other units may know of a unit's points. Pure.

A point that may not be shown is replaced by an empty one before anything is made of it: its chart's centre line and verdict, its
coverage, the network's mean. So nothing that is shown depends on a number that is hidden, and none can be found by subtraction,
not even by who knows her own unit's numbers. The price: no total of the network counts what is hidden, and its mean says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from webapp.accounts.policy import FEWEST
from webapp.measures import points
from webapp.measures.declared import Count
from webapp.measures.pages import is_small
from webapp.measures.points import Point

Found = Mapping[str, Sequence[Point]]  # measure -> its months


def empty(one: Point) -> Point:
    return replace(one, num=0, den=0, eligible=0, covered=0, declined=0, unknown=0, late=0, changed=False, thin=False)


def shareable(counts: Mapping[str, Count], found: Found) -> dict[str, list[Point]]:
    """The same months, with those emptied that tell of few. To be asked about all measures of the unit, whichever are followed."""
    few = {(name, one.period) for name, every in found.items() for one in every if 0 < one.eligible < FEWEST}
    hidden = set(few)
    for family in families(counts):  # a rate of few people must not be the quotient of the two that stand beside it
        for _name, period in [each for each in few if each[0] in family]:
            hidden |= {(name, period) for name in family}
    return {name: points.marked([empty(one) if (name, one.period) in hidden or is_small(counts[name], one) else one for one in every])
            for name, every in found.items() if name in counts}  # fmt: skip


def families(counts: Mapping[str, Count]) -> list[set[str]]:
    """Measures that are always shown together: one can be worked out of the others."""
    return [{one.id, *one.text["shown_with"]} for one in counts.values() if one.text["shown_with"]]


def is_empty(one: Point) -> bool:
    return one.den == 0
