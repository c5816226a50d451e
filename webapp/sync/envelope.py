"""Envelopes v1 and v2, byte by byte: header in clear, then HPKE(signature + deflated payload + padding)."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from webapp.sync import crypto

V1, V2 = 1, 2
CHECK, PHOTO, VIEW = 1, 2, 3
KINDS = {CHECK: "check", PHOTO: "photo", VIEW: "view"}
HEADER = struct.Struct(">BB8s16s16s")
LENGTHS = struct.Struct(">II")  # of a photo's payload and picture
INFO = b"tryggrunde envelope"
SIGNED = {V1: b"tryggrunde 1", V2: b"tryggrunde 2"}
INFLATE_LIMIT = 256 * 1024
BLOCK = 32
LEAST = HEADER.size + crypto.POINT + 16
PAPERS = ord("P")


class Damaged(Exception):
    """An envelope that cannot be opened; `reason` is the code a quarantine shows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKid(Exception):
    """Sealed for a pair this server does not hold (yet): never quarantined, the device keeps it."""


class Newer(Exception):
    """Of a version that a later release writes: this server was put back to an earlier one, and the device keeps it meanwhile."""


@dataclass(frozen=True, slots=True)
class Header:
    version: int
    kind: int
    kid: bytes
    installation: UUID
    id: UUID

    def pack(self) -> bytes:
        return HEADER.pack(self.version, self.kind, self.kid, self.installation.bytes, self.id.bytes)

    @property
    def signed(self) -> bytes:
        """What a v2 payload begins with: the header, but for the key it is sealed to. It is signed, and not carried twice."""
        if self.version == V1:
            return b""
        return bytes([self.version, self.kind]) + self.installation.bytes + self.id.bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """What was inside: payload bytes exactly as signed, of v2 with the header's part in front."""

    header: Header
    signature: bytes
    payload: bytes

    def signed_by(self, public: crypto.PublicKey) -> bool:
        return crypto.verify(public, self.signature, SIGNED[self.header.version] + self.payload)

    @property
    def body(self) -> bytes:
        """The payload as carried."""
        return self.payload[len(self.header.signed) :]

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.payload).hexdigest()


def envelope_hash(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()


def read_header(envelope: bytes) -> Header:
    """The clear part; ValueError when there are fewer bytes than a header has."""
    if len(envelope) < HEADER.size:
        raise ValueError("shorter than a header")
    version, kind, kid, installation, ident = HEADER.unpack_from(envelope)
    return Header(version, kind, kid, UUID(bytes=installation), UUID(bytes=ident))


@dataclass(frozen=True, slots=True)
class OpenedPhoto(Opened):
    """The payload names the picture by its hash; the picture itself is not signed, so that the server may strip it."""

    picture: bytes


PrivateFor = Callable[[bytes], crypto.PrivateKey | None]


def open_envelope(envelope: bytes, private_for: PrivateFor) -> Opened:
    """Open with the private half that `private_for(kid)` gives. Raises Damaged, UnknownKid or Newer."""
    header, signature, inner = _unsealed(envelope, private_for)
    return Opened(header, signature, header.signed + inflate(inner))


def open_photo(envelope: bytes, private_for: PrivateFor) -> OpenedPhoto:
    """As `open_envelope`, for kind 2: payload and picture each behind its length, the picture as it is."""
    header, signature, inner = _unsealed(envelope, private_for)
    if header.kind != PHOTO or header.version != V1 or len(inner) < LENGTHS.size:
        raise Damaged("payload")
    said, drawn = LENGTHS.unpack_from(inner)
    middle, end = LENGTHS.size + said, LENGTHS.size + said + drawn
    if end > len(inner) or inner[end:].strip(b"\0"):
        raise Damaged("payload")
    return OpenedPhoto(header, signature, inflate(inner[LENGTHS.size : middle]), inner[middle:end])


def _unsealed(envelope: bytes, private_for: PrivateFor) -> tuple[Header, bytes, bytes]:
    """(header, signature, what follows it)."""
    header = read_header(envelope)
    if header.version > max(SIGNED):
        raise Newer
    if header.version not in SIGNED:
        raise Damaged("version_unknown")
    if header.kind not in KINDS or (header.version == V2 and header.kind != CHECK):
        raise Damaged("kind_unknown")
    if len(envelope) < LEAST:
        raise Damaged("unreadable")
    private = private_for(header.kid)
    if private is None:
        raise UnknownKid
    head = envelope[: HEADER.size]
    try:
        plain = crypto.open_sealed(private, INFO + head, envelope[HEADER.size :])
    except crypto.NotOpened as wrong:
        raise Damaged("unreadable") from wrong
    if len(plain) <= crypto.SIGNATURE:
        raise Damaged("payload")
    return header, plain[: crypto.SIGNATURE], plain[crypto.SIGNATURE :]


def inflate(data: bytes) -> bytes:
    """Raw deflate with a limit; what follows the stream must be zeros (the padding)."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = engine.decompress(data, INFLATE_LIMIT)
    except zlib.error as wrong:
        raise Damaged("payload") from wrong
    if not engine.eof:
        raise Damaged("payload_too_large" if len(out) >= INFLATE_LIMIT else "payload")
    if engine.unused_data.strip(b"\0"):
        raise Damaged("payload")
    return out


def deflate(payload: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(payload) + engine.flush()


def seal(header: Header, payload: bytes, signing: crypto.PrivateKey, public: crypto.PublicKey) -> bytes:
    """What a device does: sign, deflate, pad, seal. `payload` = as carried."""
    return seal_signed(header, payload, crypto.sign(signing, SIGNED[header.version] + header.signed + payload), public)


def seal_signed(header: Header, payload: bytes, signature: bytes, public: crypto.PublicKey) -> bytes:
    """Seal a payload with the signature it already has: re-sealing to a new `kid` keeps both."""
    head = header.pack()
    inner = signature + deflate(payload)
    inner += bytes(-len(inner) % BLOCK)
    return head + crypto.seal(public, INFO + head, inner)


def seal_photo(header: Header, payload: bytes, picture: bytes, signing: crypto.PrivateKey, public: crypto.PublicKey) -> bytes:
    """What a device does with a photo."""
    head, said = header.pack(), deflate(payload)
    inner = crypto.sign(signing, SIGNED[header.version] + payload) + LENGTHS.pack(len(said), len(picture)) + said + picture
    inner += bytes(-len(inner) % BLOCK)
    return head + crypto.seal(public, INFO + head, inner)


def frame(parts: list[bytes]) -> bytes:
    """A batch: each part behind its length (u32, big-endian)."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def frames(body: bytes) -> Iterator[bytes]:
    """The parts of a batch; ValueError when lengths and bytes do not agree."""
    at = 0
    while at < len(body):
        if at + 4 > len(body):
            raise ValueError("cut inside a length")
        (size,) = struct.unpack_from(">I", body, at)
        at += 4
        if size == 0 or at + size > len(body):
            raise ValueError("cut inside an envelope")
        yield body[at : at + size]
        at += size
