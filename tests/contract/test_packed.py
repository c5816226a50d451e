"""Envelope v2 carries a check packed: the device writes what the tests' own packer writes, and the server reads the same check as of v1."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import packing
from tests.contract.casework import run
from tests.contract.conftest import Device
from tests.contract.random_jobs import random_job
from tests.device import OSLO
from webapp.bundles import registry
from webapp.bundles.wordlist import MOST, words
from webapp.sync import envelope, packed, payload

INSTALLATION = UUID(int=7)
TEXTS = ["", "rolig", "Sår på hælen 😀", "2026-11-25", "2026-11-2x", "2100-01-01", "0001-01-01", "_on", "x" * 31, "x" * 32, "å" * 200]


def whole(seed: int) -> dict[str, Any] | None:
    """A payload in the names of v1 about a random person; None where the answers cannot travel."""
    dice, job = random.Random(seed), random_job(seed, registry())
    found = run(job, registry())
    if found["codec"] == "refused":
        return None
    form = registry().form(job["form"])
    at = datetime.fromisoformat(job["common"]["performed_at"])
    rec = (at + timedelta(seconds=dice.randrange(-5, 400_000))).astimezone(OSLO)
    server = rec - timedelta(seconds=dice.randrange(10**dice.randrange(1, 8)))
    clock = {"s": None, "d": None, "n": rec.isoformat()}
    if dice.random() < 0.7:
        clock |= {"s": server.isoformat(timespec="milliseconds"), "d": (server + timedelta(hours=dice.randrange(-9, 9))).isoformat()}
    ids = [str(UUID(int=dice.getrandbits(128))) for _ in range(5)]
    common = job["common"]
    return json_like({
        "id": ids[0], "kind": "check", "inst": str(INSTALLATION), "key": ids[1], "n": dice.choice([1, 127, 128, 70_000, 2**40]),
        "p": ids[2], "u": ids[3], "b": form.bundle, "bv": form.version, "bh": registry().bundle_of(form).hash, "f": form.id,
        "sv": dice.choice([1, 300]),
        "at": at.isoformat(), "rec": rec.isoformat(), "clk": clock,
        "sup": [ids[4], dice.choice(TEXTS[1:])] if dice.random() < 0.2 else None,
        "prior": found["prior"] | {"uses": [str(UUID(int=dice.getrandbits(128))) for _ in found["prior"]["uses"]]}, "a": found["codec"],
        "c": {
            "x": common.get("context") or form.contexts[0], "o": common.get("outcome") or "done", "r": dice.choice([None, "declined"]),
            "t": dice.choice(TEXTS), "ac": list(common.get("actions") or []), "nt": dice.choice(TEXTS), "w": dice.sample(TEXTS[1:4], 1),
            "ok": [],
        },
        "fl": [[one["code"], one["subject"]] for one in found["flags"]],
        "app": dice.choice(["test", "0123456789abcdef", "0123456789abcdeg"]),
    })  # fmt: skip


def json_like(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(value))
    return found


PAYLOADS = [one for one in map(whole, range(150)) if one]


def packed_here(one: dict[str, Any]) -> bytes:
    form = registry().form(one["f"])
    return packing.check(one, registry().bundle_of(form), form)


def header(one: dict[str, Any]) -> envelope.Header:
    return envelope.Header(2, envelope.CHECK, b"12345678", INSTALLATION, UUID(one["id"]))


def moments(check: payload.Payload) -> dict[str, Any]:
    """As plain values; what a clock said as moments to the second."""
    plain: dict[str, Any] = msgspec.to_builtins(check)
    plain["clk"] = {name: said and int(datetime.fromisoformat(said).timestamp() // 1) for name, said in plain["clk"].items()}
    plain["rec"] = int(datetime.fromisoformat(plain["rec"]).timestamp())
    return plain


def test_both_sides_number_the_same_words(device: Device) -> None:
    ours = {form.id: words(form) for form in registry().forms}
    assert device.call("wordsOf", device.urls(registry())) == ours
    assert all(len(set(told)) == len(told) <= MOST for told in ours.values())


def test_the_device_packs_a_check_into_the_very_bytes_the_tests_expect(device: Device) -> None:
    theirs = device.call("packAll", device.urls(registry()), PAYLOADS)
    for one, bytes_there in zip(PAYLOADS, theirs, strict=True):
        assert bytes(bytes_there) == packed_here(one)
    assert len(PAYLOADS) > 100


@pytest.mark.parametrize("one", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_packed_check_says_what_the_same_check_says_as_json(one: dict[str, Any]) -> None:
    assert moments(packed.read(header(one), packed_here(one), registry())) == moments(payload.read(json.dumps(one).encode()))


def test_a_packed_check_is_less_than_half_of_its_json() -> None:
    assert sum(len(packed_here(one)) for one in PAYLOADS) < 0.5 * sum(len(json.dumps(one)) for one in PAYLOADS)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PAYLOADS), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 3))
def test_no_altered_bytes_make_the_reader_fall(one: dict[str, Any], changes: list[tuple[int, int]], cut: int) -> None:
    raw = bytearray(packed_here(one))
    for place, value in changes:
        raw[place % len(raw)] = value
    refused_or_read(one, bytes(raw[: len(raw) - cut]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall(raw: bytes) -> None:
    refused_or_read(PAYLOADS[0], raw)


def refused_or_read(one: dict[str, Any], raw: bytes) -> None:
    """What is read can be stored: it is JSON."""
    try:
        found = packed.read(header(one), raw, registry())
    except payload.Refused:
        return
    json.dumps(msgspec.to_builtins(found), allow_nan=False)
    assert b"\\u0000" not in msgspec.json.encode(found)


NAN = b"\xcb\x7f\xf8" + bytes(6)
BAD: dict[str, tuple[str, bytes]] = {
    "no number": ("a", b"\x91" + NAN),
    "a NUL": ("a", b"\x91\xa1\0"),
    "bytes where JSON belongs": ("a", b"\x91\xc4\1a"),
    "a timestamp": ("a", b"\x91\xd6\xff\0\0\0\0"),
    "a word that is not in the list": ("a", b"\x91\xd4\1\xff"),
    "an unknown kind of word": ("a", b"\x91\xd4\x09\0"),
    "a name that is no text": ("prior", b"\x91\x81\xc0\xc0"),
    "history nested too deep": ("prior", b"\x91\x81\xa1a" + b"\x91" * 40 + b"\xc0"),
    "nested out of all reason": ("prior", b"\x91\x81\xa1a" + b"\x91" * 100_000 + b"\xc0"),
    "too many parts": ("a", b"\xdc\x75\x30" + b"\x90" * 30_000),
    "a list that says it is four thousand million long": ("a", b"\xdd\xff\xff\xff\xff"),
    "an outcome that is not there": ("c", b"\x92\xa1x\x07"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_json_cannot_say_is_refused(case: str) -> None:
    part, value = BAD[case]
    one = PAYLOADS[0]
    parts = {"sup": b"\xc0", "prior": b"\x90", "a": b"\x90", "c": b"\x91\xa1x", "fl": b"\x90"}
    head = msgspec.msgpack.decode(packed_here(one), type=packed.Body)
    before = packed_here(one)[: -len(bytes(head.rest))]

    def body(told: dict[str, bytes]) -> bytes:
        return before + b"\x95" + b"".join(told.values())

    packed.read(header(one), body(parts), registry())
    with pytest.raises(payload.Refused):
        packed.read(header(one), body(parts | {part: value}), registry())


def test_a_wild_clock_refuses_no_check() -> None:
    one = PAYLOADS[0] | {"clk": {"s": "9999-12-31T00:00:00+00:00", "d": "0001-01-02T00:00:00+00:00", "n": "2026-01-01T00:00:00+01:00"}}
    assert moments(packed.read(header(one), packed_here(one), registry())) == moments(payload.read(json.dumps(one).encode()))
    far = PAYLOADS[0] | {"clk": {"s": None, "d": None, "n": "2026-01-01T00:00:00+01:00"}}
    raw = packing.Packer([]).pack
    for seconds in (2**39, -(2**39)):
        body = packed_here(far).replace(raw([packing.moment(far["clk"]["n"]) - packing.moment(far["at"])]), raw([seconds]), 1)
        assert packed.read(header(far), body, registry()).clk.n == ""
