"""Where a passphrase comes from: a file, the environment, or whoever sits there. Never an argument: those are seen by everybody."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from webapp.backup import BackupTrouble

VARIABLE = "TRYGGRUNDE_BACKUP_PASSPHRASE"
SHORTEST = 12


def find(file: str | None, *, new: bool) -> str:
    """The passphrase; a new one is long enough, and typed twice when it is typed."""
    found, typed = _given(file)
    if found is None:
        found = _ask("Passphrase of the backup: ")
        typed = True
    if new and len(found) < SHORTEST:
        raise BackupTrouble(f"The passphrase has fewer than {SHORTEST} characters. Choose a longer one. Nothing was made.")
    if new and typed and _ask("The same again: ") != found:
        raise BackupTrouble("The two were not the same. Nothing was made.")
    return found


def _given(file: str | None) -> tuple[str | None, bool]:
    if file is None:
        return os.environ.get(VARIABLE) or None, False
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise BackupTrouble(f"The passphrase file {file} cannot be read ({type(wrong).__name__}).") from wrong
    if not lines or not lines[0]:
        raise BackupTrouble(f"The first line of {file} is empty. It must be the passphrase.")
    return lines[0], False


def _ask(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise BackupTrouble(f"No passphrase: give --passphrase-file FILE, or set {VARIABLE}, or run it in a terminal.")
    return getpass.getpass(prompt)
