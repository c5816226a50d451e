"""Who was let in to somebody of another unit and why, and what was thought of it afterwards. Append-only tables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class Lookup(Base):
    """A "begrunnet oppslag": one employee, one service user of another unit, a typed reason, an end. Never updated."""

    __tablename__ = "lookup"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)  # the service user's, when it began
    reason: Mapped[str] = mapped_column(String(500))
    begun_at: Mapped[datetime] = mapped_column(default=utc_now)
    until: Mapped[datetime]


class LookupEnd(Base):
    """A look-up that was ended by hand, before its time. Never updated."""

    __tablename__ = "lookup_end"

    lookup_id: Mapped[UUID] = mapped_column(ForeignKey("lookup.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))


class AccessReview(Base):
    """What somebody thought of a look-up or an unusual view when she had looked at it. Never updated: the newest holds."""

    __tablename__ = "access_review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    about: Mapped[str] = mapped_column(String(64), index=True)  # webapp/audit/unusual.py: what was found; or a look-up's id
    verdict: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
