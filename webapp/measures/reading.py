"""A person's checks as measures read them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from webapp.bundles import history
from webapp.models import CheckRecord, Patient, is_shown
from webapp.sync import raw
from webapp.sync.raw import data, moment, uuid

_NAMES = ("id", "patient_id", "unit_id", "form", "performed_at", "received_at", "outcome", "not_done_reason", "context", "actions",
          "answers", "derived", "supersedes")  # fmt: skip
_COLUMNS = raw.columns(_NAMES)
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
