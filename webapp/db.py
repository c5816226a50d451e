"""The database: one engine per app, one session per request. SQLite by default, PostgreSQL where users outgrow it."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec
from flask import Flask, current_app, g, has_app_context
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

BUSY_MS = 15_000
JSON: dict[str, Any] = {
    "json_serializer": lambda value: msgspec.json.encode(value).decode(), "json_deserializer": msgspec.json.decode,
}  # several times faster than the standard library's, and a check has nine JSON columns
QUIET = {"hide_parameters": True}  # an error's text ends in a log, and parameters name people


def make_engine(url: str) -> Engine:
    """An engine; on SQLite with WAL, synchronous=FULL (a receipt is a promise) and foreign keys."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8, **QUIET, **JSON)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False}, **QUIET, **JSON)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        # recursive_triggers: without it INSERT OR REPLACE would go past the triggers that refuse a DELETE
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", f"busy_timeout={BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A reader that later writes would fail with SQLITE_BUSY under WAL; writers say so with `execution_options`.
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def init(app: Flask) -> None:
    """Give the app its engine; sessions end with their request."""
    app.extensions["engine"] = make_engine(app.config["DATABASE_URL"])
    app.teardown_appcontext(_close)


def engine() -> Engine:
    """The current app's engine."""
    made: Engine = current_app.extensions["engine"]
    return made


def session() -> Session:
    """This request's session. Requests that change something get a writing transaction from the start."""
    if "db_session" not in g:
        from flask import has_request_context, request

        writes = not has_request_context() or request.method not in ("GET", "HEAD", "OPTIONS")
        g.db_session = open_session(engine(), write=writes)
    made: Session = g.db_session
    return made


def writing() -> Session:
    """This request's session, begun anew to write although the request is a GET: a provider sends a browser back with one."""
    if (opened := g.pop("db_session", None)) is not None:
        opened.close()
    g.db_session = made = open_session(engine(), write=True)
    return made


def open_session(bind: Engine, *, write: bool) -> Session:
    """A session outside a request: `write` takes SQLite's write lock at the first statement."""
    return Session(bind.execution_options(write=write), expire_on_commit=False)


def _close(_error: BaseException | None = None) -> None:
    if has_app_context() and (opened := g.pop("db_session", None)) is not None:
        opened.close()
