"""The inside of a backup: named entries one after another, of sizes that nobody needs to know before."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from webapp.backup.sealed_file import SealedReader, SealedWriter

BLOCK = 256 * 1024
_NAME = struct.Struct(">H")
_SIZE = struct.Struct(">I")


def put(out: SealedWriter, name: str, source: BinaryIO) -> int:
    """Write an entry from a stream; how many bytes it had."""
    raw, size = name.encode(), 0
    out.write(_NAME.pack(len(raw)) + raw)
    while block := source.read(BLOCK):
        out.write(_SIZE.pack(len(block)) + block)
        size += len(block)
    out.write(_SIZE.pack(0))
    return size


def end(out: SealedWriter) -> None:
    """No entry follows."""
    out.write(_NAME.pack(0))
    out.close()


def each(reader: SealedReader, take: Callable[[str, Iterator[bytes]], None]) -> None:
    """Give every entry to `take` with its blocks, whether it reads them or not, and see that the file ends after the last."""
    while size := _NAME.unpack(reader.read(_NAME.size))[0]:
        name = reader.read(size).decode()
        blocks = _blocks(reader)
        take(name, blocks)
        for _ in blocks:
            pass
    reader.finish()


def _blocks(reader: SealedReader) -> Iterator[bytes]:
    while size := _SIZE.unpack(reader.read(_SIZE.size))[0]:
        yield reader.read(size)
