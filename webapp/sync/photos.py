"""A photo that is here in full -> a verdict. The check it belongs to stays accepted whatever becomes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import db
from webapp.bundles import photos as fields
from webapp.bundles import rules
from webapp.models import CheckRecord, Photo
from webapp.sync import at_rest, enrol, envelope, keys, opening, payload, people, photo_image, photo_parts, quarantine, world
from webapp.sync.dialect import insert_once

AT_REST = b"tryggrunde photo at rest"
Verdict = dict[str, Any]


class Later(Exception):
    """No verdict yet; what is here is kept, and the device asks again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """Never taken; nothing of it is kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Arrived:
    inside: envelope.OpenedPhoto
    said: payload.Photo
    signer: opening.Signer
    check: CheckRecord


def known(session: Session, envelope_hash: str) -> Verdict | None:
    """The verdict there is already."""
    row = session.scalar(select(Photo).where(Photo.envelope_hash == envelope_hash))
    return _verdict(row, "duplicate", envelope_hash) if row else None


def _verdict(row: Photo, word: str, envelope_hash: str) -> Verdict:
    if row.reason:
        return {"id": str(row.id), "hash": envelope_hash, "verdict": "refused", "reason": row.reason}
    stored = {"original_hash": row.original_hash, "stored_hash": row.stored_hash}
    at = row.received_at.isoformat(timespec="milliseconds")
    return {"id": str(row.id), "hash": envelope_hash, "verdict": word, "received_at": at, **stored}


def finish(device_id: UUID, envelope_hash: str, now: datetime) -> Verdict:
    """The last part has come."""
    with db.open_session(db.engine(), write=False) as session:
        data = photo_parts.whole(session, device_id, envelope_hash)
    return _judged(data, device_id, envelope_hash, now)


def brought(data: bytes, device_id: UUID | None, now: datetime) -> Verdict:
    """A whole sealed photo that came by hand, from this device."""
    envelope_hash, ident = envelope.envelope_hash(data), str(envelope.read_header(data).id)
    with db.open_session(db.engine(), write=False) as session:
        verdict = known(session, envelope_hash)
    if verdict:
        return verdict
    if len(data) > photo_parts.MOST_BYTES:
        return {"id": ident, "hash": envelope_hash, "verdict": "refused", "reason": "too_large"}
    if device_id is None:  # nothing of that device is here, so neither is the check
        return {"id": ident, "hash": envelope_hash, "verdict": "later", "reason": "no_check"}
    return _judged(data, device_id, envelope_hash, now)


def _judged(data: bytes, device_id: UUID, envelope_hash: str, now: datetime) -> Verdict:
    """Open, verify, strip, keep. Nothing is answered before the commit."""
    with db.open_session(db.engine(), write=False) as session:
        ident = str(envelope.read_header(data).id) if len(data) > envelope.HEADER.size else ""
        try:
            arrived = _opened(session, data, envelope_hash)
            row = _row(arrived, device_id, envelope_hash, now)
        except Later as wait:
            if wait.reason != "hash":
                return {"id": ident, "hash": envelope_hash, "verdict": "later", "reason": wait.reason}
            verdict: Verdict = {"id": ident, "hash": envelope_hash, "verdict": "later", "reason": "hash"}
            row = None
        except Refused as wrong:
            verdict = {"id": ident, "hash": envelope_hash, "verdict": "refused", "reason": wrong.reason}
            row = None
    with db.open_session(db.engine(), write=True) as session:
        if row is not None:
            verdict = _stored(session, row, envelope_hash)
        photo_parts.drop(session, device_id, envelope_hash)
        session.commit()
        return verdict


def _stored(session: Session, row: dict[str, Any], envelope_hash: str) -> Verdict:
    """Insert or recognise: the same picture for the same check is one row, whatever envelope brought it."""
    new = insert_once(session, Photo, [row])
    same = select(Photo).where(Photo.check_id == row["check_id"], Photo.original_hash == row["original_hash"])
    found = session.scalar(same)
    if found is None:
        return {"id": str(row["id"]), "hash": envelope_hash, "verdict": "refused", "reason": "id_conflict"}
    verdict = _verdict(found, "accepted" if new else "duplicate", envelope_hash)
    return {**verdict, "id": str(row["id"])}


def _opened(session: Session, data: bytes, envelope_hash: str) -> Arrived:
    if envelope.envelope_hash(data) != envelope_hash:
        raise Later("hash")
    ring = keys.current()
    try:
        inside = envelope.open_photo(data, ring.private_for)
        said = payload.read_photo(inside.payload)
    except envelope.Newer as wrong:
        raise Later("newer_app") from wrong
    except envelope.UnknownKid as wrong:
        raise Later("unknown_kid") from wrong
    except envelope.Damaged as wrong:
        raise Refused(wrong.reason) from wrong
    except payload.Refused as wrong:
        raise Refused("payload") from wrong
    signer = _signer(session, inside, said)
    check = session.get(CheckRecord, said.chk)
    if check is None:
        if quarantine.is_rejected(session, said.chk, signer.user_id):
            raise Refused("rejected")
        raise Later("no_check")
    if check.author_id != signer.user_id or said.h not in _named(check):
        raise Refused("not_in_check")
    if said.h not in _named(check, world.settings(session)["params"].get(check.bundle_id, {})):
        raise Refused("photos_off")
    return Arrived(inside, said, signer, check)


def _signer(session: Session, inside: envelope.OpenedPhoto, said: payload.Photo) -> opening.Signer:
    """Who took it. That a key was reported lost decides about its checks; a picture is taken when its hash stands in one that counts."""
    signer = opening.signers(session, {said.key}).get(said.key)
    if signer is None:
        raise Later("no_check")  # whose key is unknown has no check here either
    if said.id != inside.header.id:
        raise Refused("id_mismatch")
    if not inside.signed_by(opening.public_key(signer.public_key)):
        raise Refused("signature")
    if {said.inst, inside.header.installation} != {enrol.installation(session)}:
        raise Refused("installation")
    if hashlib.sha256(inside.picture).hexdigest() != said.h:
        raise Refused("hash_differs")
    return signer


def _named(check: CheckRecord, params: dict[str, int] | None = None) -> set[str]:
    """The photos a check names; with `params`, those that the municipality's numbers of today still ask for."""
    form = world.bundles().form(check.form, check.bundle_version)
    answers = check.answers
    if params is not None:
        at = people.oslo(check.performed_at)
        words = {"context": check.context, "outcome": check.outcome, "actions": check.actions, "performed_at": at}
        answers = rules.evaluate(form, answers, words, check.prior, at[:10], params).answers
    return fields.names(form, answers)


def _row(arrived: Arrived, device_id: UUID, envelope_hash: str, now: datetime) -> dict[str, Any]:
    inside, said, check = arrived.inside, arrived.said, arrived.check
    row: dict[str, Any] = {
        "id": said.id, "check_id": check.id, "patient_id": check.patient_id, "key_id": arrived.signer.key_id,
        "device_id": device_id, "envelope_hash": envelope_hash, "original_hash": said.h, "payload": inside.payload,
        "signature": inside.signature, "received_at": now, "reason": "", "stored_hash": None, "width": None, "height": None,
        "content": None,
    }  # fmt: skip
    try:
        bare = photo_image.strip(inside.picture)
    except photo_image.Unfit as wrong:
        return {**row, "reason": wrong.reason}
    stored = hashlib.sha256(bare.jpeg).hexdigest()
    content = at_rest.sealed(AT_REST, said.id, bare.jpeg)
    return {**row, "stored_hash": stored, "width": bare.width, "height": bare.height, "content": content}


def picture(photo: Photo) -> bytes | None:
    """The picture again; None when it was refused, or when the key file does not open it."""
    jpeg = at_rest.opened(AT_REST, photo.id, photo.content) if photo.content is not None else None
    return jpeg if jpeg is not None and hashlib.sha256(jpeg).hexdigest() == photo.stored_hash else None
