"""`make lan`: a phone that trusts the authority trusts the address, and nothing else."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from webapp import lan


def handshake(files: tuple[Path, Path, Path], hostname: str) -> None:
    """A TLS server with the certificate, and a strict client that trusts only the authority."""
    certificate, key, authority = files
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    client_side = ssl.create_default_context(cafile=str(authority))
    client_side.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server_side.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        client_side.wrap_socket(ours, server_hostname=hostname).close()
    finally:
        ours.close()
        thread.join(10)


def test_a_phone_that_trusts_the_authority_trusts_the_address(tmp_path: Path) -> None:
    handshake(lan.certificates(tmp_path / "lan", "192.168.1.20"), "192.168.1.20")


def test_it_vouches_for_no_other_address(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(lan.certificates(tmp_path / "lan", "192.168.1.20"), "192.168.1.21")


def test_a_new_address_keeps_the_authority_that_phones_already_trust(tmp_path: Path) -> None:
    _, _, before = lan.certificates(tmp_path / "lan", "192.168.1.20")
    trusted = before.read_bytes()
    files = lan.certificates(tmp_path / "lan", "10.0.0.7")
    assert files[2].read_bytes() == trusted
    handshake(files, "10.0.0.7")


def test_nobody_else_on_the_machine_reads_the_keys(tmp_path: Path) -> None:
    _, key, _ = lan.certificates(tmp_path / "lan", "192.168.1.20")
    assert key.stat().st_mode & 0o077 == 0
    assert (tmp_path / "lan" / "ca.key").stat().st_mode & 0o077 == 0


def test_the_code_on_the_terminal_is_the_address() -> None:
    drawn = lan.qr("https://192.168.1.20:8000")
    widths = {len(line) for line in drawn.splitlines()}
    assert len(widths) == 1
    assert set(drawn) <= set(" ▄▀█\n")
