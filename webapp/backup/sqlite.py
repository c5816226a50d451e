"""SQLite: a copy of one moment while others write, and putting a file in another's place in one step."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DatabaseError

from webapp import db
from webapp.backup import BackupTrouble, contents
from webapp.backup.contents import About

KIND = "sqlite"


def file_of(url: str) -> Path | None:
    """The database file, or None when the database is no file."""
    parsed = make_url(url)
    return Path(parsed.database).resolve() if parsed.get_backend_name() == KIND and parsed.database else None


@contextmanager
def copied(url: str, made: str, scratch: Path) -> Iterator[tuple[About, BinaryIO]]:
    """(what is in it, its bytes): SQLite's own online copy, whole and in order, made beside the keys and removed after."""
    path, copy = file_of(url), scratch / "database"
    if path is None or not path.is_file():
        raise BackupTrouble(f"There is no database at {path}. Check DATABASE_URL and DATA_DIR. Nothing was made.")
    try:
        _copy(path, copy)
    except sqlite3.DatabaseError as wrong:
        raise BackupTrouble(f"The database {path} could not be copied ({wrong}). Nothing was made.") from wrong
    complain(copy, f"The database {path} is damaged")
    engine = db.make_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            revision, installation, rows = contents.facts(connection)
    finally:
        engine.dispose()
    as_one_file(copy)
    with copy.open("rb") as stream:
        yield About(made, KIND, revision, installation, rows), stream


def _copy(path: Path, copy: Path) -> None:
    with closing(sqlite3.connect(path, timeout=db.BUSY_MS / 1000)) as source, closing(sqlite3.connect(copy)) as target:
        copy.chmod(0o600)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def complain(path: Path, says: str) -> None:
    """Refuse a file that is no whole database."""
    try:
        with closing(sqlite3.connect(path)) as database:
            (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as wrong:
        raise BackupTrouble(f"{says} ({wrong}). Nothing was changed.") from wrong
    if found != "ok":
        raise BackupTrouble(f"{says} ({' '.join(found.split())}). Nothing was changed.")


def as_one_file(path: Path) -> None:
    """Out of WAL: everything in one file. Refused by SQLite while anybody else has it open."""
    with closing(sqlite3.connect(path, timeout=0.2)) as database:
        (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode != "delete":
            raise sqlite3.OperationalError("in use")


def is_filled(url: str) -> bool:
    path = file_of(url)
    if path is None or not path.exists() or path.stat().st_size == 0:
        return False
    engine = db.make_engine(url)
    try:
        with engine.connect() as connection:
            return contents.is_filled(connection)
    except DatabaseError:  # damaged: there may be something to save in it
        return True
    finally:
        engine.dispose()


def in_use(url: str) -> str:
    """Empty, or why the file must not be replaced now. A server that was stopped a moment ago gets time to let go."""
    path = file_of(url)
    if path is None or not path.exists():
        return ""
    end = time.monotonic() + contents.LETTING_GO
    while True:
        try:
            as_one_file(path)
        except sqlite3.DatabaseError as wrong:  # a damaged file is nobody's: it may be replaced
            if "locked" in str(wrong) or "in use" in str(wrong):
                if time.monotonic() < end:
                    time.sleep(0.1)
                    continue
                return f"The database {path} is in use. Stop the server first. Nothing was changed."
        return ""


def staged(path: Path) -> Engine:
    """The unpacked database, to be prepared before it takes its place."""
    complain(path, "The database in the backup is damaged")
    return db.make_engine(f"sqlite:///{path}")


def swap(url: str, fresh: Path, aside: str) -> str:
    """The fresh file takes the database's place in one step; the old one stays beside it. Where that is, or empty."""
    path = file_of(url)
    if path is None:
        raise BackupTrouble("DATABASE_URL names no file. Nothing was changed.")
    as_one_file(fresh)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = path.with_name(f"{path.name}.{aside}")
    if path.exists():
        _name_too(path, kept)
    for end in ("-wal", "-shm"):  # of a damaged file: SQLite itself leaves none
        if (left := path.with_name(path.name + end)).exists():
            left.rename(kept.with_name(kept.name + end))
    os.replace(fresh, path)
    on_disk(path)
    return str(kept) if kept.exists() else ""


def _name_too(path: Path, kept: Path) -> None:
    """The old file under a second name, so that there is a database at every moment."""
    try:
        os.link(path, kept)
    except OSError:  # a file system without links
        shutil.copy2(path, kept)


def on_disk(path: Path) -> None:
    """A file, and its name in its folder, survive a power cut."""
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
