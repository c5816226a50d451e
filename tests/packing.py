"""The body of a check in envelope v2, as sw/packed.js writes it (a contract test holds the two together)."""

from __future__ import annotations

import struct
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from webapp.bundles.model import Bundle, Form
from webapp.bundles.wordlist import words
from webapp.sync import packed

Value = Any
Y2000 = date(2000, 1, 1)


class Packer:
    """Values with a form's words as numbers."""

    def __init__(self, known: list[str]) -> None:
        self.known = {word: number for number, word in enumerate(known)}

    def pack(self, value: Value) -> bytes:
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, list | tuple):
            return mark(len(value), 0x90, 16, b"\xdc", b"\xdd") + b"".join(map(self.pack, value))
        if isinstance(value, dict):
            pairs = b"".join(self.string(key) + self.pack(inner) for key, inner in value.items())
            return mark(len(value), 0x80, 16, b"\xde", b"\xdf") + pairs
        if isinstance(value, float) and value.is_integer():
            return self.pack(int(value))  # JavaScript has one kind of number
        if isinstance(value, int) and not isinstance(value, bool) and value < -32:
            return struct.pack(">bh", 0xD1 - 256, value) if value >= -0x8000 else struct.pack(">bq", 0xD3 - 256, value)
        return msgspec.msgpack.encode(value)

    def string(self, value: str) -> bytes:
        if value in self.known:
            return bytes([0xD4, packed.WORD, self.known[value]])
        if is_uuid(value):
            return bytes([0xD8, packed.IDENT]) + UUID(value).bytes
        days = days_of(value)
        if days is not None and -0x8000 < days < 0x8000:
            return bytes([0xD5, packed.DATE]) + struct.pack(">h", days)
        return msgspec.msgpack.encode(value)


def mark(size: int, small: int, below: int, m16: bytes, m32: bytes) -> bytes:
    if size < below:
        return bytes([small | size])
    return m16 + struct.pack(">H", size) if size < 0x10000 else m32 + struct.pack(">I", size)


def is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def days_of(text: str) -> int | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return (found - Y2000).days if found.isoformat() == text else None


def cut(values: list[Value]) -> list[Value]:
    while values and (not values[-1] or values[-1] is None):
        values = values[:-1]
    return values


def check(whole: dict[str, Value], bundle: Bundle, form: Form) -> bytes:
    """A payload in the names of docs/wire.md, without what the header says."""
    at = moment(whole["at"])
    prior, common, clock = whole["prior"], whole["c"], whole["clk"]
    times = [moment(clock[name]) - at for name in "nsd" if clock[name]]
    offset = datetime.fromisoformat(whole["at"]).utcoffset()
    app = whole["app"]
    return Packer(words(form)).pack(
        [
            UUID(whole["key"]).bytes, whole["n"], UUID(whole["p"]).bytes, UUID(whole["u"]).bytes,
            bytes.fromhex(whole["bh"])[: packed.HASH], bundle.forms.index(form), whole["sv"], at,
            int(offset.total_seconds() // 60) if offset else 0, moment(whole["rec"]) - at, times,
            bytes.fromhex(app) if len(app) == 16 and not set(app) - set("0123456789abcdef") else app,
            [
                [UUID(whole["sup"][0]).bytes, whole["sup"][1]] if whole["sup"] else None,
                cut([prior["last"], prior["items"], prior["past"], [UUID(one).bytes for one in prior["uses"]], prior["facts"]]),
                whole["a"],
                cut(
                    [common["x"], packed.OUTCOMES.index(common["o"]), common["ac"], common["nt"], common["r"], common["t"], common["w"],
                     common["ok"]]
                ),
                [[code, subject] if subject else code for code, subject in whole["fl"]],
            ],
        ]
    )  # fmt: skip


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() // 1)
