"""Who is asking: a device by its cookie, a person on a device by her session token. Only hashes are stored."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import limits
from webapp.accounts import policy
from webapp.models import Device, DeviceSession, FormerToken, User
from webapp.sync import keys

COOKIE = "tr_device"
COOKIE_AGE = timedelta(days=400)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with a valid session on a device."""

    user: User
    device: Device
    session: DeviceSession
    after_contact: timedelta
    after_log_in: timedelta
    passphrase: bool

    def until(self, now: datetime) -> datetime:
        """The end of the lease: so long after a contact, at most so long after the full log-in (webapp/limits.py)."""
        return min(now + self.after_contact, self.session.created_at + self.after_log_in, self.session.expires_at)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def device(session: Session, request: Request) -> Device | None:
    """The enrolled device whose cookie this is, revoked or not: a revoked one may still append."""
    token = request.cookies.get(COOKIE, "")
    if not 0 < len(token) <= LONGEST:
        return None
    shown = keys.token_hash(token)
    return session.scalar(select(Device).where(Device.token_hash == shown)) or _revoked_since(session, shown)


def _revoked_since(session: Session, shown: str) -> Device | None:
    """The device that had this cookie before somebody was given another, once it is revoked: then the true tablet, whoever
    took it over, must learn so. Until then the old cookie is nobody's."""
    had = select(FormerToken.device_id).where(FormerToken.token_hash == shown)
    found = session.scalar(select(Device).where(Device.id.in_(had)))
    return found if found is not None and is_revoked(found) else None


def welcome(session: Session, request: Request) -> Device | None:
    """The device of this cookie, while it is in use."""
    found = device(session, request)
    return None if found is None or is_revoked(found) else found


def holder(session: Session, request: Request, now: datetime) -> Holder | None:
    """The person whose session token was sent, if she may still read here."""
    found = _shown(session, request)
    if found is None or _carried_off(session, request, found):
        return None
    return found if _alive(found, now) else None


def denied(session: Session, request: Request) -> tuple[User, Device] | None:
    """Whose session token was sent, and by which device, where somebody should hear of it: it was taken along to another device, its
    owner may not read any more, or its device is lost. One that has run out is none of these."""
    found = _shown(session, request)
    if found is None:
        return None
    wrong = _carried_off(session, request, found) or is_revoked(found.device) or not policy.may(found.user, policy.RECORD)
    return (found.user, device(session, request) or found.device) if wrong else None


def is_over(session: Session, request: Request) -> bool:
    """Whether the token that was sent was ended on purpose (a log-out elsewhere, an account that was closed), and she has not logged in on
    that device again since. One that has run out is not; where the server knows no such token it has lost it itself."""
    found = _shown(session, request)
    if found is None or _carried_off(session, request, found):
        return False
    mine = found.session
    later = select(DeviceSession.id).where(
        DeviceSession.user_id == mine.user_id, DeviceSession.device_id == mine.device_id, DeviceSession.created_at > mine.created_at
    )
    return mine.ended_at is not None and session.scalar(later.limit(1)) is None


def _carried_off(session: Session, request: Request, found: Holder) -> bool:
    """Shown beside another device's cookie; a device that has lost its cookie may still show it."""
    here = device(session, request)
    return here is not None and here.id != found.device.id


def _shown(session: Session, request: Request) -> Holder | None:
    """Whose session token was sent, whether it opens anything or not."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not 0 < len(token) <= LONGEST:
        return None
    query = (
        select(DeviceSession, User, Device)
        .join(User, User.id == DeviceSession.user_id)
        .join(Device, Device.id == DeviceSession.device_id)
        .where(DeviceSession.token_hash == keys.token_hash(token))
    )
    row = session.execute(query).one_or_none()
    return _holder(session, row.User, row.Device, row.DeviceSession) if row else None


def _holder(session: Session, user: User, device: Device, row: DeviceSession) -> Holder:
    said = limits.numbers(session, "device")
    contact, log_in = timedelta(hours=said["contact_hours"]), timedelta(hours=said["log_in_hours"])
    return Holder(user, device, row, contact, log_in, said["passphrase"] == 1)


def _alive(found: Holder, now: datetime) -> bool:
    ended = found.session.ended_at is not None or min(found.session.expires_at, found.session.created_at + found.after_log_in) <= now
    return not ended and not is_revoked(found.device) and policy.may(found.user, policy.RECORD)


def is_revoked(device: Device) -> bool:
    """Said by the database, or by the key file after a restore."""
    return device.revoked_at is not None or str(device.id) in keys.current().keys().revoked.devices


def open_session(session: Session, user: User, device: Device, now: datetime) -> tuple[str, Holder]:
    """A new session token for this person on this device; her earlier ones there end."""
    earlier = select(DeviceSession).where(
        DeviceSession.user_id == user.id, DeviceSession.device_id == device.id, DeviceSession.ended_at.is_(None)
    )
    for one in session.scalars(earlier):
        one.ended_at = now
    token = new_token()
    row = DeviceSession(
        user_id=user.id,
        device_id=device.id,
        token_hash=keys.token_hash(token),
        created_at=now,
        expires_at=now + timedelta(hours=limits.numbers(session, "device")["log_in_hours"]),
    )
    session.add(row)
    session.flush()
    return token, _holder(session, user, device, row)


def lease(holder: Holder, now: datetime) -> dict[str, Any]:
    """Signed: how long this device may show this person's data without a contact, and whether only a passphrase may open it."""
    return keys.current().sign(
        "lease",
        {
            "kind": "lease",
            "device": str(holder.device.id),
            "user": str(holder.user.id),
            "until": holder.until(now).isoformat(timespec="seconds"),
            "passphrase": holder.passphrase,
            "server_time": now.isoformat(timespec="milliseconds"),
        },
    )
