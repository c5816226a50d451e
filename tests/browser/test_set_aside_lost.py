"""A tablet that is reported lost wipes what it has set aside too: what opens goes home first, what does not is said to be gone unsent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages.fleet import Fleet
from tests.browser.pages.unopened import NAMES, NEW, OLD, ROWS, SLOW, Unopened, reopened, shut_out
from tests.browser.tablet import Tablet
from tests.browser.test_lost_device import COME_BACK, expect_told, lose, of_berit, unsent_work
from tests.fixtures.servers import Live
from tests.people import BERIT, SOLVEIG

READABLE = [f"tryggrunde/{name}" for name in ("vaults", "rows", "drafts", "blobs", "views")]


@pytest.fixture
def solveig(browser: Browser, live: Live, berit: Tablet) -> Iterator[Fleet]:
    """Berit's leader, at the list of devices."""
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    yield Fleet(context.new_page(), live.url).log_in(SOLVEIG)
    context.close()


def set_aside_with_unsent_work(berit: Tablet, live: Live) -> Tablet:
    """And the device is in use again."""
    live.stop()
    unsent_work(berit)
    broken = shut_out(berit)
    Unopened(broken).set_aside()
    live.start()
    broken.log_in(BERIT)
    broken.set_pin()
    broken.sees_heading("Min runde")
    return broken


def only_new_ones(tablet: Tablet) -> None:
    tablet.until(f"async () => (await ({NAMES})()).join() === '{','.join(NEW)}'")


def test_what_opens_goes_home_and_then_everything_goes(berit: Tablet, solveig: Fleet, live: Live) -> None:
    # given a device that is lost while nothing that is sealed gets through
    broken = set_aside_with_unsent_work(berit, live)
    broken.context.route("**/sync/envelopes**", lambda route: route.abort("connectionreset"))
    lose(solveig)
    # when it is opened, and what was set aside opens too
    later = reopened(broken)
    main = later.page.get_by_role("main")
    expect(main).to_contain_text("Denne enheten er sperret.")
    # then nothing can be read in what was set aside either, and what is sealed is kept
    only_new_ones(later)
    assert later.run("async () => (await (await import('/sw/sealed.js')).waiting()).length") >= 1
    # and when it gets through
    later.context.unroute("**/sync/envelopes**")
    later.run(COME_BACK)
    expect(main).to_contain_text("Alt er sendt, og alt er slettet.")
    assert of_berit(live)
    only_new_ones(later)
    expect_told(solveig, "Enheten har sagt at alt er sendt, og at alt er slettet.")


def test_what_does_not_open_goes_last_and_it_is_said_that_it_was_not_sent(berit: Tablet, solveig: Fleet, live: Live) -> None:
    # given
    broken = set_aside_with_unsent_work(berit, live)
    broken.context.route("**/sync/envelopes**", lambda route: route.abort("connectionreset"))
    broken.go("Ny hendelse")
    broken.lock()  # who was looked at is sealed, and waits
    lose(solveig)
    # when the device hears it, it stays as long as something else can still be sent
    broken.open()
    main = broken.page.get_by_role("main")
    expect(main).to_contain_text("Det som ikke er sendt, blir sendt når enheten har nett.")
    assert set(OLD) <= set(broken.run(NAMES))
    # and goes with the rest
    broken.context.unroute("**/sync/envelopes**")
    broken.run(COME_BACK)
    expect(main).to_contain_text("Et lager som ikke åpnet seg, ble slettet uten at det som lå der, var sendt.")
    only_new_ones(broken)
    expect_told(solveig, "Et lager som ikke åpnet seg, ble slettet uten at det som lå der, var sendt.")


def test_what_is_only_slow_to_read_is_not_deleted_and_goes_home_when_it_is_not(berit: Tablet, solveig: Fleet, live: Live) -> None:
    # given
    broken = set_aside_with_unsent_work(berit, live)
    lose(solveig)
    slow = shut_out(broken, SLOW)
    # when all else has been sent
    with slow.page.expect_console_message(lambda told: "set aside:" in told.text and "not in time" in told.text):
        slow.open()
    slow.until("async () => !(await (await import('/sw/sealed.js')).waiting()).length")
    with slow.page.expect_console_message(lambda told: "set aside:" in told.text and "not in time" in told.text):
        slow.run(COME_BACK)
    # then
    assert set(OLD) <= set(slow.run(NAMES))
    assert not of_berit(live)
    # and later
    later = reopened(slow)
    expect(later.page.get_by_role("main")).to_contain_text("Alt er sendt, og alt er slettet.")
    assert of_berit(live)
    only_new_ones(later)


def test_what_the_worker_does_alone_leaves_nothing_to_read_in_what_was_set_aside_and_all_that_is_sealed(berit: Tablet, live: Live) -> None:
    # given a window that is no bedside page: nothing is brought over
    broken = set_aside_with_unsent_work(berit, live)
    other = Tablet(broken.context, broken.url)
    other.page.goto(other.url + "/login")
    broken.page.close()
    before = other.run(ROWS, OLD)
    # when
    other.run("async () => (await import('/sw/wipe.js')).wipe(null)")
    assert other.run("async () => (await import('/sw/wipe.js')).finish()") is False
    # then
    after = other.run(ROWS, OLD)
    assert {name: rows for name, rows in after.items() if name in READABLE and rows != "[]"} == {}
    assert after["tryggrunde/outbox"] == before["tryggrunde/outbox"] != "[]"
    assert '"papers"' in after["tryggrunde/meta"]
