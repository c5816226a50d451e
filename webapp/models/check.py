"""Final checks. Rows are never updated or deleted: triggers in both databases refuse it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class CheckRecord(Base):
    """One form filled in once at one bedside. Never updated: a correction is a new row."""

    __tablename__ = "check_record"
    __table_args__ = (
        Index("ix_check_record_patient_id_performed_at", "patient_id", "performed_at"),
        Index("ix_check_record_unit_id_performed_at", "unit_id", "performed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # minted on the device, so resending is harmless
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    bundle_id: Mapped[str] = mapped_column(String(40))
    bundle_version: Mapped[int]
    form: Mapped[str] = mapped_column(String(40))
    performed_at: Mapped[datetime]  # the nurse's clock
    performed_offset_min: Mapped[int] = mapped_column(default=60)
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]  # ours
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[str] = mapped_column(String(160))
    author_title: Mapped[str] = mapped_column(String(80), default="")
    context: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(12))
    not_done_reason: Mapped[str | None] = mapped_column(String(20))
    not_done_text: Mapped[str] = mapped_column(String(500), default="")
    actions: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(String(500), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    derived: Mapped[dict[str, Any]] = mapped_column(default=dict)
    flags: Mapped[list[Any]] = mapped_column(default=list)  # judged by the server
    device_flags: Mapped[list[Any]] = mapped_column(default=list)  # as the nurse saw them
    warned: Mapped[list[str]] = mapped_column(default=list)
    all_ok: Mapped[list[str]] = mapped_column(default=list)
    supersedes: Mapped[UUID | None] = mapped_column(index=True)  # no foreign key: a correction may arrive before its original
    reason: Mapped[str | None] = mapped_column(String(500))
    prior: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings_version: Mapped[int] = mapped_column(default=1)
    app_version: Mapped[str] = mapped_column(String(80), default="")
    clock: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_key.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    series: Mapped[int | None]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64))


class Receipt(Base):
    """What the server promised about a check; equal for ever."""

    __tablename__ = "receipt"

    check_id: Mapped[UUID] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    seq: Mapped[int]
    tag: Mapped[str] = mapped_column(String(16))


class Quarantine(Base):
    """A record kept as received but not accepted, keyed by its envelope's hash, until a person decides."""

    __tablename__ = "quarantine"

    envelope_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    claimed_id: Mapped[UUID | None] = mapped_column(index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    received_at: Mapped[datetime]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[str | None] = mapped_column(String(64))  # of what was signed: the same in every envelope of a record
    about: Mapped[UUID | None] = mapped_column(index=True)  # the person it names, known here or not: no foreign key


class QuarantineDecision(Base):
    """What was decided about a kept record. Never updated: who changes her mind adds a row, and the highest number holds."""

    __tablename__ = "quarantine_decision"
    __table_args__ = (UniqueConstraint("envelope_hash", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    envelope_hash: Mapped[str] = mapped_column(ForeignKey("quarantine.envelope_hash"), index=True)
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))  # nobody: it was accepted when it came again
    decision: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    against: Mapped[list[str]] = mapped_column(default=list)  # what stood in its way just then
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    check_id: Mapped[UUID | None] = mapped_column(index=True)  # the check it became


class ServerDraft(Base):
    """A half-filled form on an office PC. Never "Lagret"; gone when the check is final."""

    __tablename__ = "server_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # becomes the check's id
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    form: Mapped[str] = mapped_column(String(40))
    bundle_id: Mapped[str] = mapped_column(String(40))
    bundle_version: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime]
