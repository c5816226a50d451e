"""`make faults RUNS=… SEED=… [ENGINE=chromium|webkit|firefox] [DB=sqlite|postgresql]`.

PLAY="step; step" plays one schedule again, FIRST=n begins at schedule n of the seed, MINUTES=n begins no new one after so long."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.engines.browsers import ENGINES
from tests.faults.runner import Failure, Runner
from tests.fixtures.databases import Template, cluster, postgres_template, sqlite_template

DATABASES = ("sqlite", "postgresql")


@contextmanager
def template(database: str) -> Iterator[Template]:
    with tempfile.TemporaryDirectory(prefix="tryggrunde-faults-") as folder:
        Path(folder).chmod(0o755)
        if database == "sqlite":
            yield sqlite_template(Path(folder))
        else:
            with cluster(Path(folder) / "cluster") as server:
                yield postgres_template(server)


def say(words: str) -> None:
    print(words, flush=True)


def report(runner: Runner, engine: str, database: str, took: float) -> None:
    tally = runner.tally
    for kind, times in sorted(tally.played.items()):
        say(f"{times:6d}  {kind}")
    say("What really happened: " + ", ".join(f"{kind} {times}" for kind, times in sorted(tally.happened.items())))
    say(f"States read from the screen: {tally.states}. Photos saved with a check: {tally.photos}.")
    say(f"Unsent when a browser threw its storage away, and said so: {tally.taken}.")
    if tally.waits:
        longest = f"at most {max(tally.waits):.1f} s in {len(tally.waits)} times"
        say(f"Until everything was home after the line was back, nobody touching the device: {longest}.")
    for failure in runner.failures:
        told(failure, runner.seed)
    say(f"{engine}, {database}, seed {runner.seed}, {took:.0f} s:")
    say(tally.closing())


def told(failure: Failure, seed: int) -> None:
    say(f"FAILED: seed {seed}, schedule {failure.schedule.number} ({failure.schedule.kind})")
    for kind, what in failure.troubles:
        say(f"  {kind}: {what}")
    say(f'  again: make faults PLAY="{failure.shortest or failure.schedule}"')


def main(given: list[str]) -> int:
    """0: everything was played and nothing was lost, doubled or told wrongly."""
    runs, seed, engine, database = [*given, *("200", "1", "chromium", "sqlite")[len(given) :]]
    minutes, first, again = float(os.environ.get("MINUTES") or 0), int(os.environ.get("FIRST") or 0), os.environ.get("PLAY") or ""
    if engine not in {"chromium", *ENGINES} or database not in DATABASES:
        say(f"ENGINE is one of chromium, {', '.join(ENGINES)}; DB one of {', '.join(DATABASES)}. Nothing was played.")
        return 2
    if engine in ENGINES and not ENGINES[engine].installed():
        say(f"{engine} is not installed: {', '.join(ENGINES[engine].packages)} (make test-engines installs). Nothing was played.")
        return 2
    begun = time.monotonic()
    with template(database) as made, sync_playwright() as playwright:
        runner = Runner(playwright, made, int(seed), engine, say)
        signal.signal(signal.SIGTERM, runner.stop)
        ended = ""
        try:
            if again:
                runner.again(again)
            else:
                runner.run(range(first, first + int(runs)), until=begun + minutes * 60 if minutes else float("inf"))
        except Exception as wrong:  # noqa: BLE001 what was played until then is told all the same
            ended = f"{type(wrong).__name__}: {str(wrong)[:600]}"
    report(runner, engine, database, time.monotonic() - begun)
    if ended:
        say(f"The run ended before its time, in no schedule: {ended}")
    whole = not ended and (bool(again or minutes) or runner.tally.runs == int(runs))
    return 0 if runner.tally.clean and whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
