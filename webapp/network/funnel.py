"""A funnel plot: each unit's value by how much it is of, with the limits chance alone would seldom cross. Pure; numbers for an SVG.

Limits around the pooled mean of what is shown, by the normal approximation (Spiegelhalter 2005): a share p of n by sqrt(p(1-p)/n),
a rate per n by sqrt(u/n), times 1.96 for 95 % and 3.09 for 99.8 %; never below 0, a share never above 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

Z95, Z998 = 1.959963984540054, 3.090232306167813
WIDE, HIGH, LEFT, RIGHT, TOP, BASE = 640, 300, 48, 16, 16, 260
STEPS = 60


@dataclass(frozen=True, slots=True)
class Team:
    """`size`: the denominator in the unit of the rate (days/1000); for a share it is people or events. `thin`: much fewer were checked
    than usual, so that its place says little."""

    name: str
    num: int
    den: int
    size: float
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Funnel:
    """`scale`: 100 for a share, else 1: what a value is multiplied by when it is read."""

    teams: Sequence[Team]
    share: bool

    @property
    def mean(self) -> float:
        whole = [one for one in self.teams if not one.thin] or self.teams
        return sum(one.num for one in whole) / sum(one.size for one in whole)

    def limits(self, size: float, z: float) -> tuple[float, float]:
        spread = z * sqrt((self.mean * (1 - self.mean) if self.share else self.mean) / size)
        return max(0.0, self.mean - spread), min(1.0, self.mean + spread) if self.share else self.mean + spread

    def outside(self, team: Team) -> str:
        """Which limits a unit lies outside: "", "95" or "998". Neither side is called anything."""
        value = team.num / team.size
        for name, z in (("998", Z998), ("95", Z95)):
            low, high = self.limits(team.size, z)
            if not low <= value <= high:
                return name
        return ""

    def seen(self, value: float) -> float:
        return value * 100 if self.share else value


def drawing(funnel: Funnel) -> dict[str, Any]:
    """Where everything stands in the picture."""
    most = max(one.size for one in funnel.teams) * 1.1
    sizes = [most * (n + 1) / STEPS for n in range(2, STEPS)]
    values = [one.num / one.size for one in funnel.teams]
    top = max([*values, funnel.mean, *(funnel.limits(one.size, Z998)[1] for one in funnel.teams)]) * 1.05 or 1.0
    top = min(top, 1.0) if funnel.share else top

    def across(size: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * size / most

    def up(value: float) -> float:
        return BASE - (BASE - TOP) * min(value, top) / top

    def x(size: float) -> int:  # a template prints whole numbers only
        return round(across(size))

    def y(value: float) -> int:
        return round(up(value))

    def line(z: float, side: int) -> str:
        return " ".join(f"{across(size):.1f},{up(funnel.limits(size, z)[side]):.1f}" for size in sizes)

    return {
        "wide": WIDE, "high": HIGH, "left": LEFT, "right": WIDE - RIGHT, "base": BASE, "top": TOP, "mean": y(funnel.mean),
        "inner": [line(Z95, side) for side in (0, 1)], "outer": [line(Z998, side) for side in (0, 1)],
        "points": [{"x": x(one.size), "y": y(one.num / one.size), "n": n, "thin": one.thin} for n, one in enumerate(funnel.teams, 1)],
        "ticks": [{"y": y(top * n / 4), "text": text(funnel.seen(top * n / 4))} for n in range(5)],
        "across": [{"x": x(most * n / 4), "text": f"{most * n / 4:.3g}".replace(".", ",")} for n in range(1, 4)],
    }  # fmt: skip


def text(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")
