"""The steps that are trouble: on the line, on the device, at the server and with people."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from tests.faults.device import EMPTY, GONE, SHELL
from tests.faults.kinds import PHOTO_SYNC_STEPS, SYNC_STEPS, hours
from tests.faults.work import Work

PATHS = {"envelopes": "/sync/envelopes", "photos": "/sync/photos/", "parts": "POST /sync/photos/", "snapshot": "/sync/snapshot", "all": "/"}
LOST_WORDS = "Sjekker som ikke var sendt, finnes ikke lenger på denne enheten."
UNSTARTED = "Det som var lagret, er ikke slettet."
PATIENCE = 60.0
HELD = 3.0


class Trouble(Work):
    """Each step is one method, `do_` and its first word."""

    # ---- trouble on the line

    def do_line(self, kind: str, times: str, path: str) -> None:
        self.line.arm(kind, int(times), PATHS[path])

    def do_heal(self) -> None:
        self.line.heal()

    def do_alone(self) -> None:
        """The line is back with the app open, and nobody touches it."""
        if not self.at_work():
            return
        self.line.heal()
        begun, saved = time.monotonic(), {one.id for one in self.ledger.saved()} - self.ledger.taken
        while missing := saved - {row.id for row in self.town.checks(self.ledger.name)}:
            if time.monotonic() > begun + PATIENCE:
                break
            threading.Event().wait(0.05)
        self.waits.append(time.monotonic() - begun)
        if missing:
            self.ledger.trouble("wrong", f"{len(missing)} did not come home by themselves in {PATIENCE:.0f} s")

    # ---- trouble on the device

    def do_die(self, step: str, person: str, form: str) -> None:
        """The page goes down while it saves; `said`: after the disk has it, before she could read it."""
        if not self.at_work():
            return
        ident, who = self.begin(person, form)
        if not ident:
            return
        record = self.new(ident, who)
        if step == "said":
            self.device.run("asks", "save", ident, record.token, "")
        else:
            answer = self.device.dying(step, "save", ident, record.token, "")
            if answer.get("died"):
                self.happened["page died in save"] += 1
            else:
                self.heard(ident, answer)
        self.device.open()

    def do_lose(self, person: str) -> None:
        """The page goes down while it seals the photos of a check that is saved."""
        self.arm_photo = True
        self.do_photo(person, "2", "small", "-")
        self.arm_photo = False
        self.device.open()

    def do_fall(self, step: str) -> None:
        """The page goes down while it sends."""
        if step not in SYNC_STEPS + PHOTO_SYNC_STEPS:
            raise ValueError(step)
        if self.at_work():
            answer = self.device.dying(step, "carry" if step in PHOTO_SYNC_STEPS else "news", 3500)
            self.happened["page died in sync"] += answer != "done" and "died" in answer
            self.device.open()

    def do_close(self) -> None:
        self.device.run("broken", "close")

    def held_up(self, person: str, form: str) -> str:
        """Another transaction holds everything while she saves: nothing may be said to be saved. The check, if one was begun."""
        if not self.at_work():
            return ""
        ident, who = self.begin(person, form)
        if not ident:
            return ""
        record = self.new(ident, who)
        self.device.run("broken", "occupy")
        self.device.run("asks", "slowly", ident, record.token)
        if self.device.run("asks", "soon"):
            self.ledger.trouble("wrong", f"{record.token} was answered while its transaction could not have ended")
        return str(ident)

    def do_occupied(self, person: str, form: str) -> None:
        """It ends after all, and so must the save."""
        if ident := self.held_up(person, form):
            self.device.run("broken", "release")
            self.heard(ident, self.device.run("asks", "atLast"))

    def do_cramped(self, person: str, form: str, store: str) -> None:
        """From this form on there is no room; Chromium's own override of the quota does nothing, so the page's database refuses."""
        if not self.at_work():
            return
        ident, who = self.begin(person, form)
        self.device.run("broken", "full", store)
        if ident:
            self.save(self.new(ident, who))

    def do_stuck(self, person: str, form: str) -> None:
        """It never ends. She starts the app anew."""
        if self.held_up(person, form):
            self.happened["transaction that never ended"] += 1
            self.device.open()

    def do_narrow(self, room: str) -> None:
        """The browser's own quota is nearly used up."""
        self.device.narrow(int(room))
        self.happened["browser's quota used up"] += 1

    def do_widen(self) -> None:
        self.device.widen()

    def do_cram(self, store: str) -> None:
        self.device.run("broken", "full", store)

    def do_room(self) -> None:
        self.device.run("broken", "full", "")

    def do_stop(self, _worker: str) -> None:
        self.device.stop_worker()

    def do_clock(self, name: str) -> None:
        self.device.run("broken", "shift", hours(name, datetime.now(UTC)) * 3_600_000)

    def do_zone(self, name: str) -> None:
        self.device.time_zone(name)

    def do_evict(self) -> None:
        """The browser throws the storage away. What was not sent is gone, which no program can change; that must be said loudly."""
        there = {row.id for row in self.town.checks(self.ledger.name)}
        self.ledger.taken = {one.id for one in self.ledger.records.values() if one.id not in there}
        self.device.run("asks", "lock")
        self.device.evaluate(EMPTY)
        self.ledger.taken_photos = self.missing_photos()
        self.happened["storage evicted"] += 1
        self.device.open()
        if LOST_WORDS not in self.device.evaluate("() => document.querySelector('main').innerText"):
            self.ledger.trouble("wrong", "an emptied device does not say that unsent checks are gone")
        self.line.heal()
        self.ledger.close({"left": 0, "paused": "", "photos": 0})
        self.spent = True

    def missing_photos(self) -> set[str]:
        there = {one.hash for one in self.town.photos(self.ledger.records)}
        return {shot.hash for one in self.ledger.records.values() for shot in one.shots} - there

    def do_no(self, _database: str) -> None:
        """The database does not open at a start: said, nothing deleted, and there again at the next."""
        if UNSTARTED not in self.device.first_words():
            self.ledger.trouble("wrong", "a database that does not open is not said")
        self.device.open()

    def do_kill(self, what: str) -> None:
        self.happened[f"{what} SIGKILL"] += 1
        if what == "browser":
            self.device.kill_browser()
        elif what == "page":
            self.device.crash()
        else:
            self.in_mid_batch()
            self.town.kill()
            self.town.let_go()
            self.do_look()
            self.town.start()

    def do_crumble(self) -> None:
        self.happened["cookies lost"] += 1
        self.device.crumble()

    def do_restart(self, _server: str) -> None:
        """Asked to stop while a batch comes in, and started again."""
        self.happened["server restarted"] += 1
        self.in_mid_batch()
        self.town.restart()

    def in_mid_batch(self) -> None:
        """The server has what waits in hand, and has not answered. Nothing may be waiting, or it came before."""
        self.town.order("hold")
        self.device.evaluate("() => { dispatchEvent(new Event('online')); }")
        end = time.monotonic() + HELD
        while not self.town.held() and time.monotonic() < end:
            threading.Event().wait(0.02)
        self.happened["server gone in mid-batch"] += self.town.held()

    # ---- trouble at the server

    def do_order(self, step: str) -> None:
        self.town.order(step)
        self.ordered.append(step)

    def do_full(self) -> None:
        self.town.order("full")

    def do_clear(self) -> None:
        self.town.clear_orders()

    def obeyed(self) -> None:
        """Orders to die that a worker carried out are gone; the others are taken back."""
        self.happened["server worker SIGKILL"] += len([one for one in self.ordered if not (self.town.orders / one).exists()])
        self.ordered.clear()
        self.town.clear_orders()

    def do_locked(self) -> None:
        with self.town.held_up():
            self.device.run("asks", "flush", 400)
            self.do_look()

    def do_backup(self) -> None:
        self.town.back_up()
        self.backed_up = True

    def do_restore(self) -> None:
        if not self.backed_up:
            return
        before = {row.id for row in self.town.checks(self.ledger.name)}
        self.ledger.photos_forgiven |= {one.id for one in self.ledger.records.values() if one.shots}
        self.town.restore()
        self.happened["server restored"] += 1
        self.ledger.forgiven |= before - {row.id for row in self.town.checks(self.ledger.name)}

    def do_rotate(self) -> None:
        self.town.rotate()

    def do_version(self) -> None:
        """Another version of the app is served; the device takes it at its next lock."""
        self.town.kill()
        self.town.start(other=not self.town.other)
        self.do_renew()

    def do_roll(self, where: str) -> None:
        """The server goes back one release, or on again; the device has the app it had."""
        self.town.roll(back=where == "back")
        self.happened["server rolled back"] += where == "back"

    def do_renew(self) -> None:
        """The device takes the app that is served, at its lock. It may have it already, and the page goes before it has answered."""
        with suppress(*GONE):
            self.device.run("asks", "lock")
        wanted = self.town.shell()
        self.until("a new shell", lambda: self.device.evaluate(SHELL) == wanted)
        self.until("a page of it", lambda: self.device.evaluate("() => document.documentElement.dataset.device") == "ready")
        self.device.ready()

    # ---- trouble with people

    def do_log(self, _out: str) -> None:
        if self.at_work():
            self.device.run("asks", "logOut")
            self.line.heal()
            self.device.join(self.who)

    def do_forget(self, _pin: str) -> None:
        self.line.heal()
        self.device.run("asks", "lock")
        self.device.forget_pin(self.who)

    def do_disable(self) -> None:
        self.town.change(f"UPDATE user_account SET disabled_at = CURRENT_TIMESTAMP WHERE username = '{self.who.username}'")  # noqa: S608

    def do_enable(self) -> None:
        self.town.change(f"UPDATE user_account SET disabled_at = NULL WHERE username = '{self.who.username}'")  # noqa: S608

    def until(self, what: str, fact: Any) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(*GONE):
                if fact():
                    return
            threading.Event().wait(0.05)
        raise TimeoutError(f"never seen: {what}")
