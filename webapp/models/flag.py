"""Follow-up: a flag is opened by a check, added to by later ones, and closed by a person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import AnyList, Base, StrList

OPEN = text("closed_at IS NULL")


class Flag(Base):
    """One thing to follow up. At most one is open per person, code and subject."""

    __tablename__ = "flag"
    __table_args__ = (
        Index("uq_flag_open", "patient_id", "code", "subject", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_flag_unit_open", "unit_id", "severity", "opened_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(80), default="")
    bundle_id: Mapped[str] = mapped_column(String(40))
    bundle_version: Mapped[int]
    form: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    check_id: Mapped[UUID]
    list: Mapped[AnyList] = mapped_column(default=AnyList)
    n: Mapped[int | None]
    inputs: Mapped[StrList] = mapped_column(default=StrList)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    due_on: Mapped[date | None]
    not_found_last: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]


class FlagRaise(Base):
    """A check that raised a flag, the first time or again."""

    __tablename__ = "flag_raise"

    flag_id: Mapped[UUID] = mapped_column(ForeignKey("flag.id"), primary_key=True)
    check_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    at: Mapped[datetime]


class FlagClosing(Base):
    """How, why and by whom a flag was closed. `by` is empty when a later check closed it."""

    __tablename__ = "flag_closing"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    flag_id: Mapped[UUID] = mapped_column(ForeignKey("flag.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    check_id: Mapped[UUID | None]
    at: Mapped[datetime]
