"""Plays schedules one after the other, counts, and makes the shortest schedule of one that failed."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Playwright

from tests.engines.browsers import ENGINES
from tests.faults.device import Device
from tests.faults.handshakes import Handshakes
from tests.faults.kinds import Schedule, draw
from tests.faults.ledger import Ledger, Tally
from tests.faults.other import OtherDevice
from tests.faults.play import Play
from tests.faults.proxy import Line
from tests.faults.town import Town
from tests.fixtures.databases import Template
from tests.people import AMINA, BERIT

BLOCK = 250  # schedules on one installation and one device
SHORTER, LONGEST = 30, 240.0  # tries and seconds at most
HANGS = 240.0  # seconds after which a schedule is given up, and has failed
Say = Callable[[str], None]


@dataclass
class Failure:
    """What went wrong, and the shortest schedule found that still does."""

    schedule: Schedule
    troubles: list[tuple[str, str]]
    shortest: Schedule | None = None


@dataclass
class Runner:
    """A seed on an engine and a database."""

    playwright: Playwright
    template: Template
    seed: int
    engine: str = "chromium"
    say: Say = print
    windowless: bool = False  # Chromium without its own window (tests/conftest.py)
    tally: Tally = field(default_factory=Tally)
    failures: list[Failure] = field(default_factory=list)
    count: int = 0
    stopped: bool = False

    def stop(self, *_signal: object) -> None:
        """After the schedule that is being played; what was played is told."""
        self.stopped = True

    def device(self, folder: Path, url: str, tls: Handshakes | None) -> Device | OtherDevice:
        if self.engine == "chromium":
            return Device(self.playwright, folder, url, tls.browser if tls else (), windowless=self.windowless)
        return OtherDevice(ENGINES[self.engine], folder, url)

    @contextmanager
    def stage(self) -> Iterator[Play]:
        """A town, a line and a device with two nurses on it, all new."""
        with ExitStack() as ends:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="tryggrunde-faults-", ignore_cleanup_errors=True)))
            tls = Handshakes(folder / "certificates") if self.engine == "chromium" else None
            town = Town(self.template, folder / "town", secure=tls is not None)
            ends.callback(town.stop)
            town.photos_on()
            line = Line(town.port, tls)
            ends.callback(line.stop)
            device = self.device(folder / "profile", line.url, tls)
            device.start()
            ends.callback(device.close)
            device.take_into_use(BERIT)
            device.run("asks", "lock")
            device.join(AMINA)
            device.run("asks", "lock")
            device.unlock(BERIT)
            play = Play(town, line, device)
            yield play
            self.tally.happened.update(line.hits)
            self.tally.happened.update(+play.happened)
            self.tally.waits += play.waits

    def run(self, numbers: range, *, until: float = float("inf"), stop_at: int = 3) -> Tally:
        """Play these; `until`: a time of time.monotonic after which no new one is begun."""
        left = list(numbers)
        while left and not self.stopped and time.monotonic() < until and len(self.failures) < stop_at:
            with self.stage() as play:
                for _ in range(min(BLOCK, len(left))):
                    if self.stopped or time.monotonic() >= until:
                        break
                    failed = self.one(play, draw(self.seed, left.pop(0), self.engine))
                    if failed:
                        self.failures.append(failed)
                    if failed or play.spent:
                        break
            if self.failures and self.failures[-1].shortest is None:
                self.shorten(self.failures[-1])
        return self.tally

    def again(self, words: str) -> None:
        """One schedule in words, as a failure prints it."""
        with self.stage() as play:
            failed = self.one(play, Schedule(0, "played again", tuple(step.strip() for step in words.split(";"))))
            self.failures += [failed] if failed else []

    def one(self, play: Play, schedule: Schedule) -> Failure | None:
        ledger, troubles = self.played(play, schedule)
        tally = self.tally
        tally.runs += 1
        tally.played[schedule.kind] += 1
        if ledger:
            tally.checks += len(ledger.saved())
            tally.photos += sum(len(one.shots) for one in ledger.saved())
            tally.states += ledger.states
            tally.taken += len([one for one in ledger.saved() if one.id in ledger.taken])
        for kind, _ in troubles:
            setattr(tally, kind, getattr(tally, kind) + 1)
        return Failure(schedule, troubles) if troubles else None

    def played(self, play: Play, schedule: Schedule) -> tuple[Ledger | None, list[tuple[str, str]]]:
        """What the schedule came to. That it could not be played to its end is a failure too."""
        self.count += 1
        watch = threading.Timer(HANGS, play.device.give_up)
        watch.start()
        try:
            ledger = play.schedule(schedule, f"{self.seed}.{schedule.number}.{self.count}")
        except Exception as wrong:  # noqa: BLE001 whatever it is, the schedule is told
            return play.ledger, [*play.ledger.troubles, ("wrong", f"not played to its end: {type(wrong).__name__}: {str(wrong)[:1500]}")]
        finally:
            watch.cancel()
        return ledger, ledger.troubles

    def shorten(self, failure: Failure) -> None:
        """Leave out steps as long as it still fails, on a new stage each time."""
        self.say(f"\nFAILED seed {self.seed} schedule {failure.schedule.number} ({failure.schedule.kind}): {failure.schedule}")
        for kind, what in failure.troubles:
            self.say(f"  {kind}: {what}")
        best = failure.schedule
        tries, at, end = SHORTER, 0, time.monotonic() + LONGEST
        while at < len(best.steps) and tries and time.monotonic() < end and not self.stopped:
            tries -= 1
            shorter = replace(best, steps=best.steps[:at] + best.steps[at + 1 :])
            if self.fails(shorter):
                best = shorter
            else:
                at += 1
        if best is failure.schedule and not self.fails(best):
            self.say("  It did not fail when it was played again alone.")
        failure.shortest = best
        self.say(f"  shortest: {best}")

    def fails(self, schedule: Schedule) -> bool:
        with self.stage() as play:
            return bool(self.played(play, schedule)[1])
