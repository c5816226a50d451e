"""Make a backup: sealed under a name of its own, read back whole, and only then given its name."""

from __future__ import annotations

import errno
import io
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from webapp import db, migrate
from webapp.backup import BackupTrouble, contents, entries, postgresql, sqlite
from webapp.backup.check import Whole, read_through
from webapp.backup.contents import About
from webapp.backup.sealed_file import COST, Cost, SealedWriter
from webapp.models import AccessLog
from webapp.sync import keyfile, keys


@dataclass(slots=True)
class Made:
    """A backup that was read back."""

    path: Path
    size: int
    whole: Whole
    skipped: list[str] = field(default_factory=list)


def make(settings: dict[str, Any], target: Path, passphrase: str, *, replace: bool, cost: Cost = COST) -> Made:
    """Everything of this moment, while others go on writing."""
    _refuse(target, replace)
    _sweep(settings["DATA_DIR"])
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            skipped = _write(settings, SealedWriter(file, passphrase, cost))
            file.flush()
            os.fsync(file.fileno())
        whole = read_through(unfinished, passphrase, name=str(target))
        _name(unfinished, target, replace)
        made = Made(target, target.stat().st_size, whole, skipped)
    except OSError as wrong:
        full = wrong.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        why = "there is no room left" if full else wrong.strerror
        raise BackupTrouble(f"The backup {target} could not be written: {why}. No unfinished file was left.") from wrong
    finally:
        unfinished.unlink(missing_ok=True)
    keys.ring(settings["DATA_DIR"]).backed_up({pair.kid for pair in whole.keys.sealing})
    _logged(settings, whole)
    return made


def _refuse(target: Path, replace: bool) -> None:
    if target.exists() and not target.is_file():
        raise BackupTrouble(f"{target} is no ordinary file. Name a file in a folder. Nothing was made.")
    if target.exists() and not replace:
        raise BackupTrouble(f"{target} is there already. Choose another name, or say --replace. Nothing was made.")
    if not target.parent.is_dir():
        raise BackupTrouble(f"There is no folder {target.parent}. Nothing was made.")


def _sweep(data_dir: Path) -> None:
    """What a killed backup left a day ago or more."""
    for left in data_dir.glob(".backup-*"):
        if left.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(left, ignore_errors=True)


def _write(settings: dict[str, Any], out: SealedWriter) -> list[str]:
    """Database first and keys last: what the copy refers to, and what it was sealed for, is then in the backup too."""
    data_dir, url = settings["DATA_DIR"], settings["DATABASE_URL"]
    kind = sqlite if url.startswith("sqlite") else postgresql
    skipped = []
    with (
        tempfile.TemporaryDirectory(dir=data_dir, prefix=".backup-") as scratch,
        kind.copied(url, keyfile.now_text(), Path(scratch)) as (about, stream),
    ):
        entries.put(out, contents.ABOUT, io.BytesIO(msgspec.json.encode(about)))
        entries.put(out, contents.DATABASE, stream)
    for name, path in contents.files(data_dir, sqlite.file_of(url)):
        try:
            with path.open("rb") as stream:
                entries.put(out, name, stream)
        except FileNotFoundError:
            skipped.append(name)
    entries.put(out, contents.KEYS, io.BytesIO(msgspec.json.encode(_keys(data_dir, about))))
    entries.end(out)
    return skipped


def _keys(data_dir: Path, about: About) -> keyfile.Keys:
    """The key file as a restore must find it: every pair in it is in a backup."""
    found = msgspec.convert(msgspec.to_builtins(keys.ring(data_dir).keys()), keyfile.Keys)
    for pair in found.sealing:
        pair.in_backup = pair.in_backup or about.made
    return found


def _name(unfinished: Path, target: Path, replace: bool) -> None:
    if replace:
        os.replace(unfinished, target)
    else:
        try:
            os.link(unfinished, target)  # fails, in one step, when the name was taken meanwhile
        except FileExistsError as wrong:
            raise BackupTrouble(f"{target} was made by somebody else meanwhile. Nothing was changed.") from wrong
        except OSError:  # a file system without links
            _refuse(target, replace)
            os.rename(unfinished, target)
    sqlite.on_disk(target)


def _logged(settings: dict[str, Any], whole: Whole) -> None:
    """A copy of everything left the server: that stands in the log. An older database has its backup all the same."""
    engine = db.make_engine(settings["DATABASE_URL"])
    try:
        if migrate.standing(engine) == "right":
            with db.open_session(engine, write=True) as session:
                session.add(AccessLog(action="backup", detail={"rows": sum(whole.about.rows.values()), "files": len(whole.files)}))
                session.commit()
    finally:
        engine.dispose()
