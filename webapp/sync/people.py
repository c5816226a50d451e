"""Database -> the person of a world: what pages, rules and the due engine read, on both sides."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from webapp.bundles import Registry
from webapp.models import CheckRecord, Episode, Flag, HiddenCheck, Patient, Trigger, User, Visit
from webapp.sync import kept, raw

Person = dict[str, Any]
OSLO = ZoneInfo("Europe/Oslo")
LATEST = 3
PAST_DAYS = 366

_C = CheckRecord
_FULL = (
    _C.id, _C.patient_id, _C.form, _C.performed_at, _C.received_at, _C.outcome, _C.supersedes, _C.bundle_id,
    _C.bundle_version, _C.performed_offset_min, _C.recorded_at, _C.author_id, _C.author_name, _C.author_title, _C.unit_id,
    _C.context, _C.not_done_reason, _C.not_done_text, _C.actions, _C.note, _C.answers, _C.derived, _C.flags, _C.warned,
    _C.all_ok, _C.reason,
)  # fmt: skip


def oslo(moment: datetime) -> str:
    return moment.astimezone(OSLO).isoformat(timespec="seconds")


def load(session: Session, refs: Sequence[UUID], registry: Registry, now: datetime) -> dict[UUID, Person]:
    """These people with everything their forms need, and no national id."""
    people = {row.id: _identity(row) for row in session.execute(_identities(refs))}
    today = now.astimezone(OSLO).date()
    add_dated(session, people, today)
    _add_visits(session, people, today)
    _add_flags(session, people)
    add_checks(session, people, registry, now)
    return people


def _identities(refs: Sequence[UUID]) -> Any:
    columns = (
        Patient.id, Patient.unit_id, Patient.name, Patient.born, Patient.address, Patient.key_note,
        Patient.fall_group_set, Patient.end_of_life,
    )  # fmt: skip
    return select(*columns).where(Patient.id.in_(refs)).order_by(Patient.name_key, Patient.id)


def _identity(row: Row[Any]) -> Person:
    return {
        "ref": str(row.id),
        "unit": str(row.unit_id),
        "name": row.name,
        "born": row.born.isoformat(),
        "address": row.address,
        "key_note": row.key_note,
        "fall_group_set": row.fall_group_set,
        "end_of_life": row.end_of_life,
        "episodes": [],
        "triggers": [],
        "visits": [],
        "checks": [],
        "flags": [],
    }


def add_dated(session: Session, people: dict[UUID, Person], today: date) -> None:
    """Episodes and triggers of the last year."""
    since = today - timedelta(days=PAST_DAYS)
    episodes = select(Episode).where(Episode.patient_id.in_(people)).order_by(Episode.start, Episode.id)
    for one in session.scalars(episodes):
        if one.end is None or one.end >= since:
            people[one.patient_id]["episodes"].append(
                {"kind": one.kind, "from": one.start.isoformat(), "to": _day(one.end), "place": one.place}
            )
    shown = or_(Trigger.source_check_id.is_(None), Trigger.source_check_id.not_in(select(HiddenCheck.check_id)))
    triggers = select(Trigger).where(Trigger.patient_id.in_(people), Trigger.on >= since, shown)
    for trigger in session.scalars(triggers.order_by(Trigger.on, Trigger.id)):
        people[trigger.patient_id]["triggers"].append(
            {"id": str(trigger.id), "check_id": str(trigger.source_check_id) if trigger.source_check_id else None,
             "type": trigger.type, "on": trigger.on.isoformat()}
        )


def _add_visits(session: Session, people: dict[UUID, Person], today: date) -> None:
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    visits = select(Visit).where(Visit.patient_id.in_(people), Visit.on.in_(days)).order_by(Visit.on, Visit.at, Visit.id)
    for one in session.scalars(visits):
        people[one.patient_id]["visits"].append(
            {"on": one.on.isoformat(), "at": one.at, "who": str(one.user_id) if one.user_id else None}
        )


def _add_flags(session: Session, people: dict[UUID, Person]) -> None:
    query = (
        select(Flag, User.name)
        .outerjoin(User, User.id == Flag.owner_id)
        .where(Flag.patient_id.in_(people), Flag.closed_at.is_(None))
        .order_by(Flag.opened_at, Flag.id)
    )
    for flag, owner in session.execute(query):
        people[flag.patient_id]["flags"].append(flag_json(flag, owner))


def flag_json(flag: Flag, owner: str | None) -> dict[str, Any]:
    return {
        "id": str(flag.id),
        "code": flag.code,
        "severity": flag.severity,
        "subject": flag.subject,
        "bundle": flag.bundle_id,
        "version": flag.bundle_version,
        "form": flag.form,
        "rule": flag.rule,
        "opened_at": oslo(flag.opened_at),
        "check_id": str(flag.check_id),
        "list": flag.list,
        "n": flag.n,
        "inputs": flag.inputs,
        "owner": {"id": str(flag.owner_id), "name": owner} if flag.owner_id else None,
        "due_on": _day(flag.due_on),
        "not_found_last": flag.not_found_last,
    }


def add_checks(session: Session, people: dict[UUID, Person], registry: Registry, now: datetime) -> None:
    """The checks a device must hold: the latest per form, open items, recent events, and what each corrected."""
    flagged = {UUID(flag["check_id"]) for person in people.values() for flag in person["flags"]}
    since = now - timedelta(days=PAST_DAYS)
    wanted = {raw.ident(one) for one in kept.choose(session, people, kept.shapes(registry), since, LATEST, flagged)}
    earlier, replaced = kept.corrected(session, wanted)
    for row in sorted(session.execute(select(*_FULL).where(_C.id.in_(wanted | earlier))), key=kept.order):
        if row.patient_id in people:
            people[row.patient_id]["checks"].append(check_json(row, replaced.get(row.id)))


def check_json(row: Any, superseded_by: UUID | None) -> dict[str, Any]:
    """A stored check as pages and rules read it."""
    zone = timezone(timedelta(minutes=row.performed_offset_min))
    return {
        "id": str(row.id),
        "form": row.form,
        "bundle": row.bundle_id,
        "version": row.bundle_version,
        "performed_at": row.performed_at.astimezone(zone).isoformat(timespec="seconds"),
        "recorded_at": row.recorded_at.astimezone(zone).isoformat(timespec="seconds"),
        "received_at": oslo(row.received_at),
        "author": {"id": str(row.author_id), "name": row.author_name, "title": row.author_title},
        "unit": str(row.unit_id),
        "context": row.context,
        "outcome": row.outcome,
        "not_done_reason": row.not_done_reason,
        "not_done_text": row.not_done_text,
        "actions": row.actions,
        "note": row.note,
        "answers": row.answers,
        "derived": row.derived,
        "flags": row.flags,
        "warned": row.warned,
        "all_ok": row.all_ok,
        "supersedes": str(row.supersedes) if row.supersedes else None,
        "reason": row.reason,
        "superseded_by": str(superseded_by) if superseded_by else None,
        "status": "amended" if row.supersedes else "final",
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def utc_now() -> datetime:
    return datetime.now(UTC)
