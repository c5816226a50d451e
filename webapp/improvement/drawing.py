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
LETTER, LONGEST, SHORTEST = 7, 36, 8  # how wide one is at most; how many a label has beside its bar


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
    rows = [bar(one, n, scale, today) for n, one in enumerate(sorted(dated, key=lambda one: one.get("start")), 1)]
    target = next((float(one.data["target"]) for one in aims if one.data.get("target") not in (None, "") and series
                   and one.get("measure") == series.id), None)  # fmt: skip
    drawn = line(series, scale, target, min(begun)) if series else None
    return {
        "wide": WIDE, "high": TOP + HIGH + 34 + BAR * len(rows), "left": LEFT, "right": WIDE - RIGHT, "base": TOP + HIGH, "top": TOP,
        "line": drawn, "rows": rows, "today": scale.x(today), "months": months(scale),
        "deadlines": [scale.x(found) for one in aims if (found := day(one.get("deadline")))],
    }  # fmt: skip


def bar(item: Item, n: int, scale: Scale, today: date) -> Context:
    """A numbered bar with as much of its text as there is room for on the side with more of it."""
    start = day(item.get("start")) or today
    end = day(item.get("end")) or (max(today, start) if item.kind == "cycle" else start)
    x, y = scale.x(start), TOP + HIGH + 26 + (n - 1) * BAR
    wide = max(scale.x(end) - x, 6)
    whole = item.get("title") or item.get("text")
    before, after = x - 6, x + wide + 6
    left = WIDE - after < min(before, (min(len(whole), LONGEST) + 4) * LETTER)
    room = before if left else WIDE - after
    return {"x": x, "y": y, "wide": wide, "kind": item.kind, "open": item.kind == "cycle" and not item.get("end"), "mark": x, "n": n,
            "text": f"{n}. {shortened(whole, min(LONGEST, max(SHORTEST, room // LETTER - 4)))}", "text_x": before if left else after,
            "left": left, "whole": whole, "start": item.get("start"), "end": item.get("end")}  # fmt: skip


def shortened(text: str, most: int) -> str:
    """Whole words where it can be; the table beneath has the rest."""
    if len(text) <= most:
        return text
    words = text[:most].rpartition(" ")[0]
    return (words if len(words) > most // 2 else text[: most - 1]).rstrip(" ,.;:") + "…"


def line(series: Series, scale: Scale, target: float | None, begun: date) -> Context | None:
    """The measure's points with the median of what was there before the work began."""
    inside = [(first + series.middle, value, closed) for first, value, closed in series.months
              if value is not None and first + series.middle >= scale.first]  # fmt: skip
    if not inside:
        return None
    most = max(100.0 if series.share else 0.0, *(value for _, value, _ in inside), target or 0.0) or 1.0

    def y(value: float) -> int:
        return round(TOP + HIGH - value / most * HIGH)

    before = [value for first, value, closed in series.months if value is not None and closed and first + series.middle < begun]
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
