"""A unit's measures as pages: missing data never looks like improvement, and few people are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from webapp.accounts.policy import FEWEST
from webapp.bundles import registry
from webapp.measures import few, months, verdicts
from webapp.measures.declared import Count, declared
from webapp.measures.points import Point, marked
from webapp.measures.series import series as series_of
from webapp.words import Translate

TODAY = date(2026, 11, 23)
T = Translate("nb")


def count(name: str) -> Count:
    return next(one for one in declared(registry(()))[1] if one.id == name)


def series(shares: Sequence[float], covered: Sequence[int], eligible: int = 40) -> list[Point]:
    """Closed months of forty people: so many per cent met, so many checked."""
    found, month = [], date(2025, 1, 1)
    for share, checked in zip(shares, covered, strict=True):
        num = round(share * eligible / 100)
        found.append(Point(month, num, eligible, eligible, checked, 0, 0, 0, closed=months.closed(month, TODAY)))
        month = months.after(month)
    return marked(found)


def judged(name: str, found: list[Point]) -> tuple[str, str]:
    values = [one.value(count(name)) for one in found]
    return verdicts.verdict(series_of(count(name), found, values), T)


RISING = [50, 55, 45, 50, 55, 45, 50, 80, 85, 80, 90, 85, 80, 85, 80, 85, 90, 85]


def test_a_rising_share_is_a_signal_that_names_its_rule_and_numbers() -> None:
    state, sentence = judged("F-P1", series(RISING, [38] * 18))
    assert state == "better"
    assert "lengste serie" in sentence
    assert "Anhøj" in sentence


def test_the_same_numbers_with_half_of_the_checks_hidden_say_that_data_is_missing() -> None:
    state, sentence = judged("F-P1", series(RISING, [38] * 15 + [19] * 3))
    assert state == "missing"
    assert "langt færre sjekket enn ellers" in sentence


def test_few_useful_points_are_said_to_be_few_and_never_no_change() -> None:
    state, sentence = judged("F-P1", series([100] * 12, [38] * 12))
    assert (state, sentence) == ("few", "For få brukbare punkter: 0, minst 10 trengs.")


def test_a_month_that_is_not_closed_is_outside_the_verdict() -> None:
    found = series([50] * 22 + [100], [38] * 23)
    assert not found[-1].closed
    assert not series_of(count("F-P1"), found, [50.0] * 22 + [100.0]).chart.points[-1].counted


def test_a_number_of_few_people_is_hidden_also_when_it_is_what_is_left() -> None:
    (one,) = series([95], [38])
    assert one.den - one.num < FEWEST
    assert few.is_small(count("F-P1"), one)
    assert not few.is_small(count("F-P1"), series([50], [38])[0])
