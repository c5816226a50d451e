"""Codes with which a tablet is taken into use: made by whoever looks after the devices, good once and for a quarter of an hour."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from webapp.models import DeviceCode, User
from webapp.sync import keys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: nothing that is read as something else
LENGTH = 8
LASTS = timedelta(minutes=15)
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def make(session: Session, name: str, unit_id: UUID, by: User, now: datetime) -> tuple[str, DeviceCode]:
    """A new code; what is kept of it does not give it back."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = DeviceCode(
        id=uuid4(), code_hash=keys.current().code_hashes(code)[0], name=name, unit_id=unit_id, made_by=by.id,
        made_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return code, row


def shown(code: str) -> str:
    """As it is read aloud and typed."""
    return f"{code[:4]}-{code[4:]}"


def read(typed: Any) -> str:
    """What somebody typed, or empty when it is no code."""
    code = typed.upper().translate(READ_AS) if isinstance(typed, str) and len(typed) <= 40 else ""
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def redeem(session: Session, typed: Any, now: datetime) -> DeviceCode | None:
    """The code, used up by this; None when there is none that is open. One statement: of several who come at once one gets it."""
    if not (code := read(typed)):
        return None
    wanted = DeviceCode.code_hash.in_(keys.current().code_hashes(code))
    taken = session.execute(update(DeviceCode).where(wanted, *_open(now)).values(used_at=now).returning(DeviceCode.id)).scalar()
    return session.get(DeviceCode, taken, populate_existing=True) if taken else None


def withdraw(session: Session, code_id: UUID, now: datetime) -> bool:
    """Nobody can use it any more; False when it was used meanwhile."""
    wanted = update(DeviceCode).where(DeviceCode.id == code_id, *_open(now)).values(withdrawn_at=now).returning(DeviceCode.id)
    return session.execute(wanted).scalar() is not None


def listed(session: Session, units: Sequence[UUID], now: datetime) -> list[DeviceCode]:
    """Those that are open, the one that ends first on top."""
    return list(session.scalars(select(DeviceCode).where(DeviceCode.unit_id.in_(units), *_open(now)).order_by(DeviceCode.expires_at)))


def _open(now: datetime) -> list[ColumnElement[bool]]:
    return [DeviceCode.used_at.is_(None), DeviceCode.withdrawn_at.is_(None), DeviceCode.expires_at > now]
