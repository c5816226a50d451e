"""Improvement work and what leaders do: projects, aims, ideas, PDSA cycles, walk-rounds, actions, the green cross.

Everything is kept as versions: a change is a new row with a person and a time, taking it back is one too, and the newest holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class WorkVersion(Base):
    """One version of one thing. Never updated."""

    __tablename__ = "work_version"
    __table_args__ = (UniqueConstraint("item", "number"), Index("ix_work_version_unit_id_kind", "unit_id", "kind"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item: Mapped[UUID]
    number: Mapped[int]  # 1, 2, …: two who change the same thing at once cannot both be the next
    kind: Mapped[str] = mapped_column(String(12))  # webapp/improvement/kinds.py
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    parent: Mapped[UUID | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    gone: Mapped[bool] = mapped_column(default=False)  # taken away; its history stays
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class WorkFile(Base):
    """The bytes of a file that stands with a post, sealed to a pair of this server. The row goes when the file is taken away."""

    __tablename__ = "work_file"

    item: Mapped[UUID] = mapped_column(primary_key=True)  # the WorkVersion.item that says what it is
    content: Mapped[bytes] = mapped_column(LargeBinary)
