"""The oracle: what the test itself saw said on the screen, against what plain SQL finds. Nothing here asks the product."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from tests.faults import shots
from tests.faults.shots import Shot, Supervisor
from tests.faults.town import Row, Town

SAVED = ("Lagret på denne enheten", "Mottatt")
WAITING, DECIDING, DRAFTS, RECEIVED = "Ikke sendt ennå", "Hos leder", "Utkast, ikke lagret", "Mottatt"
ALL_SENT, STOPPED = "Alt er sendt", "Sending er stoppet"


@dataclass
class Record:
    """One check as the test recorded it. `word`: what the screen said to "Lagre"."""

    id: str
    token: str
    author: str
    person: str
    supersedes: str = ""
    word: str = ""  # "" = nobody knows (the page died), "saved", "refused"
    shots: list[Shot] = field(default_factory=list)  # that the form showed


@dataclass
class Tally:
    """What a run comes to."""

    runs: int = 0
    checks: int = 0
    photos: int = 0
    states: int = 0
    taken: int = 0  # unsent when the browser threw its storage away
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    played: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def closing(self) -> str:
        return f"runs {self.runs}, checks {self.checks}, lost {self.lost}, doubled {self.doubled}, wrong state {self.wrong}"


class Ledger:
    """The records of one schedule."""

    def __init__(self, town: Town, name: str) -> None:
        self.town, self.name = town, name
        self.records: dict[str, Record] = {}
        self.forgiven: set[str] = set()  # gone with a restore; the device cannot know before its next contact
        self.photos_forgiven: set[str] = set()  # checks whose photos went with a restore
        self.taken: set[str] = set()
        self.taken_photos: set[str] = set()
        self.troubles: list[tuple[str, str]] = []
        self.states = 0
        self.tokens = 0
        self.before, self.photos_before, self.gaps_before = town.count_checks(), town.count_photos(), town.count_gaps()

    def token(self) -> str:
        self.tokens += 1
        return f"{self.name}:{self.tokens}"

    def tried(self, record: Record) -> None:
        self.records[record.id] = record

    def heard(self, ident: str, answer: dict[str, Any]) -> None:
        """What the screen said to "Lagre"."""
        said = answer.get("said", "")
        if said.startswith(SAVED):
            self.records[ident].word = "saved"
        elif answer.get("trouble") or answer.get("status", 0) >= 400 or answer.get("problems"):
            self.records[ident].word = "refused"

    def saved(self) -> list[Record]:
        return [one for one in self.records.values() if one.word == "saved"]

    def trouble(self, kind: str, what: str) -> None:
        self.troubles.append((kind, what))

    # ---- what is said now against what is true now

    def looked(self, seen: dict[str, Any], author: str) -> None:
        """A page of "Sendt og ikke sendt", read before the database is."""
        if seen["locked"]:
            return
        there = {row.id: row for row in self.town.checks(self.name)}
        place = {ident: group for group, idents in seen["groups"].items() for ident in idents}
        for one in self.records.values():
            if one.id in self.taken or one.author != author:
                continue
            self.states += 1
            self.one_state(one, place.get(one.id, ""), one.id in there)
        missing = [one for one in self.saved() if one.id not in there and one.id not in self.taken | self.forgiven]
        if seen["left"] < len(missing):
            self.trouble("wrong", f"the screen says {seen['left']} left, and {len(missing)} that were saved are not at the server")
        self.looked_at_line(seen["line"], len(missing), self.looked_at_photos(seen, author))
        mine = len(seen["groups"].get(WAITING, []))
        if seen["left"] < mine:
            self.trouble("wrong", f"the screen says {seen['left']} left and lists {mine}")

    def one_state(self, one: Record, group: str, at_server: bool) -> None:
        if group == RECEIVED and not at_server and one.id not in self.forgiven:
            self.trouble("wrong", f"{one.token} is shown as received and is not in the database")
        elif one.word == "saved" and group not in (WAITING, RECEIVED, DECIDING):
            self.trouble("wrong", f"{one.token} was said to be saved and is shown as {group or 'nothing'}")
        elif one.word == "refused" and group in (WAITING, RECEIVED, DECIDING):
            self.trouble("wrong", f"{one.token} was said not to be saved and is shown as {group}")
        elif group == DECIDING:
            self.trouble("wrong", f"{one.token} is with a supervisor, and nothing is wrong with it")

    def looked_at_one(self, ident: str, said: str) -> None:
        """What the record's own page says."""
        self.states += 1
        if said.startswith(RECEIVED) and ident not in self.forgiven and ident not in {row.id for row in self.town.checks(self.name)}:
            self.trouble("wrong", f"the page of {self.records[ident].token} says {said!r}, and it is not in the database")

    def looked_at_line(self, said: str, checks: int, photos: int) -> None:
        """The line on every page. One that says that sending is stopped counts nothing."""
        count = re.match(r"(\d+) venter$", said)
        if (count or not said.startswith(STOPPED)) and int(count[1] if count else 0) < checks:
            self.trouble("wrong", f"every page says {said!r}, and {checks} that were saved are not at the server")
        if said == ALL_SENT and photos:
            self.trouble("wrong", f"every page says {said!r}, and {photos} photos are not at the server")

    def looked_at_photos(self, seen: dict[str, Any], author: str) -> int:
        """What is said to wait is at least what is not at the server; of each check, and in all. How many are not."""
        there = {(one.check, one.hash) for one in self.town.photos(self.records)}
        missing = {
            one.id: len([shot for shot in one.shots if (one.id, shot.hash) not in there])
            for one in self.saved() if one.id not in self.taken | self.photos_forgiven
        }  # fmt: skip
        if seen["photos"] < sum(missing.values()):
            self.trouble("wrong", f"the screen says {seen['photos']} photos wait, and {sum(missing.values())} are not at the server")
        for ident, count in missing.items():
            shown, one = seen["pictures"].get(ident, 0), self.records[ident]
            if one.author == author and shown < count:
                self.trouble("wrong", f"{one.token} is shown with {shown} photos that wait, and {count} are not at the server")
        return sum(missing.values())

    # ---- when everything has had time to arrive

    def close(self, seen: dict[str, Any]) -> None:
        rows = self.town.checks(self.name)
        by_id = {row.id: row for row in rows}
        receipts = self.town.receipts(by_id)
        for one in self.saved():
            if one.id in self.taken:
                continue
            if one.id not in by_id:
                self.trouble("lost", f"{one.token} was said to be saved and is not in the database")
            elif wrong := unlike(one, by_id[one.id], receipts.get(one.id, "")):
                self.trouble("lost", f"{one.token} arrived changed: {wrong}")
        for token, times in Counter(row.note for row in rows).items():
            if times > 1:
                self.trouble("doubled", f"{token} is there {times} times")
        strangers = self.town.count_checks() - self.before - len(rows)
        if strangers:
            self.trouble("doubled" if strangers > 0 else "lost", f"{strangers:+} checks that nobody recorded")
        for row in rows:
            if row.id not in self.records:
                self.trouble("doubled", f"{row.note} is there under an id that nobody saw")
        self.close_photos(seen)
        if seen["left"]:
            self.trouble("wrong", f"everything has arrived or had time to, and the screen says {seen['left']} left ({seen['paused']})")
        for ident in self.town.quarantined() & set(self.records):
            self.trouble("wrong", f"{self.records[ident].token} waits for a supervisor, and nothing is wrong with it")
        if (gaps := self.town.count_gaps()) > self.gaps_before and not self.taken:
            self.trouble("wrong", f"everything has arrived, and the supervisor is told of {gaps - self.gaps_before} more that are missing")

    def close_photos(self, seen: dict[str, Any]) -> None:
        """Each that the screen called saved is there once, and is the picture that was taken."""
        rows = self.town.photos(self.records)
        there = {(one.check, one.hash): one for one in rows}
        supervisor = Supervisor(self.town.web) if rows else None
        for one in self.saved():
            for shot in one.shots if one.id not in self.taken else ():
                kept = there.get((one.id, shot.hash))
                if kept is None and shot.hash not in self.taken_photos:
                    self.trouble("lost", f"a photo of {one.token} is not in the database")
                elif kept and supervisor and (wrong := shots.unlike(shot, kept, b"" if kept.reason else supervisor.picture(kept.id))):
                    self.trouble("lost", f"a photo of {one.token} arrived changed: {wrong}")
        known = {(one.id, shot.hash) for one in self.records.values() for shot in one.shots}
        strangers = self.town.count_photos() - self.photos_before - len(known & set(there))
        if strangers:
            self.trouble("doubled" if strangers > 0 else "lost", f"{strangers:+} photos that nobody took, or that were taken back")
        if seen["photos"]:
            self.trouble("wrong", f"everything has arrived or had time to, and the screen says that {seen['photos']} photos wait")


def unlike(one: Record, row: Row, receipt: str) -> str:
    """How the row differs from what was recorded; empty when it does not."""
    hashed = hashlib.sha256(row.payload).hexdigest()
    if hashed != row.content_hash or receipt != row.content_hash:
        return f"content hash {row.content_hash[:12]}, of the payload {hashed[:12]}, of the receipt {receipt[:12]}"
    ident, note, person = signed(row.payload)
    found = (row.author, row.person, row.note, row.supersedes or "", ident, note, person)
    wanted = (one.author, one.person, one.token, one.supersedes, one.id, one.token, one.person)
    return "" if found == wanted else f"{found} instead of {wanted}"


def signed(payload: bytes) -> tuple[str, str, str]:
    """(id, note, person) as signed, of a check's payload in v1 (JSON) or v2 (docs/wire.md)."""
    if payload[0] != 2:
        said = json.loads(payload)
        return said["id"], said["c"]["nt"], said["p"]
    body = msgspec.msgpack.decode(payload[34:], ext_hook=lambda code, data: f"{code}:{bytes(data).hex()}")
    common = body[12][3]
    return str(UUID(bytes=payload[18:34])), common[3] if len(common) > 3 else "", str(UUID(bytes=body[2]))
