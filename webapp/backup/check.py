"""Read a backup from the first byte to the last: it opens, it is whole, and its keys open what devices seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from webapp.backup import BackupTrouble, contents, entries
from webapp.backup.contents import About
from webapp.backup.sealed_file import SealedReader
from webapp.sync import crypto, envelope, keyfile


@dataclass(slots=True)
class Whole:
    """What a backup that was read to its end holds."""

    about: About
    keys: keyfile.Keys
    files: dict[str, int] = field(default_factory=dict)


def read_through(path: Path, passphrase: str, *, name: str = "", into: Path | None = None) -> Whole:
    """Every byte, verified; unpacked into a folder when one is given."""
    said = name or str(path)
    sizes: dict[str, int] = {}
    small: dict[str, bytes] = {}

    def take(entry: str, blocks: Iterator[bytes]) -> None:
        if entry in (contents.ABOUT, contents.KEYS):
            small[entry] = b"".join(blocks)
        else:
            sizes[entry] = _unpack(blocks, contents.place(entry, into) if into else None)

    try:
        with path.open("rb") as source:
            entries.each(SealedReader(source, passphrase, said), take)
        about = msgspec.json.decode(small[contents.ABOUT], type=About)
        kept = msgspec.json.decode(small[contents.KEYS], type=keyfile.Keys)
    except OSError as wrong:
        raise BackupTrouble(f"{said} cannot be read or unpacked: {wrong.strerror}. Nothing was changed.") from wrong
    except (KeyError, UnicodeDecodeError, msgspec.MsgspecError) as wrong:
        raise BackupTrouble(f"{said} was made by another version of the program. Use that version.") from wrong
    if contents.DATABASE not in sizes or about.format != 1:
        raise BackupTrouble(f"{said} was made by another version of the program. Use that version.")
    opens_its_own(kept, said)
    return Whole(about, kept, {entry: size for entry, size in sizes.items() if entry.startswith(contents.FILES)})


def _unpack(blocks: Iterator[bytes], target: Path | None) -> int:
    if target is None:
        return sum(map(len, blocks))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as file:
        return sum(map(file.write, blocks))


def opens_its_own(kept: keyfile.Keys, name: str) -> None:
    """Each private half opens what is sealed to its public half."""
    for pair in kept.sealing:
        if not opens(kept, pair):
            raise BackupTrouble(f"The key {pair.kid} in {name} does not open what is sealed to it. Use another backup.")


def opens(kept: keyfile.Keys, pair: keyfile.SealingPair) -> bool:
    """Seal an envelope to this pair's public half, as a device does, and open it with what the backup holds."""
    found = {one.kid: one.private for one in kept.sealing}.get(pair.kid)
    if found is None:
        return False
    signing, ident = crypto.new_private(), uuid4()
    public = crypto.public_from(crypto.unb64(pair.public))
    header = envelope.Header(envelope.V1, envelope.CHECK, bytes.fromhex(pair.kid), UUID(int=0), ident)
    sealed = envelope.seal(header, ident.bytes, signing, public)
    try:
        inside = envelope.open_envelope(sealed, {header.kid: crypto.private_from(crypto.unb64(found))}.get)
    except envelope.Damaged:
        return False
    return inside.payload == ident.bytes and inside.signed_by(signing.public_key())


def today(kept: keyfile.Keys, data_dir: Path, name: str) -> str:
    """What the backup is worth for this server's devices: a sentence. Trouble when it does not open what they seal now."""
    path = data_dir / keyfile.NAME
    if not path.exists():
        return f"There is no key file in {data_dir} to compare with."
    ring = keyfile.read(path)
    offered = keyfile.offered(ring)
    if not opens(kept, offered):
        raise BackupTrouble(
            f"{name} does not hold the key {offered.kid} that devices seal to today: it was made before. "
            "Take a new backup: webapp backup FILE"
        )
    missing = [pair.kid for pair in ring.sealing if pair.kid not in {one.kid for one in kept.sealing}]
    opening = f"It opens what devices seal today ({offered.kid})."
    return f"{opening} Take a new backup: the new key {missing[-1]} is offered to them after it." if missing else opening
