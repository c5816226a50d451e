"""Look for words in everything a folder holds: as they are, spelled otherwise, and inside whatever can be unpacked."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import cramjam

from tests.stolen import leveldb

SNAPPY = b"\xff\x11\x02"  # how Chromium begins a compressed value in IndexedDB
GZIP, ZLIB = b"\x1f\x8b\x08", (b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e")
SIMPLE_CACHE = (0xFCFB6D1BA7725C30).to_bytes(8, "little")
MOST = 64 * 1024 * 1024
DEEP = 3
TOO_LONG = 8
PHOTO = {b"\xff\xd8\xff\xe0\x00\x10JFIF": "a photo"}


def spellings(word: str) -> dict[bytes, str]:
    """{bytes: how it is spelled}: text encodings, each also in base64 at its three alignments where a word is too long to be chance."""
    plain = {word.encode(code): code for code in ("latin-1", "utf-8", "utf-16-le", "utf-16-be")}
    found = dict(plain)
    for raw, code in plain.items() if len(word) >= TOO_LONG else ():
        for lead in range(3):
            whole = base64.b64encode(b"\0" * lead + raw)
            inner = whole[-(-lead * 4 // 3) : len(whole) - (4 if (lead + len(raw)) % 3 else 0)]
            found[inner] = found[inner.replace(b"+", b"-").replace(b"/", b"_")] = "base64 of " + code
    found.setdefault(quote(word).encode(), "percent")
    found.setdefault(word.encode().hex().encode(), "hex")
    return found


def forms(raw: bytes) -> dict[bytes, str]:
    """A key as a program may write it: its bytes, as hexadecimal, and in base64 wherever it begins."""
    found = {raw: "bytes", raw.hex().encode(): "hex"}
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + raw)
        inner = whole[-(-lead * 4 // 3) : len(whole) - (4 if (lead + len(raw)) % 3 else 0)]
        found[inner] = found[inner.replace(b"+", b"-").replace(b"/", b"_")] = "base64"
    return found


@dataclass
class Search:
    """What was looked through, and what was found: {(word, how, where)}."""

    words: list[str]
    raw: dict[bytes, str] = field(default_factory=dict)
    keys: dict[bytes, str] = field(default_factory=dict)
    files: int = 0
    layers: Counter[str] = field(default_factory=Counter)
    pieces: Counter[str] = field(default_factory=Counter)
    found: set[tuple[str, str, str]] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.needles = [(raw, word, how) for word in self.words for raw, how in spellings(word).items()]
        self.needles += [(raw, name, "bytes") for raw, name in self.raw.items()]
        self.needles += [(raw, name, how) for key, name in self.keys.items() for raw, how in forms(key).items()]

    def folder(self, root: Path) -> None:
        for path in sorted(one for one in root.rglob("*") if one.is_file() and not one.is_symlink()):
            self.files += 1
            name = str(path.relative_to(root))
            for raw, word, how in self.needles:
                if raw in name.encode():
                    self.found.add((word, how, "the name of " + name))
            self.look(path.read_bytes(), "as it is", name, 0)

    def look(self, data: bytes, layer: str, where: str, depth: int) -> None:
        self.layers[layer] += len(data)
        self.pieces[layer] += 1
        for raw, word, how in self.needles:
            if raw in data:
                self.found.add((word, f"{how}, {layer}", where))
        if depth < DEEP:
            for inner, name in self.inside(data, where, depth):
                if inner:
                    self.look(inner, name, where, depth + 1)

    def inside(self, data: bytes, where: str, depth: int) -> Iterator[tuple[bytes, str]]:
        if depth == 0:
            yield from self._whole(data, where)
        for at in places(data, (SNAPPY,)):
            yield snappy(data[at + len(SNAPPY) :]), "snappy in a value"
        for at in places(data, (GZIP,)):
            yield inflate(data[at:], 31), "gzip"
        for at in places(data, ZLIB):
            yield inflate(data[at:], 15), "zlib"

    def _whole(self, data: bytes, where: str) -> Iterator[tuple[bytes, str]]:
        """What only the file as a whole tells."""
        try:
            if leveldb.is_table(data):
                for one in leveldb.blocks(data):
                    yield one, "LevelDB block"
                    yield from ((value, "LevelDB value") for value in leveldb.entries(one))
            elif where.endswith(".log") and "leveldb" in where.lower():
                for one in leveldb.records(data):
                    yield one, "LevelDB log record"
                    yield from ((value, "LevelDB value") for value in leveldb.batch(one))
        except (ValueError, IndexError, cramjam.DecompressionError) as wrong:
            self.unread.append(f"{where}: {wrong}")
        if data.startswith(SIMPLE_CACHE):
            yield brotli(data[24 + int.from_bytes(data[12:16], "little") :]), "brotli in a cache"


def places(data: bytes, signs: tuple[bytes, ...]) -> Iterator[int]:
    for sign in signs:
        at = data.find(sign)
        while at >= 0:
            yield at
            at = data.find(sign, at + 1)


def inflate(data: bytes, window: int) -> bytes:
    """As much as can be unpacked; nothing when it only looked like it."""
    try:
        return zlib.decompressobj(window).decompress(data, MOST)
    except zlib.error:
        return b""


def snappy(data: bytes) -> bytes:
    """The end of the value is not known: its own length says how much there is."""
    try:
        size, _ = leveldb.varint(data, 0)
        return bytes(cramjam.snappy.decompress_raw(data)) if 0 < size < MOST else b""
    except (cramjam.DecompressionError, IndexError):
        return b""


def brotli(data: bytes) -> bytes:
    try:
        return bytes(cramjam.brotli.decompress(data))
    except cramjam.DecompressionError:
        return b""
