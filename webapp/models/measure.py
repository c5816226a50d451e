"""What measures count, per person and month. Made from checks and episodes; can be made again at any time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class MeasureFact(Base):
    """One person in one measure's month: she counts once, however many checks there are."""

    __tablename__ = "measure_fact"
    __table_args__ = (Index("ix_measure_fact_unit_id_period", "unit_id", "period"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)  # its first day
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    num: Mapped[int]
    den: Mapped[int]
    eligible: Mapped[int]  # 1: somebody who should have been checked
    covered: Mapped[int]  # 1: and was, in time
    declined: Mapped[int]  # 1: asked and did not want it, so not in the denominator
    unknown: Mapped[int]  # days that nobody can say anything about
    late: Mapped[int]  # days from the check to its arrival here


class MeasureState(Base):
    """How far a person's facts reach: the feed's number and the day they were made."""

    __tablename__ = "measure_state"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    seq: Mapped[int]
    through: Mapped[date]
    basis: Mapped[str] = mapped_column(String(80))  # definitions and settings they were made by


class MeasureChange(Base):
    """A point that was closed, and then changed. Never updated."""

    __tablename__ = "measure_change"
    __table_args__ = (Index("ix_measure_change_unit_id_period", "unit_id", "period"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    measure: Mapped[str] = mapped_column(String(12))
    period: Mapped[date]
    num: Mapped[int]  # how much more or less
    den: Mapped[int]


class MeasureDecision(Base):
    """What somebody decided about a chart, and why. Never updated: what takes it back is a row that `undoes` it."""

    __tablename__ = "measure_decision"
    __table_args__ = (Index("ix_measure_decision_unit_id_measure", "unit_id", "measure"), UniqueConstraint("undoes"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    measure: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(8))  # webapp/measures/decide.py
    grain: Mapped[str] = mapped_column(String(8))  # what the chart's points were when it was decided
    period: Mapped[date]  # its first day
    value: Mapped[float | None]  # of a target
    reason: Mapped[str] = mapped_column(String(500))
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("measure_decision.id"))
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
