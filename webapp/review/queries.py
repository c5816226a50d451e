"""Reads for the supervisor's pages. Every query is limited to the units given; `accounts.policy` says which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, case, func, select, true
from sqlalchemy.orm import Session, aliased

from webapp.models import (
    CheckRecord,
    Device,
    Flag,
    FlagClosing,
    FlagRaise,
    FormerToken,
    HiddenCheck,
    Patient,
    Quarantine,
    QuarantineDecision,
    Unit,
    User,
    Visit,
    is_shown,
)
from webapp.sync.quarantine import FIRST, WAITS, same

SEVERITY_ORDER = ("urgent", "high", "medium")
PAGE = 60


@dataclass(frozen=True)
class OpenFlag:
    """One open flag with the person it is about and who follows it up."""

    flag: Flag
    patient: Patient
    owner: User | None
    last_raised: datetime


def open_flags(session: Session, units: Sequence[UUID], today: str, page: int = 1, only: UUID | None = None) -> list[OpenFlag]:
    """A page of the open flags of the units: urgent, high, then past their due date, then the newest. `only` = one flag."""
    severity = case({name: rank for rank, name in enumerate(SEVERITY_ORDER)}, value=Flag.severity, else_=len(SEVERITY_ORDER))
    overdue = case((Flag.due_on < date.fromisoformat(today), 0), else_=1)
    rows = session.execute(
        select(Flag, Patient, User)
        .join(Patient, Patient.id == Flag.patient_id)
        .outerjoin(User, User.id == Flag.owner_id)
        .where(Patient.unit_id.in_(units), Flag.closed_at.is_(None), Flag.id == only if only else true())
        .order_by(severity, overdue, Flag.opened_at.desc(), Flag.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    raised = _last_raised(session, [flag.id for flag, _, _ in rows])
    return [OpenFlag(flag, patient, owner, raised.get(flag.id, flag.opened_at)) for flag, patient, owner in rows]


def _last_raised(session: Session, flag_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    if not flag_ids:
        return {}
    rows = session.execute(
        select(FlagRaise.flag_id, func.max(FlagRaise.at)).where(FlagRaise.flag_id.in_(flag_ids)).group_by(FlagRaise.flag_id)
    )
    return {row[0]: row[1] for row in rows}


def open_counts(session: Session, units: Sequence[UUID]) -> dict[str, int]:
    """How many flags are open per severity."""
    rows = session.execute(
        select(Flag.severity, func.count())
        .join(Patient, Patient.id == Flag.patient_id)
        .where(Patient.unit_id.in_(units), Flag.closed_at.is_(None))
        .group_by(Flag.severity)
    )
    return {row[0]: row[1] for row in rows}


def flags_of(session: Session, patient_id: UUID) -> list[tuple[Flag, FlagClosing | None, User | None]]:
    """Every flag a person has had, newest first, with its closing and who closed it."""
    rows = session.execute(
        select(Flag, FlagClosing, User)
        .outerjoin(FlagClosing, FlagClosing.flag_id == Flag.id)
        .outerjoin(User, User.id == FlagClosing.by)
        .where(Flag.patient_id == patient_id, Flag.check_id.not_in(select(HiddenCheck.check_id)))
        .order_by(Flag.opened_at.desc(), Flag.id)
    ).all()
    return [(flag, closing, user) for flag, closing, user in rows]


def flags_by_check(session: Session, check_id: UUID) -> list[tuple[Flag, FlagClosing | None]]:
    """The flags a check raised or added to."""
    rows = session.execute(
        select(Flag, FlagClosing)
        .join(FlagRaise, FlagRaise.flag_id == Flag.id)
        .outerjoin(FlagClosing, FlagClosing.flag_id == Flag.id)
        .where(FlagRaise.check_id == check_id)
    ).all()
    return [(flag, closing) for flag, closing in rows]


def checks_of(session: Session, patient_id: UUID, before: tuple[datetime, UUID] | None = None) -> list[CheckRecord]:
    """A person's checks, newest first, one more than a page; `before` = the last one of the page before."""
    query = select(CheckRecord).where(CheckRecord.patient_id == patient_id, is_shown())
    if before is not None:
        at, ident = before
        earlier = (CheckRecord.performed_at == at) & (CheckRecord.id < ident)
        query = query.where((CheckRecord.performed_at < at) | earlier)
    return list(session.scalars(query.order_by(CheckRecord.performed_at.desc(), CheckRecord.id.desc()).limit(PAGE + 1)))


def chain_of(session: Session, check: CheckRecord) -> list[CheckRecord]:
    """The check, what it corrects and everything that corrects one of them, oldest first."""
    first, seen = check, {check.id}
    while first.supersedes and first.supersedes not in seen:
        earlier = session.get(CheckRecord, first.supersedes)
        if earlier is None or earlier.patient_id != check.patient_id:
            break
        first = earlier
        seen.add(first.id)
    chain, known = [first], {first.id}
    frontier = [one for one in (first.id, first.supersedes) if one]  # a correction may be here before its original
    while frontier:
        later = select(CheckRecord).where(CheckRecord.supersedes.in_(frontier), CheckRecord.patient_id == check.patient_id)
        fresh = [one for one in session.scalars(later.order_by(CheckRecord.received_at, CheckRecord.id)) if one.id not in known]
        chain += fresh
        frontier = [one.id for one in fresh]
        known.update(frontier)
    return chain


def superseded_ids(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these checks have a correction."""
    if not ids:
        return set()
    rows = session.scalars(select(CheckRecord.supersedes).where(CheckRecord.supersedes.in_(ids)))
    return {row for row in rows if row is not None}


def quarantined(session: Session, ours: Select[Quarantine], page: int = 1) -> list[Quarantine]:
    """Records kept but not accepted, those that wait first, one more than a page; a record that came in two envelopes once."""
    waiting = case((WAITS, 0), else_=1)
    query = ours.where(FIRST).order_by(waiting, Quarantine.received_at.desc(), Quarantine.envelope_hash)
    return list(session.scalars(query.limit(PAGE + 1).offset((page - 1) * PAGE)))


def decided(session: Session, hashes: Sequence[str]) -> dict[str, list[tuple[QuarantineDecision, User | None]]]:
    """What was decided about these records, in order, and by whom."""
    which = aliased(Quarantine)
    query = select(QuarantineDecision, User, which.envelope_hash).outerjoin(User, User.id == QuarantineDecision.by)
    query = query.join(Quarantine, Quarantine.envelope_hash == QuarantineDecision.envelope_hash).join(which, same(Quarantine, which))
    ordered = query.where(which.envelope_hash.in_(hashes)).order_by(QuarantineDecision.number, QuarantineDecision.at)
    found: dict[str, list[tuple[QuarantineDecision, User | None]]] = {}
    for one, by, name in session.execute(ordered):
        found.setdefault(name, []).append((one, by))
    return found


def taken_in(session: Session, check_id: UUID) -> tuple[QuarantineDecision, User | None] | None:
    """The supervisor's decision that made a refused record this check."""
    query = select(QuarantineDecision, User).outerjoin(User, User.id == QuarantineDecision.by)
    row = session.execute(query.where(QuarantineDecision.check_id == check_id, QuarantineDecision.by.is_not(None)).limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def visited(session: Session, user_id: UUID, on: date) -> dict[UUID, str]:
    """Whom this nurse had on her route that day, and when."""
    query = select(Visit.patient_id, Visit.at).where(Visit.user_id == user_id, Visit.on == on)
    return {row.patient_id: row.at for row in session.execute(query.order_by(Visit.at.desc()))}


def devices(session: Session, units: Sequence[UUID]) -> list[tuple[Device, Unit]]:
    """Devices of the units, the longest silent first, those that are blocked last."""
    rows = session.execute(
        select(Device, Unit)
        .join(Unit, Unit.id == Device.unit_id)
        .where(Device.unit_id.in_(units))
        .order_by(Device.revoked_at.is_not(None), Device.last_contact.asc().nulls_first(), Device.name, Device.id)
    ).all()
    return [(device, unit) for device, unit in rows]


def given_again(session: Session, devices: Sequence[UUID]) -> dict[UUID, tuple[datetime, str]]:
    """When a device was last given another cookie, and by whose log-in."""
    query = select(FormerToken.device_id, FormerToken.replaced_at, User.name).join(User, User.id == FormerToken.replaced_by)
    rows = session.execute(query.where(FormerToken.device_id.in_(devices)).order_by(FormerToken.replaced_at)).all()
    return {row.device_id: (row.replaced_at, row.name) for row in rows}


def checks_between(session: Session, units: Sequence[UUID], starts: Sequence[datetime]) -> dict[tuple[UUID, int], int]:
    """(unit, n) -> how many checks were done between the n-th of these instants and the next."""
    which = case(*((CheckRecord.performed_at < start, n) for n, start in enumerate(starts[1:])), else_=len(starts) - 1)
    rows = session.execute(
        select(CheckRecord.unit_id, which.label("n"), func.count())
        .where(CheckRecord.unit_id.in_(units), CheckRecord.performed_at >= starts[0], CheckRecord.outcome != "not_done", is_shown())
        .group_by(CheckRecord.unit_id, "n")
    )
    return {(unit, n): count for unit, n, count in rows}
