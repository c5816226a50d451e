"""The feed that snapshot cursors walk, and the access log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, String, event, insert
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class FeedHead(Base):
    """One row: the timeline's name and its last number, locked while a number is given."""

    __tablename__ = "feed_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int]


class FeedRow(Base):
    """Something changed about a person or a unit. Numbers commit in order; the random tag proves the timeline."""

    __tablename__ = "feed_row"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(String(16))
    patient_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class AccessLog(Base):
    """Who looked at what, or was refused. Append-only: triggers refuse UPDATE and DELETE. No foreign keys."""

    __tablename__ = "access_log"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    user_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(20), default="")
    unit_id: Mapped[UUID | None]
    patient_id: Mapped[UUID | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(40), index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    device_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AccessPending(Base):
    """Rows of the access log that are not in its chain yet."""

    __tablename__ = "access_pending"

    log_id: Mapped[UUID] = mapped_column(primary_key=True)


class AccessLink(Base):
    """The chain over the access log (webapp/accounts/chain.py): number, row, hash of the link before and the row. Append-only."""

    __tablename__ = "access_link"

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log_id: Mapped[UUID] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(String(64))


@event.listens_for(AccessLog, "after_insert")
def _wait_for_a_link(_mapper: Any, connection: Connection, row: AccessLog) -> None:
    connection.execute(insert(AccessPending).values(log_id=row.id))
