"""The product's own server with places where it may die. `python -m tests.faults.serving`: as `webapp serve`, but a worker kills
itself when its intake comes to a place that a file in FAULTS_DIR names, and finds its disk full while one called `full` lies there.
One called `hold` is renamed `held` by an intake that has inserted its rows, which then waits as long as that lies there."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg.errors
from flask import has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import config, serve

ORDERS = Path(os.environ["FAULTS_DIR"])
STEPS = ("read", "begun", "inserted", "before_commit", "after_commit")
ROOM = 1 << 30


def in_intake() -> bool:
    return has_request_context() and request.path.startswith(("/sync/envelopes", "/sync/photos/"))


def die_at(step: str) -> None:
    """Whoever takes the order away carries it out; an order that begins with `photo_` is for the intake of photos."""
    if not in_intake():
        return
    try:
        (ORDERS / (step if request.path == "/sync/envelopes" else "photo_" + step)).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def hold() -> None:
    """In mid-batch until it is let go."""
    if not in_intake():
        return
    try:
        (ORDERS / "hold").rename(ORDERS / "held")
    except FileNotFoundError:
        return
    while (ORDERS / "held").exists():
        threading.Event().wait(0.02)


def full() -> bool:
    return in_intake() and (ORDERS / "full").exists()


@event.listens_for(Engine, "begin")
def _begun(connection: Any) -> None:
    writes = connection.get_execution_options().get("write", False)
    raw = connection.connection.dbapi_connection
    if writes and isinstance(raw, sqlite3.Connection):
        most = raw.execute("PRAGMA page_count").fetchone()[0] if full() else ROOM
        raw.execute(f"PRAGMA max_page_count={most}")
    die_at("begun" if writes else "read")


@event.listens_for(Engine, "before_cursor_execute")
def _before(connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    if statement.startswith(("INSERT INTO check_record", "INSERT INTO photo")) and connection.dialect.name == "postgresql" and full():
        raise OperationalError(statement, None, psycopg.errors.DiskFull("could not extend file: No space left on device"))


@event.listens_for(Engine, "after_cursor_execute")
def _after(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    if statement.startswith(("INSERT INTO check_record", "INSERT INTO photo")):
        hold()
        die_at("inserted")


@event.listens_for(Session, "before_commit")
def _before_commit(_session: Session) -> None:
    die_at("before_commit")


@event.listens_for(Session, "after_commit")
def _after_commit(_session: Session) -> None:
    die_at("after_commit")


if __name__ == "__main__":
    sys.exit(serve.run(config.from_environment()))
