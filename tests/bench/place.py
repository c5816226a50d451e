"""A municipality to measure in: the demo's, or one with more people and more years. Made once, copied for each measurement."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from tests.fixtures.databases import free_port
from tests.fixtures.servers import Gunicorn
from webapp import create_app, migrate
from webapp.demo import seed

Row = dict[str, Any]
MOMENTS = ("performed_at", "recorded_at", "received_at", "opened_at", "closed_at", "at")
FORMAT = "%Y-%m-%d %H:%M:%S.%f"


@dataclass
class Place:
    """A data folder with its database."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'tryggrunde.db'}"

    def app(self) -> Flask:
        """The app in this process; log-ins are not counted."""
        return create_app({"DATABASE_URL": self.url, "DATA_DIR": self.folder, "RATELIMIT_ENABLED": False, "ENROL_WITHOUT_CODE": True})

    def copy(self, folder: Path) -> Place:
        shutil.copytree(self.folder, folder)
        return Place(folder)

    @contextmanager
    def served(self) -> Iterator[Gunicorn]:
        """As `make run` serves it."""
        server = Gunicorn(self.url, self.folder, free_port())
        try:
            yield server
        finally:
            server.stop()


def demo(folder: Path) -> Place:
    """The demo's municipality, on this day."""
    folder.mkdir(parents=True)
    place = Place(folder)
    app = place.app()
    migrate.upgrade(app.extensions["engine"])
    with app.app_context():
        seed.fill_if_empty()
    app.extensions["engine"].dispose()
    return place


def grow(place: Place, people: int, years: int) -> int:
    """Everybody `people` times, every check and flag `years` times, a year earlier each time; how many checks there are."""
    with closing(sqlite3.connect(place.folder / "tryggrunde.db")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=OFF")
        source = {table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')] for table in TABLES}  # noqa: S608
        for person in range(people):
            for year in range(years):
                if person or year:
                    copied(connection, source, person, year)
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(connection.execute("SELECT count(*) FROM check_record").fetchone()[0])


TABLES = ("patient", "episode", "trigger", "visit", "check_record", "flag", "flag_raise", "flag_closing")
PER_PERSON = ("patient", "episode", "trigger", "visit")


def copied(connection: sqlite3.Connection, source: dict[str, list[Row]], person: int, year: int) -> None:
    """One more set of people (in their own time), or of their checks (in an earlier year)."""
    namespace = UUID(int=person + 1)
    checks: dict[str, str] = {}

    def who(ref: str) -> str:
        return UUID(int=UUID(ref).int ^ namespace.int).hex if person else ref

    def which(ident: str | None) -> str | None:
        return None if ident is None else checks.setdefault(ident, uuid4().hex)

    closed = {row["id"] for row in source["flag"] if row["closed_at"]}
    for table in TABLES:
        if year and table in PER_PERSON:
            continue
        made = []
        for row in source[table]:
            if year and row.get("flag_id", row["id"] if table == "flag" else None) not in {None, *closed}:
                continue
            fresh = {**row, **{name: earlier(row[name], year) for name in MOMENTS if name in row and table not in PER_PERSON}}
            for name in ("id", "flag_id", "check_id", "supersedes", "source_check_id"):
                if name in row:
                    fresh[name] = which(row[name])
            if table == "patient":
                fresh |= {"id": who(row["id"]), "name": f"{row['name']} {person + 1}", "national_id": None}
            if "patient_id" in row:
                fresh["patient_id"] = who(row["patient_id"])
            made.append(fresh)
        if made:
            names = ", ".join(f'"{name}"' for name in made[0])
            marks = ", ".join(f":{name}" for name in made[0])
            connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', made)  # noqa: S608


def earlier(moment: str | None, years: int) -> str | None:
    if moment is None or not years:
        return moment
    return (datetime.strptime(moment, FORMAT) - timedelta(days=364 * years)).strftime(FORMAT)
