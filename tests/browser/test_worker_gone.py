"""A device whose service worker did not come, or was lost, gets it again and opens without a net."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet import READY, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT

ACTIVE = "async () => Boolean((await navigator.serviceWorker.getRegistration('/'))?.active)"
LOSE = "async () => (await navigator.serviceWorker.getRegistration('/')).unregister()"


def test_a_device_that_lost_its_worker_gets_it_at_the_next_start_and_opens_without_a_net(berit: Tablet, live: Live) -> None:
    # given a device that works, whose worker the browser has lost
    assert berit.run(LOSE)
    berit.log_in(BERIT, then="/round")
    berit.page.wait_for_selector(READY)
    # when it has started with a net
    berit.until(ACTIVE)
    # then it opens without one
    live.stop()
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")


def test_a_shell_that_fails_after_the_pin_is_said_and_comes_when_she_tries_again(berit: Tablet) -> None:
    # given a device with a vault, whose worker is gone with its files, and a server that cannot give them
    assert berit.run(LOSE)
    berit.run("async () => { for (const name of await caches.keys()) await caches.delete(name) }")
    berit.context.route("**/shell.pack", lambda route: route.fulfill(status=503))
    berit.log_in(BERIT)
    # when she opens it
    berit.renew()
    # then a sentence says that the app did not start, and it does when the files come
    expect(berit.page.get_by_role("alert")).to_contain_text("appen startet ikke")
    berit.context.unroute("**/shell.pack")
    berit.renew()
    berit.page.wait_for_selector(READY, timeout=30_000)
    berit.sees_heading("Min runde")


def test_a_worker_that_is_there_is_not_asked_for_again_before_she_may_go_on(berit: Tablet) -> None:
    # given a browser that answers no registration, as behind a look for a new version on a line that hangs
    berit.page.add_init_script("navigator.serviceWorker.register = () => new Promise(() => {});")
    berit.log_in(BERIT)
    # when
    berit.renew()
    # then
    berit.page.wait_for_selector(READY)
    berit.sees_heading("Min runde")
