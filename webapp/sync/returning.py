"""A device whose browser has lost its cookie (written to the disk late): its papers say which device it is, and it gets a new one.

Papers and cookie lie in the same browser profile, so whoever can show the one could have shown the other: nothing is given away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.models import Device, User
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
    """A new cookie for the same device; the lost one counts no more."""
    token = tokens.new_token()
    device.token_hash, device.last_contact = keys.token_hash(token), now
    log.write(session, user, "device_returned", unit_id=device.unit_id, device_id=device.id)
    return token
