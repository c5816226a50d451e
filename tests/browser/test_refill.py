"""A tablet fills a restored server again by itself: locked, with nothing new to send, or known to no backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Request

from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.tablet import Tablet
from tests.browser.test_two_nurses import join
from tests.fixtures.databases import disk_image
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT
from tests.web.sync.places import backup, put_back, settings_of
from webapp.sync import keys

RECEIVED = f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')"
EPOCH = "async () => (await import('/sw/store.js')).get('meta', 'epoch')"
LAST = "async () => (await import('/sw/store.js')).get('meta', 'last_receipt')"


def go_back(live: Live, put: Callable[[], Any]) -> None:
    """The server is away while its past is put in place."""
    live.stop()
    live.app.extensions["engine"].dispose()
    put()
    live.start()


def yesterday(live: Live, folder: Path) -> Callable[[], Any]:
    """`webapp backup` now; `webapp restore` when called."""
    settings = settings_of(live.app)
    path = backup(settings, folder / "yesterday.backup").path
    return lambda: put_back(settings, path, replace=True)


def test_a_locked_tablet_with_nothing_new_fills_a_restored_server_when_it_is_picked_up(
    new_tablet: Callable[[], Tablet], live: Live, tmp_path: Path
) -> None:
    restore = yesterday(live, tmp_path)
    tablet = new_tablet()
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    first = record_not_done(tablet)
    tablet.until(RECEIVED)
    known = tablet.run(EPOCH)
    tablet.lock()
    go_back(live, restore)
    assert stored(live.app) == []
    tablet.open()
    tablet.sees_heading("Låst")
    tablet.until(f"async () => (await ({EPOCH})()) !== '{known}' && (await ({RECEIVED})())")
    assert [(str(one.id), one.author_name) for one in stored(live.app)] == [(first, BERIT.name)]


def test_a_plain_copy_put_back_is_noticed_by_a_tablet_that_is_only_looked_at(berit: Tablet, live: Live) -> None:
    image = disk_image(live.app.config["DATABASE_URL"])
    first = record_not_done(berit)
    berit.until(RECEIVED)
    known = berit.run(EPOCH)
    berit.lock()
    go_back(live, image)
    assert stored(live.app) == []
    berit.open()
    berit.until(f"async () => (await ({EPOCH})()) !== '{known}' && (await ({RECEIVED})())")
    assert [str(one.id) for one in stored(live.app)] == [first]


def test_a_record_judged_before_the_server_knew_that_it_went_back_is_judged_again_with_papers(
    berit: Tablet, live: Live, tmp_path: Path
) -> None:
    restore = yesterday(live, tmp_path)
    berit.lock()
    join(berit, AMINA)
    first = record_not_done(berit)
    berit.until(RECEIVED)
    live.stop()
    berit.go("Min runde")
    second = record_not_done(berit, "Odd Brekke")
    go_back(live, restore)
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"async () => (await ({OUTBOX})()).length === 2 && (await ({RECEIVED})())")
    assert {(str(one.id), one.author_name) for one in stored(live.app)} == {(first, AMINA.name), (second, AMINA.name)}


def test_the_highest_receipt_is_the_one_that_is_shown(berit: Tablet) -> None:
    record_not_done(berit)
    berit.until(RECEIVED)
    high = berit.run(LAST)
    berit.run("""async () => {
      const sealed = await import("/sw/sealed.js");
      const [{ id, hash }] = await sealed.entries();
      const receipt = { id, content_hash: "", received_at: "2026-01-01T00:00:00Z", seq_tag: "1.AAAAAAAAAAAAAAAA" };
      await sealed.settle([{ id, hash, verdict: "duplicate", receipt }], receipt.received_at);
    }""")
    assert berit.run(LAST) == high


def test_a_tablet_says_hello_seldom(berit: Tablet) -> None:
    record_not_done(berit)
    berit.until(RECEIVED)
    asked: list[str] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/sync/envelopes"):
            asked.append(request.url)

    berit.page.on("request", heard)
    for _ in range(3):
        berit.run("async () => (await import('/sw/sync.js')).flush()")
    assert asked == []


def test_a_tablet_seals_to_a_new_key_once_a_backup_holds_it_and_what_it_sealed_before_still_opens(
    berit: Tablet, live: Live, tmp_path: Path
) -> None:
    ring = keys.ring(settings_of(live.app)["DATA_DIR"])
    old = ring.offered().kid
    live.stop()
    first = record_not_done(berit)
    fresh = ring.rotate()
    assert ring.offered().kid == old
    backup(settings_of(live.app), tmp_path / "x.backup")
    live.start()
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    berit.until(RECEIVED)
    berit.go("Min runde")
    second = record_not_done(berit, "Odd Brekke")
    berit.until(RECEIVED)
    sealed_to = berit.run("""async () => Object.fromEntries((await (await import("/sw/sealed.js")).entries())
      .map(({ id, bytes }) => [id, [...bytes.slice(2, 10)].map(one => one.toString(16).padStart(2, "0")).join("")]))""")
    assert (sealed_to[first], sealed_to[second]) == (old, fresh)
    assert {str(one.id) for one in stored(live.app)} == {first, second}
