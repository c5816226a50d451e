"""What the journal-responsible decided about a record (REQ-03, REQ-04). The record itself is never changed and never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now
from webapp.models.check import CheckRecord


class CheckDecision(Base):
    """One decision about one record, with its reason. Never updated: another decision is another row, and the highest number holds."""

    __tablename__ = "check_decision"
    __table_args__ = (UniqueConstraint("check_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("check_record.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))  # webapp/sync/taken_out.py
    reason: Mapped[str] = mapped_column(String(500))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)  # whom it is about in truth
    new_check_id: Mapped[UUID | None] = mapped_column(index=True)  # the same record, there
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)


class HiddenCheck(Base):
    """A record that nobody but the journal-responsible is shown now: follows from the decisions, and is what reading asks."""

    __tablename__ = "hidden_check"

    check_id: Mapped[UUID] = mapped_column(ForeignKey("check_record.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))


def is_shown(check: Any = CheckRecord) -> ColumnElement[bool]:
    """A condition: what reads records of a person asks for those that are shown."""
    return ~exists(select(HiddenCheck.check_id).where(HiddenCheck.check_id == check.id).correlate(check))
