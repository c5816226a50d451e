"""`make stolen-tablet`: exit 0 when the planted control was found in every way it was hidden, and nothing else."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from tests.browser.finger import on_a_name
from tests.browser.profile import TABLET, Profile
from tests.browser.tablet import PIN, Tablet
from tests.fixtures.databases import free_port, sqlite_template
from tests.fixtures.servers import Gunicorn
from tests.people import PASSWORD
from tests.stolen.guess import PIN_WRAP, Cost, told
from tests.stolen.play import (
    ANSWERS,
    CONTROL,
    MARK,
    by_finger,
    by_pin,
    enrolled,
    mark_everything,
    plant,
    seen,
    shift,
    with_passkey,
)  # fmt: skip
from tests.stolen.search import PHOTO, Search
from webapp import db

RUNS = {
    "locked": (True, False), "killed while unlocked": (False, False), "opened by a passkey, locked": (True, True),
    "opened by a passkey, killed while unlocked": (False, True),
}  # fmt: skip
USED = {False: {"a key (AES-GCM)", "a key (signing)"}, True: {"a key (AES-GCM)", "a key (HKDF)", "a key (signing)"}}
HIDDEN = ("utf-8", "utf-16-le", "base64 of", "gzip", "snappy in a value", "LevelDB log record")


@contextmanager
def town(folder: Path) -> Iterator[Gunicorn]:
    url, _drop = sqlite_template(folder).copy(folder)
    engine = db.make_engine(url)
    mark_everything(engine)
    engine.dispose()
    server = Gunicorn(url, folder / "data", free_port())
    try:
        yield server
    finally:
        server.stop()


def stolen(playwright: Playwright, server: Gunicorn, folder: Path, *, locked: bool, passkey: bool) -> tuple[Search, tuple[int, int], Cost]:
    """(what the search found, how many boxes were typed in and photos taken, what a guess at the PIN costs)."""
    device = Profile(playwright, folder / "profile", server.url, TABLET)
    berit: Tablet = device.start()
    berit.page.set_default_timeout(60_000)  # a proof is not a race: the machine may be at other work
    keys = seen(berit)
    if passkey:
        with_passkey(on_a_name(berit))
    else:
        enrolled(berit)
    token = berit.run("async () => (await import('/sw/nurses.js')).secret().session_token")
    cost = Cost(**berit.run(PIN_WRAP))
    done = shift(berit, by_finger if passkey else by_pin)
    plant(berit)
    if locked:
        berit.run("() => htmx.ajax('GET', '/round', { target: document.body, swap: 'innerHTML' })")
        berit.lock()
    device.kill()
    if set(keys.values()) != USED[passkey]:
        raise SystemExit(f"Keys that were to be searched for: {sorted(USED[passkey])}; seen: {sorted(set(keys.values()))}")
    search = Search([MARK, CONTROL, PIN, PASSWORD, token, *ANSWERS], PHOTO, keys)
    search.folder(device.folder)
    return search, done, cost


def report(search: Search, done: tuple[int, int], how: str) -> bool:
    """Print it; True when it is as it must be."""
    print(f"Tablet {how}: {done[0]} boxes typed in, {done[1]} photos taken, {len(search.keys)} keys looked for, {search.files} files")
    for layer, size in sorted(search.layers.items()):
        print(f"{size:14,d} bytes in {search.pieces[layer]:6d} pieces  {layer}")
    for unread in search.unread:
        print(f"NOT READ: {unread}")
    control = {spelled for word, spelled, _ in search.found if word == CONTROL}
    blind = [one for one in HIDDEN if not any(one in spelled for spelled in control)]
    leaks = sorted(one for one in search.found if one[0] != CONTROL)
    for word, spelled, where in leaks:
        print(f"FOUND: {word} ({spelled}) in {where}")
    but = f", but NOT as {', '.join(blind)}" if blind else ""
    print(f"The control was found in {len(control)} ways{but}; leaks: {len(leaks)}")
    return not (leaks or blind or search.unread) and all(done)


def main() -> int:
    good = True
    with sync_playwright() as playwright:
        for how, (locked, passkey) in RUNS.items():
            with tempfile.TemporaryDirectory(prefix="tryggrunde-stolen-") as name, town(Path(name)) as server:
                search, done, cost = stolen(playwright, server, Path(name), locked=locked, passkey=passkey)
                good = report(search, done, how) and good
    print(told(cost))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
