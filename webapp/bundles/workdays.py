"""Calendar of the rules: Oslo days, partial dates and Norwegian working days. Plain arithmetic, same in sw/workdays.js."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

EPOCH = date(1970, 1, 1).toordinal()
_HOUR = 3_600_000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{3}(\d{3})?)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"[1-9]\d{3}(-\d\d(-\d\d)?)?", re.ASCII)


def iso(day: int) -> str:
    """The ISO date of a day number (0 = 1970-01-01)."""
    return date.fromordinal(day + EPOCH).isoformat()


@lru_cache(maxsize=4096)
def instant(text: str) -> int | None:
    """Milliseconds since 1970 of a date and time with offset; None for anything else."""
    if not _TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@lru_cache(maxsize=512)
def _last_sunday(year: int, month: int) -> int:
    """Milliseconds at 01:00 UTC on the last Sunday of March or October."""
    last = date(year, month, 31)
    return (last.toordinal() - EPOCH - last.isoweekday() % 7) * 24 * _HOUR + _HOUR


def oslo_offset(millis: int) -> int:
    """Minutes east of UTC in Oslo: European summer time since 1996."""
    year = date.fromordinal(millis // (24 * _HOUR) + EPOCH).year
    summer = _last_sunday(year, 3) <= millis < _last_sunday(year, 10)
    return 120 if summer else 60


def oslo_day(text: str) -> int | None:
    """Day number in Oslo of a date and time."""
    millis = instant(text)
    if millis is None:
        return None
    return (millis + oslo_offset(millis) * 60_000) // (24 * _HOUR)


@lru_cache(maxsize=8192)
def oslo_date(text: str) -> str | None:
    """ISO date in Oslo of a date and time."""
    number = oslo_day(text)
    return None if number is None else iso(number)


@lru_cache(maxsize=8192)
def day(text: str) -> int | None:
    """Day number of a date, of the first day of a partial date, or of a time's day in Oslo; None for a word."""
    if len(text) > 10:
        return oslo_day(text)
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat((text + "-01-01")[:10] if len(text) in (4, 7) else text).toordinal() - EPOCH
    except ValueError:
        return None


def last_day(text: str) -> int | None:
    """Day number of the last day a partial date may mean."""
    first = day(text)
    if first is None or len(text) not in (4, 7):
        return first
    start = date.fromordinal(first + EPOCH)
    year, month = (start.year + 1, 1) if len(text) == 4 else (start.year + start.month // 12, start.month % 12 + 1)
    return date(year, month, 1).toordinal() - EPOCH - 1


def easter(year: int) -> int:
    """Day number of Easter Sunday (Gregorian, anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, rest = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, rest + 1).toordinal() - EPOCH


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[int]:
    """Days that are never working days, whatever the weekday."""
    fixed = {date(year, m, d).toordinal() - EPOCH for m, d in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    # Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday
    return frozenset(fixed | {easter(year) + n for n in (-3, -2, 1, 39, 50)})


def is_workday(number: int) -> bool:
    """Whether a day number is Monday to Friday and no public holiday."""
    when = date.fromordinal(number + EPOCH)
    return when.isoweekday() <= 5 and number not in holidays(when.year)


def workdays(number: int, count: int) -> int:
    """The count-th working day after a day, the day itself not counted."""
    while count > 0:
        number += 1
        count -= is_workday(number)
    return number
