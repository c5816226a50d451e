"""The server's keys in use: opening envelopes, signing what devices must trust, remembering what was revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from webapp.sync import crypto, keyfile

RETURN_INFO = b"tryggrunde return"


@dataclass
class KeyRing:
    """One key file. Re-read when another process has replaced it."""

    path: Path
    _seen: tuple[int, ...] = ()
    _keys: keyfile.Keys | None = None
    _opening: dict[bytes, crypto.PrivateKey] = field(default_factory=dict)
    _signing: list[tuple[str, crypto.PrivateKey]] = field(default_factory=list)
    _verifying: list[crypto.PublicKey] = field(default_factory=list)

    def keys(self) -> keyfile.Keys:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            keyfile.create(self.path)
            stat = self.path.stat()
        seen = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if self._keys is not None and seen == self._seen:
            return self._keys
        self._seen = seen
        return self._load(keyfile.read(self.path))

    def _load(self, keys: keyfile.Keys) -> keyfile.Keys:
        self._opening = {
            bytes.fromhex(pair.kid): crypto.private_from(crypto.unb64(pair.private)) for pair in keys.sealing
        }
        self._signing = [
            (pair.public, crypto.private_from(crypto.unb64(pair.private))) for pair in reversed(keys.signing)
        ]
        self._verifying = [private.public_key() for _, private in self._signing]
        self._keys = keys
        return keys

    # -- sealing pairs

    def private_for(self, kid: bytes) -> crypto.PrivateKey | None:
        self.keys()
        return self._opening.get(kid)

    def offered(self) -> keyfile.SealingPair:
        """The newest pair that a backup holds; before the first backup, the first pair there was."""
        return keyfile.offered(self.keys())

    def rotate(self) -> str:
        """Add a sealing pair. Devices are offered it once `in_backup` says that a backup holds it."""
        pair = keyfile.new_sealing()

        def edit(keys: keyfile.Keys) -> keyfile.Keys:
            keys.sealing.append(pair)
            return keys

        keyfile.change(self.path, edit)
        return pair.kid

    def rotate_signing(self) -> str:
        """Add a signing pair. Devices learn it from a key list that its predecessors sign too."""
        pair = keyfile.new_signing()

        def edit(keys: keyfile.Keys) -> keyfile.Keys:
            keys.signing.append(pair)
            return keys

        keyfile.change(self.path, edit)
        return pair.public

    def backed_up(self, kids: Collection[str] | None = None) -> None:
        """A backup holds these pairs (all, when none is named): they may be offered."""

        def edit(keys: keyfile.Keys) -> keyfile.Keys:
            for pair in (one for one in keys.sealing if kids is None or one.kid in kids):
                pair.in_backup = pair.in_backup or keyfile.now_text()
            return keys

        self.keys()
        keyfile.change(self.path, edit)

    def merge(self, other: Path) -> None:
        """Take in another key file, as a restore must: the union of both."""
        keyfile.take_in(self.path, keyfile.read(other))

    # -- revocations

    def revoke_key(self, key_id: UUID) -> None:
        self._revoke(lambda revoked: revoked.keys, str(key_id))

    def revoke_device(self, device_id: UUID) -> None:
        self._revoke(lambda revoked: revoked.devices, str(device_id))

    def _revoke(self, pick: Any, name: str) -> None:
        def edit(keys: keyfile.Keys) -> keyfile.Keys:
            pick(keys.revoked).setdefault(name, keyfile.now_text())
            return keys

        self.keys()
        keyfile.change(self.path, edit)

    # -- signed papers

    def signing_public(self) -> str:
        self.keys()
        return self._signing[0][0]

    def sign(self, purpose: str, body: dict[str, object]) -> dict[str, Any]:
        """{body, sigs}: signed by every signing pair there is, so that a device trusts it with the one it pinned."""
        self.keys()
        raw = msgspec.json.encode(body)
        message = _signed_message(purpose, raw)
        return {
            "body": crypto.b64(raw),
            "sigs": [[public, crypto.b64(crypto.sign(private, message))] for public, private in self._signing],
        }

    def verified(self, purpose: str, document: object) -> dict[str, Any] | None:
        """The body of a document that this server signed for this purpose, or None."""
        self.keys()
        try:
            signed = msgspec.convert(document, _Signed)
            raw = crypto.unb64(signed.body)
            signatures = [crypto.unb64(sig) for _, sig in signed.sigs[:8]]
        except (msgspec.ValidationError, ValueError):
            return None
        message = _signed_message(purpose, raw)
        if not any(crypto.verify(key, sig, message) for key in self._verifying for sig in signatures):
            return None
        body: dict[str, Any] = msgspec.json.decode(raw)
        return body

    def key_list(self) -> dict[str, Any]:
        keys = self.keys()
        return self.sign(
            "keys",
            {
                "kind": "keys",
                "made": keyfile.now_text(),
                "offered": self.offered().kid,
                "sealing": [{"kid": pair.kid, "public": pair.public} for pair in keys.sealing],
                "signing": [pair.public for pair in reversed(keys.signing)],
            },
        )

    # -- codes, and secrets that the database alone does not give away

    def code_hashes(self, code: str, kind: str = "device") -> list[str]:
        """What is kept of a code: ours first, then as another key file that was merged in would say it."""
        return [one.hex() for one in self._derived(f"tryggrunde {kind} code{code}")]

    def enclose(self, secret: bytes, kind: str, owner: UUID) -> bytes:
        """A secret as it may lie in the database, bound to what and whose it is."""
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(self._derived(f"tryggrunde {kind}")[0]).encrypt(nonce, secret, owner.bytes)

    def disclose(self, enclosed: bytes, kind: str, owner: UUID) -> bytes | None:
        """The secret again; None where the key file is not the one it was enclosed with."""
        for key in self._derived(f"tryggrunde {kind}"):
            try:
                return AESGCM(key).decrypt(enclosed[:12], enclosed[12:], owner.bytes)
            except InvalidTag:
                continue
        return None

    def _derived(self, text: str) -> list[bytes]:
        return [hmac.digest(crypto.unb64(key), text.encode(), "sha256") for key in self.keys().cursor]

    # -- tags of the feed

    def tag(self, text: str) -> str:
        """A MAC of 8 characters."""
        return _mac(crypto.unb64(self.keys().cursor[0]), text)

    def tag_is_ours(self, text: str, mac: str) -> bool:
        shown = mac.encode()
        return any(
            hmac.compare_digest(_mac(crypto.unb64(key), text).encode(), shown) for key in self.keys().cursor
        )


class _Signed(msgspec.Struct):
    body: str
    sigs: list[tuple[str, str]]


def _mac(key: bytes, text: str) -> str:
    return crypto.b64(hmac.new(key, b"tryggrunde cursor" + text.encode(), hashlib.sha256).digest()[:6])


def _signed_message(purpose: str, raw: bytes) -> bytes:
    return f"tryggrunde {purpose} 1".encode() + raw


def token_hash(token: str) -> str:
    """What the server keeps of a device or session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def return_info(user_id: UUID, device_id: UUID) -> bytes:
    """HPKE info of a return wrap: the vault key sealed to the server, bound to one user on one device."""
    return RETURN_INFO + user_id.bytes + device_id.bytes


_rings: dict[Path, KeyRing] = {}


def current() -> KeyRing:
    """The key ring of the running app."""
    return ring(current_app.config["DATA_DIR"])


def ring(data_dir: Path | str) -> KeyRing:
    """The key ring of a data folder; made at first use."""
    path = Path(data_dir) / keyfile.NAME
    return _rings.setdefault(path, KeyRing(path))
