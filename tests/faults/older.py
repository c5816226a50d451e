"""The release before: there is none yet, so one is made from this one's files, as it would have been before envelope v2. Its server
reads v1 only, its app seals v1 only and comes with another worker; database and wire are the same."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.fixtures.servers import ROOT

PARTS = ("webapp", "sw", "static", "templates")
HARNESS = ("tests/__init__.py", "tests/faults/__init__.py", "tests/faults/serving.py")
CHANGES = {  # file -> (as it is, as it was)
    "webapp/sync/envelope.py": ('SIGNED = {V1: b"tryggrunde 1", V2: b"tryggrunde 2"}', 'SIGNED = {V1: b"tryggrunde 1"}'),
    "sw/worker.js": ("const JUST = 10 * 60_000;", "const JUST = 9 * 60_000;"),  # another worker, that is all
    "sw/actions.js": (", pack: whole => packed.check(whole, form) });", " });"),
}


def release(folder: Path) -> Path:
    """Where it lies, ready to be started."""
    if folder.exists():
        return folder
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in HARNESS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for name, (now, then) in CHANGES.items():
        text = (folder / name).read_text("utf-8")
        if text.count(now) != 1:
            raise RuntimeError(f"{name} is not as the release before is made from: {now}")
        (folder / name).write_text(text.replace(now, then), "utf-8")
    return folder
