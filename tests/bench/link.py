"""A slow, long line (150 ms, 1.6 Mbit/s): 1,000 checks up, against the floor; and what a first sync brings down."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from playwright.sync_api import BrowserContext

from tests.bench import floor, place, proxy, shift, tablet
from tests.bench.shift import Sender
from tests.bench.table import Figure, middle
from tests.device import OSLO
from webapp.sync import crypto
from webapp.sync.envelope import envelope_hash

RATE, DELAY = 1_600_000 / 8, 0.075  # bytes a second each way; one way
CHECKS, ROUNDS = 1000, 3
OUTAGES = 10
PEOPLE, RECORDS = 40, 30
NURSE = "berit"
FILL = """async ([rows]) => {
  const store = await import('/sw/store.js'), { unb64 } = await import('/sw/bytes.js')
  const waits = { kind: 1, vault: 1, saved: new Date().toISOString(), state: 'waiting', at: null, reasons: [], again: false }
  await store.transact(['outbox'], 'relaxed', tx => Promise.all(rows.map(
    ([id, hash, bytes]) => tx.objectStore('outbox').put({ ...waits, id, hash, bytes: unb64(bytes) }, hash),
  )))
}"""
UPLOAD = """async () => {
  const { upload } = await import('/sw/upload.js')
  const begun = performance.now()
  const { paused, sent } = await upload({ token: null, shell: 'bench' })
  const took = performance.now() - begun
  const store = await import('/sw/store.js')
  const left = (await store.all('outbox')).filter(one => one.state !== 'received').length
  if (paused || left) throw new Error(`${paused}: ${sent} sent, ${left} left`)
  return took
}"""


OFFLINE = """async ([rows]) => {
  await (%s)([rows])
  const sync = await import('/sw/sync.js')
  for (let n = 0; n < 3; n++) await sync.flush()
  if (await sync.paused() !== 'offline') throw new Error('there is a line')
}"""
HOME = """async () => {
  const store = await import('/sw/store.js')
  const begun = performance.now()
  while ((await store.all('outbox')).some(one => one.state !== 'received')) await new Promise(done => setTimeout(done, 50))
  return performance.now() - begun
}"""


def measure(folder: Path, small: place.Place) -> list[Figure]:
    with tablet.chromium() as playwright:
        context = tablet.profile(playwright, folder / "link-profile")
        ours, theirs, size = up(context, small.copy(folder / "link"), folder)
        context.close()
        open_app = tablet.profile(playwright, folder / "outage-profile")
        one, many = outage(open_app, small.copy(folder / "outage"))
        open_app.close()
        fresh = tablet.profile(playwright, folder / "first-profile")
        requests, kilobytes, held = first_sync(fresh, small.copy(folder / "first"))
        fresh.close()
    name = f"first sync, {PEOPLE} service users × {RECORDS} records ({held} held)"
    return [
        Figure("1,000 checks up at 150 ms, 1.6 Mbit/s", "ms", 0.5, ours, theirs, of_floor=True),
        Figure("— bytes a check, sealed, no free text", "B", 400, size),
        Figure("1,000 checks home after an outage on that line, app open", "ms", None, many),
        Figure(f"1 check home after an outage on that line, the longest of {OUTAGES}", "ms", 5_000, one),
        Figure(name, "requests", 3, requests),
        Figure("— over the wire, both ways", "kB", 180, kilobytes),
    ]


def up(context: BrowserContext, here: place.Place, folder: Path) -> tuple[float, float, float]:
    """(ours, the floor), milliseconds, taken in turns; bytes a check. Ours from the outbox on disk until every verdict is settled there."""
    place.grow(here, 8, 1)
    app = here.app()
    (sender,) = shift.senders(app, 1, CHECKS * ROUNDS, people_each=250, nurses_in_unit=1)
    app.extensions["engine"].dispose()
    mine, theirs = [], []
    with (
        here.served() as server,
        floor.served(folder) as port,
        proxy.line(server.port, RATE, DELAY) as ours,
        proxy.line(port, RATE, DELAY) as bare,
    ):
        context.add_cookies([{"name": "tr_device", "value": sender.cookie, "url": ours.url}])
        page, other = context.new_page(), context.new_page()
        page.goto(f"{ours.url}/login")
        other.goto(bare.url)
        for number in range(ROUNDS):
            page.evaluate(FILL, [rows(sender, number)])
            mine.append(page.evaluate(UPLOAD))
            theirs.append(other.evaluate(floor.SEND, [CHECKS, 100, floor.RECORD]))
    return middle(mine), middle(theirs), sum(map(len, sender.sealed)) / len(sender.sealed)


def outage(context: BrowserContext, here: place.Place) -> tuple[float, float]:
    """Milliseconds from the line being back until the server has answered for one check, at most, and for a thousand: the app
    is open, was paused by the outage, and nobody touches it."""
    place.grow(here, 8, 1)
    app = here.app()
    (sender,) = shift.senders(app, 1, CHECKS + OUTAGES, people_each=250, nurses_in_unit=1)
    app.extensions["engine"].dispose()
    took = []
    with here.served() as server, proxy.line(server.port, RATE, DELAY) as line:
        page = context.new_page()
        page.set_default_timeout(120_000)
        tablet.take_into_use(page, line.url, NURSE)
        tablet.set_pin(page)
        page.locator("a.visit").first.wait_for()
        for first, last in [*((n, n + 1) for n in range(OUTAGES)), (OUTAGES, OUTAGES + CHECKS)]:
            line.down_now()
            page.evaluate(OFFLINE % FILL, [listed(sender.sealed[first:last])])
            line.up_again()
            took.append(page.evaluate(HOME))
    return max(took[:-1]), took[-1]


def rows(sender: Sender, number: int) -> list[tuple[str, str, str]]:
    """As the outbox keeps them."""
    return listed(sender.sealed[number * CHECKS : (number + 1) * CHECKS])


def listed(some: list[bytes]) -> list[tuple[str, str, str]]:
    return [(str(UUID(bytes=one[26:42])), envelope_hash(one), crypto.b64(one)) for one in some]


def first_sync(context: BrowserContext, here: place.Place) -> tuple[int, float, int]:
    """(requests, kB both ways, records held) from the PIN until the round is on the screen."""
    place.grow(here, 2, 4)
    whole_route(here)
    with here.served() as server, proxy.line(server.port) as line:
        page = context.new_page()
        tablet.take_into_use(page, line.url, NURSE)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        before = line.count()
        tablet.set_pin(page)
        page.locator("a.visit").first.wait_for()
        took = line.count() - before
        held = page.evaluate(HELD)
    return sum("/sync/" in url or "/device/vaults" in url for url in asked), took / 1000, held


HELD = """async () => {
  const records = await import('/sw/records.js')
  const world = await records.world()
  return world.people.reduce((sum, one) => sum + one.checks.length, 0)
}"""


def whole_route(here: place.Place) -> None:
    """Forty people on one nurse's route today, each with exactly so many records."""
    today = datetime.now(OSLO).date().isoformat()
    with closing(sqlite3.connect(here.folder / "tryggrunde.db")) as database:
        (nurse, unit) = database.execute(
            "SELECT u.id, unit_id FROM membership JOIN user_account u ON u.id = user_id WHERE u.username = ?", (NURSE,)
        ).fetchone()
        many = "SELECT patient_id FROM check_record WHERE unit_id = ? GROUP BY patient_id HAVING count(*) >= ? LIMIT ?"
        people = [ref for (ref,) in database.execute(many, (unit, RECORDS, PEOPLE))]
        database.execute('DELETE FROM visit WHERE user_id = ? OR "on" >= ?', (nurse, today))
        database.execute("DROP TRIGGER check_record_no_delete")
        for number, ref in enumerate(people):
            newest = "SELECT id FROM check_record WHERE patient_id = ? ORDER BY performed_at DESC LIMIT ?"
            database.execute(f"DELETE FROM check_record WHERE patient_id = ? AND id NOT IN ({newest})", (ref, ref, RECORDS))  # noqa: S608
            at = f"{7 + number // 6:02d}:{number % 6}0"
            row = (uuid4().hex, ref, unit, today, at, "day", nurse)
            database.execute('INSERT INTO visit (id, patient_id, unit_id, "on", at, shift, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)', row)
        if len(people) < PEOPLE:
            raise RuntimeError(f"only {len(people)} people have {RECORDS} records")
        database.commit()
