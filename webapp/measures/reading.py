"""A person's checks as measures read them: what either database's driver gives, made text once.

The types of the models would make an object of every id and moment of every check, to make text of it again: half the time of a
rebuild."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from webapp.models import CheckRecord, is_shown

_TABLE = CheckRecord.__table__
_NAMES = ("id", "patient_id", "unit_id", "form", "performed_at", "received_at", "outcome", "not_done_reason", "context", "actions",
          "answers", "derived", "supersedes")  # fmt: skip
_COLUMNS = [type_coerce(_TABLE.c[name], String) for name in _NAMES]
decoded = msgspec.json.Decoder().decode
Values = dict[str, Any]


def checks(session: Session, refs: list[Any]) -> dict[str, list[Values]]:
    """Person -> her checks that are shown, in no order."""
    query = select(*_COLUMNS).where(CheckRecord.patient_id.in_(refs), is_shown())
    found: dict[str, list[Values]] = {}
    for row in session.connection().execute(query):
        ident, person, unit, form, performed, received, outcome, reason, context, actions, answers, derived, supersedes = row
        found.setdefault(uuid(person), []).append({
            "id": uuid(ident), "unit": uuid(unit), "form": form, "outcome": outcome, "not_done_reason": reason,
            "performed_at": moment(performed), "received_at": moment(received), "context": context, "actions": data(actions),
            "answers": data(answers), "derived": data(derived), "supersedes": uuid(supersedes) if supersedes else None,
        })  # fmt: skip
    return found


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
