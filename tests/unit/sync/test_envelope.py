"""Envelopes v1 and v2: what devices seal opens here, and nothing else does."""

import json
import struct
import zlib
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke

from webapp.bundles import registry
from webapp.sync import crypto, envelope, packed

CASES = Path(__file__).parents[2] / "contract" / "cases" / "envelopes"
HEADER = envelope.Header(1, envelope.CHECK, b"", UUID(int=7), UUID(int=9))


@pytest.fixture
def server() -> crypto.PrivateKey:
    return crypto.new_private()


@pytest.fixture
def nurse() -> crypto.PrivateKey:
    return crypto.new_private()


def sealed(server: crypto.PrivateKey, nurse: crypto.PrivateKey, payload: bytes = b'{"note":"rolig"}') -> bytes:
    public = server.public_key()
    kid = crypto.key_id(crypto.public_bytes(public))
    header = envelope.Header(1, envelope.CHECK, kid, HEADER.installation, HEADER.id)
    return envelope.seal(header, payload, nurse, public)


def opened(data: bytes, server: crypto.PrivateKey) -> envelope.Opened:
    kid = crypto.key_id(crypto.public_bytes(server.public_key()))
    return envelope.open_envelope(data, {kid: server}.get)


def test_what_a_device_seals_the_server_opens_and_the_signature_is_the_nurses(
    server: crypto.PrivateKey, nurse: crypto.PrivateKey
) -> None:
    inside = opened(sealed(server, nurse), server)
    assert inside.payload == b'{"note":"rolig"}'
    assert (inside.header.id, inside.header.installation) == (HEADER.id, HEADER.installation)
    assert inside.signed_by(nurse.public_key())
    assert not inside.signed_by(server.public_key())


def test_the_inside_is_padded_to_a_multiple_of_32_bytes(server: crypto.PrivateKey, nurse: crypto.PrivateKey) -> None:
    sizes = {len(sealed(server, nurse, b"x" * n)) - 42 - 65 - 16 for n in range(1, 80)}
    assert all(size % 32 == 0 for size in sizes)


@pytest.mark.parametrize("place", [1, 9, 11, 30, 43, 108, -1])
def test_one_altered_bit_anywhere_and_the_envelope_does_not_open(
    place: int, server: crypto.PrivateKey, nurse: crypto.PrivateKey
) -> None:
    data = bytearray(sealed(server, nurse))
    data[place] ^= 1
    with pytest.raises((envelope.Damaged, envelope.UnknownKid)):
        opened(bytes(data), server)


def test_a_body_cannot_be_moved_under_another_header(server: crypto.PrivateKey, nurse: crypto.PrivateKey) -> None:
    mine, other = sealed(server, nurse), sealed(server, nurse)
    moved = mine[:26] + UUID(int=10).bytes + other[42:]
    with pytest.raises(envelope.Damaged, match="unreadable"):
        opened(moved, server)


def test_a_pair_the_server_does_not_hold_is_said_apart(server: crypto.PrivateKey, nurse: crypto.PrivateKey) -> None:
    with pytest.raises(envelope.UnknownKid):
        opened(sealed(crypto.new_private(), nurse), server)


def test_a_zip_bomb_stops_at_the_limit() -> None:
    with pytest.raises(envelope.Damaged, match="payload_too_large"):
        envelope.inflate(envelope.deflate(bytes(50_000_000)))
    assert len(envelope.inflate(envelope.deflate(bytes(envelope.INFLATE_LIMIT)))) == envelope.INFLATE_LIMIT


def test_only_zeros_may_follow_the_payload() -> None:
    assert envelope.inflate(envelope.deflate(b"ja") + bytes(31)) == b"ja"
    for wrong in (envelope.deflate(b"ja") + b"\0x", envelope.deflate(b"ja")[:-1], b"", zlib.compress(b"ja")):
        with pytest.raises(envelope.Damaged, match="payload"):
            envelope.inflate(wrong)


def test_resealing_keeps_payload_and_signature(server: crypto.PrivateKey, nurse: crypto.PrivateKey) -> None:
    first = opened(sealed(server, nurse), server)
    successor = crypto.new_private()
    kid = crypto.key_id(crypto.public_bytes(successor.public_key()))
    header = envelope.Header(1, envelope.CHECK, kid, HEADER.installation, HEADER.id)
    again = opened(
        envelope.seal_signed(header, first.payload, first.signature, successor.public_key()), successor
    )
    assert again.signed_by(nurse.public_key())
    assert again.content_hash == first.content_hash


def test_a_batch_comes_apart_as_it_was_put_together_and_a_cut_one_not_at_all() -> None:
    batch = envelope.frame([b"en", b"to"])
    assert list(envelope.frames(batch)) == [b"en", b"to"]
    for wrong in (batch[:-1], batch[:3], struct.pack(">I", 0), struct.pack(">I", 2**32 - 1) + b"x"):
        with pytest.raises(ValueError):
            list(envelope.frames(wrong))


def test_rfc_9180_a_3_1_opens_with_the_librarys_suite() -> None:
    case = json.loads((CASES / "rfc9180-a31.json").read_text())
    suite = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
    private = crypto.private_from(bytes.fromhex(case["skRm"]))
    assert crypto.public_bytes(private.public_key()).hex() == case["pkRm"]
    plain = openssl.hpke._decrypt_with_aad(
        suite, bytes.fromhex(case["enc"] + case["ct"]), private, bytes.fromhex(case["info"]), bytes.fromhex(case["aad"])
    )
    assert plain.hex() == case["pt"]


@pytest.mark.parametrize("case", sorted(CASES.glob("sealed-*.json")), ids=lambda path: path.stem)
def test_a_stored_envelope_still_opens(case: Path) -> None:
    stored = json.loads(case.read_text())
    inside = opened(crypto.unb64(stored["envelope"]), crypto.private_from(crypto.unb64(stored["server_private"])))
    carried = crypto.unb64(stored["carried"]) if "carried" in stored else stored["payload"].encode()
    assert (inside.header.version, inside.body) == (stored.get("version", 1), carried)
    if inside.header.version == envelope.V2:
        assert json.loads(msgspec.json.encode(packed.read(inside.header, inside.body, registry()))) == json.loads(stored["payload"])
    assert inside.signed_by(crypto.public_from(crypto.unb64(stored["signing_public"])))
    assert inside.content_hash == stored["content_hash"]
    assert envelope.envelope_hash(crypto.unb64(stored["envelope"])) == stored["envelope_hash"]


def test_there_are_stored_envelopes_to_open() -> None:
    assert {json.loads(case.read_text()).get("version", 1) for case in CASES.glob("sealed-*.json")} == {1, 2}
