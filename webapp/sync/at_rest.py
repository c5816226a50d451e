"""Bytes kept in the database, sealed to a pair of this server: they open with the key file, and with nothing in the database."""

from __future__ import annotations

from uuid import UUID

from webapp.sync import crypto, keys


def sealed(label: bytes, ident: UUID, data: bytes) -> bytes:
    """kid ‖ HPKE to the pair that devices are offered: one that a backup holds."""
    pair = keys.current().offered()
    public = crypto.public_from(crypto.unb64(pair.public))
    return bytes.fromhex(pair.kid) + crypto.seal(public, label + ident.bytes, data)


def opened(label: bytes, ident: UUID, content: bytes) -> bytes | None:
    """The bytes again; None when the key file does not open them."""
    private = keys.current().private_for(content[:8])
    if private is None:
        return None
    try:
        return crypto.open_sealed(private, label + ident.bytes, content[8:])
    except crypto.NotOpened:
        return None
