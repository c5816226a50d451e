"""Which numbers of a unit may not be told to who sees numbers only. Pure.

A number of few, and what is left between two numbers that stand beside each other: measures count the same events and people. NESTED
says which, and one of the two is then hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from webapp.accounts.policy import FEWEST, too_small
from webapp.measures.declared import Measure
from webapp.measures.points import SHARES, Point

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
    Nested(("T-P2", "num"), ("T-P3", "num"), none_tells=True),  # seen in time, and a measure lacks
    Nested(("T-P2", "den"), ("T-R2", "den")),  # at risk, and nobody saw the skin
    Nested(("T-P3", "den"), ("T-R2", "den")),
    Nested(("T-R2", "den"), ("T-P2", "num")),  # seen, and longer ago than planned
    Nested(("T-R2", "den"), ("T-P3", "num")),
    Nested(("T-B1", "rest"), ("T-R3", "num")),  # found deeper than category 1, and arisen elsewhere
    Nested(("L-P2", "den"), ("L-P3", "den")),  # people with few medicines
    Nested(("L-R1", "den"), ("L-R2", "den")),  # lists without a discrepancy
)


def marked(counts: Mapping[str, Measure], found: Found) -> dict[str, list[Point]]:
    """All measures of a unit, with the points that may not be told marked as such."""
    hidden = secret(counts, found)
    return {name: [replace(one, few=True) if (name, one.period) in hidden else one for one in points] for name, points in found.items()}


def secret(counts: Mapping[str, Measure], found: Found) -> set[tuple[str, date]]:
    """(measure, period) of what may not be told. To be asked about all measures of the unit, whichever are shown."""
    known = {name: {one.period: one for one in every} for name, every in found.items() if name in counts}
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
    return hidden


def is_small(count: Measure, one: Point) -> bool:
    """Of few people by its own numbers, or by what is left of them."""
    if count.is_kept:
        return False
    parts = {} if count.kind == "lasted" else {"met": one.num}
    if count.kind in SHARES:
        parts["rest"] = one.den - one.num
    return one.few or bool(too_small(parts)) or (not one.imported and one.eligible < FEWEST)


def is_hidden(count: Measure, one: Point) -> bool:
    """Of few people by its own numbers, or hardly anybody was checked: then even that must not be told."""
    if count.is_kept:
        return False
    if one.imported:  # nobody knows of how many people; of five, there are at least so many days
        return is_small(count, one) or ((count.kind not in SHARES or count.kind == "days") and one.den < FEWEST * DAYS)
    return is_small(count, one) or one.covered < min(FEWEST, one.eligible)


def cell(one: Point, name: str) -> int:
    return one.den - one.num if name == "rest" else one.den if name == "den" else one.num


def families(counts: Mapping[str, Measure]) -> list[set[str]]:
    """Measures that are always shown together: one can be worked out of the others."""
    return [{one.id, *one.text["shown_with"]} for one in counts.values() if one.text["shown_with"]]
