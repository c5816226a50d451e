"""Columns of checks as either database's driver gives them, made text once.

The types of the models would make an object of every id and moment of every check that is looked at, to make text of it again:
half the time of a rebuild of measures, a quarter of intake's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, String, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from webapp.models import CheckRecord
from webapp.sync.dialect import on_postgresql

decoded = msgspec.json.Decoder().decode


def columns(names: Iterable[str]) -> list[ColumnElement[Any]]:
    return [type_coerce(CheckRecord.__table__.c[name], String) for name in names]


def bare(column: Any) -> ColumnElement[Any]:
    """A column that is neither made an object when read nor expects one when asked for."""
    return type_coerce(column, NullType())


def key(session: Session, ident: UUID) -> Any:
    """An id as the driver gives and takes it."""
    return ident if on_postgresql(session) else ident.hex


def ident(raw: Any) -> UUID:
    return raw if isinstance(raw, UUID) else UUID(raw)


def uuid(raw: Any) -> str:
    if isinstance(raw, str):  # SQLite: 32 digits
        return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
    return str(raw)


def moment(raw: Any) -> str:
    """UTC, to the second."""
    if isinstance(raw, str):  # SQLite: 2026-11-26 17:26:09.407180, in UTC
        return f"{raw[:10]}T{raw[11:19]}+00:00"
    at: datetime = raw
    return at.astimezone(UTC).isoformat(timespec="seconds")


def data(raw: Any) -> Any:
    return decoded(raw) if isinstance(raw, str) else raw
