"""/sync/photos/<hash of the sealed photo>: how much is here, and the next part. Answers are JSON and never a redirect."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from webapp import db
from webapp.accounts.policy import HASH, by_token
from webapp.security import csrf, limiter
from webapp.sync import envelope, feed, people, photo_parts, photos
from webapp.sync.routes import answer, bounded, caller, refuse, sender_of, stamp, unauthorised, wire

bp = Blueprint("photos", __name__, url_prefix="/sync/photos")
PART_BYTES = 160 * 1024


@bp.get("/<envelope_hash>")
@by_token("device cookie (may only append) or a person's session token")
@limiter.limit("1200 per minute", key_func=caller)
def show_photo(envelope_hash: str) -> Response:
    """How many bytes of this device's sealed photo are here, or its verdict."""
    device_id = _device(people.utc_now())
    if device_id is None:
        return unauthorised()
    if not HASH.fullmatch(envelope_hash):
        return refuse(400, "format", "Adressen kan ikke leses. Ingenting er endret.")
    session = db.session()
    verdict = photos.known(session, envelope_hash)
    return _said(photo_parts.offset(session, device_id, envelope_hash), verdict)


@bp.post("/<envelope_hash>")
@by_token("device cookie (may only append) or a person's session token")
@csrf.exempt
@limiter.limit("1200 per minute", key_func=caller)
def append_part(envelope_hash: str) -> Response:
    """Keep a part; with the last one comes the verdict. A part that is here already changes nothing."""
    now = people.utc_now()
    device_id = _device(now)
    if device_id is None:
        return unauthorised()
    start, total = _number("X-Offset"), _number("X-Total")
    if request.mimetype != "application/octet-stream" or request.content_encoding or not HASH.fullmatch(envelope_hash):
        return refuse(415, "format", "En del er rå bytes (application/octet-stream). Ingenting er endret.")
    part = bounded(PART_BYTES)
    if part is None:
        return refuse(413, "too_large", "Delen er for stor. Ingenting er endret.")
    if start is None or total is None or start + len(part) > total:
        return refuse(400, "format", "Delen passer ikke. Ingenting er endret.")
    if total > photo_parts.MOST_BYTES:
        return _said(0, _named(part, start, envelope_hash, "refused", "too_large"))
    return _append(device_id, envelope_hash, start, total, part, now)


def _device(now: datetime) -> UUID | None:
    """The device that sends; parts are kept for a device only."""
    who = sender_of(now)
    return who.device_id if who else None


def _append(device_id: UUID, envelope_hash: str, start: int, total: int, part: bytes, now: datetime) -> Response:
    with db.open_session(db.engine(), write=False) as reading:
        verdict = photos.known(reading, envelope_hash)
    if verdict:
        return _said(total, verdict)
    try:
        have = photo_parts.append(device_id, envelope_hash, start, part, now)
    except photo_parts.Busy:
        return _said(0, _named(part, start, envelope_hash, "later", "busy"))
    return _said(have, photos.finish(device_id, envelope_hash, now) if have >= total else None)


def _named(part: bytes, start: int, envelope_hash: str, verdict: str, reason: str) -> photos.Verdict:
    """The id stands in the clear header, which comes first."""
    ident = str(envelope.read_header(part).id) if not start and len(part) >= envelope.HEADER.size else ""
    return {"id": ident, "hash": envelope_hash, "verdict": verdict, "reason": reason}


def _number(name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _said(offset: int, verdict: photos.Verdict | None) -> Response:
    with db.open_session(db.engine(), write=False) as session:
        epoch = feed.epoch(session)
    body: dict[str, Any] = {"wire": wire(), "server_time": stamp(), "epoch": epoch, "offset": offset}
    return answer({**body, "verdict": verdict} if verdict else body)
