"""Weeks, months and quarters, and stretches of days. Pure. Days are Oslo days, as text is (`2026-11-25`) or as dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

CLOSES_AFTER = 14  # days after its end a period is still provisional: records may be on their way
Stretch = tuple[date, date]  # the first day that counts, the first that does not
Grain = Literal["day", "week", "month", "quarter", "event"]  # event: the day on which something happened
Per = Literal["day", "week", "month", "quarter"]  # what a row of an old list may be of


def first_of(day: date, grain: Grain = "month") -> date:
    if grain in ("day", "event"):
        return day
    if grain == "week":  # ISO: from Monday
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def after(period: date, grain: Grain = "month") -> date:
    """The first day of the next period."""
    if grain in ("day", "week", "event"):
        return period + timedelta(days=7 if grain == "week" else 1)
    return (first_of(period, grain) + timedelta(days=31 if grain == "month" else 93)).replace(day=1)


def closed(period: date, today: date, grain: Grain = "month") -> bool:
    """Whether records for it have had their time to arrive. An event is closed with its month."""
    return today >= after(period, "month" if grain == "event" else grain) + timedelta(days=CLOSES_AFTER)


def months(start: date, today: date, grain: Grain = "month") -> Iterator[date]:
    period = first_of(start, grain)
    while period <= today:
        yield period
        period = after(period, grain)


def within(period: date, per: Per, grain: Grain) -> date:
    """The larger period this one belongs to: a week to that of its Thursday."""
    return first_of(period + timedelta(days=3 if per == "week" else 0), grain)


def touched(period: date, per: Grain) -> set[date]:
    """The months it has days of."""
    return set(months(period, after(period, per) - timedelta(days=1)))


def named(period: date, grain: Grain = "month") -> str:
    """As an axis says it, the same in every language."""
    if grain in ("day", "event"):
        return period.strftime("%d.%m.%Y")
    if grain == "week":
        year, week, _ = period.isocalendar()
        return f"{week:02}/{year}"
    return period.strftime("%m.%Y") if grain == "month" else f"{(period.month + 2) // 3}/{period.year}"


def days(stretches: Iterable[Stretch], without: Iterable[Stretch], start: date, end: date) -> int:
    """How many days of these stretches lie in start … end (end not), each day once, less those in `without`."""
    return len(day_set(stretches, start, end) - day_set(without, start, end))


def day_set(stretches: Iterable[Stretch], start: date, end: date) -> set[int]:
    found: set[int] = set()
    for begins, ends in stretches:
        found.update(range(max(begins, start).toordinal(), min(ends, end).toordinal()))
    return found
