"""A skin check that names photos, and the photos on their way, as a device makes and sends them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from flask import Flask
from sqlalchemy import func, select

from tests.device import BINARY, Tablet, Vault, now_oslo, uuid7
from tests.people import ref
from webapp import db
from webapp.models import Setting
from webapp.sync import crypto, envelope

FORM = "trykksar"
ON = {"photos": 1}


def switch(app: Flask, on: int) -> int:
    """The municipality's switch: a new version of its settings."""
    with db.open_session(app.extensions["engine"], write=True) as session:
        version = (session.scalar(select(func.max(Setting.version))) or 0) + 1
        session.add(Setting(version=version, data={"params": {FORM: {"photos": on}}}, at=datetime.now(UTC)))
        session.commit()
        return version


def finding(names: list[str], **more: Any) -> dict[str, Any]:
    card = {"wound_id": str(uuid4()), "site": "heel_l", "kind": "moisture", "state": "new", "photos": names}
    return {name: value for name, value in {**card, **more}.items() if value != []}


def answers(*cards: dict[str, Any]) -> dict[str, Any]:
    return {"pu_now": "no", "pu_help": "no", "pu_judge": "no", "finding": list(cards)}


@dataclass
class Sealed:
    """A photo as it lies on a device."""

    id: UUID
    bytes: bytes

    @property
    def hash(self) -> str:
        return envelope.envelope_hash(self.bytes)


def name(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()


def made(tablet: Tablet, vault: Vault, *pictures: bytes, person: str = "Astrid Lunde", **more: Any) -> dict[str, Any]:
    """A check that names these pictures, not sent yet."""
    told = {"params": ON, "sv": 2, **more}
    card = finding([name(one) for one in pictures], **told.pop("card", {}))
    return tablet.check(vault, str(ref(person)), FORM, answers(card), **told)


def check(tablet: Tablet, vault: Vault, *pictures: bytes, **more: Any) -> str:
    """A check that names these pictures is sent and accepted; its id."""
    sent = made(tablet, vault, *pictures, **more)
    (verdict,) = tablet.verdicts([tablet.seal(vault, sent)])
    assert verdict["verdict"] == "accepted", verdict
    return str(sent["id"])


def seal(tablet: Tablet, vault: Vault, check_id: str, picture: bytes, **more: Any) -> Sealed:
    """Signed and sealed; `more` replaces keys of the payload, `private` the signing key."""
    ident = uuid7()
    private: crypto.PrivateKey = more.pop("private", vault.private)
    said = {
        "id": str(ident), "kind": "photo", "inst": str(tablet.installation), "key": vault.key_id, "chk": check_id, "h": name(picture),
        "rec": now_oslo().isoformat(timespec="seconds"), "app": "test", **more,
    }  # fmt: skip
    header = envelope.Header(1, envelope.PHOTO, tablet.kid, tablet.installation, ident)
    return Sealed(ident, envelope.seal_photo(header, msgspec.json.encode(said), picture, private, tablet.seal_to))


def ask(http: Any, photo: Sealed) -> dict[str, Any]:
    answer = http.get(f"/sync/photos/{photo.hash}", headers={"X-Wire": "1"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def part(http: Any, photo: Sealed, start: int, end: int, total: int | None = None) -> Any:
    headers = {"X-Wire": "1", "X-Offset": str(start), "X-Total": str(len(photo.bytes) if total is None else total)}
    return http.post(f"/sync/photos/{photo.hash}", data=photo.bytes[start:end], content_type=BINARY, headers=headers)


def send(http: Any, photo: Sealed, size: int = 100_000) -> dict[str, Any]:
    """From where the server says it is, until there is a verdict."""
    told = ask(http, photo)
    for _ in range(20):
        if "verdict" in told:
            verdict: dict[str, Any] = told["verdict"]
            return verdict
        answer = part(http, photo, told["offset"], told["offset"] + size)
        assert answer.status_code == 200, answer.text
        told = answer.get_json()
    raise AssertionError(told)
