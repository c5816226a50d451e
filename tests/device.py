"""A fake tablet: enrols through real HTTP, makes keys, and signs, seals and uploads envelopes as a device does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from flask import Flask
from flask.testing import FlaskClient

from tests import packing
from tests.people import CAST, PER, ident
from webapp import db
from webapp.bundles import Registry, codec, history, registry, rules
from webapp.models import User, utc_now
from webapp.sync import codes, crypto, envelope

OSLO = ZoneInfo("Europe/Oslo")
BINARY = "application/octet-stream"


def uuid7(at: float | None = None) -> UUID:
    """Made on the device: time first, then chance."""
    millis = int((time.time() if at is None else at) * 1000)
    raw = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))


def now_oslo() -> datetime:
    return datetime.now(OSLO)


def new_code(app: Flask, name: str = "Nettbrett 1", *, unit: str = "Fjordsida", minutes: float = 0) -> str:
    """A code for taking a device into use, as the administrator makes one; `minutes` ago."""
    with app.test_request_context(), db.open_session(db.engine(), write=True) as session:
        made, _row = codes.make(session, name, ident(unit), session.get_one(User, PER.id), utc_now() - timedelta(minutes=minutes))
        session.commit()
    return made


def unit_of(client: FlaskClient) -> str:
    """Where whoever is logged in works."""
    with client.session_transaction() as session:
        return next(actor.units[0] for actor in CAST if str(actor.id) == session["_user_id"])


@dataclass
class Vault:
    """A person's key and session on a tablet."""

    user: dict[str, Any]
    unit: str
    key_id: str
    private: crypto.PrivateKey
    papers: dict[str, Any]
    token: str
    until: str
    series: int = 0
    cursor: str | None = None
    return_wrap: str = ""


@dataclass
class Tablet:
    """An enrolled device. `http` keeps the device cookie and never a person's cookie session."""

    http: FlaskClient
    device_id: str
    installation: UUID
    kid: bytes
    seal_to: crypto.PublicKey
    bundles: Registry
    vaults: dict[str, Vault] = field(default_factory=dict)
    last_receipt: str = ""

    @classmethod
    def enrol(cls, app: Flask, client: FlaskClient, name: str = "Nettbrett 1") -> Tablet:
        """Take a browser in which somebody is logged in into use; what it was before is forgotten."""
        client.delete_cookie("tr_device")
        free = app.config["ENROL_WITHOUT_CODE"]
        answer = client.post("/device/enrolment", json={"name": name} if free else {"code": new_code(app, name, unit=unit_of(client))})
        assert answer.status_code == 200, answer.text
        told = answer.get_json()
        cookie = client.get_cookie("tr_device")
        assert cookie is not None
        http = app.test_client()
        http.set_cookie("tr_device", cookie.value)
        keys = msgspec.json.decode(crypto.unb64(told["key_list"]["body"]))
        public = next(pair["public"] for pair in keys["sealing"] if pair["kid"] == keys["offered"])
        return cls(
            http, told["device_id"], UUID(told["installation"]), bytes.fromhex(keys["offered"]),
            crypto.public_from(crypto.unb64(public)), registry(app.config.get("BUNDLE_DIRS") or ()),
        )

    def open_vault(self, client: FlaskClient) -> Vault:
        """The first log-in of whoever is logged in in `client`, which must carry this tablet's cookie."""
        cookie = self.http.get_cookie("tr_device")
        assert cookie is not None
        client.set_cookie("tr_device", cookie.value)
        private = crypto.new_private()
        public = crypto.b64(crypto.public_bytes(private.public_key()))
        answer = client.post("/device/vaults", json={"public_key": public})
        assert answer.status_code == 200, answer.text
        told = answer.get_json()
        vault = Vault(
            told["user"], told["units"][0]["id"], told["key_id"], private, told["papers"], told["session_token"], told["until"]
        )
        info = b"tryggrunde return" + UUID(told["user"]["id"]).bytes + UUID(self.device_id).bytes
        vault.return_wrap = crypto.b64(self.kid + crypto.seal(self.seal_to, info, b"v" * 32))
        self.vaults[told["user"]["id"]] = vault
        return vault

    def another_http(self, app: Flask) -> FlaskClient:
        """A second connection of the same device."""
        cookie = self.http.get_cookie("tr_device")
        assert cookie is not None
        http = app.test_client()
        http.set_cookie("tr_device", cookie.value)
        return http

    def check(
        self, vault: Vault, person: dict[str, Any] | str, form_id: str, answers: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        """The payload of a check, judged as a device judges it. `more` replaces keys of the payload, or `c_` of its common part."""
        form = self.bundles.form(form_id)
        held = person if isinstance(person, dict) else {"ref": person, "born": "1940-01-01", "checks": []}
        at = more.pop("at", None) or now_oslo().isoformat(timespec="seconds")
        common: dict[str, Any] = {"x": form.contexts[0], "o": "done", "r": None, "t": "", "ac": [], "nt": "", "w": [], "ok": []}
        common |= {key[2:]: more.pop(key) for key in list(more) if key.startswith("c_")}
        words = {"context": common["x"], "outcome": common["o"], "actions": common["ac"], "performed_at": at}
        corrects = more.get("sup")
        prior = history.prior(form, held, at, corrects[0] if corrects else None)
        today = datetime.fromisoformat(at).astimezone(OSLO).date().isoformat()
        found = rules.evaluate(form, answers, words, prior, today, more.pop("params", {}))
        vault.series += 1
        payload = {
            "id": str(uuid7()), "kind": "check", "inst": str(self.installation), "key": vault.key_id, "n": vault.series,
            "p": held["ref"], "u": vault.unit, "b": form.bundle, "bv": form.version, "bh": self.bundles.bundle_of(form).hash,
            "f": form.id, "sv": 1, "at": at, "rec": now_oslo().isoformat(timespec="seconds"),
            "clk": {"s": None, "d": None, "n": now_oslo().isoformat()}, "sup": corrects, "prior": prior,
            "a": codec.encode(form, found.answers), "c": common,
            "fl": [[one["code"], one["subject"]] for one in found.flags], "app": "test",
        }
        return payload | more

    def seal(self, vault: Vault, payload: dict[str, Any] | bytes, **head: Any) -> bytes:
        """Sign and seal, a check in v2 as tablets do. `head` replaces parts of the header, `private` the signing key."""
        private = head.pop("private", vault.private)
        version = head.pop("version", None) or self.version_of(payload)
        raw = payload if isinstance(payload, bytes) else self.carried(payload, version)
        ident = head.pop("id", None) or UUID(payload["id"] if isinstance(payload, dict) else str(uuid7()))
        kind = envelope.VIEW if isinstance(payload, dict) and payload.get("kind") == "view" else envelope.CHECK
        parts: dict[str, Any] = {"version": version, "kind": kind, "kid": self.kid, "installation": self.installation, "id": ident} | head
        return envelope.seal(envelope.Header(**parts), raw, private, self.seal_to)

    def version_of(self, payload: dict[str, Any] | bytes) -> int:
        """Only a check of a known form that has all its parts can be packed."""
        whole = isinstance(payload, dict) and payload.get("kind") == "check"
        return envelope.V2 if whole else envelope.V1

    def carried(self, payload: dict[str, Any], version: int) -> bytes:
        if version == envelope.V1:
            return msgspec.json.encode(payload)
        form = self.bundles.form(payload["f"], payload["bv"])
        return packing.check(payload, self.bundles.bundle_of(form), form)

    def upload(self, envelopes: Iterable[bytes], *, papers: Iterable[Vault] = (), token: str | None = None, http: Any = None) -> Any:
        """POST a batch; the answer as it came."""
        letters = [b"P" + msgspec.json.encode(vault.papers) for vault in papers]
        headers = {"X-Wire": "1", "X-Shell": "test"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if self.last_receipt:
            headers["X-Last-Receipt"] = self.last_receipt
        body = envelope.frame([*letters, *envelopes])
        return (http or self.http).post("/sync/envelopes", data=body, content_type=BINARY, headers=headers)

    def verdicts(self, envelopes: Iterable[bytes], **how: Any) -> list[dict[str, Any]]:
        answer = self.upload(envelopes, **how)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.get_json()["verdicts"]
        for one in found:
            if "receipt" in one:
                self.last_receipt = one["receipt"]["seq_tag"]
        return found

    def pull(self, vault: Vault, **more: Any) -> dict[str, Any]:
        """The snapshot since the vault's cursor."""
        answer = self.snapshot(vault, **more)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Encoding"] == "gzip"
        told: dict[str, Any] = msgspec.json.decode(_gunzip(answer.data))
        vault.cursor = told["cursor"]
        return told

    def snapshot(self, vault: Vault, **more: Any) -> Any:
        body = {"wire": 1, "shell": "test", "cursor": vault.cursor, "holds": {"waiting": 0, "drafts": 0}} | more
        return self.http.post("/sync/snapshot", json=body, headers={"Authorization": f"Bearer {vault.token}"})


def _gunzip(data: bytes) -> bytes:
    import gzip

    return gzip.decompress(data)


def hours_ago(hours: float) -> str:
    return (now_oslo() - timedelta(hours=hours)).isoformat(timespec="seconds")
