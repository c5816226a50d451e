"""What judging a check reads of a person: identity facts, open flags and the checks that rules look back at. Nothing to show."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.bundles import Registry
from webapp.models import CheckRecord, Flag, Patient
from webapp.sync import kept
from webapp.sync.people import LATEST, PAST_DAYS, Person, oslo
from webapp.sync.submission import Submission

EVERYTHING = 1_000_000
_C = CheckRecord
_READ = (
    _C.id, _C.patient_id, _C.form, _C.performed_at, _C.received_at, _C.outcome, _C.context, _C.actions, _C.answers,
    _C.derived, _C.flags, _C.supersedes,
)  # fmt: skip


def load(session: Session, refs: Iterable[UUID], registry: Registry, now: datetime, latest: int = LATEST) -> dict[UUID, Person]:
    """These people as rules see them. The same checks as a device holds, unless `latest` says more."""
    columns = (Patient.id, Patient.unit_id, Patient.born, Patient.fall_group_set, Patient.end_of_life)
    found = {row.id: _person(row) for row in session.execute(select(*columns).where(Patient.id.in_(list(refs))))}
    flagged = _add_flags(session, found)
    since = now - timedelta(days=PAST_DAYS if latest == LATEST else EVERYTHING // 10)
    wanted = kept.choose(session, found, kept.shapes(registry), since, latest, flagged)
    _, replaced = kept.corrected(session, flagged)  # every other one was chosen because nothing corrects it
    for row in sorted(session.execute(select(*_READ).where(_C.id.in_(wanted))), key=kept.order):
        if row.patient_id in found:
            found[row.patient_id]["checks"].append(read(row._mapping, replaced.get(row.id)))
    return found


def _person(row: Any) -> Person:
    return {
        "ref": str(row.id), "unit": str(row.unit_id), "born": row.born.isoformat(), "fall_group_set": row.fall_group_set,
        "end_of_life": row.end_of_life, "checks": [], "flags": [], "triggers": [], "episodes": [],
    }  # fmt: skip


def _add_flags(session: Session, people: dict[UUID, Person]) -> set[UUID]:
    """Open flags, oldest first; the checks that raised them."""
    query = select(Flag.id, Flag.patient_id, Flag.code, Flag.severity, Flag.subject, Flag.check_id, Flag.opened_at)
    mine = query.where(Flag.patient_id.in_(list(people)), Flag.closed_at.is_(None)).order_by(Flag.opened_at, Flag.id)
    raised = set()
    for row in session.execute(mine):
        flag = {"id": str(row.id), "code": row.code, "severity": row.severity, "subject": row.subject, "check_id": str(row.check_id)}
        people[row.patient_id]["flags"].append({**flag, "opened_at": oslo(row.opened_at)})
        raised.add(row.check_id)
    return raised


def read(row: Any, superseded_by: UUID | None) -> dict[str, Any]:
    """Of a check's row, what rules and due lists look back at."""
    return {
        "id": str(row["id"]), "form": row["form"], "performed_at": second(row["performed_at"]),
        "received_at": second(row["received_at"]), "outcome": row["outcome"], "context": row["context"],
        "actions": row["actions"], "answers": row["answers"], "derived": row["derived"], "flags": row["flags"],
        "supersedes": str(row["supersedes"]) if row["supersedes"] else None,
        "superseded_by": str(superseded_by) if superseded_by else None, "status": "final",
    }  # fmt: skip


def second(moment: datetime) -> str:
    """To the second, as devices hold it: both sides must order checks alike."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def reaches(person: Person, sub: Submission) -> bool:
    """Whether what was loaded is all that a check made at that time looks back at.

    Of a form with few checks all are there, of others only the latest: a check that arrives late may lie before them.
    Of items that were closed since, only the last record is there."""
    if person.get("whole"):
        return True
    at, form = second(sub.performed_at), sub.form
    carriers = {one.id for one in form.siblings if one.lists} if form.lists or form.reads.items else set()
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
