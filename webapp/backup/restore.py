"""Put a backup back: read to its end first, prepared beside what is there, then exchanged in one step. Nothing old is thrown away."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, delete, select

from webapp import db, migrate
from webapp.backup import BackupTrouble, contents, postgresql, sqlite
from webapp.backup.check import Whole, read_through
from webapp.models import AccessLog, FeedHead, WebSession
from webapp.sync import feed, keyfile, keys

FAR = 1_000_000  # beyond every number that was given out after the backup: one new epoch is then enough


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, the new timeline, and where the database that was there is now."""

    whole: Whole
    epoch: str
    aside: str


def restore(settings: dict[str, Any], source: Path, passphrase: str, *, replace: bool) -> Restored:
    """All of a backup into this DATA_DIR and DATABASE_URL."""
    data_dir, url = settings["DATA_DIR"], settings["DATABASE_URL"]
    kind = sqlite if url.startswith("sqlite") else postgresql
    beside = (sqlite.file_of(url) or data_dir / "database").parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as scratch:
        staged = Path(scratch)
        whole = read_through(source, passphrase, into=staged)
        if whole.about.kind != kind.KIND:
            raise BackupTrouble(f"{source} holds a {whole.about.kind} database, and DATABASE_URL names {kind.KIND}. Nothing was changed.")
        _refuse(settings, staged, whole, replace)
        aside = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
        if kind is sqlite:
            return _sqlite(settings, staged, whole, aside)
        return _postgresql(settings, staged, whole, aside)


def _refuse(settings: dict[str, Any], staged: Path, whole: Whole, replace: bool) -> None:
    """Before anything is touched: nobody works there, and what is there may be replaced."""
    url = settings["DATABASE_URL"]
    kind = sqlite if url.startswith("sqlite") else postgresql
    if keyfile.problem(settings["DATA_DIR"]) and not replace:
        raise BackupTrouble("The key file here is damaged. Say --replace to put it aside and take the backup's. Nothing was changed.")
    if problem := kind.in_use(url):
        raise BackupTrouble(problem)
    other = [name for name, there, fresh in _files(settings, staged, whole) if there.exists() and not _same(there, fresh)]
    if not replace and (kind.is_filled(url) or other):
        raise BackupTrouble("The database here is not empty. Say --replace to put it aside and restore. Nothing was changed.")


def _files(settings: dict[str, Any], staged: Path, whole: Whole) -> Iterator[tuple[str, Path, Path]]:
    for name in whole.files:
        yield name, contents.place(name.removeprefix(contents.FILES), settings["DATA_DIR"]), contents.place(name, staged)


def _same(one: Path, two: Path) -> bool:
    return one.is_file() and one.stat().st_size == two.stat().st_size and one.read_bytes() == two.read_bytes()


def _sqlite(settings: dict[str, Any], staged: Path, whole: Whole, aside: str) -> Restored:
    url, fresh = settings["DATABASE_URL"], staged / contents.DATABASE
    filled, engine = sqlite.is_filled(url), sqlite.staged(fresh)
    try:
        _at_this_version(engine, whole)
        _carry_over(settings, staged, whole)
        epoch = _new_timeline(settings, engine, whole)
    finally:
        engine.dispose()
    kept = sqlite.swap(url, fresh, "before-" + aside)
    if kept and not filled:
        Path(kept).unlink()
    return Restored(whole, epoch, kept if filled else "")


def _postgresql(settings: dict[str, Any], staged: Path, whole: Whole, aside: str) -> Restored:
    url = settings["DATABASE_URL"]
    filled = postgresql.is_filled(url)
    with postgresql.swapped(url, staged / contents.DATABASE, whole.about, aside) as (engine, kept):
        _at_this_version(engine, whole)
        _carry_over(settings, staged, whole)
        epoch = _new_timeline(settings, engine, whole)
        if not filled:
            postgresql.drop(engine, kept)
    return Restored(whole, epoch, f"schema {kept}" if filled else "")


def take_keys(settings: dict[str, Any], whole: Whole) -> None:
    """The backup's keys into the key file here, or in the place of a damaged one, which is put aside."""
    path = settings["DATA_DIR"] / keyfile.NAME
    if keyfile.problem(settings["DATA_DIR"]):
        os.replace(path, path.with_name(f"{keyfile.NAME}.damaged-{datetime.now(UTC):%Y%m%d_%H%M%S}"))
    keyfile.take_in(path, whole.keys)


def _carry_over(settings: dict[str, Any], staged: Path, whole: Whole) -> None:
    """Keys are merged, so no private half and no revocation is forgotten; files come beside those that are there."""
    take_keys(settings, whole)
    for _, there, fresh in _files(settings, staged, whole):
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(fresh, there)
        os.chmod(there, 0o600)


def _at_this_version(engine: Engine, whole: Whole) -> None:
    """The rows are those that were counted when the backup was made; then they come to this program's version."""
    if migrate.standing(engine) == "newer":
        raise BackupTrouble("The backup was made by a newer version of the program. Install that version. Nothing was changed.")
    with engine.connect() as connection:
        found = contents.facts(connection)[2]
    if found != whole.about.rows:
        raise BackupTrouble("The database in the backup does not hold the rows it should. Use another backup. Nothing was changed.")
    migrate.upgrade(engine)


def _new_timeline(settings: dict[str, Any], engine: Engine, whole: Whole) -> str:
    """A new epoch, so that every device sends again what it still holds. Log-ins in browsers end: some had been ended."""
    with _keys_of(settings), db.open_session(engine, write=True) as session:
        feed.ensure_head(session)
        head = session.scalars(select(FeedHead)).one()
        feed.start_epoch(session, head.seq + FAR)
        session.execute(delete(WebSession))
        session.add(AccessLog(action="restored", detail={"made": whole.about.made}))
        session.commit()
        return feed.epoch(session)


@contextmanager
def _keys_of(settings: dict[str, Any]) -> Iterator[None]:
    """What signs tags of the feed, without starting the whole app."""
    bare = Flask(__name__)
    bare.config["DATA_DIR"] = settings["DATA_DIR"]
    with bare.app_context():
        keys.current().keys()
        yield
