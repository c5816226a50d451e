"""Records kept as received but not accepted, keyed by the envelope's hash, until a person decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import Quarantine, User
from webapp.sync.dialect import insert_once

ACCEPT, REJECT, RESOLVED = "accept", "reject", "resolved"
# What a supervisor may overrule; the rest is not a readable record of a known author.
MAY_ACCEPT = frozenset({"compromised", "no_access"})


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken; nothing was changed."""

    reason: str


def keep(session: Session, *, now: datetime, **row: Any) -> None:
    """Insert once; a resent envelope finds its row. Only an undecided row's reasons may change."""
    if insert_once(session, Quarantine, [{**row, "received_at": now}]):
        return
    session.execute(
        update(Quarantine)
        .where(Quarantine.envelope_hash == row["envelope_hash"], Quarantine.decided_at.is_(None))
        .values(reasons=row["reasons"], user_id=row["user_id"], unit_id=row["unit_id"])
        .execution_options(synchronize_session=False)
    )


def known(session: Session, hashes: set[str]) -> dict[str, str | None]:
    """The rows there are for these envelopes, with the decision if one was taken."""
    query = select(Quarantine.envelope_hash, Quarantine.decision).where(Quarantine.envelope_hash.in_(hashes))
    return {row.envelope_hash: row.decision for row in session.execute(query)}


def resolve(session: Session, envelope_hash: str, now: datetime) -> None:
    """The record was accepted after all (its key became known, for instance): nobody needs to decide."""
    decide(session, envelope_hash, RESOLVED, None, "", now)


def decide(session: Session, envelope_hash: str, decision: str, by: User | None, reason: str, now: datetime) -> bool:
    done = session.execute(
        update(Quarantine)
        .where(Quarantine.envelope_hash == envelope_hash, Quarantine.decided_at.is_(None))
        .values(decided_at=now, decided_by=by.id if by else None, decision=decision, decision_reason=reason)
        .returning(Quarantine.envelope_hash)
        .execution_options(synchronize_session=False)
    )
    return done.one_or_none() is not None
