"""The checks of one form of one person, by day. Pure."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import Any

from webapp.bundles import history
from webapp.bundles.evaluate import Run
from webapp.bundles.kinds import Env

Values = dict[str, Any]


def delay(check: Values) -> int:
    """Days from the check to its arrival here."""
    return max(0, (date.fromisoformat(check["received_at"][:10]) - date.fromisoformat(check["performed_at"][:10])).days)


def holds(rule: Run | None, env: Env) -> bool:
    return rule is not None and rule(env) is True


class Line:
    """The checks of one form that count, oldest first, and those somebody declined."""

    def __init__(self, checks: list[Values], form_id: str) -> None:
        tried = [(history.day_of(one), one) for one in history.valid({"checks": checks}, form_id, ("done", "partly_done", "not_done"))]
        tried.sort(key=lambda pair: pair[0])
        self.done = [one for _, one in tried if one["outcome"] != "not_done"]
        self.days = [day for day, one in tried if one["outcome"] != "not_done"]
        self.refused = [day for day, one in tried if one["outcome"] == "not_done" and one.get("not_done_reason") == "declined"]

    def at(self, day: date) -> Values | None:
        place = bisect_right(self.days, day.isoformat())
        return self.done[place - 1] if place else None

    def declined(self, day: date, within: int) -> bool:
        """The last thing said by that day was no, not longer ago than a check would have lasted."""
        place = bisect_right(self.refused, day.isoformat())
        if not place or self.refused[place - 1] < (day - timedelta(days=within)).isoformat():
            return False
        done = bisect_right(self.days, day.isoformat())
        return not done or self.days[done - 1] <= self.refused[place - 1]
