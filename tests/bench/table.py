"""What was measured, beside what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = ("what", "target", "measured", "floor", "ratio", "")


@dataclass(frozen=True)
class Figure:
    """One line of the table. `most` = the target is a ceiling, else a floor under the rate."""

    what: str
    unit: str
    target: float | None
    value: float
    floor: float | None = None
    most: bool = True
    of_floor: bool = False  # the target is a share of the floor

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def ok(self) -> bool | None:
        if self.target is None:
            return None
        judged = self.ratio if self.of_floor else self.value
        if judged is None:
            return None
        return judged <= self.target if self.most else judged >= self.target

    def cells(self) -> tuple[str, ...]:
        sign = "≤" if self.most else "≥"
        asked = f"{self.target:g} × floor" if self.of_floor else said(self.target or 0, self.unit)
        target = "" if self.target is None else f"{sign} {asked}"
        return (
            self.what,
            target,
            said(self.value, self.unit),
            said(self.floor, self.unit) if self.floor else "",
            f"{self.ratio:.2f}" if self.ratio else "",
            {True: "ok", False: "short", None: ""}[self.ok],
        )


def said(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if abs(value) >= 20 else f"{value:.1f} {unit}" if value % 1 else f"{value:.0f} {unit}"


def middle(values: Sequence[float]) -> float:
    return float(median(values))


def markdown(figures: Sequence[Figure]) -> str:
    """The table, its columns lined up so that a terminal shows it too."""
    rows = [HEAD, *(one.cells() for one in figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
