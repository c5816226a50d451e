"""A file sealed to a passphrase: argon2id, then AES-256-GCM in chunks, each bound to its place and the last one marked.

Exact bytes: docs/wire.md. The key is used for one file only (its salt is random), so counting nonces never repeat one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from typing import BinaryIO

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.backup import BackupTrouble

MAGIC = b"TRYGGRUNDEBACKUP"
VERSION = 1
CHUNK = 1024 * 1024
_TAG = 16
_HEADER = struct.Struct(">16sBIIB16s")
_SUM, _PROOF = 8, 32
_HEAD_BYTES = _HEADER.size + _SUM + _PROOF
Cost = tuple[int, int, int]  # KiB of memory, passes, lanes
COST: Cost = (128 * 1024, 4, 4)
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 2 * 1024 * 1024, 64, 64  # a made-up header must not eat the machine


def _keys(passphrase: str, salt: bytes, memory: int, passes: int, lanes: int) -> tuple[AESGCM, bytes]:
    raw = hash_secret_raw(
        passphrase.encode(), salt, time_cost=passes, memory_cost=memory, parallelism=lanes, hash_len=64, type=Type.ID
    )  # fmt: skip
    return AESGCM(raw[:32]), raw[32:]


def _proof(key: bytes, header: bytes) -> bytes:
    return hmac.new(key, header, hashlib.sha256).digest()


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes(7) + struct.pack(">IB", number, last)


class SealedWriter:
    """What is written goes out in sealed chunks. `close` seals the last one: without it the file is no backup."""

    def __init__(self, out: BinaryIO, passphrase: str, cost: Cost = COST) -> None:
        self._out, self._number, self._held = out, 0, bytearray()
        salt = secrets.token_bytes(16)
        self._header = _HEADER.pack(MAGIC, VERSION, *cost, salt)
        self._cipher, key = _keys(passphrase, salt, *cost)
        out.write(self._header + hashlib.sha256(self._header).digest()[:_SUM] + _proof(key, self._header))

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) > CHUNK:  # the last chunk is never empty unless there was nothing at all
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def close(self) -> None:
        self._seal(bytes(self._held), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1


class SealedReader:
    """Gives back what was written, and refuses the first byte that is not as it was."""

    def __init__(self, source: BinaryIO, passphrase: str, name: str) -> None:
        self._source, self._name, self._number, self._open, self._ended = source, name, 0, b"", False
        head = source.read(_HEAD_BYTES)
        self._header = head[: _HEADER.size]
        if not head.startswith(MAGIC):
            raise BackupTrouble(f"{name} is not a backup made by this program.")
        if len(head) < _HEAD_BYTES or hashlib.sha256(self._header).digest()[:_SUM] != head[_HEADER.size : -_PROOF]:
            raise self._damaged()
        _, version, memory, passes, lanes, salt = _HEADER.unpack(self._header)
        costly = memory > _MOST_MEMORY_KIB or not 0 < passes <= _MOST_PASSES or not 0 < lanes <= _MOST_LANES
        if version != VERSION or costly:
            raise BackupTrouble(f"{name} was made by a newer version of the program. Use that version.")
        self._cipher, key = _keys(passphrase, salt, memory, passes, lanes)
        if not hmac.compare_digest(_proof(key, self._header), head[-_PROOF:]):
            raise BackupTrouble(f"The passphrase does not open {name}.")
        self._next = source.read(CHUNK + _TAG)

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        while len(self._open) < size:
            if self._ended:
                raise self._damaged()
            self._open += self._chunk()
        found, self._open = self._open[:size], self._open[size:]
        return found

    def finish(self) -> None:
        """Everything was read, and the file says itself that nothing follows."""
        if not self._ended:
            self._open += self._chunk()
        if self._open or not self._ended:
            raise self._damaged()

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK + _TAG)
        last = not self._next
        try:
            chunk = self._cipher.decrypt(_nonce(self._number, last=last), sealed, self._header)
        except InvalidTag as wrong:
            raise self._damaged(cut=last and self._would_go_on(sealed)) from wrong
        self._number, self._ended = self._number + 1, last
        return chunk

    def _would_go_on(self, sealed: bytes) -> bool:
        try:
            self._cipher.decrypt(_nonce(self._number, last=False), sealed, self._header)
        except InvalidTag:
            return len(sealed) < _TAG
        return True

    def _damaged(self, *, cut: bool = False) -> BackupTrouble:
        why = "is cut short" if cut else "is damaged"
        return BackupTrouble(f"{self._name} {why}: it is not what was written. Use another backup.")
