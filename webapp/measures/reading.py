"""A person's checks as measures read them: what either database's driver gives, made text once.

The types of the models would make an object of every id and moment of every check, to make text of it again: half the time of a
rebuild."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import String, exists, select, type_coerce
from sqlalchemy.orm import Session, aliased

from webapp.bundles import history
from webapp.models import CheckRecord, Patient, is_shown

_TABLE = CheckRecord.__table__
_NAMES = ("id", "patient_id", "unit_id", "form", "performed_at", "received_at", "outcome", "not_done_reason", "context", "actions",
          "answers", "derived", "supersedes")  # fmt: skip
_COLUMNS = [type_coerce(_TABLE.c[name], String) for name in _NAMES]
decoded = msgspec.json.Decoder().decode
Values = dict[str, Any]


def checks(
    session: Session, refs: list[Any], forms: Collection[str] | None = None, only: Collection[Any] | None = None
) -> dict[str, list[Values]]:
    """Person -> her checks that are shown, in no order; `forms`: only of these; `only`: these and no other."""
    query = select(*_COLUMNS).where(CheckRecord.patient_id.in_(refs), is_shown())
    query = query if only is None else query.where(CheckRecord.id.in_(only))
    return read(session, query if forms is None else query.where(CheckRecord.form.in_(forms)))


def newest(session: Session, refs: list[Any], form: str, before: datetime) -> dict[str, list[Values]]:
    """Person -> the newest check of a form that counts, performed before then: one step into an index for each person."""
    later, one = aliased(CheckRecord), aliased(CheckRecord)
    corrected = exists(select(later.id).where(later.supersedes == one.id, is_shown(later)))
    last = select(one.id).where(one.patient_id == Patient.id, one.form == form, one.outcome.in_(history.DONE), one.performed_at < before)
    last = last.where(is_shown(one), ~corrected).order_by(one.performed_at.desc(), one.id.desc()).limit(1).correlate(Patient)
    found = session.scalars(select(last.scalar_subquery()).select_from(Patient).where(Patient.id.in_(refs)))
    return read(session, select(*_COLUMNS).where(CheckRecord.id.in_([ident for ident in found if ident])))


def read(session: Session, query: Any) -> dict[str, list[Values]]:
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
