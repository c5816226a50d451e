"""Where each person stands with each check today, kept between requests for as long as the feed tells of no change.

A due state follows from a person's checks, flags, triggers and episodes, the settings and the day. Whatever changes one of
the first four touches the person in the feed, in the same transaction: devices depend on it too."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.bundles import due
from webapp.models import FeedHead, FeedRow
from webapp.sync import past, people, world

OSLO = ZoneInfo("Europe/Oslo")
MANY = 2000  # so many changes since the last look: everything is worked out anew
States = dict[str, dict[str, Any]]


@dataclass
class Standing:
    """One process's memory. `states` of a person: per form, or None when she is not in service today."""

    basis: tuple[Any, ...] = ()
    seq: int = 0
    states: dict[UUID, States | None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def of(session: Session, refs: list[UUID], now: datetime) -> dict[UUID, States]:
    """Due states of those of these people who are in service today."""
    memory: Standing = current_app.extensions.setdefault("standing", Standing())
    with memory.lock:
        settings = world.settings(session)
        forget_changed(memory, session, (now.astimezone(OSLO).date(), settings["settings_version"], id(world.bundles())))
        missing = [ref for ref in refs if ref not in memory.states]
        memory.states.update(worked_out(session, missing, settings["params"], now))
        found = {ref: memory.states.get(ref) for ref in refs}
    return {ref: states for ref, states in found.items() if states is not None}


def forget_changed(memory: Standing, session: Session, basis: tuple[Any, ...]) -> None:
    """The head is read before the people: what commits in between is in the next look's rows."""
    head = session.execute(select(FeedHead.epoch, FeedHead.seq)).one_or_none()
    epoch, seq = (head.epoch, head.seq) if head else ("", 0)
    query = select(FeedRow.patient_id).where(FeedRow.seq > memory.seq, FeedRow.patient_id.is_not(None)).limit(MANY)
    changed = list(session.scalars(query))
    if memory.basis != (epoch, *basis) or seq < memory.seq or len(changed) == MANY:
        memory.states.clear()
    for ref in changed:
        memory.states.pop(ref, None)  # type: ignore[arg-type]
    memory.basis, memory.seq = (epoch, *basis), seq


def worked_out(session: Session, refs: list[UUID], params: dict[str, Any], now: datetime) -> dict[UUID, States | None]:
    """From the database and the due engine."""
    if not refs:
        return {}
    registry, local = world.bundles(), now.astimezone(OSLO)
    moment = local.isoformat(timespec="seconds")
    held = past.load(session, refs, registry, now)
    people.add_dated(session, held, local.date())
    return {
        ref: due.for_person(registry, person, moment, params) if due.in_service(person, moment[:10]) else None
        for ref, person in held.items()
    }
