"""`webapp rescue import FILE`: take in a rescue file where the server stands."""

import sys
from pathlib import Path

from webapp.sync import people, rescue
from webapp.words import translator

RECORDS = {
    "accepted": "%s accepted", "duplicate": "%s were here already", "quarantined": "%s kept for a supervisor to decide",
    "later": "%s not taken in now: they stay on the device",
}  # fmt: skip
PHOTOS = {
    "accepted": "%s photos accepted", "duplicate": "%s photos were here already", "refused": "%s photos refused",
    "later": "%s photos not taken in now: they stay on the device",
}  # fmt: skip


def run(file: str) -> int:
    """0 when every record has a verdict of its own, 2 when the file was not taken."""
    from webapp import create_app

    path = Path(file)
    try:
        if path.stat().st_size > rescue.MOST:
            return _stop(f"{path}: too large to be a rescue file. Nothing was changed.")
        data = path.read_bytes()
    except OSError as wrong:
        return _stop(f"{path}: {wrong.strerror}. Nothing was changed.")
    with create_app().app_context():
        taken = rescue.take(data, None, people.utc_now())
    if isinstance(taken, rescue.Refused):
        return _stop(f"{path}: {translator('en')(taken.reason)}")
    told = [RECORDS[word] % count for word, count in taken.counts.items() if count]
    told += [PHOTOS[word] % count for word, count in taken.photos.items() if count]
    told = told or ["the file holds no records"]
    told += [f"{word}: {code} ({count})" for (word, code), count in sorted(taken.reasons.items())]
    sys.stdout.write("\n".join(told) + "\n")
    return 0


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2
