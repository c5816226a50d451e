"""Records kept as received but not accepted, keyed by the envelope's hash. What is decided, is decided about a record,
whichever envelope it came in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import AliasedClass

from webapp.models import Patient, Quarantine, QuarantineDecision
from webapp.sync.dialect import insert_once

# As it is; about somebody else; in another unit; not at all; by itself when it came again.
ACCEPT, ASSIGN, UNIT, REJECT, RESOLVED = "accept", "assign", "unit", "reject", "resolved"
Record = tuple[UUID | None, str]  # the id it claims and the hash of what was signed; of the envelope where that is not known
_D, _Kept = QuarantineDecision, aliased(Quarantine)
Rows = type[Quarantine] | AliasedClass[Quarantine]


def content_of(row: Rows) -> ColumnElement[str]:
    return func.coalesce(row.content_hash, row.envelope_hash)


def same(one: Rows, other: Rows) -> ColumnElement[bool]:
    """Two envelopes of one record: sealed again, for instance."""
    return and_(one.claimed_id == other.claimed_id, content_of(one) == content_of(other))


WAITS = ~exists(
    select(_D.id).join(_Kept, _Kept.envelope_hash == _D.envelope_hash).where(same(_Kept, Quarantine)).correlate(Quarantine)
)
_EARLIER = or_(
    _Kept.received_at < Quarantine.received_at,
    and_(_Kept.received_at == Quarantine.received_at, _Kept.envelope_hash < Quarantine.envelope_hash),
)
FIRST = ~exists(select(_Kept.envelope_hash).where(same(_Kept, Quarantine), _EARLIER).correlate(Quarantine))


def unit_of() -> ColumnElement[UUID | None]:
    """Where a record belongs: where the person it is about is now, if she is known, else the unit it came with."""
    home = select(Patient.unit_id).where(Patient.id == Quarantine.about).correlate(Quarantine).scalar_subquery()
    return func.coalesce(home, Quarantine.unit_id)


def record_of(row: Quarantine) -> Record:
    return row.claimed_id, row.content_hash or row.envelope_hash


def keep(session: Session, *, now: datetime, **row: Any) -> None:
    """Insert once; a resent envelope finds its row. Of an undecided record every row then says what was said last."""
    insert_once(session, Quarantine, [{**row, "received_at": now}])
    unread = update(Quarantine).where(Quarantine.envelope_hash == row["envelope_hash"], Quarantine.content_hash.is_(None))
    quiet = {"synchronize_session": False}
    session.execute(unread.values(content_hash=row["content_hash"], about=row["about"]).execution_options(**quiet))
    whole = row["content_hash"] or row["envelope_hash"]
    session.execute(
        update(Quarantine)
        .where(Quarantine.claimed_id == row["claimed_id"], content_of(Quarantine) == whole, WAITS)
        .values(reasons=row["reasons"], user_id=row["user_id"], unit_id=func.coalesce(row["unit_id"], Quarantine.unit_id))
        .execution_options(**quiet)
    )


def history(session: Session, records: Collection[Record]) -> dict[Record, list[QuarantineDecision]]:
    """Of each of these records that is kept, everything that was decided about any of its envelopes, in order."""
    mine = Quarantine.claimed_id.in_({claimed for claimed, _ in records})
    rows = session.execute(select(Quarantine.claimed_id, content_of(Quarantine)).where(mine))
    found: dict[Record, list[QuarantineDecision]] = {(row[0], row[1]): [] for row in rows if (row[0], row[1]) in records}
    taken = select(_D, Quarantine.claimed_id, content_of(Quarantine)).join(Quarantine, Quarantine.envelope_hash == _D.envelope_hash)
    for one, claimed, content in session.execute(taken.where(mine).order_by(_D.number, _D.at)) if found else ():
        if (claimed, content) in found:
            found[claimed, content].append(one)
    return found


def known(session: Session, records: Collection[Record]) -> dict[Record, str | None]:
    """Which of these records are kept, with the decision that holds if one was taken."""
    return {record: taken[-1].decision if taken else None for record, taken in history(session, records).items()}


def is_rejected(session: Session, check_id: UUID, author: UUID) -> bool:
    """A person decided that this author's record is left out, and nobody changed it since."""
    mine = session.scalars(select(Quarantine).where(Quarantine.claimed_id == check_id, Quarantine.user_id == author))
    found = known(session, {record_of(row) for row in mine})
    return bool(found) and set(found.values()) == {REJECT}


def waiting(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids a signed record claims that nobody has decided about."""
    signed = Quarantine.claimed_id.in_(ids), Quarantine.user_id.is_not(None)
    return {one for one in session.scalars(select(Quarantine.claimed_id).where(*signed, WAITS)) if one} if ids else set()


def decisions(session: Session, row: Quarantine) -> list[QuarantineDecision]:
    """Everything that was decided about this record, in order."""
    return history(session, {record_of(row)}).get(record_of(row), [])


def lock(session: Session, claimed_id: UUID | None) -> dict[str, Quarantine]:
    """All rows that claim this id, held until the commit: who decides, decides on what is true then. By envelope hash.

    Lock its people before it, as intake does."""
    query = select(Quarantine).where(Quarantine.claimed_id == claimed_id).order_by(Quarantine.envelope_hash).with_for_update()
    return {row.envelope_hash: row for row in session.scalars(query.execution_options(populate_existing=True))}


def add(session: Session, row: Quarantine, **more: Any) -> QuarantineDecision:
    """One more decision; the caller holds the lock."""
    made = _D(envelope_hash=row.envelope_hash, number=len(decisions(session, row)) + 1, **more)
    session.add(made)
    return made


def resolve(session: Session, record: Record, now: datetime) -> None:
    """The record was accepted after all (its key became known, for instance): nobody needs to decide. What a person decided stays."""
    rows = [row for row in lock(session, record[0]).values() if record_of(row) == record]
    if rows and not decisions(session, rows[0]):
        first = min(rows, key=lambda row: (row.received_at, row.envelope_hash))
        add(session, first, at=now, decision=RESOLVED, check_id=record[0], reason="", against=[])
        session.flush()
