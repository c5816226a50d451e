"""Whom a unit's weekly summary is sent to, and what became of each."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class SummaryAddress(Base):
    """An e-mail address that a unit's leader has said the summary goes to, until somebody takes it away."""

    __tablename__ = "summary_address"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class SummaryMail(Base):
    """One week's message to one address: taken in hand before it is sent, so that two who send at once send one."""

    __tablename__ = "summary_mail"
    __table_args__ = (UniqueConstraint("address_id", "week", name="uq_summary_mail_address_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    address_id: Mapped[UUID] = mapped_column(ForeignKey("summary_address.id"))
    week: Mapped[date]  # its Monday
    state: Mapped[str] = mapped_column(String(8))  # sending, sent, quiet (nothing to say), failed (tried again) or refused
    tries: Mapped[int]
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(20))  # webapp/summary/smtp.py
