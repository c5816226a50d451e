"""What devices of a release sealed, kept as it was, and sent again to the server of today.

A release that changes what an envelope looks like adds a file: `python -m tests.web.sync.recorded NAME` writes
tests/contract/cases/envelopes/recorded-NAME.json. A file is never written again, and never taken away."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from tests.conftest import make_app, sign_in
from tests.device import Tablet, Vault, now_oslo, uuid7
from tests.fixtures.databases import sqlite_template
from tests.people import BERIT, ref
from tests.pictures import camera
from tests.web.sync import photos
from tests.web.sync.reading import all_of, ask, change
from webapp.models import AccessLog, CheckRecord, Device, Municipality, Photo, UserKey, utc_now
from webapp.sync import crypto, envelope, keyfile, keys

CASES = Path(__file__).parents[2] / "contract" / "cases" / "envelopes"
KEPT = (
    "id", "patient_id", "unit_id", "bundle_id", "bundle_version", "form", "performed_at", "performed_offset_min", "recorded_at",
    "author_id", "author_name", "context", "outcome", "not_done_reason", "not_done_text", "actions", "note", "answers", "derived", "flags",
    "device_flags", "supersedes", "reason", "prior", "settings_version", "app_version", "series", "content_hash",
)  # fmt: skip


def record(app: Flask) -> dict[str, Any]:
    """A nurse's checks as v1 and v2, a correction, what she looked at, and a photo: sealed, sent, and what they became."""
    version = photos.switch(app, 1)
    berit = sign_in(app.test_client(), BERIT)
    tablet = Tablet.enrol(app, berit)
    vault = tablet.open_vault(berit)
    sent: list[bytes] = []
    for carried in (envelope.V1, envelope.V2):
        not_done = {"c_o": "not_done", "c_nt": "Blåbær på låven 😀", "sv": version}
        first = tablet.check(vault, str(ref("Odd Brekke")), "kateter", {}, c_r="declined", **not_done)
        corrected = tablet.check(vault, str(ref("Odd Brekke")), "kateter", {}, c_r="acute", sup=[first["id"], "Feil grunn"], **not_done)
        picture = camera(320, 240, seed=carried)
        skin = photos.made(tablet, vault, picture, params=photos.ON, sv=version)
        sent += [tablet.seal(vault, one, version=carried) for one in (first, corrected, skin)]
    sent.append(tablet.seal(vault, _viewed(tablet, vault)))
    assert {one["verdict"] for one in tablet.verdicts(sent)} == {"accepted"}
    photo = photos.seal(tablet, vault, str(skin["id"]), picture)
    assert photos.send(tablet.http, photo)["verdict"] == "accepted"
    return {**sealed(app, sent), "photo": crypto.b64(photo.bytes)}


def sealed(app: Flask, sent: list[bytes]) -> dict[str, Any]:
    """Envelopes of the one nurse on the one device, as they were, and what the server made of them."""
    pair = keys_of(app).sealing[0]
    (key,) = all_of(app, UserKey)
    (device,) = all_of(app, Device)
    return {
        "about": "sealed by a device, and what the server of that release made of it",
        "sealing": {"kid": pair.kid, "public": pair.public, "private": pair.private},
        "installation": str(ask(app, lambda session: session.scalar(select(Municipality.installation)))),
        "device": str(device.id), "user": str(key.user_id), "unit": str(device.unit_id),
        "key": {"id": str(key.id), "public": crypto.b64(key.public_key)},
        "envelopes": [crypto.b64(one) for one in sent], "became": became(app),
    }  # fmt: skip


def _viewed(tablet: Tablet, vault: Vault) -> dict[str, Any]:
    vault.series += 1
    said = now_oslo().isoformat(timespec="seconds")
    return {
        "id": str(uuid7()), "kind": "view", "inst": str(tablet.installation), "key": vault.key_id, "n": vault.series, "u": vault.unit,
        "rec": said, "clk": {"s": None, "d": None, "n": said}, "app": "test", "v": [[str(ref("Odd Brekke")), said, "person"]],
    }  # fmt: skip


def became(app: Flask) -> dict[str, Any]:
    """What is in the database because of it, without the server's own ids and times."""
    checks = all_of(app, CheckRecord)
    seen = all_of(app, AccessLog, AccessLog.detail["offline"].as_boolean(), AccessLog.action != "check_recorded")
    return {
        "checks": sorted(({name: plain(getattr(one, name)) for name in KEPT} for one in checks), key=lambda one: str(one["series"])),
        "views": [[str(one.patient_id), plain(one.at), one.action, str(one.user_id)] for one in seen],
        "photos": [[str(one.check_id), one.original_hash] for one in all_of(app, Photo)],
    }


def plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)


def keys_of(app: Flask) -> keyfile.Keys:
    with app.app_context():
        return keys.current().keys()


def move_in(app: Flask, told: dict[str, Any]) -> Tablet:
    """The server that those devices knew: its name, its opening key, the nurse's key. The device shows a cookie of today."""
    photos.switch(app, 1)
    tablet = Tablet.enrol(app, sign_in(app.test_client(), BERIT))
    pair = keyfile.SealingPair(**told["sealing"], made=keyfile.now_text(), in_backup=keyfile.now_text())
    with app.app_context():
        ring = keys.current()
        keyfile.change(ring.path, lambda kept: keyfile.Keys([*kept.sealing, pair], kept.signing, kept.cursor, kept.revoked))
    device = {"id": UUID(told["device"]), "name": "Nettbrett", "token_hash": "recorded", "enrolled_at": utc_now()}

    def known(session: Any) -> None:
        session.execute(update(Municipality).values(installation=UUID(told["installation"])))
        session.add(Device(**device, unit_id=UUID(told["unit"]), enrolled_by=UUID(told["user"])))
        session.flush()
        owner = {"user_id": UUID(told["user"]), "device_id": UUID(told["device"])}
        session.add(UserKey(id=UUID(told["key"]["id"]), public_key=crypto.unb64(told["key"]["public"]), **owner))

    change(app, known)
    assert ask(app, lambda session: session.scalar(select(Municipality.installation))) == UUID(told["installation"])
    return tablet


def main(name: str) -> None:
    """Write a recording, once."""
    found = CASES / f"recorded-{name}.json"
    with tempfile.TemporaryDirectory() as folder:
        server = Path(folder) / "server"
        server.mkdir()
        for app in make_app(sqlite_template(Path(folder)), server):
            told = json.dumps(record(app), ensure_ascii=False, indent=1)
            with found.open("x", encoding="utf-8") as file:
                file.write(told + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
