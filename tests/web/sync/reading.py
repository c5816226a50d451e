"""What tests want to know of the database after a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webapp.db import open_session
from webapp.models import Base

Ask = Callable[[Session], Any]


def ask(app: Flask, question: Ask) -> Any:
    """The answer to a question, read in a session of its own."""
    with open_session(app.extensions["engine"], write=False) as session:
        return question(session)


def change(app: Flask, edit: Callable[[Session], Any]) -> None:
    """An edit behind the app's back, committed."""
    with app.app_context(), open_session(app.extensions["engine"], write=True) as session:
        edit(session)
        session.commit()


def unprotected(app: Flask, work: Callable[[Any], Any]) -> None:
    """As somebody who owns the database would: without the triggers."""

    def go(session: Any) -> None:
        if session.get_bind().dialect.name == "sqlite":
            for table in ("access_log", "access_link"):
                for verb in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        work(session)

    change(app, go)


def count(app: Flask, model: type[Base], *where: Any) -> int:
    return int(ask(app, lambda session: session.scalar(select(func.count()).select_from(model).where(*where))))


def all_of(app: Flask, model: type[Any], *where: Any) -> list[Any]:
    return list(ask(app, lambda session: session.scalars(select(model).where(*where)).all()))


def everything(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    tables = Base.metadata.sorted_tables
    counts = ask(app, lambda session: [session.scalar(select(func.count()).select_from(table)) for table in tables])
    return {table.name: int(found) for table, found in zip(tables, counts, strict=True)}
