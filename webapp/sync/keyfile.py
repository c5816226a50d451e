"""The key file beside the database: read, written and merged, never half-written, never world-readable."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from webapp.sync import crypto

NAME = "keys.json"


class KeyFileTrouble(Exception):
    """The key file cannot be read or written; the message says what to do."""


class SealingPair(msgspec.Struct):
    kid: str
    public: str
    private: str
    made: str
    in_backup: str | None = None


class SigningPair(msgspec.Struct):
    public: str
    private: str
    made: str


class Revoked(msgspec.Struct):
    keys: dict[str, str] = msgspec.field(default_factory=dict)
    devices: dict[str, str] = msgspec.field(default_factory=dict)


class Keys(msgspec.Struct):
    """Everything secret that a restored database would need again."""

    sealing: list[SealingPair]
    signing: list[SigningPair]
    cursor: list[str]
    revoked: Revoked = msgspec.field(default_factory=Revoked)
    format: int = 1


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_sealing() -> SealingPair:
    private = crypto.new_private()
    public = crypto.public_bytes(private.public_key())
    return SealingPair(
        kid=crypto.key_id(public).hex(),
        public=crypto.b64(public),
        private=crypto.b64(crypto.private_bytes(private)),
        made=now_text(),
    )


def new_signing() -> SigningPair:
    private = crypto.new_private()
    public = crypto.public_bytes(private.public_key())
    return SigningPair(crypto.b64(public), crypto.b64(crypto.private_bytes(private)), now_text())


def new_keys() -> Keys:
    return Keys([new_sealing()], [new_signing()], [crypto.b64(secrets.token_bytes(32))])


def read(path: Path) -> Keys:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Keys)
    except msgspec.MsgspecError as wrong:
        raise KeyFileTrouble(f"{path} is damaged ({wrong}). Take it from your backup: webapp restore --keys-only FILE") from wrong
    except PermissionError as wrong:
        raise KeyFileTrouble(f"{path} cannot be read by this user. Correct its owner.") from wrong


def problem(folder: Path) -> str:
    """Empty when the key file there can be used or is not made yet, else what to do."""
    try:
        read(folder / NAME)
    except FileNotFoundError:
        return ""
    except KeyFileTrouble as wrong:
        return str(wrong)
    return ""


def write(path: Path, keys: Keys) -> None:
    """Replace the file in one step; readers see the old one or the new one."""
    fresh = _written_aside(path, keys)
    os.replace(fresh, path)
    _sync_folder(path.parent)


def create(path: Path) -> None:
    """Make the first key file. Of several processes starting together exactly one succeeds, and all use its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _written_aside(path, new_keys())
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        os.unlink(fresh)
    _sync_folder(path.parent)


def change(path: Path, edit: Callable[[Keys], Keys]) -> Keys:
    """Read, edit, replace, with other processes kept out."""
    with _locked(path):
        keys = edit(read(path))
        write(path, keys)
    return keys


def offered(keys: Keys) -> SealingPair:
    """The newest pair that a backup holds; before the first backup, the first pair there was."""
    held = [pair for pair in keys.sealing if pair.in_backup]
    return held[-1] if held else keys.sealing[0]


def take_in(path: Path, other: Keys) -> None:
    """Another key file's knowledge into this one, or in its place where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        write(path, merged(read(path), other) if path.exists() else other)


def merged(ours: Keys, other: Keys) -> Keys:
    """Both files' knowledge: no private half and no revocation is ever forgotten."""
    sealing = {pair.kid: pair for pair in other.sealing}
    for pair in ours.sealing:
        known = sealing.get(pair.kid)
        pair.in_backup = pair.in_backup or (known.in_backup if known else None)
        sealing[pair.kid] = pair
    signing = {pair.public: pair for pair in [*ours.signing, *other.signing]}
    return Keys(
        sealing=sorted(sealing.values(), key=lambda pair: (pair.made, pair.kid)),
        signing=sorted(signing.values(), key=lambda pair: (pair.made, pair.public)),
        cursor=list(dict.fromkeys([*ours.cursor, *other.cursor])),
        revoked=Revoked(
            _earliest(ours.revoked.keys, other.revoked.keys),
            _earliest(ours.revoked.devices, other.revoked.devices),
        ),
    )


def _earliest(one: dict[str, str], two: dict[str, str]) -> dict[str, str]:
    return {key: min(filter(None, (one.get(key), two.get(key)))) for key in sorted({*one, *two})}


def _written_aside(path: Path, keys: Keys) -> Path:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(keys), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
