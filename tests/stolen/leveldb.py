"""What LevelDB has on disk, block by block: tables (compressed with snappy) and logs (records cut in pieces).

Formats: https://github.com/google/leveldb/blob/main/doc/table_format.md and log_format.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import cramjam

MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
BLOCK, HEADER = 32 * 1024, 7
WHOLE, FIRST, MIDDLE, LAST = 1, 2, 3, 4


def varint(data: bytes, at: int) -> tuple[int, int]:
    """(number, place after it)."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def is_table(data: bytes) -> bool:
    return data.endswith(MAGIC)


def blocks(table: bytes) -> Iterator[bytes]:
    """Every block of a table, unpacked: the index first."""
    at = len(table) - 48
    _, at = varint(table, at)
    _, at = varint(table, at)
    start, at = varint(table, at)
    size, at = varint(table, at)
    index = block(table, start, size)
    yield index
    for value in entries(index):
        place, after = varint(value, 0)
        length, _ = varint(value, after)
        yield block(table, place, length)


def block(table: bytes, start: int, size: int) -> bytes:
    raw, kind = table[start : start + size], table[start + size]
    if kind > 1:
        raise ValueError(f"a block of kind {kind}, which this search cannot read")
    return bytes(cramjam.snappy.decompress_raw(raw)) if kind == 1 else raw


def entries(one: bytes) -> Iterator[bytes]:
    """The values of a block."""
    restarts = int.from_bytes(one[-4:], "little")
    end, at = len(one) - 4 - 4 * restarts, 0
    while at < end:
        _, at = varint(one, at)
        unshared, at = varint(one, at)
        length, at = varint(one, at)
        yield one[at + unshared : at + unshared + length]
        at += unshared + length


def records(log: bytes) -> Iterator[bytes]:
    """The records of a log, put together again; a piece that was being written when the power went is given as it is."""
    parts: list[bytes] = []
    for start in range(0, len(log), BLOCK):
        piece = log[start : start + BLOCK]
        at = 0
        while at + HEADER <= len(piece):
            length, kind = int.from_bytes(piece[at + 4 : at + 6], "little"), piece[at + 6]
            if kind not in (WHOLE, FIRST, MIDDLE, LAST):
                break
            if kind in (WHOLE, FIRST) and parts:
                yield b"".join(parts)
                parts = []
            parts.append(piece[at + HEADER : at + HEADER + length])
            at += HEADER + length
            if kind in (WHOLE, LAST):
                yield b"".join(parts)
                parts = []
    if parts:
        yield b"".join(parts)


def batch(record: bytes) -> Iterator[bytes]:
    """The values that one record of a log writes; a cut record gives those before the cut."""
    at = 12
    with suppress(IndexError):
        while at < len(record):
            kind = record[at]
            length, at = varint(record, at + 1)
            at += length
            if kind == 1:
                length, at = varint(record, at)
                yield record[at : at + length]
                at += length
