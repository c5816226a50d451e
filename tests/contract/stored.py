"""What is in a database after a nurse's work, without what two servers may do differently: their own ids, keys and clocks."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.db import open_session
from webapp.models import CheckRecord, Flag, FlagClosing, FlagRaise, Trigger

OWN = {"id", "received_at", "clock", "key_id", "device_id", "series", "payload", "signature", "content_hash", "app_version", "device_flags",
       "flag_id", "at", "closed_at"}


def plain(row: Any, *also: str) -> dict[str, Any]:
    names = [column.name for column in row.__table__.columns]
    return {name: said(getattr(row, name)) for name in names if name not in OWN or name in also}


def said(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | dict | list) else str(value)


def everything(app: Flask) -> dict[str, list[Any]]:
    """Checks, open and closed flags with what raised and closed them, and triggers."""
    with open_session(app.extensions["engine"], write=False) as session:
        flags = {flag.id: flag for flag in session.scalars(select(Flag))}
        return {
            "checks": [plain(one, "id") for one in session.scalars(select(CheckRecord))],
            "flags": [{**plain(one), "open": one.closed_at is None} for one in flags.values()],
            "raises": [[*named(flags[one.flag_id]), str(one.check_id)] for one in session.scalars(select(FlagRaise))],
            "closings": [[*named(flags[one.flag_id]), plain(one)] for one in session.scalars(select(FlagClosing))],
            "triggers": triggers(session),
        }


def named(flag: Flag) -> list[str]:
    return [flag.code, flag.subject, str(flag.check_id)]


def triggers(session: Session) -> list[Any]:
    rows = session.scalars(select(Trigger).where(Trigger.source_check_id.is_not(None)))
    return [[one.type, str(one.on), str(one.source_check_id)] for one in rows]


def shown_flags(app: Flask) -> list[tuple[Any, Any]]:
    """What each device showed, and what the server judged."""
    with open_session(app.extensions["engine"], write=False) as session:
        rows = session.scalars(select(CheckRecord).order_by(CheckRecord.recorded_at))
        return [(sorted(row.device_flags), sorted([flag["code"], flag["subject"]] for flag in row.flags)) for row in rows]
