"""The one suite of envelope v1: HPKE over P-256, ECDSA P-256 with raw signatures. No negotiation."""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PrivateKey = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey

POINT = 65
SIGNATURE = 64
_CURVE = ec.SECP256R1()
_ECDSA = ec.ECDSA(hashes.SHA256())
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class NotOpened(Exception):
    """The sealed bytes do not open with this key: damaged, altered, or sealed for someone else."""


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of an unpadded base64url text; ValueError for anything else."""
    try:
        raw = text.encode("ascii")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as wrong:
        raise ValueError("not base64url") from wrong


def new_private() -> PrivateKey:
    return ec.generate_private_key(_CURVE)


def private_from(raw: bytes) -> PrivateKey:
    return ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)


def private_bytes(key: PrivateKey) -> bytes:
    return key.private_numbers().private_value.to_bytes(32, "big")


def public_from(raw: bytes) -> PublicKey:
    """A public key from its 65-byte uncompressed point; ValueError when it is no point of the curve."""
    if len(raw) != POINT or raw[0] != 4:
        raise ValueError("not an uncompressed P-256 point")
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw)


def public_bytes(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_id(public: bytes) -> bytes:
    """A sealing pair's `kid`: the first 8 bytes of the hash of its public point."""
    return hashlib.sha256(public).digest()[:8]


def sign(key: PrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, _ECDSA))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(key: PublicKey, signature: bytes, message: bytes) -> bool:
    if len(signature) != SIGNATURE:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(der, message, _ECDSA)
    except InvalidSignature:
        return False
    return True


def seal(public: PublicKey, info: bytes, plaintext: bytes) -> bytes:
    """`enc` (65 bytes) followed by the ciphertext."""
    return _SUITE.encrypt(plaintext, public, info)


def open_sealed(private: PrivateKey, info: bytes, sealed: bytes) -> bytes:
    try:
        return _SUITE.decrypt(sealed, private, info)
    except (InvalidTag, ValueError) as wrong:
        raise NotOpened from wrong
