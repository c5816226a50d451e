"""Steps for the harness's own tests: what the oracle must find. On SQLite."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

from tests.faults.trouble import PATIENCE, Trouble
from tests.people import AMINA

SPOILT = {
    "author": f"author_id = '{AMINA.id.hex}'",
    "person": "patient_id = (SELECT id FROM patient WHERE id != check_record.patient_id LIMIT 1)",
    "payload": "payload = substr(payload, 1, length(payload) - 1)",
    "hash": "content_hash = '" + "0" * 64 + "'",
}


class Wrong(Trouble):
    """Each step is one method, `do_` and its first word."""

    def last(self) -> str:
        return UUID(list(self.ledger.records)[-1]).hex

    def do_rewind(self) -> None:
        """Back in time, and nothing is forgiven."""
        self.town.restore()

    def do_twin(self) -> None:
        """The last check once more, under an id of its own."""
        names = ", ".join(name for _, name, *_ in self.town.select("PRAGMA table_info(check_record)") if name != "id")
        copied = f"SELECT '{uuid4().hex}', {names} FROM check_record WHERE id = '{self.last()}'"  # noqa: S608
        self.town.change(f"INSERT INTO check_record (id, {names}) {copied}")

    def do_spoil(self, what: str) -> None:
        """The last check is not kept as it was recorded."""
        self.town.change("DROP TRIGGER IF EXISTS check_record_no_update")
        self.town.change(f"UPDATE check_record SET {SPOILT[what]} WHERE id = '{self.last()}'")  # noqa: S608

    def do_swap(self) -> None:
        """The newest two photos are kept under each other's name."""
        self.carried(2)
        self.town.change("DROP TRIGGER IF EXISTS photo_no_update")
        (a, one), (b, other) = self.town.select("SELECT id, original_hash FROM photo ORDER BY received_at DESC LIMIT 2")
        for ident, name in ((a, "0" * 64), (b, one), (a, other)):
            self.town.change(f"UPDATE photo SET original_hash = '{name}' WHERE id = '{ident}'")  # noqa: S608

    def do_smuggle(self) -> None:
        """A photo that nobody took: a copy of the newest, said to be another."""
        self.carried(1)
        names = [name for _, name, *_ in self.town.select("PRAGMA table_info(photo)")]
        fresh = {"id": f"'{uuid4().hex}'", "original_hash": f"'{uuid4().hex * 2}'", "envelope_hash": f"'{uuid4().hex * 2}'"}
        copied = ", ".join(fresh.get(name, name) for name in names)
        self.town.change(f"INSERT INTO photo ({', '.join(names)}) SELECT {copied} FROM photo ORDER BY received_at DESC LIMIT 1")  # noqa: S608

    def carried(self, photos: int) -> None:
        """That many photos have arrived, however slow the machine is."""
        end = time.monotonic() + PATIENCE
        while self.town.count_photos() - self.ledger.photos_before < photos and time.monotonic() < end:
            self.device.run("asks", "carry")
