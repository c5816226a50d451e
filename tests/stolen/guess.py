"""What a copied disk costs whoever has it: guesses at a PIN, with native code on this machine's processor."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from argon2.low_level import Type, hash_secret_raw

PIN_WRAP = "async () => (await import('/sw/nurses.js')).list().then(all => { const { m, t, p } = all[0].wraps.pin; return { m, t, p }; })"
DAY = 86_400


@dataclass(frozen=True)
class Cost:
    """argon2id: memory in KiB, rounds, lanes."""

    m: int
    t: int
    p: int


def guesses_a_second(cost: Cost, many: int = 8, rounds: int = 3) -> float:
    """All cores at work, by the processor's own time: as if nothing else ran, which is how a guesser has it. The median of some rounds."""
    cores = os.cpu_count() or 1

    def one(number: int) -> None:
        hash_secret_raw(b"%06d" % number, bytes(16), cost.t, cost.m, cost.p, 32, Type.ID)

    def rate() -> float:
        begun = time.process_time()
        with ThreadPoolExecutor(cores) as pool:
            list(pool.map(one, range(many * cores)))
        return cores * many * cores / (time.process_time() - begun)

    return median(rate() for _ in range(rounds))


def told(cost: Cost) -> str:
    """In words: the mean is half of all there are."""
    rate = guesses_a_second(cost)
    what = f"argon2id {cost.m // 1024} MiB, {cost.t} rounds"
    rows = [f"PIN guesses from a copied disk: {what}: {rate:.1f} a second on {os.cpu_count()} cores of its own; on average"]
    for name, space in (("6 digits", 10**6), ("8 digits", 10**8), ("4 random words of 7,776", 7776**4)):
        mean = space / 2 / rate
        rows.append(f"  {name}: {mean / 3600:.1f} hours" if mean < 4 * DAY else f"  {name}: {mean / DAY / 365.25:,.1f} years")
    return "\n".join(rows)
