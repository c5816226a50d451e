"""Putting a backup back: everything is proven before anything is touched, and nothing old is thrown away."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import create_engine, inspect, select, text

from tests.device import Tablet, Vault
from tests.people import ref
from tests.web.sync.places import CHEAP, PASSPHRASE, Places, backup, put_back, rows
from tests.web.sync.reading import all_of, ask, count
from webapp.backup import BackupTrouble, contents, entries, sqlite
from webapp.backup.check import read_through
from webapp.backup.sealed_file import SealedWriter
from webapp.migrate import alembic_config
from webapp.models import CheckRecord, FeedHead
from webapp.sync import keyfile, keys

ASTRID = str(ref("Astrid Lunde"))
FORM = "hud_sjekk"


def send(tablet: Tablet, vault: Vault, count: int = 1) -> list[bytes]:
    sealed = [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"})) for _ in range(count)]
    assert {one["verdict"] for one in tablet.verdicts(sealed)} == {"accepted"}
    return sealed


def seen(settings: dict[str, Any]) -> tuple[Any, ...]:
    """All that a restore could have touched."""
    data = settings["DATA_DIR"]
    left = {path.relative_to(data): path.read_bytes() for path in data.rglob("*") if path.is_file() and ".db" not in path.name}
    return rows(settings["DATABASE_URL"]), {str(name): raw for name, raw in left.items() if not name.name.endswith(".lock")}


def closed(app: Flask) -> None:
    app.extensions["engine"].dispose()


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a bit": (lambda raw: raw[:-400] + bytes([raw[-400] ^ 1]) + raw[-399:], "damaged"),
    "cut": (lambda raw: raw[: len(raw) // 2], "damaged"),
    "empty": (lambda raw: b"", "not a backup"),
    "longer": (lambda raw: raw + b"\0", "damaged"),
    "another format": (lambda raw: b"SQLite format 3\0" + raw, "not a backup"),
    "the salt": (lambda raw: raw[:30] + bytes([raw[30] ^ 1]) + raw[31:], "damaged"),
}


def test_a_damaged_backup_changes_nothing(places: Places, vault: Vault, tmp_path: Path) -> None:
    path = backup(places.here, tmp_path / "x.backup").path
    whole = path.read_bytes()
    closed(places.app)
    before = seen(places.here)
    for name, (damage, says) in DAMAGE.items():
        path.write_bytes(damage(whole))
        with pytest.raises(BackupTrouble, match=says) as said:
            put_back(places.here, path, replace=True)
        assert "\n" not in str(said.value), name
        assert seen(places.here) == before, name


def test_a_wrong_passphrase_changes_nothing(places: Places, vault: Vault, tmp_path: Path) -> None:
    path = backup(places.here, tmp_path / "x.backup").path
    closed(places.app)
    before = seen(places.here)
    with pytest.raises(BackupTrouble, match="passphrase does not open"):
        put_back(places.here, path, passphrase=PASSPHRASE + "!", replace=True)
    assert seen(places.here) == before


def test_what_is_there_is_kept_until_somebody_says_replace_and_put_aside_then(
    places: Places, tablet: Tablet, vault: Vault, tmp_path: Path
) -> None:
    path = backup(places.here, tmp_path / "x.backup").path
    send(tablet, vault, 2)
    closed(places.app)
    before = seen(places.here)
    with pytest.raises(BackupTrouble, match="not empty"):
        put_back(places.here, path)
    assert seen(places.here) == before
    restored = put_back(places.here, path, replace=True)
    assert count(places.app, CheckRecord) == 0
    if places.here["DATABASE_URL"].startswith("sqlite"):
        assert rows(f"sqlite:///{restored.aside}") == before[0]
        return
    engine = create_engine(places.here["DATABASE_URL"])
    with engine.connect() as connection:
        schema = restored.aside.removeprefix("schema ")
        assert set(inspect(connection).get_table_names(schema)) == set(before[0])
        assert connection.execute(text(f"SELECT count(*) FROM {schema}.check_record")).scalar() == 2  # noqa: S608
    engine.dispose()
    assert backup(places.here, tmp_path / "y.backup").whole.about.rows["check_record"] == 0


def test_a_server_that_runs_is_not_restored_under_its_feet(places: Places, vault: Vault, tmp_path: Path) -> None:
    path = backup(places.here, tmp_path / "x.backup").path
    closed(places.app)
    with places.app.extensions["engine"].connect() as busy:
        busy.execute(text("SELECT count(*) FROM unit"))
        with pytest.raises(BackupTrouble, match=r"in use.*Stop the server"):
            put_back(places.here, path, replace=True)
        busy.rollback()
    closed(places.app)
    put_back(places.here, path, replace=True)


def test_a_backup_of_the_other_kind_of_database_is_refused(places: Places, vault: Vault, tmp_path: Path) -> None:
    path = backup(places.here, tmp_path / "x.backup").path
    other = {"DATA_DIR": tmp_path / "other", "DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    if places.here["DATABASE_URL"].startswith("sqlite"):
        other["DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with pytest.raises(BackupTrouble, match="DATABASE_URL names"):
        put_back(other, path)
    assert not (tmp_path / "other.db").exists()


def test_keys_and_revocations_made_after_the_backup_are_not_forgotten(places: Places, vault: Vault, tmp_path: Path) -> None:
    ring = keys.ring(places.here["DATA_DIR"])
    path = backup(places.here, tmp_path / "x.backup").path
    fresh = ring.rotate()
    ring.revoke_device(ref("a lost tablet"))
    closed(places.app)
    put_back(places.here, path, replace=True)
    assert ring.private_for(bytes.fromhex(fresh)) is not None
    assert str(ref("a lost tablet")) in ring.keys().revoked.devices


def test_the_new_timeline_is_numbered_beyond_all_that_was_shown(places: Places, tablet: Tablet, vault: Vault, tmp_path: Path) -> None:
    path = backup(places.here, tmp_path / "x.backup").path
    send(tablet, vault, 5)
    before = ask(places.app, lambda s: s.scalar(select(FeedHead.seq)))
    closed(places.app)
    put_back(places.here, path, replace=True)
    assert ask(places.app, lambda s: s.scalar(select(FeedHead.seq))) > before + 1000


def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(
    places: Places, tablet: Tablet, vault: Vault, tmp_path: Path
) -> None:
    """A database in the archive that is none, under a right passphrase: only the last step can find out."""
    send(tablet, vault)
    whole = backup(places.here, tmp_path / "x.backup").whole
    closed(places.app)
    before = seen(places.here)
    path = archive(tmp_path / "y.backup", whole.about, b"PGDMP\x01\x0e\x00 no dump" * 90, whole.keys)
    with pytest.raises(BackupTrouble) as said:
        put_back(places.here, path, replace=True)
    assert "\n" not in str(said.value)
    assert seen(places.here) == before
    assert count(places.app, CheckRecord) == 1


def test_a_backup_that_lacks_rows_it_should_hold_is_refused(places: Places, tablet: Tablet, vault: Vault, tmp_path: Path) -> None:
    send(tablet, vault)
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    whole = read_through(backup(places.here, tmp_path / "x.backup").path, PASSPHRASE, into=unpacked)
    whole.about.rows["check_record"] += 1
    path = archive(tmp_path / "y.backup", whole.about, (unpacked / contents.DATABASE).read_bytes(), whole.keys)
    closed(places.app)
    before = seen(places.here)
    with pytest.raises(BackupTrouble, match="does not hold the rows"):
        put_back(places.here, path, replace=True)
    assert seen(places.here) == before


def test_a_backup_cannot_write_outside_the_data_folder(places: Places, vault: Vault, tmp_path: Path) -> None:
    whole = backup(places.here, tmp_path / "x.backup").whole
    there = places.empty()
    for name in ("files/../../evil", "files/../evil", "/evil", ".."):
        path = archive(tmp_path / "y.backup", whole.about, b"x", whole.keys, {name: b"evil"})
        with pytest.raises(BackupTrouble, match="outside"):
            put_back(there, path)
    assert list(tmp_path.rglob("evil*")) == []


def archive(path: Path, about: Any, database: bytes, kept: keyfile.Keys, more: dict[str, bytes] | None = None) -> Path:
    """A well-sealed backup of what a test wants in it."""
    with path.open("wb") as file:
        out = SealedWriter(file, PASSPHRASE, CHEAP)
        parts = {contents.ABOUT: msgspec.json.encode(about), contents.DATABASE: database, **(more or {})}
        for name, raw in {**parts, contents.KEYS: msgspec.json.encode(kept)}.items():
            entries.put(out, name, io.BytesIO(raw))
        entries.end(out)
    return path


def test_an_old_backup_comes_up_to_this_version(places: Places, tablet: Tablet, vault: Vault, tmp_path: Path) -> None:
    send(tablet, vault)
    engine = create_engine(places.here["DATABASE_URL"])
    command.downgrade(alembic_config(engine), "0001")
    engine.dispose()
    path = backup(places.here, tmp_path / "x.backup").path
    there = places.empty()
    put_back(there, path)
    copy = places.serve(there)
    assert copy.test_client().get("/healthz").status_code == 200
    assert len(all_of(copy, CheckRecord)) == 1


@pytest.mark.parametrize("how", ["noise", "a torn page"])
def test_a_damaged_database_and_a_damaged_key_file_are_put_aside(sqlite_app: Flask, tmp_path: Path, how: str) -> None:
    settings = {"DATA_DIR": Path(sqlite_app.config["DATA_DIR"]), "DATABASE_URL": sqlite_app.config["DATABASE_URL"]}
    path = backup(settings, tmp_path / "x.backup").path
    closed(sqlite_app)
    file = sqlite.file_of(settings["DATABASE_URL"])
    assert file is not None
    raw = bytearray(file.read_bytes())
    raw[0 if how == "noise" else 100 : 4000] = b"\xff" * (4000 - (0 if how == "noise" else 100))
    file.write_bytes(raw)
    file.with_name(file.name + "-wal").write_bytes(b"old")
    broken = settings["DATA_DIR"] / keyfile.NAME
    broken.write_text("{")
    with pytest.raises(BackupTrouble, match="--replace"):
        put_back(settings, path)
    broken.unlink()
    with pytest.raises(BackupTrouble, match="not empty"):
        put_back(settings, path)
    broken.write_text("{")
    restored = put_back(settings, path, replace=True)
    assert Path(restored.aside).read_bytes() == raw
    assert sqlite_app.test_client().get("/healthz").status_code == 200
    assert keyfile.read(broken).sealing != []
    assert len(list(settings["DATA_DIR"].glob("keys.json.damaged-*"))) == 1


def test_a_database_that_is_damaged_is_not_backed_up_as_if_it_were_whole(sqlite_app: Flask, tmp_path: Path) -> None:
    settings = {"DATA_DIR": Path(sqlite_app.config["DATA_DIR"]), "DATABASE_URL": sqlite_app.config["DATABASE_URL"]}
    file = sqlite.file_of(settings["DATABASE_URL"])
    assert file is not None
    closed(sqlite_app)
    raw = bytearray(file.read_bytes())
    raw[8192:8400] = b"\xff" * 208
    file.write_bytes(raw)
    with pytest.raises(BackupTrouble, match="damaged"):
        backup(settings, tmp_path / "x.backup")
    assert [one.name for one in tmp_path.iterdir() if "backup" in one.name] == []
