"""`webapp backup FILE`, `webapp backup --check FILE`, `webapp restore FILE`: 0 = done; 2 = a sentence on stderr says what to do."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from webapp.backup import BackupTrouble, check, passphrase
from webapp.backup.make import make
from webapp.backup.restore import restore, take_keys
from webapp.sync.keyfile import KeyFileTrouble


def arguments(backup: argparse.ArgumentParser, restoring: argparse.ArgumentParser) -> None:
    for parser in (backup, restoring):
        parser.add_argument("file", help="the backup")
        parser.add_argument("--passphrase-file", help=f"its first line is the passphrase; else {passphrase.VARIABLE}, else it is asked for")
    backup.add_argument("--check", action="store_true", help="only prove that a backup is whole and opens what devices seal today")
    backup.add_argument("--replace", action="store_true", help="take the place of a file of that name")
    restoring.add_argument("--keys-only", action="store_true", help="take the keys of a backup into the key file here, and nothing else")
    restoring.add_argument("--replace", action="store_true", help="put the database that is here aside")


def run(chosen: argparse.Namespace, settings: dict[str, Any]) -> int:
    act = _restore if chosen.command == "restore" else _check if chosen.check else _backup
    try:
        said = act(chosen, settings, Path(chosen.file).absolute())
    except (BackupTrouble, KeyFileTrouble) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    sys.stdout.write("\n".join(said) + "\n")
    return 0


def _backup(chosen: argparse.Namespace, settings: dict[str, Any], path: Path) -> list[str]:
    made = make(settings, path, passphrase.find(chosen.passphrase_file, new=True), replace=chosen.replace)
    return [
        f"{path}: {_inside(made.whole)}, {made.size} bytes; read back whole.",
        check.today(made.whole.keys, settings["DATA_DIR"], str(path)),
        *(f"{name} was removed while the backup was made." for name in made.skipped),
    ]


def _check(chosen: argparse.Namespace, settings: dict[str, Any], path: Path) -> list[str]:
    whole = check.read_through(path, passphrase.find(chosen.passphrase_file, new=False))
    says = check.today(whole.keys, settings["DATA_DIR"], str(path))
    return [f"{path}: whole, made {whole.about.made}: {_inside(whole)}.", says]


def _restore(chosen: argparse.Namespace, settings: dict[str, Any], path: Path) -> list[str]:
    if chosen.keys_only:
        whole = check.read_through(path, passphrase.find(chosen.passphrase_file, new=False))
        take_keys(settings, whole)
        return [f"The {len(whole.keys.sealing)} keys of {path} are in {settings['DATA_DIR']}. The database was not touched."]
    done = restore(settings, path, passphrase.find(chosen.passphrase_file, new=False), replace=chosen.replace)
    return [
        f"Restored {path}, made {done.whole.about.made}: {_inside(done.whole)}.",
        f"New timeline {done.epoch}: at their next contact devices send again what they hold of the last 14 days.",
        "Everybody logs in again. What was decided on the server since then (accounts, follow-up, reviews) must be done again.",
        *([f"What was here before is kept: {done.aside}. Remove it when all is well."] if done.aside else []),
    ]


def _inside(whole: check.Whole) -> str:
    rows = whole.about.rows
    counts = f"{rows.get('check_record', 0)} checks, {sum(rows.values())} rows, {len(whole.files)} files, {len(whole.keys.sealing)} keys"
    return f"{whole.about.kind}, {counts}"
