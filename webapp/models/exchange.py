"""What measures get from other systems and what those may get: old series, beside what is counted here and never in it; tokens."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class MeasureImport(Base):
    """One file taken in for one measure of a unit. Never updated: what takes it back is a row that `undoes` it."""

    __tablename__ = "measure_import"
    __table_args__ = (Index("ix_measure_import_unit_id_measure", "unit_id", "measure"), UniqueConstraint("undoes"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    measure: Mapped[str] = mapped_column(String(12))
    file: Mapped[str] = mapped_column(String(120))  # its name
    per: Mapped[str] = mapped_column(String(8), default="month")  # what each of its points is of: webapp/measures/months.py
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("measure_import.id"))
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class MeasureImportPoint(Base):
    """A day, week, month or quarter of it. Never updated."""

    __tablename__ = "measure_import_point"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("measure_import.id"), primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)  # its first day
    num: Mapped[int]
    den: Mapped[int]


class MeasureToken(Base):
    """What opens one unit's aggregates to another system. The token itself is not kept."""

    __tablename__ = "measure_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(80))  # what it is used for
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
