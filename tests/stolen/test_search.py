"""The search for marked words sees them however a browser may have hidden them: a blind one would find every tablet safe."""

from __future__ import annotations

import base64
import gzip
import io
import zlib
from pathlib import Path

import cramjam
import pytest
from PIL import Image

from tests.stolen import leveldb
from tests.stolen.search import PHOTO, SIMPLE_CACHE, SNAPPY, Search

WORD = "Bjørg Ås"


def number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def block(*pairs: tuple[bytes, bytes]) -> bytes:
    rows = b"".join(number(0) + number(len(key)) + number(len(value)) + key + value for key, value in pairs)
    return rows + (0).to_bytes(4, "little") + (1).to_bytes(4, "little")


def table(value: bytes) -> bytes:
    """A LevelDB table of one packed block, as its format document says."""
    packed = bytes(cramjam.snappy.compress_raw(block((b"key", value))))
    index = block((b"key", number(0) + number(len(packed))))
    start = len(packed) + 5
    footer = number(0) + number(0) + number(start) + number(len(index))
    return packed + b"\x01crc." + index + b"\x00crc." + footer.ljust(40, b"\0") + leveldb.MAGIC


def log(value: bytes) -> bytes:
    """A LevelDB log whose one record is cut over its blocks."""
    record = bytes(12) + b"\x01" + number(3) + b"key" + number(len(value)) + value
    room, out = leveldb.BLOCK - leveldb.HEADER, b""
    pieces = [record[at : at + room] for at in range(0, len(record), room)]
    for place, piece in enumerate(pieces):
        inner = leveldb.FIRST if not place else leveldb.LAST if piece is pieces[-1] else leveldb.MIDDLE
        kind = leveldb.WHOLE if len(pieces) == 1 else inner
        out += b"crc." + len(piece).to_bytes(2, "little") + bytes([kind]) + piece
    return out


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue()


def cached(content: bytes) -> bytes:
    return SIMPLE_CACHE + bytes(4) + (3).to_bytes(4, "little") + bytes(8) + b"key" + bytes(cramjam.brotli.compress(content))


UTF8 = WORD.encode()
LONG = b"words before it; " * 6000 + UTF8
HIDDEN: dict[str, tuple[str, bytes]] = {
    "as it is": ("a", b"x" + UTF8),
    "UTF-16": ("a", WORD.encode("utf-16-le")),
    "UTF-16, the other way": ("a", WORD.encode("utf-16-be")),
    "one byte a letter": ("a", WORD.encode("latin-1")),
    **{f"base64 after {lead}": ("a", base64.b64encode(b"abc"[:lead] + UTF8 + b"end")) for lead in range(3)},
    "base64 of UTF-16": ("a", base64.urlsafe_b64encode(b"a" + WORD.encode("utf-16-le"))),
    "percent": ("a", b"q=Bj%C3%B8rg%20%C3%85s"),
    "hex": ("a", UTF8.hex().encode()),
    "gzip": ("a", b"xx" + gzip.compress(UTF8)),
    "zlib": ("a", b"xx" + zlib.compress(UTF8)),
    "gzip in gzip": ("a", gzip.compress(b"y" + gzip.compress(UTF8))),
    "brotli in a cache": ("a", cached(UTF8)),
    "a packed table": ("x.leveldb/1.ldb", table(UTF8)),
    "a packed value in a packed table": ("x.leveldb/1.ldb", table(b"v" + SNAPPY + bytes(cramjam.snappy.compress_raw(LONG)))),
    "a log cut in pieces": ("x.leveldb/1.log", log(bytes(leveldb.BLOCK - leveldb.HEADER - 24) + UTF8)),
    "a packed value in a log": ("x.leveldb/1.log", log(SNAPPY + bytes(cramjam.snappy.compress_raw(LONG)))),
    "the name of a file": (f"{WORD}.jpg", b""),
    "a photo": ("x.blob", b"head" + jpeg()),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_word_is_found_however_it_is_hidden(tmp_path: Path, how: str) -> None:
    name, content = HIDDEN[how]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    search = Search([WORD], PHOTO)
    search.folder(tmp_path)
    assert ({word for word, _, _ in search.found}, search.unread) == ({"a photo" if how == "a photo" else WORD}, [])


KEY = bytes(range(200, 232))


@pytest.mark.parametrize("lead", range(3))
def test_a_key_is_found_as_bytes_hexadecimal_and_base64(tmp_path: Path, lead: int) -> None:
    for name, content in {"a": KEY, "b": KEY.hex().encode(), "c": base64.b64encode(b"abc"[:lead] + KEY + b"z")}.items():
        (tmp_path / name).write_bytes(b"x" + content)
    search = Search([], keys={KEY: "the key"})
    search.folder(tmp_path)
    assert {where for word, _, where in search.found if word == "the key"} == {"a", "b", "c"}


def test_what_is_not_there_is_not_found_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"Bj" + zlib.compress(b"nothing") * 9)
    (tmp_path / "b.ldb").write_bytes(b"\xff" * 100 + leveldb.MAGIC)
    search = Search([WORD])
    search.folder(tmp_path)
    assert (search.found, len(search.unread)) == (set(), 1)
