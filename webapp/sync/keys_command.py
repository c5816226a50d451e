"""`webapp keys …`: what the person who runs the server does with the key file."""

import sys
from pathlib import Path
from typing import Any

from webapp.sync import keyfile, keys

ACTIONS = ("show", "rotate", "rotate-signing", "backed-up", "merge")


def run(action: str, config: dict[str, Any], file: str | None = None) -> int:
    """0 = done; 2 = a sentence on stderr says what to do."""
    ring = keys.ring(config["DATA_DIR"])
    try:
        say(_act(ring, action, file))
    except (keyfile.KeyFileTrouble, OSError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    return 0


def _act(ring: keys.KeyRing, action: str, file: str | None) -> str:
    if action == "rotate":
        ring.keys()
        return f"New sealing pair {ring.rotate()}. Devices are offered it once a backup holds it: webapp backup FILE"
    if action == "rotate-signing":
        ring.keys()
        ring.rotate_signing()
        return "New signing pair. Devices learn it at their next contact; the old one signs too."
    if action == "backed-up":
        ring.backed_up()
        return f"Devices are offered {ring.offered().kid} from now on."
    if action == "merge":
        if file is None:
            raise keyfile.KeyFileTrouble("Name the other key file: webapp keys merge FILE")
        ring.merge(Path(file))
        return "Merged: no pair and no revocation of either file is lost."
    return shown(ring)


def shown(ring: keys.KeyRing) -> str:
    offered = ring.offered().kid
    lines = [
        f"{pair.kid}  made {pair.made}  backup {pair.in_backup or 'none yet'}{'  offered' if pair.kid == offered else ''}"
        for pair in ring.keys().sealing
    ]
    return "\n".join([str(ring.path), *lines])


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
