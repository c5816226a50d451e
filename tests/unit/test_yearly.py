"""A year as it is reviewed, and what is counted of its flags: pure parts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from webapp.words import translator
from webapp.yearly import found, years
from webapp.yearly.years import Year

T = translator("nb")
TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(("today", "year"), [
    (date(2027, 1, 1), 2026), (date(2027, 3, 31), 2026), (date(2027, 4, 1), 2027), (date(2026, 11, 27), 2026),
])  # fmt: skip
def test_until_march_is_over_the_year_before_is_reviewed(today: date, year: int) -> None:
    assert years.usual(date(2025, 11, 1), today).number == year


def test_a_year_before_the_first_check_is_not_offered() -> None:
    assert years.offered(date(2025, 11, 1), date(2027, 2, 1)) == [2027, 2026, 2025]
    assert years.usual(date(2027, 1, 1), date(2027, 2, 1)).number == 2027
    assert years.offered(date(2010, 1, 1), TODAY) == [2026, 2025, 2024, 2023, 2022, 2021]


@pytest.mark.parametrize("said", ["", "2024", "2027", "x", "20265", "２０２６", "2026 "])
def test_another_year_than_those_offered_is_none(said: str) -> None:
    assert years.asked(said, date(2025, 11, 1), TODAY) is None


def test_a_year_that_runs_ends_today_and_is_measured_to_its_last_whole_month() -> None:
    runs, over, new = Year(2026, TODAY), Year(2025, TODAY), Year(2027, date(2027, 1, 15))
    assert (runs.end, runs.last_month, runs.is_over) == (date(2026, 11, 28), date(2026, 10, 1), False)
    assert (over.end, over.last_month, over.is_over) == (date(2026, 1, 1), date(2025, 12, 1), True)
    assert new.last_month == date(2026, 12, 1), "no month of it is over"
    assert Year(2026, date(2026, 12, 31)).is_over is False


def test_what_began_before_a_year_and_lasts_into_it_belongs_to_it() -> None:
    year = Year(2026, TODAY)
    assert year.meets("2025-06-01", "2026-01-01")
    assert year.meets("2025-06-01", "")
    assert not year.meets("2025-06-01", "2025-12-31")
    assert not year.meets("2026-11-28", ""), "not begun yet"


def flag(opened: date, closed: date | None, due: date | None) -> found.Finding:
    at = datetime(closed.year, closed.month, closed.day, 12, tzinfo=UTC) if closed else None
    return "high", datetime(opened.year, opened.month, opened.day, 23, 30, tzinfo=UTC), at, due  # after midnight in Oslo


def day(n: int) -> date:
    return date(2026, 6, n)


def closed(flags: list[found.Finding], *, only: bool = False) -> dict[str, Any]:
    return found.closed(flags, day(20), only, T)


def test_in_time_is_by_the_day_that_was_set_and_what_had_none_is_told_of() -> None:
    flags = [flag(day(1), day(5), day(5)), flag(day(1), day(6), day(5)), flag(day(1), None, day(19)), flag(day(1), None, day(20)),
             flag(day(1), day(3), None)]  # fmt: skip
    said = closed(flags)
    assert said["share"] == "1 av 3 (33 %)", "what is open before its day is not judged yet"
    assert (said["closed"], said["none"], said["has_none"]) == ("3", "1", True)


def test_days_until_closed_are_days_in_oslo_and_half_a_day_is_a_whole_one() -> None:
    assert closed([flag(day(1), day(3), None)])["median"] == "1 dag", "found at half past one on the second"
    assert closed([flag(day(1), day(3), None), flag(day(1), day(4), None)])["median"] == "2 dager"
    assert closed([])["median"] == closed([])["share"] == "–"


def test_who_sees_numbers_only_gets_none_of_few() -> None:
    few = [flag(day(1), day(5), day(5))] * 4 + [flag(day(1), day(6), day(5))] * 9
    assert (closed(few)["share"], closed(few, only=True)["share"]) == ("4 av 13 (31 %)", "–")
    assert closed([flag(day(1), day(5), day(5))] * 4, only=True)["median"] == "–"
    many = [flag(day(1), day(5), day(5))] * 5 + [flag(day(1), day(6), day(5))] * 5
    assert closed(many, only=True)["share"] == "50 %"
