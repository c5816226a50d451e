"""The key file: made once, read by all, never half-written, merged by a restore."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from webapp.sync import crypto, envelope, keyfile, keys


@pytest.fixture
def ring(tmp_path: Path) -> keys.KeyRing:
    ring = keys.KeyRing(tmp_path / keyfile.NAME)
    ring.keys()
    return ring


def test_many_processes_starting_together_use_one_key_file(tmp_path: Path) -> None:
    rings = [keys.KeyRing(tmp_path / keyfile.NAME) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        offered = set(pool.map(lambda ring: ring.offered().kid, rings))
    assert len(offered) == 1


def test_only_the_owner_may_read_the_key_file(ring: keys.KeyRing) -> None:
    ring.rotate()
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert [name for name in os.listdir(ring.path.parent) if not name.endswith(".lock")] == [keyfile.NAME]


def test_a_new_pair_is_offered_once_a_backup_holds_it_and_the_old_one_opens_for_ever(ring: keys.KeyRing) -> None:
    first = ring.offered().kid
    fresh = ring.rotate()
    assert ring.offered().kid == first
    ring.backed_up()
    assert ring.offered().kid == fresh
    assert all(ring.private_for(bytes.fromhex(kid)) for kid in (first, fresh))


def test_another_process_sees_a_rotation_at_once(ring: keys.KeyRing) -> None:
    other = keys.KeyRing(ring.path)
    other.keys()
    ring.rotate()
    ring.backed_up()
    assert other.offered().kid == ring.offered().kid


def test_a_restore_merges_key_files_and_forgets_neither_pairs_nor_revocations(tmp_path: Path) -> None:
    old, new = keys.KeyRing(tmp_path / "old.json"), keys.KeyRing(tmp_path / "new.json")
    kids = [old.offered().kid, new.offered().kid]
    tag = old.tag("7.abc")
    old.revoke_key(UUID(int=1))
    new.revoke_device(UUID(int=2))
    new.merge(old.path)
    merged = new.keys()
    assert {pair.kid for pair in merged.sealing} == set(kids)
    assert str(UUID(int=1)) in merged.revoked.keys
    assert str(UUID(int=2)) in merged.revoked.devices
    assert new.tag_is_ours("7.abc", tag)


def test_a_device_that_pinned_the_first_signing_key_trusts_the_list_after_a_rotation(ring: keys.KeyRing) -> None:
    pinned = ring.signing_public()
    successor = ring.rotate_signing()
    document = ring.key_list()
    by_pinned = next(sig for public, sig in document["sigs"] if public == pinned)
    body = crypto.unb64(document["body"])
    message = b"tryggrunde keys 1" + body
    assert crypto.verify(crypto.public_from(crypto.unb64(pinned)), crypto.unb64(by_pinned), message)
    assert json.loads(body)["signing"] == [successor, pinned]


def test_papers_count_only_as_papers_and_only_unaltered(ring: keys.KeyRing) -> None:
    papers = ring.sign("papers", {"user": "berit"})
    assert ring.verified("papers", papers) == {"user": "berit"}
    assert ring.verified("keys", papers) is None
    forged = papers | {"body": crypto.b64(b'{"user":"kari"}')}
    wrongs: tuple[Any, ...] = (forged, {}, None, [], {"body": 1, "sigs": []}, papers | {"sigs": []}, papers | {"body": "ø"})
    for wrong in wrongs:
        assert ring.verified("papers", wrong) is None


def test_a_tag_cannot_be_invented(ring: keys.KeyRing) -> None:
    assert ring.tag_is_ours("1.a", ring.tag("1.a"))
    for wrong in ("", "0" * 8, "ø", ring.tag("1.b")):
        assert not ring.tag_is_ours("1.a", wrong)


def test_a_damaged_key_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / keyfile.NAME
    path.write_text('{"sealing": 7}')
    with pytest.raises(keyfile.KeyFileTrouble, match="backup"):
        keys.KeyRing(path).keys()


def test_a_sealed_vault_key_is_bound_to_user_and_device(ring: keys.KeyRing) -> None:
    pair = ring.offered()
    public = crypto.public_from(crypto.unb64(pair.public))
    wrap = crypto.seal(public, keys.return_info(UUID(int=1), UUID(int=2)), b"k" * 32)
    private = ring.private_for(bytes.fromhex(pair.kid))
    assert private is not None
    assert crypto.open_sealed(private, keys.return_info(UUID(int=1), UUID(int=2)), wrap) == b"k" * 32
    with pytest.raises(crypto.NotOpened):
        crypto.open_sealed(private, keys.return_info(UUID(int=3), UUID(int=2)), wrap)


def test_the_header_is_42_bytes() -> None:
    assert envelope.HEADER.size == 42
