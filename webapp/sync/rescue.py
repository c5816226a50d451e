"""A rescue file: the sealed unsent records of a device, carried here by hand. Each gets the verdict it would get by the network."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import db
from webapp.accounts import log
from webapp.models import Device, User
from webapp.sync import enrol, envelope, intake, keys, opening, photos

MAGIC = b"TRYGGRUNDERESCUE"
VERSION = 1
HEAD = len(MAGIC) + 1 + 16 + 32
MOST = 64 * 1024 * 1024
BATCH_PARTS, BATCH_BYTES = 400, 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file was not taken; nothing was changed."""

    reason: str


@dataclass(slots=True)
class Taken:
    """How many records and photos got which verdict, and why those that were not accepted were not."""

    counts: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "duplicate": 0, "quarantined": 0, "later": 0})
    photos: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "duplicate": 0, "refused": 0, "later": 0})
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, verdict: dict[str, Any], counts: dict[str, int]) -> None:
        word = verdict["verdict"]
        counts[word] += 1
        for code in verdict.get("reasons", [verdict["reason"]] if "reason" in verdict else []):
            self.reasons[word, code] = self.reasons.get((word, code), 0) + 1


def take(data: bytes, by: UUID | None, now: datetime) -> Taken | Refused:
    """Take in a whole file, in batches that each commit; a second time every record is recognised."""
    with db.open_session(db.engine(), write=False) as session:
        ours = enrol.installation(session)
        found = read(data, ours)
        if isinstance(found, Refused):
            return found
        envelopes, papers = found
        sender = intake.Sender(_device(session, papers, ours), None, heard=False)
    pictures = [one for one in envelopes if envelope.read_header(one).kind == envelope.PHOTO]
    records = [one for one in envelopes if envelope.read_header(one).kind != envelope.PHOTO]
    taken = Taken()
    for batch in _batches(records):
        for verdict in intake.receive(batch, papers, sender, "", now)[1]:
            taken.add(verdict, taken.counts)
    for one in pictures:  # after the checks that name them
        taken.add(photos.brought(one, sender.device_id or _learnt(papers, ours), now), taken.photos)
    with db.open_session(db.engine(), write=True) as session:
        told = {**taken.counts, "photos": taken.photos}
        log.write(session, session.get(User, by) if by else None, "rescue_import", device_id=sender.device_id, detail=told)
        session.commit()
    return taken


def read(data: bytes, ours: UUID) -> tuple[list[bytes], list[Any]] | Refused:
    """(envelopes, papers), whole and of this installation."""
    if len(data) > MOST:
        return Refused("Filen er for stor til å være en redningsfil. Ingenting er endret.")
    if len(data) < HEAD or not data.startswith(MAGIC):
        return Refused("Dette er ikke en redningsfil fra TryggRunde. Ingenting er endret.")
    version, body = data[len(MAGIC)], data[HEAD:]
    if version != VERSION:
        return Refused("Redningsfilen er laget av en nyere utgave. Oppdater serveren og prøv igjen. Ingenting er endret.")
    damaged = Refused("Redningsfilen er skadet. Lag en ny på enheten: alt ligger fortsatt der. Ingenting er endret.")
    if hashlib.sha256(body).digest() != data[HEAD - 32 : HEAD]:
        return damaged
    try:
        envelopes, papers = opening.split(body)
        places = {UUID(bytes=data[len(MAGIC) + 1 : HEAD - 32]), *(envelope.read_header(one).installation for one in envelopes)}
    except ValueError:
        return damaged
    if places != {ours}:
        return Refused("Redningsfilen hører til en annen installasjon av TryggRunde. Ingenting er endret.")
    return envelopes, papers


def _device(session: Session, papers: list[Any], ours: UUID) -> UUID | None:
    """Whose file it is, by papers this server signed."""
    named = (UUID(body["device"]) for body in opening.proven(papers, keys.current(), ours))
    return next((ident for ident in named if session.get(Device, ident) is not None), None)


def _learnt(papers: list[Any], ours: UUID) -> UUID | None:
    """The device, when its records have told who it is."""
    with db.open_session(db.engine(), write=False) as session:
        return _device(session, papers, ours)


def _batches(envelopes: list[bytes]) -> list[list[bytes]]:
    batches: list[list[bytes]] = [[]]
    size = 0
    for one in envelopes:
        if batches[-1] and (len(batches[-1]) >= BATCH_PARTS or size + len(one) > BATCH_BYTES):
            batches.append([])
            size = 0
        batches[-1].append(one)
        size += len(one)
    return [batch for batch in batches if batch]
