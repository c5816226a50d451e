"""One schedule played: its steps done on town, line and device, and the ledger told what the screen said."""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.faults.device import GONE, SHELL
from tests.faults.kinds import Schedule
from tests.faults.ledger import Ledger
from tests.faults.trouble import PATIENCE
from tests.faults.wrong import Wrong
from tests.fixtures.servers import ROOT

FETCHES = 4  # one of so many ends with news in any case


class Play(Wrong):
    """Steps in words, and the end in which all trouble is over."""

    def schedule(self, schedule: Schedule, name: str) -> Ledger:
        self.ledger = Ledger(self.town, name)
        self.backed_up, self.unfinished = False, None
        for step in schedule.steps:
            word, *given = step.split(" ")
            getattr(self, "do_" + word)(*given)
        if not self.spent:
            self.settle("news" if self.backed_up or schedule.number % FETCHES == 0 else "flush")
        return self.ledger

    # ---- when all trouble is over

    def settle(self, how: str) -> None:
        """`how`: "flush" asks for news only when something was sent, "news" always, as the timer does each five minutes."""
        self.line.heal()
        self.obeyed()
        if self.town.release != ROOT:
            self.do_roll("on")
        self.do_room()
        self.do_widen()
        self.device.run("broken", "release")
        self.device.run("broken", "shift", 0)
        self.line.call(self.line.drained())
        self.again()
        seen: dict[str, Any] = {"left": -1, "photos": 0, "paused": "nobody could open it", "locked": True}
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.at_work():
                    self.device.run("asks", "carry", 5000, how)
                    how = "news"  # a server that went back is noticed then
                    seen = self.device.run("asks", "sent")
                    if seen["left"] == 0 and seen["photos"] == 0:
                        break
            except GONE as wrong:  # the page may be taking a new version
                self.closed = str(wrong)[:300]
            threading.Event().wait(0.05)
        if seen["left"] < 0:
            seen["paused"] += f": {self.closed}"
        self.line.call(self.line.drained())
        if self.line.accepted:
            self.ledger.trouble("wrong", f"{self.line.accepted} handshakes with a wrong certificate were gone on with")
        self.ledger.looked(seen, str(self.who.id))
        self.ledger.close(seen)
        if self.device.evaluate(SHELL) != self.town.shell():
            self.do_renew()  # or the app would take it at some step of a later schedule
        self.device.run("asks", "twoWeeks")

    def again(self) -> None:
        """Whoever read "Ikke lagret" presses "Lagre" once more, where the form is still there."""
        for one in self.ledger.records.values():
            if one.word == "refused" and one.author == str(self.who.id) and self.at_work():
                self.save(one)
