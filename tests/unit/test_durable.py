"""A receipt is a promise: how every connection to SQLite writes, in the server and in whatever opens the database beside it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from webapp.db import make_engine

FULL = 2  # of OFF 0, NORMAL 1, FULL 2, EXTRA 3: a commit is on the disk before it is answered


def test_every_connection_logs_ahead_and_waits_for_the_disk(sqlite_app: Flask, tmp_path: Path) -> None:
    served, beside = sqlite_app.extensions["engine"], make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    for engine in (served, beside):
        with engine.connect() as first, engine.connect() as second:
            for connection in (first, second):
                said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")]
                assert said == ["wal", FULL, 1]
    beside.dispose()
