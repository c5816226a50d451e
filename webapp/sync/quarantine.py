"""Records kept as received but not accepted, keyed by the envelope's hash, and what was decided about them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from webapp.models import Quarantine, QuarantineDecision
from webapp.sync.dialect import insert_once

# As it is; about somebody else; in another unit; not at all; by itself when it came again.
ACCEPT, ASSIGN, UNIT, REJECT, RESOLVED = "accept", "assign", "unit", "reject", "resolved"
_D = QuarantineDecision
WAITS = ~exists(select(_D.id).where(_D.envelope_hash == Quarantine.envelope_hash))


def keep(session: Session, *, now: datetime, **row: Any) -> None:
    """Insert once; a resent envelope finds its row. Only an undecided row's reasons may change."""
    if insert_once(session, Quarantine, [{**row, "received_at": now}]):
        return
    session.execute(
        update(Quarantine)
        .where(Quarantine.envelope_hash == row["envelope_hash"], WAITS)
        .values(reasons=row["reasons"], user_id=row["user_id"], unit_id=row["unit_id"])
        .execution_options(synchronize_session=False)
    )


def known(session: Session, hashes: set[str]) -> dict[str, str | None]:
    """The rows there are for these envelopes, with the decision that holds if one was taken."""
    here = select(Quarantine.envelope_hash).where(Quarantine.envelope_hash.in_(hashes))
    rows: dict[str, str | None] = dict.fromkeys(session.scalars(here))
    return rows | {name: one.decision for name, one in newest(session, rows).items()}


def newest(session: Session, hashes: Collection[str]) -> dict[str, QuarantineDecision]:
    """The decision that holds for each of these envelopes, where there is one."""
    query = select(_D).where(_D.envelope_hash.in_(hashes)).order_by(_D.number)
    return {one.envelope_hash: one for one in session.scalars(query)} if hashes else {}


def is_rejected(session: Session, check_id: UUID, author: UUID) -> bool:
    """A person decided that this author's record is left out, and nobody changed it since."""
    mine = session.scalars(select(Quarantine.envelope_hash).where(Quarantine.claimed_id == check_id, Quarantine.user_id == author)).all()
    holds = newest(session, mine)
    return bool(mine) and all(name in holds and holds[name].decision == REJECT for name in mine)


def decisions(session: Session, envelope_hash: str) -> list[QuarantineDecision]:
    """Everything that was decided about it, in order."""
    return list(session.scalars(select(_D).where(_D.envelope_hash == envelope_hash).order_by(_D.number)))


def lock(session: Session, envelope_hash: str) -> Quarantine | None:
    """The row, held until the commit: who decides, decides on what is true then. Lock its people before it, as intake does."""
    return session.get(Quarantine, envelope_hash, populate_existing=True, with_for_update=True)


def add(session: Session, envelope_hash: str, **row: Any) -> QuarantineDecision:
    """One more decision; the caller holds the lock."""
    made = _D(envelope_hash=envelope_hash, number=len(decisions(session, envelope_hash)) + 1, **row)
    session.add(made)
    return made


def resolve(session: Session, envelope_hash: str, check_id: UUID, now: datetime) -> None:
    """The record was accepted after all (its key became known, for instance): nobody needs to decide."""
    lock(session, envelope_hash)
    holds = newest(session, [envelope_hash]).get(envelope_hash)
    if holds is None or holds.decision == REJECT:
        add(session, envelope_hash, at=now, decision=RESOLVED, check_id=check_id, reason="", against=[])
