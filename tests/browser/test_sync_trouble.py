"""Sending and fetching stop for nothing: not for a lock in the middle, a full disk, an older shell or a clock set back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.tablet import Tablet

FLUSH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
PAUSED = "async () => (await import('/sw/sync.js')).paused()"


def count(tablet: Tablet, path: str) -> list[str]:
    """Every request for this path from now on."""
    seen: list[str] = []
    tablet.page.on("request", lambda asked: seen.append(asked.url) if asked.url.endswith(path) else None)
    return seen


def test_a_lock_in_the_middle_of_a_fetch_stops_nothing(berit: Tablet) -> None:
    berit.run(FLUSH)
    berit.run("""async () => {
      const [nurses, records] = await Promise.all([import("/sw/nurses.js"), import("/sw/records.js")]);
      const before = IDBObjectStore.prototype.get;
      IDBObjectStore.prototype.get = function (...given) { // read just before the news are applied
        if (given[0] === "epoch" && this.transaction.mode === "readwrite") { nurses.lock(); records.forget(); }
        return before.apply(this, given);
      };
      await (await import("/sw/sync.js")).flush({ fetch: true });
    }""")
    assert berit.run("async () => (await import('/sw/nurses.js')).current()") is None
    assert berit.run(PAUSED) is None


def test_a_snapshot_the_device_cannot_keep_is_said_and_tried_again_by_itself(berit: Tablet) -> None:
    berit.run(FLUSH)
    asked = count(berit, "/sync/snapshot")
    berit.run("""async () => {
      const before = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...given) {
        if (this.name === "blobs") { IDBObjectStore.prototype.put = before; throw new DOMException("full", "QuotaExceededError"); }
        return before.apply(this, given);
      };
      await (await import("/sw/sync.js")).flush({ fetch: true });
    }""")
    assert (berit.run(PAUSED), len(asked)) == ("device", 1)
    expect(berit.page.locator("header")).to_contain_text("Sending er stoppet")
    berit.until(f"async () => await ({PAUSED})() === null", tries=400)
    assert len(asked) == 2


def test_a_fetch_asked_for_while_another_round_runs_is_made(berit: Tablet) -> None:
    berit.run(FLUSH)
    asked = count(berit, "/sync/snapshot")
    berit.run("""async () => {
      const sync = await import("/sw/sync.js");
      const before = window.fetch;
      window.fetch = (url, ...given) => { // the wish comes when the first question is on its way
        if (url === "/sync/snapshot") { window.fetch = before; void sync.flush({ fetch: true }); }
        return before(url, ...given);
      };
      await sync.flush({ fetch: true });
    }""")
    assert len(asked) == 2


@pytest.mark.parametrize("where", ["active", "checks", "flags"])
def test_news_in_a_version_this_shell_lacks_is_not_taken_and_says_so(berit: Tablet, where: str) -> None:
    berit.run(FLUSH)

    def newer(route: Route) -> None:
        answer = route.fetch()
        body: dict[str, Any] = answer.json()
        if where == "active":
            body["active"] = {name: version + 1 for name, version in body["active"].items()}
        else:
            held = {"form": "fall_sjekk", "bundle": "fall", "version": 99, "id": "x", "check_id": "x"}
            body["people"] = [{**one, where: [held]} for one in body["people"]]
        route.fulfill(response=answer, json=body, headers={"Content-Type": "application/json"})

    berit.context.route("**/sync/snapshot", newer)
    berit.run("""async () => {
      const records = await import("/sw/records.js");
      const { user } = (await import("/sw/nurses.js")).current();
      const [[key, head]] = await (await import("/sw/store.js")).under("blobs", user.id + "/head");
      const vault = await import("/sw/vault.js");
      const cleared = { ...await vault.decrypt(head, key), cursor: null };
      await (await import("/sw/store.js")).put("blobs", key, await vault.encrypt(cleared, key));
      await records.load();
    }""")
    berit.run(FLUSH)
    assert berit.run(PAUSED) == "wire"
    berit.go("Sendt")
    expect(berit.page.locator("main")).to_contain_text("Lås, så hentes en ny utgave")
    berit.go("Min runde")
    berit.go("Astrid Lunde")
    expect(berit.page.get_by_role("region", name="Siste resultater")).to_be_visible()


def test_a_clock_set_back_does_not_keep_a_tablet_open(berit: Tablet) -> None:
    berit.run("""() => {
      const wall = Date.now.bind(Date), ran = performance.now.bind(performance);
      Date.now = () => wall() - 3_600_000;
      performance.now = () => ran() + 301_000;
      dispatchEvent(new Event("pageshow"));
    }""")
    berit.sees_heading("Låst")


def test_logging_out_where_the_net_hangs_closes_at_once(berit: Tablet) -> None:
    berit.context.route("**/device/session", lambda route: None)
    berit.run("() => { void htmx.ajax('POST', '/round/logout', { target: document.body, swap: 'innerHTML' }); }")
    berit.sees_heading("Låst")
    assert berit.run("async () => (await import('/sw/nurses.js')).list().then(all => all.map(one => one.wraps.pin))") == [None]


def test_a_wait_after_wrong_pins_is_never_longer_than_the_longest_wait(berit: Tablet) -> None:
    berit.lock()
    left = berit.run("""async () => {
      const nurses = await import("/sw/nurses.js");
      const [it] = await nurses.list();
      const day = 86_400_000, now = Date.now();
      for (let n = 0; n < 4; n++) await nurses.unlock(it.user.id, "000000", now + day);
      return (await nurses.unlock(it.user.id, "739154", now)).ok;
    }""")
    assert left is True
