"""Certificates for the line: the right one, which the browser is told of by its key, and those that no browser may accept."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from webapp import lan

ADDRESS, ELSEWHERE = "127.0.0.1", "127.0.0.2"
RIGHT = "right"
PRESENTED = ("tls_stranger", "tls_expired", "tls_name")  # another authority's, out of date, for another address
BROKEN = ("tls_cut", "tls_clear")  # the handshake is cut off; a portal answers it in clear text
HARMLESS = "tls_right"  # for the harness's own test: a fault that is none
KINDS = (*PRESENTED, *BROKEN, HARMLESS)
CLEAR = b"HTTP/1.1 302 Found\r\nLocation: http://gjest.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Handshakes:
    """What a line shows of itself, by kind."""

    def __init__(self, folder: Path) -> None:
        ours, stranger = folder / "ours", folder / "stranger"
        right = lan.certificates(ours, ADDRESS)
        authority = (right[2], ours / "ca.key")
        self.contexts = {kind: context(*right[:2]) for kind in (RIGHT, HARMLESS)}
        self.contexts["tls_stranger"] = context(*lan.certificates(stranger, ADDRESS)[:2])
        for kind, address, days in (("tls_expired", ADDRESS, 0), ("tls_name", ELSEWHERE, 30)):
            certificate, key = ours / f"{kind}.crt", ours / f"{kind}.key"
            lan.make(certificate, key, authority, address, days)
            self.contexts[kind] = context(certificate, key)
        public = x509.load_pem_x509_certificate(right[0].read_bytes()).public_key()
        self.pin = base64.b64encode(hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()).decode()

    @property
    def browser(self) -> list[str]:
        """The browser's own words for: this key, and no other, needs no authority that the machine knows."""
        return [f"--ignore-certificate-errors-spki-list={self.pin}"]

    async def shake(self, kind: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """True: the browser was content, and says its request now. A certificate it does not accept ends in its own alert."""
        if kind in BROKEN:
            await reader.read(64)  # as much of its greeting as shows that it is one
            if kind == "tls_clear":
                writer.write(CLEAR)
                await writer.drain()
            return False
        plain = writer.transport
        try:
            await writer.start_tls(self.contexts[kind or RIGHT])
        except (ssl.SSLError, OSError):
            return False
        except AttributeError:  # a browser that is gone meanwhile leaves asyncio's writer without a transport
            writer._transport = plain  # type: ignore[attr-defined]
            return False
        return True


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Every connection is a whole handshake: a ticket from before would skip the certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    made.options |= ssl.OP_NO_TICKET
    made.num_tickets = 0
    return made
