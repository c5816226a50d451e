"""How often the default rules call a stable process changed, and how often they see a real change.

``python -m tests.bench.signals``. Normal series from a fixed seed; nothing is timed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from tests.bench import place
from tests.bench.table import Figure
from webapp.measures.spc import nhs
from webapp.measures.spc.chart import Options, chart
from webapp.measures.spc.subgroups import Row

SERIES, SEED = 4000, 24_7
LENGTHS = (8, 12, 24, 36)
SHIFT = 1.5  # standard deviations, half-way
MOST = 0.05
HEAD = "| points | stable: Anhøj | stable: MDC | shift: Anhøj | shift: Anhøj, first half frozen | shift: MDC |"

Rule = Callable[[Sequence[float]], bool]


def anhoej(values: Sequence[float], baseline: int | None = None) -> bool:
    options = Options(baselines={} if baseline is None else {0: baseline})
    return chart("run", [Row(place, value) for place, value in enumerate(values)], options).phases[0].signal


def making_data_count(values: Sequence[float]) -> bool:
    return any(point.cause != "common" for point in nhs.xmr(values))


def share(rule: Rule, length: int, shift: float) -> float:
    """Of simulated series of this length, those the rule signals in."""
    chance = Random(SEED + length)
    found = 0
    for _ in range(SERIES):
        values = [chance.gauss(0, 1) + (shift if place >= length // 2 else 0) for place in range(length)]
        found += rule(values)
    return found / SERIES


def measure(_folder: Path, _small: place.Place) -> list[Figure]:
    """As a part of `make bench`: the default rules alone."""
    return [Figure(f"false signals of the default rules, stable series of {length} points", "%", 100 * MOST, 100 * share(anhoej, length, 0))
            for length in LENGTHS]  # fmt: skip


def main() -> int:
    """1 when the default rules signal in more than 5 % of stable series."""
    sys.stdout.write(f"{SERIES} normal series each, seed {SEED}\n\n{HEAD}\n|---|---|---|---|---|---|\n")
    worst = 0.0
    for length in LENGTHS:
        def frozen(values: Sequence[float], first: int = length // 2) -> bool:
            return anhoej(values, first)
        stable = share(anhoej, length, 0)
        worst = max(worst, stable)
        cells = (stable, share(making_data_count, length, 0), share(anhoej, length, SHIFT), share(frozen, length, SHIFT),
                 share(making_data_count, length, SHIFT))
        sys.stdout.write(f"| {length} | " + " | ".join(f"{100 * cell:.1f} %" for cell in cells) + " |\n")
    sys.stdout.write(f"\nDefault rules on stable series: at most {100 * worst:.1f} % (asked: {100 * MOST:.0f} %)\n")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
