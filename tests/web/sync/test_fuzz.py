"""Whatever is thrown at the wire: a 4xx with a sentence, and nothing is changed."""

from __future__ import annotations

import gzip
import json
import os
import struct
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.device import BINARY, Tablet, Vault
from tests.people import ref
from tests.web.sync.reading import everything
from webapp.models import CheckRecord, Quarantine
from webapp.sync import crypto, envelope
from webapp.sync.payload import Refused, read

ASTRID = str(ref("Astrid Lunde"))
BODIES: dict[str, Any] = {
    "random bytes": lambda: os.urandom(3000),
    "a length and nothing": lambda: struct.pack(">I", 900),
    "a length of four gigabytes": lambda: b"\xff" * 8,
    "empty parts": lambda: bytes(40),
    "parts shorter than a header": lambda: envelope.frame([b"\1abc"]),
    "papers that are no JSON": lambda: envelope.frame([b"P{"]),
    "papers nested deep": lambda: envelope.frame([b"P" + b"[" * 4000]),
    "papers too long": lambda: envelope.frame([b"P" + b" " * 5000]),
    "a web page": lambda: b"<!doctype html><title>captive portal</title>" * 9,
    "501 parts": lambda: envelope.frame([b"\1" * 200] * 501),
    "50 MB": lambda: bytes(50 * 1024 * 1024),
    "513 kB": lambda: bytes(513 * 1024),
}
JSONS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "deep": b'{"wire":' + b"[" * 30_000,
    "deep and closed": b'{"holds":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "a wire of text": b'{"wire":"1"}',
    "a huge wire": b'{"wire":' + b"9" * 400 + b"}",
    "an infinite wire": b'{"wire":1e999}',
    "a cursor of numbers": b'{"wire":1,"cursor":7}',
    "holds that is text": b'{"wire":1,"holds":"x"}',
    "latin-1": '{"wire":1,"shell":"ø"}'.encode("latin-1"),
    "too long": b'{"wire":1,"shell":"' + b"x" * 70_000 + b'"}',
    "truncated gzip": gzip.compress(b'{"wire":1}')[:-6],
    "50 MB": b" " * 50 * 1024 * 1024,
}


@pytest.mark.parametrize("body", BODIES)
def test_a_batch_that_is_none_is_refused_whole(app: Flask, tablet: Tablet, vault: Vault, body: str) -> None:
    before = everything(app)
    answer = tablet.http.post("/sync/envelopes", data=BODIES[body](), content_type=BINARY)
    assert answer.status_code in (400, 413)
    assert "Ingenting er endret." in answer.get_json()["message"]
    assert everything(app) == before


@pytest.mark.parametrize("headers", [{"Content-Type": "application/json"}, {"Content-Type": BINARY, "Content-Encoding": "gzip"}, {}])
def test_a_batch_in_another_format_is_refused(app: Flask, tablet: Tablet, vault: Vault, headers: dict[str, str]) -> None:
    before = everything(app)
    answer = tablet.http.post("/sync/envelopes", data=gzip.compress(b"x" * 100)[:-4], headers=headers)
    assert (answer.status_code, everything(app)) == (415, before)


@pytest.mark.parametrize("path", ["/sync/snapshot", "/device/enrolment", "/device/vaults", "/device/vaults/reopen", "/device/return"])
@pytest.mark.parametrize("body", JSONS)
def test_json_that_is_wrong_is_refused_with_a_sentence(
    sqlite_app: Flask, login_sqlite: FlaskClient, body: str, path: str
) -> None:
    app = sqlite_app
    tablet = Tablet.enrol(app, login_sqlite)
    vault = tablet.open_vault(login_sqlite)
    see = but_the_log if path.endswith(("reopen", "enrolment", "return")) else everything
    before = see(app)
    http = tablet.http if path.startswith("/sync") else login_sqlite
    if path == "/device/enrolment":
        login_sqlite.delete_cookie("tr_device")  # a browser that is in use needs to say nothing to stay so
    answer = http.post(path, data=JSONS[body], headers={"Authorization": f"Bearer {vault.token}", "Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert "endret" in (answer.get_json().get("message") or answer.get_json()["error"])
    assert see(app) == before


def but_the_log(app: Flask) -> dict[str, int]:
    """All rows but those that say that somebody was refused."""
    return {table: rows for table, rows in everything(app).items() if not table.startswith("access_")}


TYPES: dict[str, Any] = {
    "nothing": None, "a truth": True, "a number": 7, "a huge number": int("9" * 400), "an empty text": "", "ten thousand": "å" * 10_000,
    "NUL": "\x00", "half a pair": "\ud800", "a list": ["x"], "a list of lists": [[[]]], "an object": {"id": "x"},
    "papers of numbers": [{"body": 1, "signature": 2}], "papers that say nothing": [{"body": "e30", "signature": "e30"}],
    "null in a list": [None],
}  # fmt: skip


@pytest.mark.parametrize(("path", "name"), [
    ("/device/enrolment", "code"), ("/device/enrolment", "name"), ("/device/vaults", "public_key"),
    ("/device/vaults/reopen", "return_wrap"), ("/device/return", "device"), ("/device/return", "papers"),
])  # fmt: skip
def test_a_value_of_any_other_type_is_refused_with_a_sentence(sqlite_app: Flask, login_sqlite: FlaskClient, path: str, name: str) -> None:
    tablet = Tablet.enrol(sqlite_app, login_sqlite)
    vault = tablet.open_vault(login_sqlite)
    good = {"device": tablet.device_id, "papers": [vault.papers]} if path == "/device/return" else {}
    if path == "/device/enrolment":
        login_sqlite.delete_cookie("tr_device")
    before = but_the_log(sqlite_app)
    for kind, value in TYPES.items():
        answer = login_sqlite.post(path, data=json.dumps({**good, name: value}), content_type="application/json")
        assert 400 <= answer.status_code < 500, kind
        assert "Ingenting er endret." in answer.get_json()["message"], kind
        assert but_the_log(sqlite_app) == before, kind


def test_sealed_rubbish_is_kept_and_makes_no_check(app: Flask, tablet: Tablet, vault: Vault) -> None:
    raw = [os.urandom(500), b"", b"{}", b"[" * 60_000, b'{"kind":"check"}', b"null", b'{"kind":"view","v":[]}', "«»".encode("utf-16")]
    sealed = [tablet.seal(vault, one) for one in raw]
    noise = [tablet.seal(vault, b"{}")[:58] + os.urandom(size) for size in (0, 1, 64, 65, 81, 400)]
    assert {one["verdict"] for one in tablet.verdicts([*sealed, *noise])} == {"quarantined"}
    assert everything(app)[CheckRecord.__tablename__] == 0
    assert everything(app)[Quarantine.__tablename__] == len(raw) + len(noise)


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_signed_payload_with_any_value_in_any_place_gets_a_verdict(
    sqlite_app: Flask, login_sqlite: FlaskClient, data: st.DataObject
) -> None:
    app = sqlite_app
    if "tablet" not in app.extensions:
        tablet = Tablet.enrol(app, login_sqlite)
        app.extensions["tablet"] = (tablet, tablet.open_vault(login_sqlite))
    tablet, vault = app.extensions["tablet"]
    payload = tablet.check(vault, ASTRID, "hud_sjekk", {"red": "yes", "pain": 2})
    key = data.draw(st.sampled_from(sorted(payload)))
    inner = payload[key]
    value = data.draw(WILD)
    if isinstance(inner, dict) and data.draw(st.booleans()):
        value = inner | {data.draw(st.sampled_from([*inner, "x"])): value}
    raw = json.dumps(payload | {key: value}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    sealed = tablet.seal(vault, raw)
    assert tablet.verdicts([sealed])[0]["verdict"] in ("accepted", "duplicate", "quarantined")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_readers_fall(raw: bytes) -> None:
    with suppress(Refused):
        read(raw)
    with suppress(envelope.Damaged):
        envelope.inflate(raw)
    with suppress(ValueError):
        crypto.public_from(crypto.unb64(raw.decode("latin-1")))
