"""A municipality after many years: units of 100 service users, ten years of checks of each, and what measures count of them.

Every unit is one unit's history under other ids. That unit's checks are the demo's, year upon year and several times a year, until
everybody has about two hundred a year. Its facts are made by the product's own code; the other units' are the same facts. Whether
they are what the product would have made of the copies is asked of a random sample (`wrong`)."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bench.loading import Loader, Row, cell, loading
from webapp.bundles.history import day_of
from webapp.measures import store
from webapp.measures.declared import declared
from webapp.models import CheckRecord, Episode, FeedHead, MeasureFact, MeasureState, Patient, User
from webapp.sync import feed, world

PEOPLE = 100  # of a unit
OFTEN = 11  # so many times a year what the demo has once, except events
YEAR = timedelta(days=364)
APART = timedelta(days=3)
CHECK = CheckRecord.__table__
OWN = ("id", "patient_id", "unit_id", "supersedes", "content_hash")  # what differs between the copies of a check
REST = tuple(one.name for one in CHECK.columns if one.name not in OWN)
MOVED = ("performed_at", "recorded_at", "received_at")
FACTS = ("patient_id", "unit_id", *(one.name for one in MeasureFact.__table__.columns if one.name not in ("patient_id", "unit_id")))


@dataclass(frozen=True, slots=True)
class Proto:
    """A check of the first unit. Ids lack their last four digits: those are the unit's number."""

    ident: str
    person: str
    supersedes: str | None
    day: str
    received: str
    rest: Row


@dataclass
class Made:
    """What was made, and how long each part took."""

    units: list[UUID]
    checks: int = 0
    people: int = 0
    facts: int = 0
    disk: int = 0
    took: dict[str, float] = field(default_factory=dict)


@dataclass
class Source:
    """The demo's people and checks, once."""

    patients: list[dict[str, Any]]
    episodes: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    events: set[str]  # forms that tell of an event


def grow(session: Session, url: str, units: int, years: int, now: datetime) -> Made:
    """Fill a database that holds the demo. `session` is read from and has nothing open when rows come in."""
    source, made = read(session), Made([UUID(int=(0xBE << 120) + number + 1) for number in range(units)])
    head = session.execute(select(FeedHead.seq)).scalar_one()
    leader = session.scalars(select(User.id).where(User.username == "solveig")).one()
    session.rollback()
    begun = time.monotonic()
    with loading(url) as loader:
        people(loader, source, made, leader, years)
        by_year = protos(source, years, loader)
        seq = head
        for one in by_year:
            for number, unit in enumerate(made.units, 1):
                seq = checks(loader, one, f"{number:04x}", unit, seq)
            made.checks += len(one) * units
        loader.run(f"UPDATE feed_head SET seq = {seq}")  # noqa: S608
        made.took["checks"] = time.monotonic() - begun
    made.took["indexes, keys looked at, statistics"] = time.monotonic() - begun - made.took["checks"]
    facts(session, url, made, now)
    return made


def read(session: Session) -> Source:
    patients = rows(session, select(Patient.__table__).order_by(Patient.id).limit(PEOPLE))
    who = [one["id"] for one in patients]
    episodes = rows(session, select(Episode.__table__).where(Episode.patient_id.in_(who)).order_by(Episode.id))
    checks = rows(session, select(CHECK).where(CheckRecord.patient_id.in_(who)).order_by(CheckRecord.performed_at, CheckRecord.id))
    return Source(patients, episodes, checks, {one.form.id for one in declared(world.bundles())[1] if one.event})


def rows(session: Session, query: Any) -> list[dict[str, Any]]:
    return [dict(one._mapping) for one in session.execute(query)]


def people(loader: Loader, source: Source, made: Made, leader: UUID, years: int) -> None:
    """Everybody was here from the first year on; stays away come every year."""
    loader.write("unit", ("id", "name"), [(unit.hex, f"Sone {number}") for number, unit in enumerate(made.units, 1)])
    loader.write("membership", ("user_id", "unit_id"), [(leader.hex, made.units[0].hex)])
    names = tuple(one for one in source.patients[0] if one not in ("id", "unit_id", "national_id"))
    stays = ("id", "patient_id", "kind", "start", "end", "place")
    for number, unit in enumerate(made.units, 1):
        loader.write("patient", ("id", "unit_id", *names), [
            (one["id"].hex[:28] + f"{number:04x}", unit.hex, *(cell(one[name]) for name in names)) for one in source.patients])  # fmt: skip
        loader.write("episode", stays, [
            (uuid4().hex, one["patient_id"].hex[:28] + f"{number:04x}", one["kind"], cell(one["start"] - back),
             cell(one["end"] and one["end"] - back), one["place"])
            for one in source.episodes for back in backwards(one["kind"], years)])  # fmt: skip
    made.people = PEOPLE * len(made.units)


def backwards(kind: str, years: int) -> list[timedelta]:
    return [YEAR * years] if kind == "service" else [YEAR * year for year in range(years)]


def protos(source: Source, years: int, loader: Loader) -> list[list[Proto]]:
    """The checks of the first unit, oldest year first, each year by day and person."""
    found, number = [], 0
    for year in reversed(range(years)):
        of_year: list[Proto] = []
        for again in range(OFTEN):
            back = YEAR * year + APART * again
            some = [one for one in source.checks if not again or one["form"] not in source.events]
            idents = {}
            for number, one in enumerate(some, number + 1):  # noqa: B020 - goes on where the last ended
                moment = int((one["performed_at"] - back).timestamp() * 1000)
                idents[one["id"]] = f"{moment:012x}7{number % 4096:03x}8{number:011x}"
            of_year += [proto(one, back, idents, loader) for one in some]
        found.append(sorted(of_year, key=lambda one: (one.day, one.person, one.ident)))
    return found


def proto(one: dict[str, Any], back: timedelta, idents: dict[UUID, str], loader: Loader) -> Proto:
    moved = {name: (one[name] - back).astimezone(UTC) for name in MOVED}
    rest = loader.tail(cell({**one, **moved}[name]) for name in REST)
    corrected = idents.get(one["supersedes"]) if one["supersedes"] else None
    day = day_of({"performed_at": moved["performed_at"].isoformat(timespec="seconds")})
    return Proto(idents[one["id"]], one["patient_id"].hex[:28], corrected, day, cell(moved["received_at"]), rest)


def checks(loader: Loader, year: list[Proto], tail: str, unit: UUID, seq: int) -> int:
    """One unit's checks of a year, with receipts and the feed: a row for each person and day. Returns the feed's last number."""
    home, receipts, feed_rows = unit.hex, [], []
    last: tuple[str, str] | None = None
    tag = ""

    def each() -> Iterator[Row]:
        nonlocal seq, last, tag
        for one in year:
            if last != (one.day, one.person):
                last, seq = (one.day, one.person), seq + 1
                tag = feed.new_tag(seq)
                feed_rows.append((seq, tag, one.person + tail, home, "check", one.received))
            ident = one.ident + tail
            hashed = hashlib.sha256(bytes.fromhex(ident)).hexdigest()
            receipts.append((ident, hashed, one.received, seq, tag))
            yield (ident, one.person + tail, home, one.supersedes and one.supersedes + tail, hashed, *one.rest)

    loader.write("check_record", (*OWN, *REST), each())
    loader.write("receipt", ("check_id", "content_hash", "received_at", "seq", "tag"), receipts)
    loader.write("feed_row", ("seq", "tag", "patient_id", "unit_id", "kind", "at"), feed_rows)
    return seq


def facts(session: Session, url: str, made: Made, now: datetime) -> None:
    """The product's own for the first unit, and the same for the others."""
    begun = time.monotonic()
    first = list(session.scalars(select(Patient.id).where(Patient.unit_id == made.units[0])))
    store.settle(session, first, now, said=False)
    session.commit()
    made.took["facts of the first unit, by the product"] = time.monotonic() - begun
    kept = [tuple(cell(getattr(one, name)) for name in FACTS)
            for one in session.scalars(select(MeasureFact).where(MeasureFact.patient_id.in_(first)))]  # fmt: skip
    states = {one.patient_id.hex: one for one in session.scalars(select(MeasureState).where(MeasureState.patient_id.in_(first)))}
    head = session.execute(select(FeedHead.seq)).scalar_one()
    session.rollback()
    begun = time.monotonic()
    with loading(url) as loader:
        for number, unit in enumerate(made.units[1:], 2):
            tail = f"{number:04x}"
            loader.write("measure_fact", FACTS, ((who[:28] + tail, unit.hex, *rest) for who, _home, *rest in kept))
            loader.write("measure_state", ("patient_id", "seq", "through", "basis"),
                         [(who[:28] + tail, head, cell(one.through), one.basis) for who, one in states.items()])  # fmt: skip
        made.facts = len(kept) * len(made.units)
        made.disk = loader.size()
    made.took["facts of the others"] = time.monotonic() - begun


def wrong(session: Session, made: Made, some: int, now: datetime) -> list[UUID]:
    """Of a random sample of everybody: those of whom the product makes other facts than are there."""
    refs = list(session.scalars(select(Patient.id).where(Patient.unit_id.in_(made.units)).order_by(Patient.id)))
    chosen = random.Random(some).sample(refs, some)
    found = []
    for ref, anew in store.computed(session, chosen, now):
        query = select(*(getattr(MeasureFact, name) for name in store.FIELDS)).where(MeasureFact.patient_id == ref)
        stored = {(one[0], one[1], str(one[2]), *one[3:]) for one in session.execute(query)}
        if stored != {store.VALUES(one) for one in anew}:
            found.append(ref)
    return found


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(CheckRecord)) or 0
