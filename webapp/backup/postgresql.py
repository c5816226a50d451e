"""PostgreSQL: pg_dump of one moment while others write; a restore in a schema of its own, the old one kept aside."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import URL, Engine, make_url, text

from webapp import db
from webapp.backup import BackupTrouble, contents
from webapp.backup.contents import About

KIND = "postgresql"
_CLIENT = "apt-get install postgresql-client"


def tool(name: str, least: int) -> tuple[str, int]:
    """(path, version) of pg_dump or pg_restore, new enough for what it must read."""
    found = shutil.which(name)
    if found is None:
        raise BackupTrouble(f"{name} is missing: {_CLIENT}. PostgreSQL {least} or newer is wanted. Nothing was changed.")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = int(number.group(1)) if (number := re.search(r"\) (\d+)", said)) else 0
    if version < least:
        raise BackupTrouble(f"{found} is version {version}, but must be {least} or newer: {_CLIENT}-{least}. Nothing was changed.")
    return found, version


def connection_of(url: str) -> tuple[str, dict[str, str]]:
    """(address without password, environment with it): nobody reads a password in a list of processes."""
    parsed = make_url(url)
    bare = URL.create("postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database, parsed.query)
    secret = {"PGPASSWORD": parsed.password} if parsed.password else {}
    return bare.render_as_string(), {**os.environ, **secret}


def run(command: list[str], env: dict[str, str], doing: str) -> None:
    """One of PostgreSQL's programs; its first complaint is ours."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupTrouble(f"{doing}: {complaint(done.stderr)}.")


def complaint(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if "error" in line.lower()] or stderr.splitlines() or ["no reason given"]
    return lines[0].rstrip(".")[:300]


@contextmanager
def copied(url: str, made: str, scratch: Path) -> Iterator[tuple[About, BinaryIO]]:
    """(what is in it, its bytes): counted and dumped in the same snapshot, straight from pg_dump with nothing put on the disk."""
    engine = db.make_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            revision, installation, rows = contents.facts(connection)
            server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10000
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            dump, version = tool("pg_dump", server)
            about = About(made, KIND, revision, installation, rows, version)
            where, env = connection_of(url)
            command = [dump, "--format=custom", "--no-owner", "--no-privileges", f"--schema={schema}",
                       f"--snapshot={snapshot}", f"--dbname={where}"]  # fmt: skip
            with tempfile.TemporaryFile(dir=scratch) as errors, _dump(command, env, errors) as stream:
                yield about, stream
    finally:
        engine.dispose()


@contextmanager
def _dump(command: list[str], env: dict[str, str], errors: BinaryIO) -> Iterator[BinaryIO]:
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=errors) as dump:
        try:
            yield cast(BinaryIO, dump.stdout)
        except BaseException:
            dump.kill()
            raise
        if dump.wait():
            errors.seek(0)
            raise BackupTrouble(f"pg_dump stopped: {complaint(errors.read().decode(errors='replace'))}. Nothing was made.")


def is_filled(url: str) -> bool:
    engine = db.make_engine(url)
    try:
        with engine.connect() as connection:
            return contents.is_filled(connection)
    finally:
        engine.dispose()


def in_use(url: str) -> str:
    """Empty, or why the database must not be replaced now. A server that was stopped a moment ago gets time to let go."""
    engine = db.make_engine(url)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    end = time.monotonic() + contents.LETTING_GO
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while count := connection.exec_driver_sql(others + " AND backend_type = 'client backend'").scalar_one():
                if time.monotonic() > end:
                    break
                time.sleep(0.1)
    finally:
        engine.dispose()
    return f"The database is in use by {count} other connections. Stop the server first. Nothing was changed." if count else ""


@contextmanager
def swapped(url: str, dump: Path, about: About, aside: str) -> Iterator[tuple[Engine, str]]:
    """The dump in an empty schema under the old one's name. Whatever fails inside puts the old one back."""
    restore, _ = tool("pg_restore", about.tools)
    engine = db.make_engine(url)
    kept = "before_" + aside
    try:
        with engine.connect() as connection:
            schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
        where, env = connection_of(url)
        with engine.begin() as connection:
            connection.execute(text(f'ALTER SCHEMA "{schema}" RENAME TO "{kept}"'))
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
        try:
            # --schema: pg_restore then leaves the schema itself, which is there, alone
            run([restore, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--schema={schema}",
                 f"--dbname={where}", str(dump)], env, "The backup could not be put in; the database is as it was")  # fmt: skip
            yield engine, kept
        except BaseException:
            _put_back(engine, schema, kept)
            raise
    finally:
        engine.dispose()


def _put_back(engine: Engine, schema: str, kept: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        connection.execute(text(f'ALTER SCHEMA "{kept}" RENAME TO "{schema}"'))


def drop(engine: Engine, kept: str) -> None:
    """Away with a schema in which nothing was ever stored."""
    with engine.begin() as connection:
        connection.execute(text(f'DROP SCHEMA "{kept}" CASCADE'))
