"""A model of outbox, intake and receipts, walked at random: whatever is sent, lost, repeated or shuffled, each record is there once."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, text

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.people import BERIT, ref
from webapp import db
from webapp.models import CheckRecord, Receipt

PEOPLE = [str(ref(name)) for name in ("Astrid Lunde", "Odd Brekke", "Inger Tangen")]
FORM = "fall_screen"
NOT_DONE = {"c_o": "not_done", "c_r": "declined"}
WALKS = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Walk(RuleBasedStateMachine):
    """What the device holds and what it has been promised, beside what the server really has."""

    def __init__(self, app: Flask, tablet: Tablet, vault: Vault, database: Path | None) -> None:
        super().__init__()
        self.app, self.tablet, self.vault, self.database = app, tablet, vault, database
        self.payloads: dict[str, dict[str, Any]] = {}
        self.waiting: dict[str, bytes] = {}  # id -> envelope
        self.kept: dict[str, bytes] = {}  # received, and kept for fourteen days
        self.promised: dict[str, dict[str, Any]] = {}  # id -> receipt
        self.stored: set[str] = set()
        self.backup: tuple[set[str], Path] | None = None
        self.epoch = ""

    # ---- the device

    def seal(self, payload: dict[str, Any]) -> None:
        self.payloads[payload["id"]] = payload
        self.waiting[payload["id"]] = self.tablet.seal(self.vault, payload)

    @rule(person=st.sampled_from(PEOPLE))
    def record(self, person: str) -> None:
        self.seal(self.tablet.check(self.vault, person, FORM, {}, **NOT_DONE))

    @precondition(lambda self: self.payloads)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        old = self.payloads[data.draw(st.sampled_from(sorted(self.payloads)))]
        self.seal(self.tablet.check(self.vault, old["p"], FORM, {}, sup=[old["id"], "Feil"], **NOT_DONE))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def seal_again(self, data: st.DataObject) -> None:
        """As after a rotated key: other bytes, the same payload and signature."""
        self.seal(self.payloads[data.draw(st.sampled_from(sorted(self.waiting)))])

    @precondition(lambda self: self.waiting)
    @rule(chance=st.randoms(use_true_random=False), lost=st.booleans(), times=st.integers(1, 3), rubbish=st.booleans())
    def send(self, chance: random.Random, lost: bool, times: int, rubbish: bool) -> None:
        """Some of it, in any order, some of it several times; the answer may be lost."""
        names = chance.choices(sorted(self.waiting), k=chance.randint(1, len(self.waiting))) * times
        batch = [self.waiting[name] for name in names]
        if rubbish:  # under the id of a record that is on its way
            batch.insert(chance.randrange(len(batch) + 1), batch[0][:107] + chance.randbytes(64))
        answer = self.tablet.upload(batch)
        assert answer.status_code == 200, answer.text
        told = answer.get_json()
        self.stored |= set(names)
        if not lost:
            self.settle(told, {sha256(one) for one in batch})

    def settle(self, told: dict[str, Any], sent: set[str]) -> None:
        if self.epoch and told["epoch"] != self.epoch:
            self.waiting |= self.kept
            self.kept.clear()
            self.promised.clear()
        self.epoch = told["epoch"]
        for verdict in told["verdicts"]:
            assert verdict["hash"] in sent
            if verdict["verdict"] in ("accepted", "duplicate"):
                self.received(verdict["id"], verdict["receipt"])
            else:
                assert verdict["verdict"] == "quarantined"

    def received(self, ident: str, receipt: dict[str, Any]) -> None:
        assert self.promised.setdefault(ident, receipt) == receipt
        self.tablet.last_receipt = receipt["seq_tag"]
        if ident in self.waiting:
            self.kept[ident] = self.waiting.pop(ident)

    @precondition(lambda self: self.kept.keys() & self.stored)
    @rule(data=st.data())
    def another_payload_under_a_known_id(self, data: st.DataObject) -> None:
        known = self.payloads[data.draw(st.sampled_from(sorted(self.kept.keys() & self.stored)))]
        other = known | {"c": known["c"] | {"nt": "noe annet"}}
        (verdict,) = self.tablet.upload([self.tablet.seal(self.vault, other)]).get_json()["verdicts"]
        assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", ["id_conflict"])

    # ---- the server

    @precondition(lambda self: self.database and not self.backup)
    @rule()
    def back_up(self) -> None:
        target = self.database.with_name("yesterday.db")  # type: ignore[union-attr]
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.database)) as source, closing(sqlite3.connect(target)) as made:  # type: ignore[arg-type]
            source.backup(made)
        self.backup = (set(self.stored), target)

    @precondition(lambda self: self.backup)
    @rule()
    def restore(self) -> None:
        had, target = self.backup  # type: ignore[misc]
        self.app.extensions["engine"].dispose()
        for end in ("-wal", "-shm"):
            Path(f"{self.database}{end}").unlink(missing_ok=True)
        shutil.copyfile(target, str(self.database))
        self.stored, self.backup = set(had), None

    # ---- what must always hold

    @invariant()
    def each_record_is_there_once_and_as_it_was_signed(self) -> None:
        wanted = [UUID(ident) for ident in self.payloads]
        with self.app.app_context(), db.open_session(db.engine(), write=False) as session:
            rows = list(session.execute(text("SELECT count(*), count(DISTINCT id) FROM check_record")))
            there = {str(row.id): row for row in session.scalars(select(CheckRecord).where(CheckRecord.id.in_(wanted)))}
            receipts = {str(row.check_id): row for row in session.scalars(select(Receipt).where(Receipt.check_id.in_(wanted)))}
        assert rows[0][0] == rows[0][1]
        assert there.keys() == self.stored == receipts.keys()
        for ident, row in there.items():
            assert row.content_hash == receipts[ident].content_hash == sha256(row.payload or b"")
            assert (str(row.patient_id), row.author_id) == (self.payloads[ident]["p"], BERIT.id)

    @invariant()
    def nothing_is_forgotten_on_both_sides(self) -> None:
        assert self.payloads.keys() == self.waiting.keys() | self.kept.keys()
        if not self.database:
            assert self.kept.keys() <= self.stored

    def teardown(self) -> None:
        """The line is good again, and twice over everything that waits goes: then nothing waits and all is stored."""
        for _ in range(2):
            batch = list(self.waiting.values())
            answer = self.tablet.upload(batch).get_json()
            self.stored |= self.waiting.keys()
            self.settle(answer, {sha256(one) for one in batch})
        assert not self.waiting
        assert self.stored == self.payloads.keys()
        self.each_record_is_there_once_and_as_it_was_signed()


@pytest.fixture
def held(app: Flask) -> tuple[Tablet, Vault]:
    client = sign_in(app.test_client(), BERIT)
    tablet = Tablet.enrol(app, client)
    return tablet, tablet.open_vault(client)


def test_whatever_is_sent_lost_repeated_or_shuffled_each_record_is_there_once(app: Flask, held: tuple[Tablet, Vault]) -> None:
    url = app.config["DATABASE_URL"]
    database = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
    run_state_machine_as_test(partial(Walk, app, *held, database), settings=WALKS)  # type: ignore[arg-type]
