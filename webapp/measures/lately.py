"""Facts of those something happened to since the last night, kept between requests for as long as the feed tells of nothing more.

Reading writes nothing: what is stored is brought up to date by `webapp measures settle`. Until then a page makes these people's
facts itself, and a process that has made them once need not make them again for the next page."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.measures import store
from webapp.measures.facts import Fact
from webapp.models import FeedHead

MANY = 300  # people a process remembers: about 150 kB each after ten years
Fresh = dict[UUID, list[Fact]]


@dataclass
class Memory:
    """One process's. A person's facts hold up to a number of the feed."""

    basis: tuple[Any, ...] = ()
    known: dict[UUID, tuple[int, list[Fact]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def of(session: Session, unit: UUID, now: datetime) -> tuple[date, Fresh]:
    """(today, facts of the unit's people whose stored ones are of earlier)."""
    today = now.astimezone(store.OSLO).date()
    memory: Memory = current_app.extensions.setdefault("measured_lately", Memory())
    head = session.execute(select(FeedHead.epoch, FeedHead.seq)).one_or_none()  # before the people are read, as when facts are stored
    epoch, seq = (head.epoch, head.seq) if head else ("", 0)
    by = store.basis(session, today)
    wanted = store.touched(session, today, [unit], by)
    basis = (epoch, today, by)
    with memory.lock:
        if memory.basis != basis or len(memory.known) > MANY:
            memory.basis = basis
            memory.known.clear()
        known = {ref: memory.known[ref][1] for ref, last in wanted.items() if ref in memory.known and memory.known[ref][0] >= last}
    made = dict(store.computed(session, [ref for ref in wanted if ref not in known], now))
    with memory.lock:
        if memory.basis == basis:
            memory.known |= {ref: (seq, facts) for ref, facts in made.items()}
    return today, known | made
