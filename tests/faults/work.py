"""The steps that are a nurse's work, done on the device of one stage."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from typing import Any

from tests.faults.device import Device
from tests.faults.ledger import Ledger, Record
from tests.faults.other import OtherDevice
from tests.faults.proxy import Line
from tests.faults.shots import Shot, file, seed_of
from tests.faults.town import Town
from tests.people import AMINA, BERIT, SERVICE_USERS, Actor, ref

NAMES = [name for name, _born, unit, _at in SERVICE_USERS if unit == "Fjordsida"]
PHOTO_FORM = "trykksar"


class Work:
    """The parts, and who holds the device. `spent`: the next schedule needs new ones."""

    def __init__(self, town: Town, line: Line, device: Device | OtherDevice) -> None:
        self.town, self.line, self.device = town, line, device
        self.who: Actor = BERIT
        self.spent = False
        self.forms: list[str] = []
        self.ledger: Ledger = None  # type: ignore[assignment]
        self.backed_up = False
        self.ordered: list[str] = []
        self.arm_photo = False
        self.unfinished: tuple[str, str] | None = None
        self.closed = ""  # what kept it from being opened, last time
        self.happened: Counter[str] = Counter()
        self.waits: list[float] = []  # seconds until everything was home after the line was back

    # ---- the work

    def at_work(self) -> bool:
        """Unlocked, or what the lock page said keeps the step from being done."""
        if not self.device.run("asks", "locked"):
            return True
        self.closed = self.device.unlock(self.who)
        return self.closed == ""

    def begin(self, person: str, form: str) -> tuple[str, str]:
        """(check id, person's reference) of a form begun; no id when it cannot be."""
        who = str(ref(NAMES[int(person)]))
        if not self.forms:
            self.forms = self.device.run("asks", "forms", who)
        return self.device.run("asks", "begin", who, self.forms[int(form) % len(self.forms)]), who

    def new(self, ident: str, person: str, supersedes: str = "") -> Record:
        record = Record(ident, self.ledger.token(), str(self.who.id), person, supersedes)
        self.ledger.tried(record)
        return record

    def do_record(self, person: str, form: str) -> None:
        if not self.at_work():
            return
        ident, who = self.begin(person, form)
        if ident:
            self.save(self.new(ident, who))

    def do_whole(self, person: str, form: str, chance: str) -> None:
        """A check with its answers."""
        if not self.at_work():
            return
        ident, who = self.begin(person, form)
        if ident:
            record = self.new(ident, who)
            self.heard(ident, self.device.run("asks", "whole", ident, record.token, int(chance)))

    def do_photo(self, person: str, count: str, size: str, then: str) -> None:
        """A skin finding with photos. `then`, before it is saved: the device is locked, its page is reloaded, or one more is taken back."""
        if not self.at_work():
            return
        who = str(ref(NAMES[int(person)]))
        ident = self.device.run("asks", "begin", who, PHOTO_FORM)
        if not ident or not self.device.run("asks", "finding", ident):
            return
        record = self.new(ident, who)
        for number in range(int(count)):
            self.shoot(record, number, size)
        if then == "back" and self.shoot(record, int(count), "small"):
            gone = record.shots.pop()
            if gone.hash in self.device.run("asks", "takeBack", ident):
                self.ledger.trouble("wrong", f"a photo of {record.token} was taken back and is still shown")
        elif then in ("lock", "reload"):
            self.device.run("asks", "lock") if then == "lock" else self.device.open()
            if not self.at_work():
                return
            self.still_there(record)
        if self.arm_photo:
            answer = self.device.dying("photo", "saveShots", ident, record.token)
            self.happened["page died in sealing photos"] += "died" in answer
        else:
            answer = self.device.run("asks", "saveShots", ident, record.token)
        self.heard_shots(record, answer)

    def heard_shots(self, record: Record, answer: dict[str, Any]) -> None:
        if not answer.get("shots", True):
            record.shots.clear()
        self.heard(record.id, answer)

    def shoot(self, record: Record, number: int, size: str) -> bool:
        seed = seed_of(record.token, number)
        answer = self.device.run("asks", "shoot", record.id, b64encode(file(seed, size)).decode())
        if answer["trouble"]:
            self.happened["\"Bildet er ikke lagret\" said"] += answer["trouble"].startswith("Bildet er ikke lagret.")
            self.happened["photo not in its form"] += not answer["trouble"].startswith("Bildet er ikke lagret.")
        else:
            record.shots.append(Shot(answer["hash"], seed, size))
        return not answer["trouble"]

    def still_there(self, record: Record) -> None:
        shown = self.device.run("asks", "pictures", record.id)
        for shot in record.shots:
            if shot.hash not in shown:
                self.ledger.trouble("lost", f"a photo of {record.token} is gone from its form")

    def save(self, record: Record) -> None:
        """As not done, which drops photos; a check that has some is saved with its answers."""
        if record.shots:
            self.heard_shots(record, self.device.run("asks", "saveShots", record.id, record.token))
        else:
            why = "because" if record.supersedes else ""
            self.heard(record.id, self.device.run("asks", "save", record.id, record.token, why))

    def heard(self, ident: str, answer: dict[str, Any]) -> None:
        self.happened["\"Ikke lagret\" said: " + answer.get("trouble", "")] += bool(answer.get("trouble"))
        self.ledger.heard(ident, answer)

    def do_correct(self) -> None:
        mine = [one for one in self.ledger.saved() if one.author == str(self.who.id)]
        named = {one.supersedes for one in self.ledger.records.values()}
        last = next((one for one in reversed(mine) if one.id not in named | self.ledger.taken), None)
        if last is None or not self.at_work():
            return
        ident = self.device.run("asks", "correction", last.id)
        if ident:
            self.save(self.new(ident, last.person, last.id))

    def do_draft(self) -> None:
        """A form begun and left."""
        if self.at_work():
            ident, who = self.begin("0", "1")
            if ident and self.device.run("asks", "draft", ident, "halvferdig") == 200:
                self.unfinished = (ident, who)

    def do_finish(self) -> None:
        """The form that was left, whatever has become of the app meanwhile."""
        if self.unfinished and self.at_work():
            self.save(self.new(*self.unfinished))
            self.unfinished = None

    def do_tap(self, person: str) -> None:
        """The same with real taps on the drawn pages."""
        if not self.at_work():
            return
        self.device.evaluate("async () => (await import('/sw/device.js')).refresh()")
        name = NAMES[int(person)]
        self.device.run("hand", "visit", name)
        token = self.ledger.token()
        ident = self.device.run("hand", "begin")
        self.ledger.tried(Record(ident, token, str(self.who.id), str(ref(name))))
        self.device.run("hand", "notDone", token)
        answer = self.device.run("hand", "save")
        self.ledger.heard(ident, answer)

    def do_lock(self) -> None:
        self.device.run("asks", "lock")

    def do_switch(self) -> None:
        self.do_lock()
        self.who = AMINA if self.who is BERIT else BERIT
        self.device.unlock(self.who)

    def do_reload(self) -> None:
        self.device.open()

    def do_window(self) -> None:
        self.device.another_window()

    def do_background(self) -> None:
        self.device.frozen()

    def do_flush(self) -> None:
        self.device.run("asks", "flush")

    def do_carry(self) -> None:
        if self.at_work():
            self.device.run("asks", "carry")

    def do_news(self) -> None:
        if self.at_work():
            self.device.run("asks", "news")

    def do_look(self) -> None:
        if self.at_work():
            self.ledger.looked(self.device.run("asks", "sent"), str(self.who.id))
            last = next((one.id for one in reversed(self.ledger.saved()) if one.author == str(self.who.id)), "")
            if last and last not in self.ledger.taken:
                self.ledger.looked_at_one(last, self.device.run("asks", "state", last))
