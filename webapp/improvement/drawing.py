"""A project on one line of time: its measure above, ideas and cycles as bars below. Numbers for an SVG; nothing is drawn here.

Drawn by the server, so that paper gets it without a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from webapp.improvement.measured import Series
from webapp.improvement.work import Item

Context = dict[str, Any]
WIDE, TOP, HIGH, BAR, LEFT, RIGHT = 720, 18, 120, 24, 40, 12
BEFORE, AFTER = timedelta(days=150), timedelta(days=45)
FEWEST_DAYS = 90


class Scale:
    """Days along the width."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max((last - first).days, FEWEST_DAYS)

    def x(self, day: date) -> int:
        share = min(max((day - self.first).days / self.days, 0.0), 1.0)
        return round(LEFT + share * (WIDE - LEFT - RIGHT))


def day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def of(aims: Sequence[Item], bars: Sequence[Item], series: Series | None, today: date) -> Context | None:
    """None when nothing has a date yet."""
    begun = [found for one in bars if (found := day(one.get("start")))]
    if not begun:
        return None
    ends = [found for one in [*bars, *aims] for name in ("end", "deadline") if (found := day(one.get(name)))]
    scale = Scale(min(begun) - BEFORE, max([today, *ends, *begun]) + AFTER)
    dated = [one for one in bars if one.get("start")]
    rows = [bar(one, n, scale, today, HIGH + TOP + 26) for n, one in enumerate(sorted(dated, key=lambda one: one.get("start")))]
    target = next((float(one.data["target"]) for one in aims if one.data.get("target") not in (None, "") and series
                   and one.get("measure") == series.id), None)  # fmt: skip
    drawn = line(series, scale, target, min(begun)) if series else None
    return {
        "wide": WIDE, "high": TOP + HIGH + 34 + BAR * len(rows), "left": LEFT, "right": WIDE - RIGHT, "base": TOP + HIGH, "top": TOP,
        "line": drawn, "rows": rows, "today": scale.x(today), "months": months(scale),
        "deadlines": [scale.x(found) for one in aims if (found := day(one.get("deadline")))],
    }  # fmt: skip


def bar(item: Item, n: int, scale: Scale, today: date, top: int) -> Context:
    start = day(item.get("start")) or today
    end = day(item.get("end")) or (max(today, start) if item.kind == "cycle" else start)
    x, y = scale.x(start), top + n * BAR
    wide = max(scale.x(end) - x, 6)
    text = item.get("title") or item.get("text")
    after = x + wide + 6
    left = after > WIDE - 220
    return {"x": x, "y": y, "wide": wide, "kind": item.kind, "open": item.kind == "cycle" and not item.get("end"),
            "text": text if len(text) <= 44 else text[:43] + "…", "text_x": x - 6 if left else after, "left": left,
            "mark": x}  # fmt: skip


def line(series: Series, scale: Scale, target: float | None, begun: date) -> Context | None:
    """The measure's points with the median of what was there before the work began."""
    inside = [(first + timedelta(days=14), value, closed) for first, value, closed in series.months
              if value is not None and first + timedelta(days=14) >= scale.first]  # fmt: skip
    if not inside:
        return None
    most = max(100.0 if series.share else 0.0, *(value for _, value, _ in inside), target or 0.0) or 1.0

    def y(value: float) -> int:
        return round(TOP + HIGH - value / most * HIGH)

    before = [value for first, value, closed in series.months if value is not None and closed and first + timedelta(days=14) < begun]
    middle = median(before) if before else None
    return {
        "points": [{"x": scale.x(at), "y": y(value), "hollow": not closed} for at, value, closed in inside],
        "path": " ".join(f"{scale.x(at)},{y(value)}" for at, value, _ in inside),
        "middle": y(middle) if middle is not None else None, "target": y(target) if target is not None else None,
        "most": number(most), "half": number(most / 2), "half_y": y(most / 2),
    }  # fmt: skip


def months(scale: Scale) -> list[Context]:
    """The first of every third month, or of every one when there are few."""
    found, at = [], scale.first.replace(day=1)
    step = 1 if scale.days < 240 else 3 if scale.days < 900 else 12
    while (at - scale.first).days <= scale.days:
        if at >= scale.first and (at.month - 1) % step == 0 and (x := scale.x(at)) < WIDE - RIGHT - 20:
            found.append({"x": x, "text": at.strftime("%m.%y")})
        at = (at + timedelta(days=32)).replace(day=1)
    return found


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")
