"""A server that went back in time gets everything again, and one that is only busy does not."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Route

from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live


def test_a_server_restored_from_a_backup_gets_everything_since_then_again(berit: Tablet, live: Live, tmp_path: Path) -> None:
    first = record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    database, backup = tmp_path / "test.db", tmp_path / "backup.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    berit.page.get_by_role("link", name="TryggRunde", exact=True).click()
    second = record_not_done(berit, "Odd Brekke")
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    assert {str(one.id) for one in stored(live.app)} == {first, second}

    live.stop()
    live.app.extensions["engine"].dispose()
    for left in (database, tmp_path / "test.db-wal", tmp_path / "test.db-shm"):
        left.unlink(missing_ok=True)
    shutil.copyfile(backup, database)
    assert {str(one.id) for one in stored(live.app)} == {first}
    live.start()

    known = berit.run("async () => (await import('/sw/store.js')).get('meta', 'epoch')")
    berit.until(f"""async () => {{
      await (await import("/sw/sync.js")).flush({{ fetch: true }});
      return await (await import("/sw/store.js")).get("meta", "epoch") !== "{known}";
    }}""")
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    assert {str(one.id) for one in stored(live.app)} == {first, second}


def test_a_device_that_dies_while_it_marks_records_for_resending_still_knows_the_old_epoch(berit: Tablet) -> None:
    record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    known = berit.run("async () => (await import('/sw/store.js')).get('meta', 'epoch')")
    berit.run("""async () => {
      const before = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...given) {
        if (this.name === "outbox") { this.transaction.abort(); throw new DOMException("gone", "AbortError"); }
        return before.apply(this, given);
      };
      await (await import("/sw/sealed.js")).epochSeen("another").catch(() => undefined);
      IDBObjectStore.prototype.put = before;
    }""")
    assert berit.run("async () => (await import('/sw/store.js')).get('meta', 'epoch')") == known
    assert berit.run("async () => (await import('/sw/sealed.js')).epochSeen('another')") is True


def test_a_busy_server_is_not_taken_for_one_that_went_back_in_time(berit: Tablet) -> None:
    record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    assert berit.run("async () => (await import('/sw/sealed.js')).epochSeen('')") is False
    assert [one["state"] for one in berit.run(OUTBOX)] == ["received"]


def test_a_record_that_is_put_off_is_not_sent_again_at_once_for_ever(berit: Tablet) -> None:
    record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    tries: list[int] = []

    def put_off(route: Route) -> None:
        tries.append(1)
        answer = route.fetch()
        body = answer.json()
        body["verdicts"] = [{"id": one["id"], "hash": one["hash"], "verdict": "later", "reason": "disk"} for one in body["verdicts"]]
        route.fulfill(response=answer, json=body)

    berit.context.route("**/sync/envelopes", put_off)
    berit.run("""async () => {
      await (await import("/sw/sealed.js")).epochSeen("another");
      await (await import("/sw/sync.js")).flush();
    }""")
    assert len(tries) <= 3
    assert [(one["state"], one["reasons"]) for one in berit.run(OUTBOX)] == [("waiting", ["disk"])]
