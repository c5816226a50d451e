"""Which of people's checks forms, due lists and follow-up need: chosen by the database, so that a long history costs little."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.bundles import Registry
from webapp.models import CheckRecord, is_shown
from webapp.sync import raw

_C = CheckRecord
_Later, _Corrected = aliased(CheckRecord), aliased(CheckRecord)
_ORDER = case((_C.performed_at < _C.received_at, _C.performed_at), else_=_C.received_at)
_TOLD = _C.outcome != "not_done"
# Nobody's check counts as corrected by a record about somebody else.
STANDS = ~exists(select(_Later.id).where(_Later.supersedes == _C.id, _Later.patient_id == _C.patient_id).correlate(_C))


@dataclass(slots=True)
class Shapes:
    """What of a history the loaded bundles look back at."""

    lists: dict[str, list[tuple[str, str, str, tuple[str, ...]]]] = field(default_factory=dict)
    past: set[str] = field(default_factory=set)


def shapes(registry: Registry) -> Shapes:
    found = Shapes()
    for bundle in registry.all:
        for form in bundle.forms:
            for one in form.lists:
                items = one.items
                if items is not None:
                    key = (one.name, items.identity, items.key, items.state)
                    found.lists.setdefault(form.id, []).append((key[0], key[1], key[2], (key[3], *items.final)))
            found.past |= set(form.reads.past)
    return found


def order(row: Any) -> tuple[datetime, str]:
    """Order of checks: a device's clock cannot put a check later than its receipt."""
    return min(row.performed_at, row.received_at), str(row.id)


def choose(session: Session, refs: Iterable[UUID], found: Shapes, since: datetime, latest: int, flagged: set[UUID]) -> set[Any]:
    """Ids of the checks to hold: the `latest` of each form, those that carry open items, recent events, those with open flags.

    Ids as the driver gives them (`raw.ident`)."""
    people = list(refs)
    held = {raw.key(session, one) for one in flagged}
    if people:
        held |= set(session.scalars(_newest(people, found.past, since, latest)))
        here = frozenset(held)
        for rows in _list_rows(session, people, found).values():
            held |= item_checks(rows, found, here)
    return held


def _newest(people: list[UUID], past: set[str], since: datetime, latest: int) -> Any:
    order_by = (_ORDER.desc(), _C.id.desc())
    ranked = (
        select(
            raw.bare(_C.id).label("id"),
            _TOLD.label("told"),
            and_(_C.form.in_(past), _C.performed_at > since).label("recent"),
            func.row_number().over(partition_by=(_C.patient_id, _C.form), order_by=order_by).label("n"),
            func.row_number().over(partition_by=(_C.patient_id, _C.form, _TOLD), order_by=order_by).label("m"),
        )
        .where(_C.patient_id.in_(people), STANDS, is_shown())
        .subquery()
    )
    return select(ranked.c.id).where(or_(ranked.c.n <= latest, and_(ranked.c.told, or_(ranked.c.m <= latest, ranked.c.recent))))


def _list_rows(session: Session, people: list[UUID], found: Shapes) -> dict[Any, list[Any]]:
    """Standing checks of these people with something in a list, by person, in the order of checks."""
    rows: dict[Any, list[Any]] = defaultdict(list)
    if found.lists:
        filled = or_(*(and_(_C.form == form, or_(*map(_filled, parts))) for form, parts in sorted(found.lists.items())))
        ids = (raw.bare(_C.id).label("id"), raw.bare(_C.patient_id).label("patient_id"))
        query = select(*ids, _C.form, _C.answers).order_by(_ORDER, _C.id)
        for row in session.execute(query.where(_C.patient_id.in_(people), filled, _TOLD, STANDS, is_shown())):
            rows[row.patient_id].append(row)
    return rows


def _filled(part: tuple[str, str, str, tuple[str, ...]]) -> ColumnElement[bool]:
    text: ColumnElement[str] = _C.answers[part[0]].as_string()
    return text != "[]"


def item_checks(rows: list[Any], found: Shapes, kept: frozenset[Any]) -> set[Any]:
    """Of one person's rows, in order, those that items need: every record of an open item, and the latest record of each item
    that a kept check mentions. Without that one a closed item would look open again."""
    is_open: dict[tuple[str, str], bool] = {}
    carried: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        for name, identity, key, (state, *final) in found.lists.get(row.form, ()):
            for item in row.answers.get(name) or ():
                mark = identity, str(item.get(key))
                is_open[mark] = item.get(state) not in final
                carried[mark].append(row.id)
    needed: set[Any] = set()
    for mark, ids in carried.items():
        if is_open[mark]:
            needed.update(ids)
        elif kept.intersection(ids):
            needed.add(ids[-1])
    return needed


def corrected(session: Session, kept: set[UUID]) -> tuple[set[UUID], dict[UUID, UUID]]:
    """(what the kept checks corrected, corrected check -> its newest correction)."""
    chain: set[UUID] = set()
    frontier = kept
    while frontier:
        earlier = session.scalars(select(_C.supersedes).where(_C.id.in_(frontier), _C.supersedes.is_not(None)))
        frontier = {one for one in earlier if one is not None} - chain - kept
        chain |= frontier
    columns = (_C.id, _C.supersedes, _C.performed_at, _C.received_at, _C.patient_id)
    query = select(*columns).join(_Corrected, and_(_Corrected.id == _C.supersedes, _Corrected.patient_id == _C.patient_id))
    rows = session.execute(query.where(_C.supersedes.in_(kept | chain)))
    return chain, {row.supersedes: row.id for row in sorted(rows, key=order)}
