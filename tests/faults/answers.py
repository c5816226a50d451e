"""What a line says that is not the server: statuses, a captive portal, a redirect, and (for the harness's own test) a lie."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

HTML = "<!doctype html><title>Gjestenett</title><h1>Velkommen. Godta vilkårene.</h1>"
FRAMING = (b"connection:", b"content-length:", b"transfer-encoding:")
STATUSES = {
    401: "Unauthorized", 403: "Forbidden", 409: "Conflict", 413: "Content Too Large", 422: "Unprocessable Content",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip


def answer(status: str, body: bytes, kind: str = "text/html; charset=utf-8", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode("latin-1") + body


def made_up(kind: str, path: str, asked: bytes) -> bytes | None:
    """The whole answer, when the request never reaches the server."""
    if kind == "captive":
        return answer("200 OK", HTML.encode())
    if kind == "odd_json":
        return answer("200 OK", b'{"wire":1,"ok":true,"verdicts":"all"}', "application/json")
    if kind == "redirect":
        return answer("302 Found", b"", more="Location: /login?next=/round\r\n")
    if kind == "forge":
        return answer("200 OK", forged_photo(path, asked) if "/photos/" in path else forged(asked), "application/json")
    if kind.startswith("status_"):
        code = int(kind.removeprefix("status_"))
        more = "Retry-After: 1\r\n" if code == 429 else ""
        return answer(f"{code} {STATUSES[code]}", f"<h1>{STATUSES[code]}</h1>".encode(), more=more)
    return None


def forged(asked: bytes) -> bytes:
    """A middleman who says "accepted" and throws the records away: what the oracle must find."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    verdicts = []
    at = 0
    while at < len(asked):
        size = int.from_bytes(asked[at : at + 4], "big")
        part, at = asked[at + 4 : at + 4 + size], at + 4 + size
        if part[:1] == b"P":
            continue
        ident = str(UUID(bytes=part[26:42]))
        receipt = {"id": ident, "content_hash": "0" * 64, "received_at": now, "seq_tag": "1.x"}
        verdicts.append({"id": ident, "hash": hashlib.sha256(part).hexdigest(), "verdict": "accepted", "receipt": receipt, "flags": []})
    return json.dumps({"wire": 1, "server_time": now, "epoch": "", "verdicts": verdicts}).encode()


def forged_photo(path: str, asked: bytes) -> bytes:
    """The same lie about a photo: its first part names it."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    said: dict[str, object] = {"wire": 1, "server_time": now, "epoch": "", "offset": 0}
    if asked:
        said["verdict"] = {"id": str(UUID(bytes=asked[26:42])), "hash": path.rsplit("/", 1)[1], "verdict": "accepted"}
    return json.dumps(said).encode()


def keep_alive(data: bytes) -> bytes:
    """Said on a connection that goes on, the answer must say where it ends."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return b""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(FRAMING)]
    if b"transfer-encoding: chunked" in head.lower():
        body = unchunked(body)
    return b"\r\n".join([*lines, f"Content-Length: {len(body)}".encode()]) + b"\r\n\r\n" + body


def unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        count = int(size, 16)
        if not count:
            break
        whole, body = whole + body[:count], body[count + 2 :]
    return whole
