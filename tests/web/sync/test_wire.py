"""A device two released versions old is served; an older one is told what to do, and what it has is taken in all the same."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.device import BINARY, Tablet, Vault
from tests.people import ref
from tests.web.sync.reading import all_of, count
from webapp.models import CheckRecord, Device
from webapp.sync import envelope, snapshot

ASTRID = str(ref("Astrid Lunde"))
NEWEST = 7


@pytest.fixture(autouse=True)
def _server_of_the_future(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "WIRE", NEWEST)


@pytest.mark.parametrize("wire", [NEWEST, NEWEST - 1, NEWEST - 2])
def test_the_newest_and_the_two_before_get_a_snapshot_in_their_own_version(tablet: Tablet, vault: Vault, wire: int) -> None:
    told = tablet.pull(vault, wire=wire)
    assert (told["wire"], bool(told["people"])) == (wire, True)


@pytest.mark.parametrize("wire", [NEWEST + 1, NEWEST - 3, 1, 0, -1])
def test_another_is_told_what_to_do_and_is_sent_nothing(tablet: Tablet, vault: Vault, wire: int) -> None:
    answer = tablet.snapshot(vault, wire=wire)
    assert (answer.status_code, answer.get_json()) == (426, {
        "error": "wire", "message": "Appen må oppdateres før den kan hente. Ingenting er endret, og sending virker fortsatt.",
    })  # fmt: skip


@pytest.mark.parametrize("wire", [NEWEST + 1, NEWEST - 3, 1])
def test_what_it_has_not_sent_is_taken_in_and_answered_in_its_own_version(app: Flask, tablet: Tablet, vault: Vault, wire: int) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, "hud_sjekk", {"red": "no"}))
    headers = {"X-Wire": str(wire), "X-Shell": "old"}
    answer = tablet.http.post("/sync/envelopes", data=envelope.frame([sealed]), content_type=BINARY, headers=headers)
    told = answer.get_json()
    assert (answer.status_code, told["wire"], told["verdicts"][0]["verdict"]) == (200, wire, "accepted")
    assert count(app, CheckRecord) == 1
    contact = tablet.http.post("/sync/keys", json={"wire": wire, "shell": "old", "holds": {"waiting": 3}}, headers=headers)
    assert (contact.status_code, contact.get_json()["wire"]) == (200, wire)
    assert all_of(app, Device)[0].reported["waiting"] == 3
    assert tablet.http.get(f"/sync/photos/{'a' * 64}", headers=headers).get_json()["wire"] == wire


@pytest.mark.parametrize("said", ["", "x", "-1", "0", "1000", "1" * 5000, "１"])
def test_a_header_that_says_nothing_counts_as_the_newest(tablet: Tablet, said: str) -> None:
    answer = tablet.http.get("/sync/keys", headers={"X-Wire": said.encode("latin-1", "replace").decode("latin-1")})
    assert answer.get_json()["wire"] == NEWEST
