"""Rows by the hundred thousand into a migrated database: COPY on PostgreSQL, executemany on SQLite.

Only inserts: the triggers that refuse changes stay. Foreign keys are looked at once at the end instead of for every row,
and indexes that are not keys are made again after it, as a restore does it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
import psycopg

Row = tuple[Any, ...]
AT_ONCE = 5_000
FORMAT = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes it on SQLite; UTC, which the session on PostgreSQL is set to
ORPHANS = (("check_record", "patient_id", "patient"), ("check_record", "unit_id", "unit"),
           ("check_record", "author_id", "user_account"),
           ("measure_fact", "patient_id", "patient"), ("measure_fact", "unit_id", "unit"),
           ("episode", "patient_id", "patient"))  # fmt: skip


def cell(value: Any) -> Any:
    """As both databases take it in."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime(FORMAT)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    return int(value) if isinstance(value, bool) else value


class Sqlite:
    """A file of SQLite."""

    def __init__(self, url: str) -> None:
        self.connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        self.connection.execute("PRAGMA synchronous=OFF")

    def tail(self, cells: Iterable[Any]) -> Row:
        """The cells that every copy of a row shares, made ready once."""
        return tuple(cells)

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names, marks = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
        self.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608

    def run(self, statement: str) -> list[Row]:
        return self.connection.execute(statement).fetchall()

    def indexes(self) -> dict[str, str]:
        found = self.run("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN "
                         "('check_record', 'feed_row', 'measure_fact')")  # fmt: skip
        return dict(found)

    def size(self) -> int:
        return int(self.run("PRAGMA page_count")[0][0] * self.run("PRAGMA page_size")[0][0])

    def close(self) -> None:
        self.run("ANALYZE")
        self.connection.commit()
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()


class Postgres:
    """A database of a PostgreSQL in which we may put foreign keys off."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("SET timezone = 'UTC'")
        self.connection.execute("SET maintenance_work_mem = '512MB'")

    def tail(self, cells: Iterable[Any]) -> Row:
        return ("\t".join(map(copied, cells)),)

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{one}"' for one in columns)
        with self.connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            waiting = iter(rows)
            while some := list(islice(waiting, AT_ONCE)):
                copy.write("\n".join(["\t".join(["\\N" if one is None else str(one) for one in row]) for row in some]) + "\n")

    def run(self, statement: str) -> list[Row]:
        cursor = self.connection.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def indexes(self) -> dict[str, str]:
        found = self.run("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%' "
                         "AND tablename IN ('check_record', 'feed_row', 'measure_fact')")  # fmt: skip
        return dict(found)

    def size(self) -> int:
        return int(self.run("SELECT pg_database_size(current_database())")[0][0])

    def close(self) -> None:
        self.connection.commit()
        self.connection.autocommit = True
        self.run("VACUUM ANALYZE")  # what autovacuum has done long ago in a database that grew over years
        self.connection.close()


def copied(value: Any) -> str:
    """A cell in the text of COPY."""
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


Loader = Sqlite | Postgres


@contextmanager
def loading(url: str) -> Iterator[Loader]:
    """Indexes come back, and every row has what it points at, or it is an error."""
    loader: Loader = Sqlite(url) if url.startswith("sqlite") else Postgres(url)
    indexes = loader.indexes()
    for name in indexes:
        loader.run(f'DROP INDEX "{name}"')
    yield loader
    for statement in indexes.values():
        loader.run(statement)
    for table, column, other in ORPHANS:
        lost = loader.run(f'SELECT count(*) FROM "{table}" t LEFT JOIN "{other}" o ON o.id = t.{column} WHERE o.id IS NULL')[0][0]  # noqa: S608
        if lost:
            raise RuntimeError(f"{lost} rows of {table} point at no {other}")
    loader.close()
