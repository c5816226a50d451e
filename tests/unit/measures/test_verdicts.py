"""A unit's measures as pages: missing data never looks like improvement, and few people are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from webapp.accounts.policy import FEWEST
from webapp.bundles import registry
from webapp.measures import few, months, pages, picture, verdicts
from webapp.measures.declared import Count, declared
from webapp.measures.points import Point, marked, whole
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


def test_months_in_which_nothing_was_counted_are_gaps_up_to_now_and_not_skipped() -> None:
    (one,) = series([50], [38])
    found = whole([one], date(2025, 4, 20), "month")
    assert [(each.period.month, each.value(count("T-P1")), each.closed) for each in found] == [
        (1, 50.0, True), (2, None, True), (3, None, True), (4, None, False)]  # fmt: skip
    shown = series_of(count("T-P1"), found, [each.value(count("T-P1")) for each in found])
    assert pages.row(shown, 1, False, T)["state"] == "ingenting å telle"
    assert pages.quality(shown, False, 0, T) == "Ingenting å telle i 04.2025."


def test_an_axis_ends_on_a_number_one_reads_and_a_share_at_the_whole() -> None:
    assert [picture.nice(most, 100) for most in (97, 100, 85)] == [100, 100, 100]
    assert [round(picture.nice(most, 0), 6) for most in (3.8, 12.7, 0, 1)] == [4, 20, 0, 1]


def test_where_the_counting_is_not_quite_the_definition_it_is_said_in_every_language() -> None:
    told = [one for one in declared(registry(()))[1] if one.told]
    assert {one.id for one in told} >= {"T-P1", "F-P3", "K-P1", "L-P1"}
    assert all(set(one.told or ()) == {"nb", "nn", "en"} for one in told)
    assert "innen 7 dager" in pages.notes(count("T-P1"), "nb")
    assert "færre fall" in pages.notes(count("F-B2"), "nb")
