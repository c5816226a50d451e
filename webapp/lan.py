"""Serve over HTTPS on the local network: a certificate authority of our own, a QR code, and how to trust it on a phone."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from webapp import config, serve

TRUST = """
On the phone, once:
  1. Open {ca} (or scan the second code) and download the certificate.
  iPhone/iPad: Settings, Profile Downloaded, Install. Then General, About, Certificate Trust Settings: switch TryggRunde on.
  Android: Settings, Security, Encryption & credentials, Install a certificate, CA certificate: choose the file.
  2. Open {app} (or scan the first code), log in, and add it to the home screen.
The authority was made on this machine; its key is in {folder} and signs nothing but this address.
"""


def run() -> int:
    """Serve until stopped."""
    address = os.environ.get("LAN_ADDRESS") or local_address()
    os.environ.update(HOST="0.0.0.0", TRYGGRUNDE_HTTPS="1")  # noqa: S104  (that is what this command is for)
    os.environ.setdefault("TRYGGRUNDE_LOCAL_PASSWORDS", "yes")  # a trial at home or in the office
    os.environ.setdefault("TRYGGRUNDE_SECOND_FACTOR", "no")
    settings = config.from_environment()
    folder = settings["DATA_DIR"] / "lan"
    certificate, key, authority = certificates(folder, address)
    help_port = settings["PORT"] + 1
    serve.ensure_free("0.0.0.0", help_port)  # noqa: S104
    hand_out(authority, help_port)
    app, ca = f"https://{address}:{settings['PORT']}", f"http://{address}:{help_port}/tryggrunde-ca.crt"
    sys.stdout.write(qr(app) + f"{app}\n\n" + qr(ca) + f"{ca}\n" + TRUST.format(ca=ca, app=app, folder=folder))
    sys.stdout.flush()
    return serve.run(settings, certfile=str(certificate), keyfile=str(key))


def local_address() -> str:
    """This machine's address on the network. Nothing is sent: a UDP socket only asks the routing table."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError as wrong:
            raise config.ConfigProblem("This machine has no network address. Connect it to the network, or set LAN_ADDRESS.") from wrong
        return str(probe.getsockname()[0])


def qr(text: str) -> str:
    """A QR code for the terminal."""
    rows = [list(row) for row in segno.make(text, error="m").matrix_iter(scale=1, border=2)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    blocks = {(1, 1): " ", (1, 0): "▄", (0, 1): "▀", (0, 0): "█"}
    return "".join(
        "".join(blocks[int(bool(a)), int(bool(b))] for a, b in zip(rows[at], rows[at + 1], strict=True)) + "\n"
        for at in range(0, len(rows), 2)
    )


def certificates(folder: Path, address: str) -> tuple[Path, Path, Path]:
    """(certificate, key, authority) for the address; the authority is kept, the certificate is made anew for each address."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key = folder / "tryggrunde-ca.crt", folder / "ca.key"
    if not authority.exists():
        make(authority, authority_key, None, "", days=1825)
    certificate, key = folder / f"{address}.crt", folder / f"{address}.key"
    if not certificate.exists() or expires(certificate) < datetime.now(UTC) + timedelta(days=7):
        make(certificate, key, (authority, authority_key), address, days=390)
    return certificate, key, authority


def expires(certificate: Path) -> datetime:
    """End of validity."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def make(target: Path, key_file: Path, issuer: tuple[Path, Path] | None, address: str, days: int) -> None:
    """Write a certificate and its key; signed by itself when there is no issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address or f"TryggRunde {socket.gethostname()[:30]}")])
    signer, signer_name = key, name
    if issuer is not None:
        loaded = serialization.load_pem_private_key(issuer[1].read_bytes(), None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise config.ConfigProblem(f"{issuer[1]} is not the key of this authority. Remove the folder to start again.")
        signer, signer_name = loaded, x509.load_pem_x509_certificate(issuer[0].read_bytes()).subject
    begin = datetime.now(UTC) - timedelta(hours=1)
    builder = x509.CertificateBuilder(signer_name, name, key.public_key(), x509.random_serial_number(), begin, begin + timedelta(days=days))
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    if issuer is None:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(usage(signs_certificates=True), critical=True)
    else:
        names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(address))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    target.write_bytes(builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(private)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """An authority signs certificates, a server its handshakes; neither does anything else."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def hand_out(authority: Path, port: int) -> None:
    """Serve the authority's certificate, and nothing else, in clear: a phone cannot use HTTPS before it trusts it."""
    content = authority.read_bytes()

    class OnlyThis(BaseHTTPRequestHandler):
        """One file."""

        def do_GET(self) -> None:
            """Answer with the certificate."""
            self.send_response(200)
            self.send_header("Content-Type", "application/x-x509-ca-cert")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", port), OnlyThis)  # noqa: S104
    threading.Thread(target=server.serve_forever, daemon=True).start()
