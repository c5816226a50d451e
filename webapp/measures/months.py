"""Calendar months and stretches of days. Pure. Days are Oslo days, as text is (`2026-11-25`) or as dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

CLOSES_AFTER = 14  # days after its end a month is still provisional: records may be on their way
Stretch = tuple[date, date]  # the first day that counts, the first that does not


def first_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def closed(month: date, today: date) -> bool:
    """Whether records for it have had their time to arrive."""
    return today >= after(month) + timedelta(days=CLOSES_AFTER)


def months(start: date, today: date) -> Iterator[date]:
    month = first_of(start)
    while month <= today:
        yield month
        month = after(month)


def days(stretches: Iterable[Stretch], without: Iterable[Stretch], start: date, end: date) -> int:
    """How many days of these stretches lie in start … end (end not), each day once, less those in `without`."""
    return len(day_set(stretches, start, end) - day_set(without, start, end))


def day_set(stretches: Iterable[Stretch], start: date, end: date) -> set[int]:
    found: set[int] = set()
    for begins, ends in stretches:
        found.update(range(max(begins, start).toordinal(), min(ends, end).toordinal()))
    return found
