"""Log-ins in browsers: begun, found again by the signed cookie, ended for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import request
from flask import session as cookie
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from webapp.accounts import browsers
from webapp.models import Device, DeviceSession, User, WebSession, utc_now
from webapp.sync import tokens

NAME = "sid"
SEEN = "seen"  # on a tablet: when somebody last did something
LONGEST = timedelta(hours=16)  # as a device's lease: a new day wants the password again
UNTOUCHED = timedelta(minutes=15)  # on a tablet, which others use and somebody may take


def begin(session: Session, user: User, now: datetime) -> None:
    """A new log-in; nothing of what this browser had before lives on. The caller commits."""
    end(session, now)
    made = WebSession(id=uuid4(), user_id=user.id, created_at=now, browser=browsers.named(request.user_agent.string))
    session.add(made)
    cookie[NAME] = made.id.hex
    if (here := tokens.welcome(session, request)) is not None:
        session.flush()
        bind(session, here.id, now)


def bind(session: Session, device_id: UUID, now: datetime) -> None:
    """This browser is a tablet's: the log-in ends when the tablet is lost, or lies untouched. The caller commits."""
    session.execute(update(WebSession).where(WebSession.id == current()).values(device_id=device_id))
    cookie[SEEN] = int(now.timestamp())


def touch() -> None:
    """Somebody is at work on this page. What a page asks for by itself is nobody's doing."""
    by_itself = request.method == "GET" and "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    if SEEN in cookie and not by_itself:
        cookie[SEEN] = int(utc_now().timestamp())


def end(session: Session, now: datetime) -> None:
    """Log out: no copy of this browser's cookie opens anything from now on. The caller commits."""
    if (known := current()) is not None:
        session.execute(update(WebSession).where(WebSession.id == known, WebSession.ended_at.is_(None)).values(ended_at=now))
    cookie.clear()


def holder(session: Session, user_id: UUID, now: datetime) -> User | None:
    """Whose log-in the cookie names, while it lasts and the account is in use."""
    asked = select(User).join(WebSession, WebSession.user_id == User.id).where(WebSession.id == current(), User.id == user_id, _alive(now))
    user = session.scalar(asked)
    return user if user is not None and user.is_active and not _left_lying(now) else None


def _left_lying(now: datetime) -> bool:
    return SEEN in cookie and now.timestamp() - cookie[SEEN] > UNTOUCHED.total_seconds()


def current() -> UUID | None:
    """The log-in this request's cookie names."""
    try:
        return UUID(hex=str(cookie.get(NAME, "")))
    except ValueError:
        return None


def _alive(now: datetime) -> ColumnElement[bool]:
    return and_(WebSession.ended_at.is_(None), WebSession.created_at > now - LONGEST)


def _alive_there(now: datetime) -> ColumnElement[bool]:
    return and_(DeviceSession.ended_at.is_(None), DeviceSession.expires_at > now)


def in_browsers(session: Session, user: User, now: datetime) -> list[WebSession]:
    """Her log-ins in browsers that still open something, the newest first."""
    mine = select(WebSession).where(WebSession.user_id == user.id, _alive(now))
    return list(session.scalars(mine.order_by(WebSession.created_at.desc(), WebSession.id)))


def on_devices(session: Session, user: User, now: datetime) -> list[tuple[DeviceSession, str]]:
    """The same on tablets, with the device's name; a revoked one opens nothing and is not among them."""
    mine = select(DeviceSession, Device.name).join(Device, Device.id == DeviceSession.device_id)
    alive = mine.where(DeviceSession.user_id == user.id, Device.revoked_at.is_(None), _alive_there(now))
    return [(one, name) for one, name in session.execute(alive.order_by(DeviceSession.created_at.desc(), DeviceSession.id))]


def end_on(session: Session, device_id: UUID, now: datetime) -> None:
    """End everybody's log-ins on a device that is lost, in its browser and in its vaults. The caller commits."""
    for kind in (WebSession, DeviceSession):
        session.execute(update(kind).where(kind.device_id == device_id, kind.ended_at.is_(None)).values(ended_at=now))


def end_elsewhere(session: Session, user: User, session_id: UUID, now: datetime) -> bool:
    """End one of her log-ins, wherever it is; whether there was such a one. The caller commits."""
    hers = next((one for one in in_browsers(session, user, now) if one.id == session_id), None)
    there = next((one for one, _name in on_devices(session, user, now) if one.id == session_id), None)
    found = hers or there
    if found is not None:
        found.ended_at = now
    return found is not None


def end_all(session: Session, user: User, now: datetime, *, but: UUID | None = None) -> int:
    """End her log-ins, in browsers and on devices, `but` one; how many there were. The caller commits."""
    found = [one for one in in_browsers(session, user, now) if one.id != but] + [one for one, _name in on_devices(session, user, now)]
    for one in found:
        one.ended_at = now
    return len(found)
