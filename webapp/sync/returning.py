"""A device whose browser has lost its cookie (written to the disk late): its papers say which device it is, and it gets a new one.

Papers lie in the browser's profile beside the cookie, but in rescue files too: whoever has them and a nurse's log-in can take the
cookie over. So it stands on the list of devices, and the replaced cookie is kept as a hash: when the device is revoked, both are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.models import Device, FormerToken, User
from webapp.sync import enrol, keys, opening, tokens

MOST = 200  # nurses on one device


def device(session: Session, named: Any, papers: Any) -> Device | None:
    """The device of this name that papers of this server's prove; a database restored from before its enrolment learns it anew."""
    if not isinstance(named, str) or not isinstance(papers, list) or len(papers) > MOST:
        return None
    ring, ours = keys.current(), enrol.installation(session)
    if named not in {body["device"] for body in opening.proven(papers, ring, ours)}:
        return None
    opening.learn(session, papers, ring, ours)
    return session.get(Device, UUID(named))


def cookie(session: Session, user: User, device: Device, now: datetime) -> str:
    """A new cookie for the same device; the lost one counts no more, but to learn that the device is revoked."""
    token = tokens.new_token()
    if not device.token_hash.startswith(opening.FORGOTTEN):
        session.add(FormerToken(token_hash=device.token_hash, device_id=device.id, replaced_at=now, replaced_by=user.id))
    device.token_hash, device.last_contact = keys.token_hash(token), now
    log.write(session, user, "device_returned", unit_id=device.unit_id, device_id=device.id)
    return token
