"""An app that was not updated for long sends what it holds, says what to do, and loses nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from webapp.sync import snapshot

FLUSH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
PAUSED = "async () => (await import('/sw/sync.js')).paused()"


def test_an_app_two_released_versions_old_fetches_and_sends(berit: Tablet, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "WIRE", 3)
    check_id = record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    berit.run(FLUSH)
    assert (berit.run(PAUSED), [str(one.id) for one in stored(live.app)]) == (None, [check_id])


def test_an_older_one_is_told_what_to_do_and_what_it_holds_is_taken_in(berit: Tablet, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.stop()
    check_id = record_not_done(berit)
    monkeypatch.setattr(snapshot, "WIRE", 4)
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    berit.until(f"async () => await ({PAUSED})() === 'wire'")
    assert [str(one.id) for one in stored(live.app)] == [check_id]
    berit.go("Sendt")
    expect(berit.page.locator("main")).to_contain_text("Appen er en annen utgave enn serveren.")
    expect(berit.page.locator("main")).to_contain_text("Lås, så hentes en ny utgave.")
    expect(berit.page.get_by_role("status").filter(has_text="igjen på denne enheten")).to_contain_text("0")
