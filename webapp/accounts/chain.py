"""The access log's chain: each row is hashed with the link before it, so that one that was taken away, changed or slipped in is seen.

Rows are linked when the next view is logged, and by `webapp audit verify`. Whoever can write to the database can also write the whole
chain anew: that is seen by whoever noted the newest link elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC

import msgspec
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from webapp.models import AccessLink, AccessLog, AccessPending

MOST = 500
LOCK = 7_316_042  # of PostgreSQL's advisory locks: one at a time makes links; the others do not wait
BEGINNING = "0" * 64


def digest(before: str, row: AccessLog) -> str:
    """The hash of a link."""
    said = [
        str(row.id), row.at.astimezone(UTC).isoformat(), _id(row.user_id), row.role, _id(row.unit_id), _id(row.patient_id),
        row.action, row.reason, _id(row.device_id), row.detail,
    ]  # fmt: skip
    return hashlib.sha256(before.encode() + msgspec.json.encode(said, order="deterministic")).hexdigest()


def _id(one: object) -> str | None:
    return str(one) if one else None


def extend(session: Session, most: int = MOST) -> int:
    """Link what waits, in this writing transaction; nothing while somebody else is at it. How many links were made."""
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(text(f"SELECT pg_try_advisory_xact_lock({LOCK})")):
        return 0
    n, before = newest(session)
    waiting = select(AccessLog).join(AccessPending, AccessPending.log_id == AccessLog.id)
    rows = session.scalars(waiting.order_by(AccessLog.at, AccessLog.id).limit(most).execution_options(populate_existing=True)).all()
    for row in rows:
        n, before = n + 1, digest(before, row)
        session.add(AccessLink(n=n, log_id=row.id, hash=before))
    session.execute(delete(AccessPending).where(AccessPending.log_id.in_([row.id for row in rows])))
    return len(rows)


def newest(session: Session) -> tuple[int, str]:
    """(number, hash) of the newest link."""
    found = session.execute(select(AccessLink.n, AccessLink.hash).order_by(AccessLink.n.desc()).limit(1)).one_or_none()
    return (found.n, found.hash) if found else (0, BEGINNING)


@dataclass
class Verdict:
    """What the whole chain says."""

    links: int = 0
    hash: str = BEGINNING
    wrong: list[str] = field(default_factory=list)


def verify(session: Session, noted: tuple[int, str] | None = None) -> Verdict:
    """Every link again, from the first. `noted`: a link (number, hash) that was written down elsewhere."""
    told = Verdict()
    if noted and session.scalar(select(AccessLink.hash).where(AccessLink.n == noted[0])) != noted[1]:
        told.wrong.append(f"Link {noted[0]} is not the one that was noted: the log was made anew, or put back to an older copy.")
    for link, row in _links(session):
        told.links += 1
        if link.n != told.links:
            told.wrong.append(f"Link {told.links} is missing.")
            told.links = link.n
        elif row is None:
            told.wrong.append(f"The row of link {link.n} is gone ({link.log_id}).")
        elif digest(told.hash, row) != link.hash:
            told.wrong.append(f"The row of link {link.n}, or the link before it, was changed ({link.log_id}).")
        told.hash = link.hash
    told.wrong += _outside(session)
    return told


def _links(session: Session) -> Iterator[tuple[AccessLink, AccessLog | None]]:
    query = select(AccessLink, AccessLog).outerjoin(AccessLog, AccessLog.id == AccessLink.log_id).order_by(AccessLink.n)
    for found in session.execute(query.execution_options(yield_per=1000)):
        yield found.AccessLink, found.AccessLog


def _outside(session: Session) -> list[str]:
    """Rows that never went through the program, and waiting ones that are gone."""
    linked, waits = select(AccessLink.log_id), select(AccessPending.log_id)
    strangers = select(func.count()).select_from(AccessLog).where(AccessLog.id.not_in(linked), AccessLog.id.not_in(waits))
    lost = select(func.count()).select_from(AccessPending).where(AccessPending.log_id.not_in(select(AccessLog.id)))
    said = {"rows are in the log and in no link.": strangers, "rows that waited for a link are gone.": lost}
    return [f"{count} {words}" for words, query in said.items() if (count := session.scalar(query))]
