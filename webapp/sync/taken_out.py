"""A record that is about somebody else, is deleted by law, or is blocked (REQ-03, REQ-04): taken out of all that is read, never out of
the database. What followed from it is undone, what it undid is back, and every decision stays with who, when and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import CheckDecision, CheckRecord, Flag, FlagClosing, FlagRaise, HiddenCheck, Patient, User
from webapp.sync import feed, people, storing, world
from webapp.sync.hidden import MOVE
from webapp.sync.submission import Author, Source, Submission

DELETE, BLOCK, UNBLOCK, REFUSE = "delete", "block", "unblock", "refuse"
HIDES = (MOVE, DELETE, BLOCK)
WITHDRAWN = "withdrawn"  # how a flag ends that a record raised which is not shown any more
SHORTEST, LONGEST = 10, 500


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken; nothing was changed."""

    reason: str


def line(session: Session, check: CheckRecord) -> list[CheckRecord]:
    """The record with what it corrects and what corrects it, oldest first: they say the same of the same person, so they go together."""
    found, frontier = {check.id: check}, [check]
    while frontier:
        ids = [one.id for one in frontier]
        earlier = [one.supersedes for one in frontier if one.supersedes]
        near = select(CheckRecord).where(or_(CheckRecord.supersedes.in_(ids), CheckRecord.id.in_(earlier)))
        frontier = [one for one in session.scalars(near) if one.id not in found and one.patient_id == check.patient_id]
        found |= {one.id: one for one in frontier}
    return sorted(found.values(), key=lambda one: (one.recorded_at, one.received_at, str(one.id)))


def decisions(session: Session, check_id: UUID) -> list[tuple[CheckDecision, str]]:
    """What was decided about it and by whom, in order."""
    query = select(CheckDecision, User.name).join(User, User.id == CheckDecision.by).where(CheckDecision.check_id == check_id)
    return [(one, by) for one, by in session.execute(query.order_by(CheckDecision.number))]


def choices(hidden: str | None) -> tuple[str, ...]:
    """What can be decided about a record that is shown, or hidden for this reason."""
    if hidden is None:
        return (MOVE, DELETE, BLOCK, REFUSE)
    return (UNBLOCK, DELETE, REFUSE) if hidden == BLOCK else ()


def decide(
    session: Session, check: CheckRecord, kind: str, reason: str, by: User, now: datetime, *, person: Patient | None = None, seen: int = 0
) -> CheckDecision | Refused:
    """One decision for the whole line. `person` = whom it is about in truth, `seen` = how many decisions stood on the screen.

    The caller has asked policy, logs, and commits."""
    reason = reason.replace("\0", "").strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        return Refused("Skriv en begrunnelse på 10 til 500 tegn. Ingenting er endret.")
    storing.lock_people(session, {check.patient_id} | ({person.id} if person else set()))
    hidden = session.scalar(select(HiddenCheck.kind).where(HiddenCheck.check_id == check.id))
    if len(decisions(session, check.id)) != seen:
        return Refused("Noen har allerede avgjort noe om denne registreringen. Se hva som er avgjort. Ingenting er endret.")
    if kind not in choices(hidden):
        return Refused("Velg hva som skal gjøres med registreringen. Ingenting er endret.")
    whole = line(session, check)
    moved: UUID | None = None
    if kind == MOVE:
        made = _at_the_right_person(session, whole[-1], person)
        if isinstance(made, Refused):
            return made
        moved = made
    _show(session, whole, kind, by, now)
    return _written(session, whole, check, CheckDecision(kind=kind, reason=reason, by=by.id, at=now, new_check_id=moved,
                                                         patient_id=person.id if person and moved else None))  # fmt: skip


def _written(session: Session, whole: Sequence[CheckRecord], check: CheckRecord, said: CheckDecision) -> CheckDecision:
    """The same row for each record of the line."""
    counted = select(CheckDecision.check_id, func.count()).where(CheckDecision.check_id.in_([one.id for one in whole]))
    numbers = {row[0]: row[1] for row in session.execute(counted.group_by(CheckDecision.check_id))}
    rows = {
        one.id: CheckDecision(id=uuid4(), check_id=one.id, number=numbers.get(one.id, 0) + 1, kind=said.kind, reason=said.reason,
                              by=said.by, at=said.at, patient_id=said.patient_id, new_check_id=said.new_check_id)
        for one in whole
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    return rows[check.id]


def _show(session: Session, whole: Sequence[CheckRecord], kind: str, by: User, now: datetime) -> None:
    """Hide the line or show it again, with its flags and those it closed."""
    if kind == REFUSE:
        return
    ids = [one.id for one in whole]
    before = set(session.scalars(select(HiddenCheck.check_id).where(HiddenCheck.check_id.in_(ids))))
    session.execute(delete(HiddenCheck).where(HiddenCheck.check_id.in_(ids)))
    if kind in HIDES:
        session.add_all(HiddenCheck(check_id=one, kind=kind) for one in ids)
    session.flush()
    if kind in HIDES and not before:
        _undo(session, ids, by, now)
    elif kind == UNBLOCK:
        _open_again(session, select(FlagClosing).where(FlagClosing.check_id.in_(ids), FlagClosing.outcome == WITHDRAWN), [])
    feed.touch(session, whole[0].patient_id, None, "check")


def _undo(session: Session, ids: Sequence[UUID], by: User, now: datetime) -> None:
    """What it raised is withdrawn, unless another record raised it too; what it closed is open again."""
    raised = select(FlagRaise.flag_id).where(FlagRaise.check_id.in_(ids))
    for flag in session.scalars(select(Flag).where(Flag.id.in_(raised), Flag.closed_at.is_(None)).order_by(Flag.id).with_for_update()):
        others = select(FlagRaise.check_id).where(FlagRaise.flag_id == flag.id, FlagRaise.check_id.not_in(ids))
        left = session.scalars(select(CheckRecord).where(CheckRecord.id.in_(others)).order_by(CheckRecord.performed_at)).all()
        if left:
            _said_by(flag, left)
        else:
            flag.closed_at = now
            session.add(FlagClosing(id=uuid4(), flag_id=flag.id, outcome=WITHDRAWN, by=by.id, check_id=ids[-1], at=now))
    session.flush()
    _open_again(session, select(FlagClosing).where(FlagClosing.check_id.in_(ids), FlagClosing.outcome != WITHDRAWN), ids)


def _said_by(flag: Flag, left: Sequence[CheckRecord]) -> None:
    """The flag as the records that are left have it."""
    flag.check_id, flag.opened_at = left[0].id, min(left[0].performed_at, left[0].received_at)
    for one in reversed(left):
        for said in one.flags:
            if (said["code"], said.get("subject", "")) == (flag.code, flag.subject):
                flag.list, flag.n, flag.inputs = said.get("list", []), said.get("n"), said.get("inputs", [])
                return


def _open_again(session: Session, closings: Any, but: Sequence[UUID]) -> None:
    """The closing stays for ever; the same thing is open again as a new flag of the same age, unless it is open already, or
    nothing raised it `but` these records."""
    for closing in session.scalars(closings.order_by(FlagClosing.at)):
        flag = session.get_one(Flag, closing.flag_id)
        others = select(FlagRaise.check_id).where(FlagRaise.flag_id == flag.id, FlagRaise.check_id.not_in(but))
        if but and session.scalar(others.limit(1)) is None:
            continue
        same = (Flag.patient_id == flag.patient_id) & (Flag.code == flag.code) & (Flag.subject == flag.subject)
        if session.scalar(select(Flag.id).where(same, Flag.closed_at.is_(None))) is not None:
            continue
        kept: dict[str, Any] = {column.key: getattr(flag, column.key) for column in Flag.__table__.columns}
        again = Flag(**kept | {"id": uuid4(), "closed_at": None})
        raises = session.scalars(select(FlagRaise).where(FlagRaise.flag_id == flag.id)).all()
        session.add(again)
        session.flush()
        session.add_all(FlagRaise(flag_id=again.id, check_id=one.check_id, at=one.at) for one in raises)
        session.flush()


def _at_the_right_person(session: Session, check: CheckRecord, person: Patient | None) -> UUID | Refused:
    """What the newest of the line says, as a record about her: same author, same times. What was signed stays where it was signed."""
    if person is None or person.id == check.patient_id:
        return Refused("Finn brukeren som registreringen gjelder. Ingenting er endret.")
    ident = uuid4()
    outcome = storing.store(session, [again(session, check, ident, person)], check.received_at)[0]
    if outcome.verdict != "accepted":
        return Refused("Registreringen passer ikke til denne brukeren og kan ikke flyttes dit. Ingenting er endret.")
    return ident


def again(session: Session, check: CheckRecord, ident: UUID, person: Patient) -> Submission:
    """A stored record as one on its way in, about somebody else."""
    zone = people.check_json(check, None)
    bundle = world.bundles().by_version[(check.bundle_id, check.bundle_version)]
    form = bundle.form(check.form)
    if form is None:
        raise ValueError("a stored record of a form that its bundle does not have")
    common = {
        "context": check.context, "outcome": check.outcome, "not_done_reason": check.not_done_reason, "actions": check.actions,
        "not_done_text": check.not_done_text, "note": check.note, "performed_at": zone["performed_at"],
    }  # fmt: skip
    return Submission(
        id=ident, patient_id=person.id, unit_id=person.unit_id, bundle=bundle, form=form, settings_version=check.settings_version,
        performed_at=datetime.fromisoformat(zone["performed_at"]), recorded_at=check.recorded_at, answers=check.answers, common=common,
        warned=check.warned, all_ok=check.all_ok, supersedes=None, reason=None, prior=None, device_flags=None,
        app_version=check.app_version, clock=check.clock, author=Author(check.author_id, check.author_name, check.author_title),
        source=Source(content_hash=hashlib.sha256(f"{ident} {check.content_hash}".encode()).hexdigest()), moved=True,
    )  # fmt: skip
