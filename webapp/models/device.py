"""Enrolled tablets and phones, and the keys and sessions people have on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class Device(Base):
    """A tablet or phone that may hold data. Only the hash of its token is known here."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    enrolled_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_contact: Mapped[datetime | None]
    reported: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revoked_at: Mapped[datetime | None]


class FormerToken(Base):
    """A cookie that was replaced by another, and who asked. All it still learns is that its device is revoked. Append-only."""

    __tablename__ = "former_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    replaced_at: Mapped[datetime] = mapped_column(default=utc_now)
    replaced_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))


class DeviceChange(Base):
    """What somebody decided about a device: another name, another unit, or that it is revoked and whom to call then. Append-only."""

    __tablename__ = "device_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(12))
    before: Mapped[str] = mapped_column(String(80), default="")
    after: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    call_name: Mapped[str] = mapped_column(String(80), default="")
    call_phone: Mapped[str] = mapped_column(String(20), default="")


class DeviceCode(Base):
    """Leave to take one tablet into use, with the name and unit it gets. Of the code itself only a MAC is kept."""

    __tablename__ = "device_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    device_id: Mapped[UUID | None] = mapped_column(index=True)  # which device it was used for


class UserKey(Base):
    """A person's signing key on one device; it is what makes her the author of a check."""

    __tablename__ = "user_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    status: Mapped[str] = mapped_column(String(12), default="active")
    status_at: Mapped[datetime | None]
    last_series: Mapped[int] = mapped_column(default=0)


class SeriesGap(Base):
    """Numbers of a key's series that have not come, both ends included, though a later one has (webapp/sync/series.py)."""

    __tablename__ = "series_gap"

    key_id: Mapped[UUID] = mapped_column(ForeignKey("user_key.id"), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    since: Mapped[datetime]


class DeviceSession(Base):
    """A person's own token on one device: what reading needs."""

    __tablename__ = "device_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
