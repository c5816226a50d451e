"""A backup is a copy of one moment, made while others write, and it is read back before it gets its name."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.device import Tablet, Vault
from tests.people import ref
from tests.web.sync.places import PASSPHRASE, Places, backup, put_back, rows
from tests.web.sync.reading import ask, count
from webapp.backup import BackupTrouble, check
from webapp.backup.make import Made
from webapp.models import AccessLog, CheckRecord, FeedHead, FeedRow, Receipt, WebSession
from webapp.sync import keyfile, keys

ASTRID = str(ref("Astrid Lunde"))
FORM = "hud_sjekk"
CHANGED = {"feed_head", "feed_row", "access_log", "access_link", "access_pending", "web_session"}


def send(tablet: Tablet, vault: Vault, **how: object) -> dict[str, object]:
    (verdict,) = tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))], **how)
    assert verdict["verdict"] == "accepted"
    return verdict


def test_everything_comes_back_on_an_empty_machine_row_by_row(places: Places, tablet: Tablet, vault: Vault, tmp_path: Path) -> None:
    for _ in range(3):
        send(tablet, vault)
    photos = places.here["DATA_DIR"] / "photos" / "ab"
    photos.mkdir(parents=True)
    (photos / "abc").write_bytes(b"sealed picture" * 99_000)
    before = rows(places.here["DATABASE_URL"])
    made = backup(places.here, tmp_path / "x.backup")
    there = places.empty()
    restored = put_back(there, tmp_path / "x.backup")
    after = rows(there["DATABASE_URL"])
    assert set(after) == set(before)
    assert {name: after[name] for name in after if name not in CHANGED} == {name: before[name] for name in before if name not in CHANGED}
    assert before["feed_row"] < after["feed_row"]
    assert before["access_log"] < after["access_log"]
    assert (there["DATA_DIR"] / "photos" / "ab" / "abc").read_bytes() == (photos / "abc").read_bytes()
    assert made.whole.files == {"files/photos/ab/abc": 14 * 99_000}
    ours, theirs = (keyfile.read(one["DATA_DIR"] / keyfile.NAME) for one in (places.here, there))
    assert [pair.private for pair in ours.sealing] == [pair.private for pair in theirs.sealing]
    assert (ours.signing, ours.cursor) == (theirs.signing, theirs.cursor)
    assert restored.epoch != ask(places.app, lambda s: s.scalar(select(FeedHead.epoch)))


def test_a_backup_made_while_others_write_is_of_one_moment(
    app: Flask, places: Places, tablet: Tablet, vault: Vault, tmp_path: Path
) -> None:
    send(tablet, vault)
    stop, sent, one_more = threading.Event(), [], threading.Condition()
    http = tablet.another_http(app)

    def write() -> None:
        while not stop.is_set():
            verdict = send(tablet, vault, http=http)
            with one_more:
                sent.append(verdict["id"])
                one_more.notify_all()

    def made_meanwhile(n: int) -> Made:
        """A backup made in the midst of the writing: something arrived just before it."""
        with one_more:
            already = len(sent)
            assert one_more.wait_for(lambda: len(sent) > already, timeout=60)
        return backup(places.here, tmp_path / f"{n}.backup")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [made_meanwhile(n) for n in range(2)]
    finally:
        stop.set()
        writer.join()
    held = [one.whole.about.rows["check_record"] for one in made]
    assert 1 <= held[0] < held[1] <= count(app, CheckRecord) == len(sent) + 1
    there = places.empty()
    put_back(there, made[1].path)
    whole = rows(places.here["DATABASE_URL"])
    back = rows(there["DATABASE_URL"])
    assert len(back["check_record"]) == held[1]
    for name in ("check_record", "receipt", "flag", "flag_raise", "patient"):
        assert back[name] <= whole[name], name
    copy = places.serve(there)
    assert count(copy, Receipt) == count(copy, CheckRecord)
    newest = ask(copy, lambda s: s.scalar(select(func.max(FeedRow.seq)).where(FeedRow.kind != "epoch")))
    assert ask(copy, lambda s: s.scalar(select(func.max(Receipt.seq)))) == newest


def test_a_name_that_is_taken_is_refused_and_replaced_only_when_told(places: Places, vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "x.backup"
    path.write_bytes(b"somebody's")
    with pytest.raises(BackupTrouble, match="there already"):
        backup(places.here, path)
    assert path.read_bytes() == b"somebody's"
    backup(places.here, path, replace=True)
    assert check.read_through(path, PASSPHRASE).about.kind in places.here["DATABASE_URL"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []


def test_nothing_of_a_person_can_be_read_in_it_and_no_copy_is_left_behind(places: Places, vault: Vault, tmp_path: Path) -> None:
    made = backup(places.here, tmp_path / "x.backup")
    raw = made.path.read_bytes()
    for secret in (b"Astrid", b"Berit", b"sealing", PASSPHRASE.encode()):
        assert secret not in raw
    assert [one.name for one in places.here["DATA_DIR"].iterdir() if one.name.startswith((".backup", ".restore"))] == []


def test_a_backup_stands_in_the_access_log(app: Flask, places: Places, vault: Vault, tmp_path: Path) -> None:
    backup(places.here, tmp_path / "x.backup")
    assert count(app, AccessLog, AccessLog.action == "backup") == 1


def test_other_backups_and_the_session_key_are_not_in_it(places: Places, vault: Vault, tmp_path: Path) -> None:
    data = places.here["DATA_DIR"]
    backup(places.here, data / "old.backup")
    (data / ".half").write_bytes(b"x")
    (data / "secret.key").write_bytes(b"s" * 32)
    assert backup(places.here, data / "new.backup").whole.files == {}


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_ordinary_file_is_left_alone(places: Places, vault: Vault, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    with pytest.raises(BackupTrouble, match="no ordinary file"):
        backup(places.here, path, replace=True)
    assert path.is_dir() == (kind == "folder")


def test_a_new_key_is_offered_after_a_backup_and_older_backups_say_that_they_are_too_old(
    places: Places, tablet: Tablet, vault: Vault, tmp_path: Path
) -> None:
    data = places.here["DATA_DIR"]
    ring = keys.ring(data)
    old = backup(places.here, tmp_path / "old.backup").whole.keys
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    fresh = ring.rotate()
    assert "Take a new backup" in check.today(old, data, "old.backup")
    assert ring.offered().kid != fresh
    new = backup(places.here, tmp_path / "new.backup").whole.keys
    assert ring.offered().kid == fresh
    with pytest.raises(BackupTrouble, match="Take a new backup: webapp backup FILE"):
        check.today(old, data, "old.backup")
    assert check.today(new, data, "new.backup") == f"It opens what devices seal today ({fresh})."
    assert tablet.verdicts([sealed])[0]["verdict"] == "accepted"


def test_a_pair_made_while_a_backup_is_written_is_not_offered_by_it(places: Places, vault: Vault, tmp_path: Path) -> None:
    ring = keys.ring(places.here["DATA_DIR"])
    made = backup(places.here, tmp_path / "x.backup")
    late = ring.rotate()
    ring.backed_up({pair.kid for pair in made.whole.keys.sealing})
    assert ring.offered().kid != late


def test_log_ins_end_with_a_restore(places: Places, vault: Vault, tmp_path: Path) -> None:
    assert count(places.app, WebSession) > 0
    there = places.empty()
    put_back(there, backup(places.here, tmp_path / "x.backup").path)
    copy = places.serve(there)
    assert count(copy, WebSession) == 0
    assert count(copy, AccessLog, AccessLog.action == "restored") == 1
