"""Sealed photos on their way in: parts in order, each device its own, bounded in number and age."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import db
from webapp.models import PhotoPart
from webapp.sync.dialect import insert_once

MOST_BYTES = 340_000  # a picture of 300 kB, its payload and its seal
MOST_AT_ONCE = 60  # photos half here, of one device
OLDEST = timedelta(days=7)
_P = PhotoPart


class Busy(Exception):
    """This device has begun too many photos; the ones begun come first."""


def offset(session: Session, device_id: UUID, envelope_hash: str) -> int:
    """How many bytes are here."""
    size = func.coalesce(func.sum(func.length(_P.content)), 0)
    return int(session.scalar(select(size).where(_P.device_id == device_id, _P.envelope_hash == envelope_hash)) or 0)


def append(device_id: UUID, envelope_hash: str, start: int, content: bytes, now: datetime) -> int:
    """Keep a part that continues what is here; anything else changes nothing. How many bytes are here now."""
    with db.open_session(db.engine(), write=True) as session:
        have = offset(session, device_id, envelope_hash)
        if start == have and content and have + len(content) <= MOST_BYTES:
            if not have:
                _room(session, device_id, now)
            place = {"device_id": device_id, "envelope_hash": envelope_hash, "start": start}
            insert_once(session, PhotoPart, [{"id": uuid4(), **place, "content": content, "received_at": now}])
            have = offset(session, device_id, envelope_hash)
        session.commit()
        return have


def _room(session: Session, device_id: UUID, now: datetime) -> None:
    session.execute(delete(_P).where(_P.device_id == device_id, _P.received_at < now - OLDEST))
    begun = session.scalar(select(func.count(func.distinct(_P.envelope_hash))).where(_P.device_id == device_id)) or 0
    if begun >= MOST_AT_ONCE:
        raise Busy


def whole(session: Session, device_id: UUID, envelope_hash: str) -> bytes:
    """Everything that is here."""
    mine = select(_P.content).where(_P.device_id == device_id, _P.envelope_hash == envelope_hash)
    return b"".join(session.scalars(mine.order_by(_P.start)))


def drop(session: Session, device_id: UUID, envelope_hash: str) -> None:
    """They have had their verdict, or are not what they were said to be. The caller commits."""
    session.execute(delete(_P).where(_P.device_id == device_id, _P.envelope_hash == envelope_hash))
