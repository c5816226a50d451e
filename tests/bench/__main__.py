"""`make bench`: everything, or what BENCH names. Prints a table that docs/speed.md can take."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import device, intake, link, pages, photos, place, scale, signals, switch, wire
from tests.bench.table import Figure, markdown

PEOPLE, YEARS = 6, 6  # of the demo: 720 service users, about 100,000 checks
Part = Callable[[Path, place.Place], list[Figure]]
PARTS: dict[str, Part] = {
    "wire": wire.measure,
    "device": device.measure,
    "switch": switch.measure,
    "link": link.measure,
    "photos": photos.measure,
    "intake": intake.measure,
    "pages": pages.measure,
    "signals": signals.measure,
    "scale": scale.measure,
}
UNASKED = [name for name in PARTS if name != "scale"]  # it takes minutes, or an hour


def main() -> int:
    """Measure what is asked for; 2 when a name is unknown. Falling short is a finding, not a failure."""
    chosen = os.environ.get("BENCH", "").split() or UNASKED
    if unknown := set(chosen) - set(PARTS):
        sys.stderr.write(f"BENCH may name {', '.join(PARTS)}; not {', '.join(sorted(unknown))}.\n")
        return 2
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="tryggrunde-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user, and its folder is in this one
        small = place.demo(Path(folder) / "demo")
        big = small.copy(Path(folder) / "big")
        if {"intake", "pages"} & set(chosen):
            say(f"{place.grow(big, PEOPLE, YEARS):,} checks")
        for name in chosen:
            begun = time.monotonic()
            figures += PARTS[name](Path(folder), big if name in ("intake", "pages") else small)
            say(f"{name}: {time.monotonic() - begun:.0f} s")
    load = os.getloadavg()[0]
    say(f"\n{datetime.now(UTC):%d.%m.%Y}, {os.cpu_count()} cores, load {load:.1f}; medians\n\n{markdown(figures)}")
    return 0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
