"""What has happened to one device, and who has a vault on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.bedside.says import clock
from webapp.models import Device, DeviceChange, DeviceCode, DeviceSession, FormerToken, Unit, User, UserKey
from webapp.sync.device_changes import NAME, REVOKED, UNIT
from webapp.words import Translate

WHY_REVOKED = {"lost": "Mistet", "stolen": "Stjålet", "unused": "Tas ut av bruk", "other": "Annet"}


class Holder(NamedTuple):
    """Somebody with a vault: since when, and her last full log-in there."""

    name: str
    since: datetime
    logged_in: datetime | None


class Event(NamedTuple):
    """One thing that happened."""

    at: datetime
    text: str
    by: str
    more: str = ""


def holders(session: Session, device: Device) -> list[Holder]:
    """Who can open something on it; of a revoked device who could."""
    newest = func.max(DeviceSession.created_at)
    here = DeviceSession.device_id == device.id
    last = select(DeviceSession.user_id, newest).where(here).group_by(DeviceSession.user_id)
    logged_in = {row[0]: row[1] for row in session.execute(last)}
    found: dict[UUID, Holder] = {}
    rows = select(UserKey, User).join(User, User.id == UserKey.user_id).where(UserKey.device_id == device.id, UserKey.status != "retired")
    for key, user in session.execute(rows.order_by(UserKey.created_at)):
        found[user.id] = Holder(user.name, key.created_at, logged_in.get(user.id))
    return sorted(found.values())


def revocation(session: Session, device: Device) -> tuple[DeviceChange, str] | None:
    """The last one, with who said it; None for a device in use, and where only the key file knows."""
    rows = select(DeviceChange, User.name).join(User, User.id == DeviceChange.by).where(DeviceChange.device_id == device.id)
    row = session.execute(rows.where(DeviceChange.kind == REVOKED).order_by(DeviceChange.at.desc()).limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def last_change(session: Session, device: Device, kind: str) -> DeviceChange | None:
    """The newest of its kind."""
    wanted = select(DeviceChange).where(DeviceChange.device_id == device.id, DeviceChange.kind == kind)
    return session.scalar(wanted.order_by(DeviceChange.at.desc()).limit(1))


def events(session: Session, device: Device, t: Translate) -> list[Event]:
    """Everything that is known, the newest first."""
    return sorted([*_uses(session, device, t), *_changes(session, device, t)], key=lambda one: one.at, reverse=True)


def _uses(session: Session, device: Device, t: Translate) -> Iterator[Event]:
    yield Event(device.enrolled_at, t("Tatt i bruk"), session.get_one(User, device.enrolled_by).name, _with_code(session, device, t))
    seen: set[UUID] = set()
    keys = select(UserKey, User).join(User, User.id == UserKey.user_id).where(UserKey.device_id == device.id)
    for key, user in session.execute(keys.order_by(UserKey.created_at)):
        yield Event(key.created_at, t("Nytt hvelv i stedet for det gamle") if user.id in seen else t("Fikk hvelv på enheten"), user.name)
        seen.add(user.id)
    again = select(FormerToken.replaced_at, User.name).join(User, User.id == FormerToken.replaced_by)
    for at, name in session.execute(again.where(FormerToken.device_id == device.id)):
        yield Event(at, t("Fikk ny informasjonskapsel ved innlogging"), name)


def _with_code(session: Session, device: Device, t: Translate) -> str:
    """Whose code it was taken into use with: who used it may be somebody who read it over a shoulder."""
    code = select(DeviceCode.made_at, User.name).join(User, User.id == DeviceCode.made_by).where(DeviceCode.device_id == device.id)
    row = session.execute(code).one_or_none()
    return t("Med en kode som %(who)s laget kl. %(at)s.", who=row[1], at=clock(row[0].isoformat())) if row else ""


def _changes(session: Session, device: Device, t: Translate) -> Iterator[Event]:
    units = {str(unit.id): unit.name for unit in session.scalars(select(Unit))}
    rows = select(DeviceChange, User.name).join(User, User.id == DeviceChange.by).where(DeviceChange.device_id == device.id)
    for one, by in session.execute(rows):
        if one.kind == NAME:
            yield Event(one.at, t("Nytt navn: %(after)s", after=one.after), by, t("Het %(before)s.", before=one.before))
        elif one.kind == UNIT:
            before, after = units.get(one.before, ""), units.get(one.after, "")
            yield Event(one.at, t("Flyttet til %(after)s", after=after), by, t("Hørte til %(before)s.", before=before))
        else:
            yield Event(one.at, t("Sperret"), by, one.reason)
