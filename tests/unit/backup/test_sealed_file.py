"""A sealed file gives back exactly what was written, or says in a sentence that it does not."""

from __future__ import annotations

import hashlib
import io

import pytest

from webapp.backup import BackupTrouble
from webapp.backup.sealed_file import CHUNK, SealedReader, SealedWriter

PASSPHRASE = "riktig hest batteri"
CHEAP = (64, 1, 1)
HEAD, SEALED = 82, CHUNK + 16
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]


def data_of(size: int) -> bytes:
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


def sealed(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, PASSPHRASE, CHEAP)
    for at in range(0, len(data), 300_000):
        writer.write(data[at : at + 300_000])
    writer.close()
    return out.getvalue()


def opened(file: bytes, size: int, passphrase: str = PASSPHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(file), passphrase, "x.backup")
    found = b"".join(reader.read(min(100_000, size - at)) for at in range(0, size, 100_000))
    reader.finish()
    return found


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_comes_back(size: int) -> None:
    data = data_of(size)
    assert opened(sealed(data), size) == data


def test_the_same_content_never_gives_the_same_bytes_and_nothing_of_it_can_be_read() -> None:
    one, two = sealed(b"Astrid Lunde" * 50), sealed(b"Astrid Lunde" * 50)
    assert one[HEAD:] != two[HEAD:]
    assert b"Astrid" not in one


@pytest.mark.parametrize("passphrase", ["", "riktig hest batterI", PASSPHRASE + " "])
def test_another_passphrase_opens_nothing(passphrase: str) -> None:
    with pytest.raises(BackupTrouble, match="passphrase does not open"):
        opened(sealed(b"x"), 1, passphrase)


@pytest.mark.parametrize("at", [20, 40, 50, 60, HEAD, HEAD + 7, HEAD + SEALED - 1, HEAD + SEALED, HEAD + SEALED + 9, -17, -1])
def test_one_changed_bit_anywhere_is_refused(at: int) -> None:
    size = 2 * CHUNK + 5
    file = bytearray(sealed(data_of(size)))
    file[at] ^= 1
    with pytest.raises(BackupTrouble, match=r"damaged|does not open"):
        opened(bytes(file), size)


@pytest.mark.parametrize("left", [16, 17, 40, HEAD - 1, HEAD, HEAD + 5, HEAD + SEALED - 1, HEAD + SEALED, HEAD + 2 * SEALED, -1])
def test_a_file_that_is_cut_anywhere_is_refused(left: int) -> None:
    size = 2 * CHUNK + 5
    with pytest.raises(BackupTrouble, match=r"cut short|damaged"):
        opened(sealed(data_of(size))[:left], size)


def test_a_file_cut_between_two_chunks_is_said_to_be_cut() -> None:
    with pytest.raises(BackupTrouble, match="cut short"):
        opened(sealed(data_of(2 * CHUNK + 5))[: HEAD + SEALED], CHUNK)


@pytest.mark.parametrize("more", [b"\0", b"x" * 40, b"x" * SEALED])
def test_what_was_added_behind_the_end_is_refused(more: bytes) -> None:
    with pytest.raises(BackupTrouble, match="damaged"):
        opened(sealed(b"abc") + more, 3)


def test_chunks_that_changed_places_or_came_twice_are_refused() -> None:
    size = 3 * CHUNK
    file = sealed(data_of(size))
    head, one, two, last = file[:HEAD], file[HEAD : HEAD + SEALED], file[HEAD + SEALED : HEAD + 2 * SEALED], file[HEAD + 2 * SEALED :]
    for wrong in (head + two + one + last, head + one + one + last, head + two + last, head + one + last):
        with pytest.raises(BackupTrouble, match="damaged"):
            opened(wrong, size)


@pytest.mark.parametrize("file", [b"", b"x", b"SQLite format 3\0" * 40, b"PGDMP" * 40, b"TRYGGRUNDEBACKU"])
def test_something_else_is_no_backup(file: bytes) -> None:
    with pytest.raises(BackupTrouble, match="not a backup"):
        opened(file, 0)


def test_a_header_that_asks_for_all_the_memory_there_is_is_refused_before_it_gets_it() -> None:
    header = sealed(b"x")[:42]
    greedy = header[:17] + (2**31).to_bytes(4, "big") + header[21:]
    with pytest.raises(BackupTrouble, match="newer version"):
        opened(greedy + hashlib.sha256(greedy).digest()[:8] + bytes(32) + bytes(17), 1)


def test_reading_beyond_the_end_is_damage_and_leaving_something_unread_too() -> None:
    reader = SealedReader(io.BytesIO(sealed(b"abc")), PASSPHRASE, "x.backup")
    with pytest.raises(BackupTrouble, match="damaged"):
        reader.read(4)
    reader = SealedReader(io.BytesIO(sealed(b"abc")), PASSPHRASE, "x.backup")
    reader.read(2)
    with pytest.raises(BackupTrouble, match="damaged"):
        reader.finish()
