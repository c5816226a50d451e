"""Insert-or-recognise in one statement, on both databases: never a check and then an insert."""

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import Base


def insert_once(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> set[Any]:
    """Insert the rows that are new; the primary keys of those that were."""
    if not rows:
        return set()
    table = cast(Table, model.__table__)
    (key,) = table.primary_key.columns
    if on_postgresql(session):
        new = postgresql.insert(table).on_conflict_do_nothing().returning(key)
    else:
        new = sqlite.insert(table).on_conflict_do_nothing().returning(key)
    return set(session.scalars(new, rows))


def on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
