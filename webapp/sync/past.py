"""What judging a check reads of a person: identity facts, open flags and the checks that rules look back at. Nothing to show."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.bundles import Registry
from webapp.models import CheckRecord, Flag, Patient
from webapp.sync import kept, raw
from webapp.sync.people import LATEST, PAST_DAYS, Person, oslo
from webapp.sync.submission import Submission

EVERYTHING = 1_000_000
_C = CheckRecord
READ = ("id", "patient_id", "form", "performed_at", "received_at", "outcome", "context", "actions", "answers", "derived", "flags",
        "supersedes")  # fmt: skip
_COLUMNS = raw.columns(READ)


def load(session: Session, refs: Iterable[UUID], registry: Registry, now: datetime, latest: int = LATEST) -> dict[UUID, Person]:
    """These people as rules see them. The same checks as a device holds, unless `latest` says more."""
    columns = (Patient.id, Patient.unit_id, Patient.born, Patient.fall_group_set, Patient.end_of_life)
    found = {row.id: _person(row) for row in session.execute(select(*columns).where(Patient.id.in_(list(refs))))}
    flagged = _add_flags(session, found)
    since = now - timedelta(days=PAST_DAYS if latest == LATEST else EVERYTHING // 10)
    wanted = kept.choose(session, found, kept.shapes(registry), since, latest, flagged)
    _, corrections = kept.corrected(session, flagged)  # every other one was chosen because nothing corrects it
    replaced = {str(one): by for one, by in corrections.items()}
    of = {raw.key(session, ref): person["checks"] for ref, person in found.items()}
    rows = session.connection().execute(select(*_COLUMNS).where(raw.bare(_C.id).in_(wanted)))
    for row in sorted(rows, key=_order):
        if row[1] in of:
            of[row[1]].append(read(row, replaced.get(raw.uuid(row[0]))))
    return found


def _order(row: Any) -> tuple[Any, str]:
    """As `kept.order`, of a row of READ."""
    return min(row[3], row[4]), raw.uuid(row[0])


def _person(row: Any) -> Person:
    return {
        "ref": str(row.id), "unit": str(row.unit_id), "born": row.born.isoformat(), "fall_group_set": row.fall_group_set,
        "end_of_life": row.end_of_life, "checks": [], "flags": [], "triggers": [], "episodes": [],
    }  # fmt: skip


def _add_flags(session: Session, people: dict[UUID, Person]) -> set[UUID]:
    """Open flags, oldest first; the checks that raised them."""
    query = select(raw.bare(Flag.id), raw.bare(Flag.patient_id), Flag.code, Flag.severity, Flag.subject, Flag.check_id, Flag.opened_at)
    mine = query.where(Flag.patient_id.in_(list(people)), Flag.closed_at.is_(None)).order_by(Flag.opened_at, Flag.id)
    of = {raw.key(session, ref): person["flags"] for ref, person in people.items()}
    raised = set()
    for ident, ref, code, severity, subject, check, opened in session.execute(mine):
        flag = {"id": raw.uuid(ident), "code": code, "severity": severity, "subject": subject, "check_id": str(check)}
        of[ref].append({**flag, "opened_at": oslo(opened)})
        raised.add(check)
    return raised


def read(row: Iterable[Any], superseded_by: UUID | None) -> dict[str, Any]:
    """Of a check's row (READ), what rules and due lists look back at."""
    ident, _, form, performed, received, outcome, context, actions, answers, derived, flags, supersedes = row
    return {
        "id": raw.uuid(ident), "form": form, "performed_at": raw.moment(performed), "received_at": raw.moment(received),
        "outcome": outcome, "context": context, "actions": raw.data(actions), "answers": raw.data(answers),
        "derived": raw.data(derived), "flags": raw.data(flags), "supersedes": raw.uuid(supersedes) if supersedes else None,
        "superseded_by": str(superseded_by) if superseded_by else None, "status": "final",
    }  # fmt: skip


def reaches(person: Person, sub: Submission) -> bool:
    """Whether what was loaded is all that a check made at that time looks back at.

    Of a form with few checks all are there, of others only the latest: a check that arrives late may lie before them.
    Of items that were closed since, only the last record is there."""
    if person.get("whole"):
        return True
    at, form = raw.moment(sub.performed_at), sub.form
    carriers = {one.id for one in form.siblings if one.lists} if form.lists or form.reads.items else set()
    if carriers and sub.supersedes:
        return False  # without the check that it corrects, what that one closed is open again, with every record of it
    told: dict[str, list[tuple[str, str]]] = {name: [] for name in {form.id, *form.reads.last, *form.reads.past, *carriers}}
    for one in person["checks"]:
        if one["form"] in told and one["outcome"] != "not_done" and not one["superseded_by"]:
            told[one["form"]].append((min(one["performed_at"], one["received_at"]), one["id"]))
    for name, mine in told.items():
        newest = sorted(mine)[-LATEST:]  # older ones are here only for their items, with gaps
        before = [ident for time, ident in newest if time < at and ident != str(sub.supersedes)]
        if (len(newest) == LATEST and not before) or (name in carriers and newest and newest[-1][0] > at):
            return False
    return True


def add_rest(session: Session, person: Person, registry: Registry, now: datetime) -> None:
    """The rest of a person's checks; what this batch did in memory stays."""
    (everything,) = load(session, [UUID(person["ref"])], registry, now, EVERYTHING).values()
    here = {one["id"] for one in person["checks"]}
    person["checks"][:0] = [one for one in everything["checks"] if one["id"] not in here]
    replaced = {one["supersedes"]: one["id"] for one in person["checks"] if one["supersedes"]}
    for one in person["checks"]:
        one["superseded_by"] = replaced.get(one["id"], one["superseded_by"])
    person["whole"] = True


def corrected_people(session: Session, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Whom these stored checks are about: check -> person."""
    return {row.id: row.patient_id for row in session.execute(select(_C.id, _C.patient_id).where(_C.id.in_(list(ids))))}


def corrections_of(session: Session, ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """Corrections that came before what they correct: (corrected id, person) -> the newest correction."""
    columns = (_C.id, _C.supersedes, _C.patient_id, _C.performed_at, _C.received_at)
    rows = session.execute(select(*columns).where(_C.supersedes.in_(list(ids))))
    return {(row.supersedes, row.patient_id): row.id for row in sorted(rows, key=kept.order)}
