"""Facts in the database, made anew for exactly the people something changed about: the feed says who.

Whatever changes a person's checks, episodes or unit touches her in the feed in the same transaction, so that nothing is added to
intake, and a mistake in a measure can never refuse a nurse's record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from webapp.bundles.history import order_key
from webapp.measures import months, reading
from webapp.measures.declared import Count, declared
from webapp.measures.facts import Fact, Person
from webapp.models import CheckRecord, Episode, FeedHead, FeedRow, MeasureChange, MeasureFact, MeasureState, Patient, Unit
from webapp.sync import world

OSLO = ZoneInfo("Europe/Oslo")
SOME = 200
FACTS = cast(Table, MeasureFact.__table__)
_C = CheckRecord
VALUES = attrgetter("measure", "period", "unit", "num", "den", "eligible", "covered", "declined", "unknown", "late")
NUMBERS = attrgetter("num", "den", "eligible", "covered", "declined", "unknown", "late")
FIELDS = ("measure", "period", "unit_id", "num", "den", "eligible", "covered", "declined", "unknown", "late")


def basis(session: Session, today: date) -> str:
    """By what facts are made: other definitions or other numbers of the municipality make them stale."""
    return f"{declared(world.bundles())[0]};{world.settings(session)['settings_version']};{began(session, today):%Y-%m}"


def definitions(by: str) -> str:
    """The part of a basis that says which measures there were."""
    return by.split(";")[0]


def began(session: Session, today: date) -> date:
    """The month of the first check there is: before it nothing was counted, and nobody was missed."""
    first = select(func.min(_C.performed_at)).where(_C.unit_id == Unit.id).correlate(Unit).scalar_subquery()  # a step into an index
    of_units = select(first.label("first")).select_from(Unit).subquery()
    found = session.scalar(select(func.min(of_units.c.first)))
    return months.first_of(found.astimezone(OSLO).date() if found else today)


def stale(session: Session, today: date, units: Iterable[UUID] | None = None) -> list[UUID]:
    """Who has no facts, facts of an earlier day, or facts from before something changed about her."""
    return list(touched(session, today, units))


def touched(session: Session, today: date, units: Iterable[UUID] | None = None, by: str = "") -> dict[UUID, int]:
    """The same people, and up to which number of the feed somebody has to have read to know them. `by`: the basis, where it is known."""
    people = select(Patient.id) if units is None else select(Patient.id).where(Patient.unit_id.in_(list(units)))
    known = session.scalar(select(func.min(MeasureState.seq)).where(MeasureState.patient_id.in_(people))) or 0
    since = select(FeedRow.patient_id, func.max(FeedRow.seq).label("seq")).where(FeedRow.seq > known).group_by(FeedRow.patient_id)
    last = since.subquery()  # what is in the feed since the last night, and not all that ever was
    query = people.add_columns(last.c.seq).outerjoin(MeasureState, MeasureState.patient_id == Patient.id)
    query = query.outerjoin(last, last.c.patient_id == Patient.id).where(
        or_(MeasureState.patient_id.is_(None), MeasureState.through < today, MeasureState.basis != (by or basis(session, today)),
            MeasureState.seq < last.c.seq)
    )  # fmt: skip
    return {ref: seq or known for ref, seq in session.execute(query.order_by(Patient.id))}


def settle(session: Session, refs: list[UUID], now: datetime, *, said: bool = True) -> int:
    """Make these people's facts anew; a closed point that changes is written down, unless it is nobody's news (`said`)."""
    for start in range(0, len(refs), SOME):
        some = refs[start : start + SOME]
        seq = session.scalar(select(FeedHead.seq)) or 0  # before the people are read: what commits in between is told of later
        changed(session, some, dict(computed(session, some, now)), seq, now, said=said)
    return len(refs)


def rebuild(session: Session, now: datetime) -> int:
    """All facts of everybody, from nothing. Returns how many checks were read."""
    session.execute(delete(MeasureFact))
    session.execute(delete(MeasureState))
    settle(session, list(session.scalars(select(Patient.id).order_by(Patient.id))), now, said=False)
    return session.scalar(select(func.count()).select_from(_C)) or 0


def computed(session: Session, refs: list[UUID], now: datetime) -> Iterator[tuple[UUID, list[Fact]]]:
    if not refs:
        return
    today, counts = now.astimezone(OSLO).date(), declared(world.bundles())[1]
    params, start = world.settings(session)["params"], began(session, today)
    for ref, person in histories(session, refs).items():
        yield ref, list(Person(person, counts, params, today).facts(start))


def read_anew(session: Session, unit: UUID, count: Count, grain: months.Grain, since: date, now: datetime) -> list[Fact]:
    """One measure of a unit by week or quarter: facts are kept by month, so these are made from the checks when they are asked for."""
    today, params = now.astimezone(OSLO).date(), world.settings(session)["params"]
    first = began(session, today)
    whole = months.first_of(first, grain)
    if whole < first:  # nothing was counted in a part of it
        whole = months.after(whole, grain)
    start = max(months.first_of(since, grain), whole)
    counted = select(MeasureFact.patient_id).where(MeasureFact.unit_id == unit, MeasureFact.measure == count.id)
    refs = list(session.scalars(select(Patient.id).where(or_(Patient.unit_id == unit, Patient.id.in_(counted)))))
    people = (person for begin in range(0, len(refs), SOME) for person in histories(session, refs[begin : begin + SOME]).values())
    return [fact for person in people for fact in Person(person, [count], params, today, grain).facts(start)]


def histories(
    session: Session, refs: list[UUID], forms: Collection[str] | None = None, only: Collection[UUID] | None = None
) -> dict[UUID, dict[str, Any]]:
    """Everything measures read of these people, or what a measure does that reads these forms and knows who counts; of their
    checks these `only`, when it is said."""
    columns = (Patient.id, Patient.unit_id, Patient.born, Patient.fall_group_set, Patient.end_of_life)
    found: dict[UUID, dict[str, Any]] = {
        row.id: {"unit": str(row.unit_id), "born": row.born.isoformat(), "fall_group_set": row.fall_group_set,
                 "end_of_life": row.end_of_life, "checks": [], "episodes": []}
        for row in session.execute(select(*columns).where(Patient.id.in_(refs)))
    }  # fmt: skip
    for one in session.scalars(select(Episode).where(Episode.patient_id.in_(refs)).order_by(Episode.start, Episode.id)):
        end = one.end.isoformat() if one.end else None
        found[one.patient_id]["episodes"].append({"kind": one.kind, "from": one.start.isoformat(), "to": end})
    for ref, checks in reading.checks(session, refs, forms, only).items():
        found[UUID(ref)]["checks"] = checks
    for person in found.values():
        replaced = {one["supersedes"]: one["id"] for one in sorted((one for one in person["checks"] if one["supersedes"]), key=order_key)}
        for check in person["checks"]:
            check["superseded_by"] = replaced.get(check["id"])
    return found


def changed(session: Session, refs: list[UUID], made: dict[UUID, list[Fact]], seq: int, now: datetime, *, said: bool) -> None:
    """Replace what is there, and note what that does to points that were closed when last made."""
    states = {one.patient_id: one for one in session.scalars(select(MeasureState).where(MeasureState.patient_id.in_(refs)))}
    columns = [MeasureFact.patient_id, *(getattr(MeasureFact, name) for name in FIELDS)]
    before = session.execute(select(*columns).where(MeasureFact.patient_id.in_(refs))).all()
    known, by = {(row.patient_id, row.measure) for row in before}, basis(session, now.astimezone(OSLO).date())
    moved: dict[tuple[UUID, str, date], list[int]] = {}
    for row in before if said else ():
        if months.closed(row.period, states[row.patient_id].through):
            add(moved, (row.unit_id, row.measure, row.period), -row.num, -row.den)
    for ref, facts in made.items() if said else ():
        for one in facts:
            shown = ref in states and ((ref, one.measure) in known or definitions(states[ref].basis) == definitions(by))
            if shown and months.closed(one.period, states[ref].through):
                add(moved, (UUID(one.unit), one.measure, one.period), one.num, one.den)
    news = [{"at": now, "unit_id": unit, "measure": measure, "period": period, "num": num, "den": den}
            for (unit, measure, period), (num, den) in sorted(moved.items(), key=str) if num or den]  # fmt: skip
    session.execute(delete(MeasureFact).where(MeasureFact.patient_id.in_(refs)))
    session.execute(delete(MeasureState).where(MeasureState.patient_id.in_(refs)))
    write(session, made, seq, now)
    if news:
        session.execute(insert(MeasureChange), news)


def add(moved: dict[tuple[UUID, str, date], list[int]], key: tuple[UUID, str, date], num: int, den: int) -> None:
    known = moved.setdefault(key, [0, 0])
    known[0] += num
    known[1] += den


def write(session: Session, made: dict[UUID, list[Fact]], seq: int, now: datetime) -> None:
    today = now.astimezone(OSLO).date()
    by = basis(session, today)
    rows = [{"patient_id": ref, **dict(zip(FIELDS, VALUES(one), strict=True)), "unit_id": UUID(one.unit)}
            for ref, facts in made.items() for one in facts]  # fmt: skip
    if rows:
        session.execute(insert(FACTS), rows)
    if made:
        session.execute(insert(MeasureState), [{"patient_id": ref, "seq": seq, "through": today, "basis": by} for ref in made])
