"""What a backup holds, beside the database: the key file, and every file under DATA_DIR that is not known to be left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec
from sqlalchemy import Connection, inspect, text

from webapp.backup import BackupTrouble
from webapp.backup.sealed_file import MAGIC
from webapp.sync import keyfile

ABOUT, DATABASE, KEYS, FILES = "about.json", "database", "keys.json", "files/"
LEFT_OUT = frozenset({keyfile.NAME, "secret.key", "lan"})  # an entry of its own; made anew at the next start; likewise
LETTING_GO = 3.0  # seconds that a server which was stopped a moment ago may take


class About(msgspec.Struct):
    """What the backup says of itself."""

    made: str
    kind: str
    revision: str
    installation: str
    rows: dict[str, int]
    tools: int = 0
    format: int = 1


def facts(connection: Connection) -> tuple[str, str, dict[str, int]]:
    """(revision, installation, rows in each table) of a database, whatever version made it."""
    names = sorted(inspect(connection).get_table_names())
    rows = {name: _one(connection, f'SELECT count(*) FROM "{name}"') for name in names}  # noqa: S608
    revision = str(_one(connection, "SELECT version_num FROM alembic_version") or "") if "alembic_version" in rows else ""
    if not revision:
        raise BackupTrouble("The database holds none of the program's tables. Run: make migrate")
    found = _one(connection, "SELECT installation FROM municipality LIMIT 1")
    return revision, str(found or "").replace("-", ""), rows


def _one(connection: Connection, query: str) -> int:
    found: int = connection.execute(text(query)).scalar()  # type: ignore[assignment]
    return found


def is_filled(connection: Connection) -> bool:
    """Whether anything was ever stored here: a database that was only migrated counts as empty."""
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    return any(_one(connection, f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT 1) AS found') for name in names)  # noqa: S608


def files(data_dir: Path, database: Path | None) -> Iterator[tuple[str, Path]]:
    """(name in the backup, path) of what else is kept: photos, and whatever a later version keeps there.

    Left out: names that begin with a dot (half-written), the database, what stands beside it under its name, and other backups."""
    for path in sorted(data_dir.rglob("*")):
        inside = path.relative_to(data_dir)
        if inside.parts[0] in LEFT_OUT or any(part.startswith(".") for part in inside.parts):
            continue
        if database and path.parent.resolve() == database.parent and path.name.startswith(database.name):
            continue
        if path.is_file() and not path.is_symlink() and not _is_backup(path):
            yield FILES + inside.as_posix(), path


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def place(name: str, folder: Path) -> Path:
    """Where an entry belongs under a folder; never outside it."""
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts or not inside.parts:
        raise BackupTrouble(f"The backup names a file outside the data folder ({name}). Nothing was changed.")
    return folder.joinpath(*inside.parts)
