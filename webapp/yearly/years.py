"""A calendar year as it is reviewed: how much of it there is yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LOOKS_BACK = 3  # until and with March the year that is over is the one that is reviewed
MOST = 6


@dataclass(frozen=True, slots=True)
class Year:
    """`today` is the day it is read on: what comes after it does not count."""

    number: int
    today: date

    @property
    def first(self) -> date:
        return date(self.number, 1, 1)

    @property
    def after(self) -> date:
        return date(self.number + 1, 1, 1)

    @property
    def end(self) -> date:
        """The first day that does not count."""
        return min(self.after, self.today + timedelta(days=1))

    @property
    def is_over(self) -> bool:
        return self.after <= self.today

    @property
    def last_month(self) -> date:
        """The newest month of it that is over; before the first one is, the December before."""
        return min(self.after - timedelta(days=1), self.today.replace(day=1) - timedelta(days=1)).replace(day=1)

    def has(self, day: str) -> bool:
        """Whether this day (2026-11-25) is one of it, come or not."""
        return self.first.isoformat() <= day < self.after.isoformat()

    def meets(self, begins: str, ends: str) -> bool:
        """Whether what lasted from day to day (to nothing: it still does) was there in what has been of it."""
        return begins < self.end.isoformat() and (not ends or ends >= self.first.isoformat())


def offered(began: date, today: date) -> list[int]:
    """The newest first, back to the one in which the first check was made."""
    return list(range(today.year, max(began.year, today.year - MOST + 1) - 1, -1))


def asked(said: str, began: date, today: date) -> Year | None:
    """The year that somebody names, if it is one of those."""
    return next((Year(one, today) for one in offered(began, today) if str(one) == said), None)


def usual(began: date, today: date) -> Year:
    """The one that is reviewed now: the last one until March is over, then the one that runs."""
    number = today.year - (today.month <= LOOKS_BACK)
    return Year(number if number in offered(began, today) else today.year, today)
