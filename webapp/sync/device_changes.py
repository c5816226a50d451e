"""What somebody decides about a device that is in use: its name, its unit, and that it is lost."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log, sessions
from webapp.models import Device, DeviceChange, Unit, User, UserKey
from webapp.sync import keys

NAME, UNIT, REVOKED = "name", "unit", "revoked"


class Call(NamedTuple):
    """Whom a revoked device asks its finder to call; it stands in clear on its screen."""

    name: str
    phone: str


def rename(session: Session, device: Device, by: User, name: str, now: datetime) -> None:
    """Another name, in the lists here; a locked device shows it after its next contact."""
    _kept(session, device, by, NAME, now, before=device.name, after=name)
    device.name = name
    log.write(session, by, "device_renamed", unit_id=device.unit_id, device_id=device.id)


def move(session: Session, device: Device, by: User, unit: Unit, now: datetime) -> None:
    """Whose leader looks after it. What nurses see on it does not depend on that: it goes by their own units."""
    _kept(session, device, by, UNIT, now, before=str(device.unit_id), after=str(unit.id))
    log.write(session, by, "device_moved", unit_id=device.unit_id, device_id=device.id, detail={"to": str(unit.id)})
    device.unit_id = unit.id


def revoke(session: Session, device: Device, by: User, reason: str, now: datetime, call: Call | None = None) -> None:
    """A lost device: sessions end, its keys count as compromised, and the key file remembers."""
    device.revoked_at = device.revoked_at or now
    for key in session.scalars(select(UserKey).where(UserKey.device_id == device.id)):
        key.status, key.status_at = "compromised", now
        keys.current().revoke_key(key.id)
    sessions.end_on(session, device.id, now)
    keys.current().revoke_device(device.id)
    _kept(session, device, by, REVOKED, now, reason=reason, call=call)
    log.write(session, by, "device_revoked", unit_id=device.unit_id, device_id=device.id, reason=reason)


def whom_to_call(session: Session, device_id: UUID) -> Call | None:
    """As said at its revocation; None when nobody said so, or a database restored from before it does not know."""
    wanted = select(DeviceChange).where(DeviceChange.device_id == device_id, DeviceChange.kind == REVOKED)
    found = session.scalar(wanted.order_by(DeviceChange.at.desc()).limit(1))
    return Call(found.call_name, found.call_phone) if found and found.call_phone else None


def _kept(
    session: Session, device: Device, by: User, kind: str, now: datetime, *,
    before: str = "", after: str = "", reason: str = "", call: Call | None = None,
) -> None:  # fmt: skip
    name, phone = call or ("", "")
    session.add(
        DeviceChange(
            device_id=device.id, at=now, by=by.id, kind=kind, before=before, after=after, reason=reason, call_name=name, call_phone=phone
        )
    )
