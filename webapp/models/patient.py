"""Service users and the dated facts about them that rules and measures use."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class Patient(Base):
    """A service user. `id` is the only reference that leaves the server; the national id never does."""

    __tablename__ = "patient"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True, active_history=True)  # sync/feed.py tells the unit she leaves
    name: Mapped[str] = mapped_column(String(160))
    name_key: Mapped[str] = mapped_column(String(160), index=True)
    born: Mapped[date]
    national_id: Mapped[str | None] = mapped_column(String(11), unique=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    key_note: Mapped[str] = mapped_column(String(200), default="")
    fall_group_set: Mapped[bool] = mapped_column(default=False)
    end_of_life: Mapped[bool] = mapped_column(default=False)


class Episode(Base):
    """A stretch of service, absence (hospital, short stay) or catheter. Day of start counts, day of end does not."""

    __tablename__ = "episode"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    start: Mapped[date]
    end: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(40), default="")


class Trigger(Base):
    """Something dated that makes checks due: entered by staff or emitted by a check."""

    __tablename__ = "trigger"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    type: Mapped[str] = mapped_column(String(40))
    on: Mapped[date]
    source_check_id: Mapped[UUID | None] = mapped_column(index=True)
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class Visit(Base):
    """A planned visit on a route."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_unit_id_on", "unit_id", "on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    on: Mapped[date]
    at: Mapped[str] = mapped_column(String(5))
    shift: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
