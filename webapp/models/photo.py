"""Photos that belong to findings of a check, and the parts of those on their way in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class Photo(Base):
    """One photo that a check names, accepted or refused with a reason. Never updated.

    `content` is sealed to a sealing pair of this server: it opens with the key file, and with nothing in the database."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("check_id", "original_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)  # minted on the device
    check_id: Mapped[UUID] = mapped_column(ForeignKey("check_record.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("user_key.id"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    envelope_hash: Mapped[str] = mapped_column(String(64), unique=True)
    original_hash: Mapped[str] = mapped_column(String(64))  # of what was taken; the check names it
    stored_hash: Mapped[str | None] = mapped_column(String(64))  # of what is left when the server has stripped it
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(40), default="")  # why it was refused; empty = accepted


class PhotoPart(Base):
    """Sealed bytes as they came, until the whole envelope is here. A device sees and continues its own only."""

    __tablename__ = "photo_part"
    __table_args__ = (UniqueConstraint("device_id", "envelope_hash", "start"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    envelope_hash: Mapped[str] = mapped_column(String(64))
    start: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
