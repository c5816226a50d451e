"""What other units may know of a unit's points. Pure.

A point that may not be shown is replaced by an empty one before anything is made of it: its chart's centre line and verdict, its
coverage, the network's mean. So nothing that is shown is worked out of a number that is hidden. Two numbers that are shown may
still differ by a hidden one, since measures count the same events and people: NESTED says which, and one of the two is then hidden.
The price: what is shown leaves out the months of few, and the page says that its lines and means may be too high or too low."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from webapp.accounts.policy import FEWEST, too_small
from webapp.measures.declared import Count
from webapp.measures.pages import is_small
from webapp.measures.points import LESS_COVERED, SHARES, Point

Found = Mapping[str, Sequence[Point]]  # measure -> its months
DAYS = 28  # of one person in the shortest month


@dataclass(frozen=True, slots=True)
class Nested:
    """Two numbers of which one is part of the other, or the same told twice: (measure, num, den or rest). `none_tells`: that nothing
    is left tells something too. The second measure is the one that is hidden."""

    whole: tuple[str, str]
    part: tuple[str, str]
    none_tells: bool = False


NESTED = (
    Nested(("F-R1", "num"), ("F-R2", "num"), none_tells=True),  # falls that did no harm
    Nested(("F-R1", "num"), ("F-B2", "den")),
    Nested(("F-B2", "rest"), ("F-R2", "num")),  # falls nobody said the harm of
    Nested(("F-R1", "num"), ("F-R3", "num")),  # falls after a person's first
    Nested(("F-P1", "den"), ("F-P3", "den")),  # people not at risk
    Nested(("K-R4", "num"), ("K-R1", "num")),  # infections of people with no known catheter days
    Nested(("K-P1", "rest"), ("K-R5", "num")),  # a recognised reason, and no need
    Nested(("K-P1", "den"), ("K-P2", "den")),
    Nested(("K-P1", "den"), ("K-R5", "den")),
    Nested(("K-P2", "den"), ("K-R5", "den")),
)


def empty(one: Point) -> Point:
    return replace(one, num=0, den=0, eligible=0, covered=0, declined=0, unknown=0, late=0, changed=False, thin=False)


def shareable(counts: Mapping[str, Count], found: Found) -> dict[str, list[Point]]:
    """The closed months, with those emptied that tell of few. To be asked about all measures of the unit, whichever are followed.

    A month that still runs is left out: who read it every day would see each event come."""
    known = {name: {one.period: one for one in every if one.closed} for name, every in found.items() if name in counts}
    hidden = {(name, period) for name, points in known.items() for period, one in points.items() if is_hidden(counts[name], one)}
    few = [(name, period) for name, points in known.items() for period, one in points.items() if 0 < one.eligible < FEWEST]
    for family in families(counts):  # a rate of few people must not be the quotient of the two that stand beside it
        hidden |= {(other, period) for name, period in few if name in family for other in family}
    for each in NESTED:
        for period in known.get(each.whole[0], {}).keys() & known.get(each.part[0], {}).keys():
            pair = [(name, period) for name, _cell in (each.whole, each.part)]
            left = abs(cell(known[each.whole[0]][period], each.whole[1]) - cell(known[each.part[0]][period], each.part[1]))
            if not hidden & set(pair) and left < FEWEST and (left or each.none_tells):
                hidden.add(pair[1])
    return {name: marked([empty(one) if (name, period) in hidden else one for period, one in points.items()])
            for name, points in known.items()}  # fmt: skip


def is_hidden(count: Count, one: Point) -> bool:
    """Of few people by its own numbers, or hardly anybody was checked: then even that must not be told."""
    if one.imported:  # nobody knows of how many people; of five, there are at least so many days
        return is_small(count, one) or ((count.kind not in SHARES or count.kind == "days") and one.den < FEWEST * DAYS)
    return is_small(count, one) or one.covered < min(FEWEST, one.eligible)


def cell(one: Point, name: str) -> int:
    return one.den - one.num if name == "rest" else one.den if name == "den" else one.num


def told_coverage(one: Point) -> float | None:
    """The coverage that may be told; none when the few who were not checked could be counted from it."""
    return None if too_small({"covered": one.covered, "rest": one.eligible - one.covered}) else one.coverage


def marked(every: Sequence[Point]) -> list[Point]:
    """As points.marked, of the coverage that may be told: the mark itself would tell of the other."""
    usual = [told for one in every if (told := told_coverage(one)) is not None]
    least = median(usual) - LESS_COVERED if usual else 0.0
    return [replace(one, thin=(told := told_coverage(one)) is not None and told < least) for one in every]


def families(counts: Mapping[str, Count]) -> list[set[str]]:
    """Measures that are always shown together: one can be worked out of the others."""
    return [{one.id, *one.text["shown_with"]} for one in counts.values() if one.text["shown_with"]]


def is_empty(one: Point) -> bool:
    return one.den == 0
