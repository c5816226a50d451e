"""What of a batch is read and judged before the write lock is taken, and how it is known under the lock that it still holds.

A person's past is read at a place of the feed. Whatever changes it touches her in the feed, in the same transaction; under
the lock, everybody touched since that place is read again. Nothing is judged on a past that is not the present one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.bundles import rules
from webapp.models import FeedHead, FeedRow, Setting
from webapp.sync import past, world
from webapp.sync.judge import on_own_history
from webapp.sync.people import Person
from webapp.sync.submission import Submission


@dataclass(slots=True)
class Ahead:
    """Pasts as of a place of the feed; evaluations, by content hash, that depend on nothing but what was signed."""

    place: tuple[str, int]
    people: dict[UUID, Person]
    first: dict[str, rules.Evaluation] = field(default_factory=dict)


def prepare(session: Session, subs: list[Submission], now: datetime) -> Ahead:
    """In a reading transaction. The place is read first: a change that comes after it counts as a change."""
    place = _place(session)
    found = Ahead(place, past.load(session, {sub.patient_id for sub in subs}, world.bundles(), now))
    query = select(Setting.version, Setting.data).where(Setting.version.in_({sub.settings_version for sub in subs}))
    params: dict[int, Any] = {row.version: world.params(row.data) for row in session.execute(query)}
    for sub in subs:
        if sub.prior is not None and sub.settings_version in params:
            try:
                found.first[sub.source.content_hash] = on_own_history(sub, sub.prior, params[sub.settings_version])
            except Exception:  # noqa: BLE001, S112 - it is judged again where the reason is kept
                continue
    return found


def people_now(session: Session, found: Ahead | None, refs: Iterable[UUID], now: datetime) -> dict[UUID, Person]:
    """Pasts that hold in this writing transaction, whose people are locked."""
    wanted = set(refs)
    if found is None:
        return past.load(session, wanted, world.bundles(), now) if wanted else {}
    epoch, seq = _place(session)
    if epoch != found.place[0] or seq < found.place[1]:
        return past.load(session, wanted, world.bundles(), now)
    rows = session.scalars(select(FeedRow.patient_id).where(FeedRow.seq > found.place[1], FeedRow.patient_id.is_not(None)))
    stale = (wanted & {ref for ref in rows if ref is not None}) | (wanted - set(found.people))
    fresh = past.load(session, stale, world.bundles(), now) if stale else {}
    return {ref: found.people[ref] for ref in wanted - stale} | fresh


def _place(session: Session) -> tuple[str, int]:
    head = session.execute(select(FeedHead.epoch, FeedHead.seq)).one_or_none()
    return (head.epoch, head.seq) if head else ("", 0)
