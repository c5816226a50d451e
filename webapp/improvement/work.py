"""Things kept as versions: read the newest, add one, take the newest back. The commit is in the route."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import User, WorkVersion, utc_now

Data = dict[str, Any]
OVERTAKEN = "Noen andre har endret dette i mellomtiden. Ingenting er endret. Last siden på nytt og se hva som står der nå."


@dataclass(frozen=True)
class Refused:
    """Why nothing was changed."""

    reason: str


@dataclass(frozen=True)
class Version:
    """What was said, by whom and when."""

    number: int
    data: Data
    gone: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class Item:
    """One thing as it stands, with everything it has been."""

    id: UUID
    kind: str
    unit_id: UUID
    parent: UUID | None
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    @property
    def data(self) -> Data:
        return self.newest.data

    @property
    def number(self) -> int:
        return self.newest.number

    @property
    def gone(self) -> bool:
        return self.newest.gone

    def get(self, name: str) -> str:
        return str(self.data.get(name) or "")


def read(session: Session, wanted: ColumnElement[bool]) -> list[Item]:
    query = select(WorkVersion, User.name).join(User, User.id == WorkVersion.by).where(wanted)
    rows = session.execute(query.order_by(WorkVersion.item, WorkVersion.number)).all()
    found = []
    for item, versions in groupby(rows, key=lambda row: row[0].item):
        every = list(versions)
        first = every[0][0]
        said = tuple(Version(one.number, one.data, one.gone, name, one.at) for one, name in every)
        found.append(Item(item, first.kind, first.unit_id, first.parent, said))
    return sorted(found, key=lambda one: (one.versions[0].at, str(one.id)))


def one(session: Session, item_id: UUID) -> Item | None:
    return next(iter(read(session, WorkVersion.item == item_id)), None)


def of_units(session: Session, units: Iterable[UUID], *kinds: str) -> list[Item]:
    """What there is, oldest first, but for what was taken away."""
    asked = (WorkVersion.unit_id.in_(list(units))) & (WorkVersion.kind.in_(kinds))
    return [one for one in read(session, asked) if not one.gone]


def under(session: Session, parent: UUID, *, gone: bool = False) -> list[Item]:
    return [one for one in read(session, WorkVersion.parent == parent) if gone or not one.gone]


def begin(session: Session, kind: str, unit: UUID, data: Data, by: User, parent: UUID | None, item: UUID) -> Item | Refused:
    """A new thing, unless there is one of that id."""
    return _added(session, Item(item, kind, unit, parent, ()), data, False, by)


def change(session: Session, item: Item, data: Data, by: User, seen: int) -> Item | Refused:
    """A new version, if `seen` is still the newest: nobody writes over what she has not read."""
    if item.number != seen or item.gone:
        return Refused(OVERTAKEN)
    return item if data == item.data else _added(session, item, data, False, by)


def take_away(session: Session, item: Item, by: User, seen: int) -> Item | Refused:
    """No longer there, with its history kept."""
    return Refused(OVERTAKEN) if item.number != seen or item.gone else _added(session, item, item.data, True, by)


def take_back(session: Session, item: Item, by: User, seen: int) -> Item | Refused:
    """As it was before the newest version; before the first there was nothing."""
    if item.number != seen:
        return Refused(OVERTAKEN)
    before = item.versions[-2] if len(item.versions) > 1 else None
    return _added(session, item, before.data if before else item.data, before.gone if before else True, by)


def _added(session: Session, item: Item, data: Data, gone: bool, by: User) -> Item | Refused:
    try:
        with session.begin_nested():
            return add(session, item, data, gone, by)
    except IntegrityError:  # somebody else's version got this number
        return Refused(OVERTAKEN)


def add(session: Session, item: Item, data: Data, gone: bool, by: User) -> Item:
    row = WorkVersion(id=uuid4(), item=item.id, number=len(item.versions) + 1, kind=item.kind, unit_id=item.unit_id, parent=item.parent,
                      data=data, gone=gone, by=by.id, at=utc_now())  # fmt: skip
    session.add(row)
    session.flush()
    return Item(item.id, item.kind, item.unit_id, item.parent, (*item.versions, Version(row.number, data, gone, by.name, row.at)))


def again(session: Session, item: Item, data: Data, by: User) -> Item | Refused:
    """A new version, also of what was taken away."""
    return _added(session, item, data, False, by)
