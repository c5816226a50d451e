"""What waits goes home within seconds after the server is back, by any one sign of life, and by none."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate

import pytest
from playwright.sync_api import Route

from tests.browser.background import sends_when_closed
from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.tablet import Tablet
from tests.engines.driver import until
from tests.fixtures.javascript import Js
from tests.fixtures.servers import Live

SOON = 5.0
HOME = f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')"
NO_BACKGROUND = "delete ServiceWorkerRegistration.prototype.sync;"
NO_TIMER = """() => {
  const real = window.setTimeout;
  window.setTimeout = (work, ms, ...more) => (ms >= 250 ? 0 : real(work, ms, ...more)); // those of the page itself are shorter
}"""


def alone(tablet: Tablet, script: str = "() => undefined") -> None:
    """Nothing but the page sends, here and after a reload."""
    tablet.page.add_init_script(NO_BACKGROUND)
    tablet.run(f"() => {{ {NO_BACKGROUND} }}")
    tablet.run(script)


def dispatch(what: str) -> Callable[[Tablet], None]:
    return lambda tablet: tablet.run(f"() => {{ {what}; }}")


def net_comes_back(tablet: Tablet) -> None:
    tablet.context.set_offline(False)


SIGNS: dict[str, Callable[[Tablet], None]] = {
    "online": net_comes_back,
    "visibilitychange": dispatch("document.dispatchEvent(new Event('visibilitychange'))"),
    "focus": dispatch("dispatchEvent(new FocusEvent('focus'))"),
    "pageshow": dispatch("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"),
}


def is_home_soon(tablet: Tablet, live: Live, since: float) -> None:
    tablet.until(HOME)
    assert len(stored(live.app)) == 1
    assert time.monotonic() - since < SOON


@pytest.mark.parametrize("sign", SIGNS)
def test_one_sign_of_life_brings_home_what_waits(berit: Tablet, live: Live, sign: str) -> None:
    # given: a check saved without a server, and a device whose timers are dead
    alone(berit, NO_TIMER)
    live.stop()
    if sign == "online":
        berit.context.set_offline(True)
    record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'offline'")
    live.start()
    assert [one["state"] for one in berit.run(OUTBOX)] == ["waiting"]
    # when
    since = time.monotonic()
    SIGNS[sign](berit)
    # then
    is_home_soon(berit, live, since)


def test_the_timer_alone_brings_home_what_waits(berit: Tablet, live: Live) -> None:
    alone(berit)
    live.stop()
    record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'offline'")
    since = time.monotonic()
    live.start()
    is_home_soon(berit, live, since)


def test_a_start_alone_brings_home_what_waits_before_anybody_unlocks(berit: Tablet, live: Live) -> None:
    alone(berit)
    live.stop()
    record_not_done(berit)
    live.start()
    since = time.monotonic()
    berit.open()
    is_home_soon(berit, live, since)
    berit.sees_heading("Låst")


def test_what_hangs_from_before_the_net_came_back_holds_up_nothing(berit: Tablet, live: Live) -> None:
    # given: a question on a line that is dead without anybody being told
    alone(berit, NO_TIMER)
    asked: list[str] = []

    def first_hangs(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()

    berit.context.route("**/sync/envelopes", first_hangs)
    record_not_done(berit)
    assert until(lambda: (berit.page.title(), asked)[1], "the question")
    berit.run("() => { const ran = performance.now.bind(performance); performance.now = () => ran() + 5_000; }")
    # when
    since = time.monotonic()
    dispatch("dispatchEvent(new Event('online'))")(berit)
    # then
    is_home_soon(berit, live, since)


def test_news_that_hang_give_way_to_a_check_that_was_just_saved(berit: Tablet, live: Live) -> None:
    # given: a fetch on a line that is dead for it
    alone(berit, NO_TIMER)
    asked: list[Route] = []
    berit.context.route("**/sync/snapshot", lambda route: asked.append(route))
    berit.run("() => { void import('/sw/sync.js').then(sync => sync.flush({ fetch: true })); }")
    assert until(lambda: (berit.page.title(), asked)[1], "the question")
    berit.run("() => { const ran = performance.now.bind(performance); performance.now = () => ran() + 5_000; }")
    # when
    since = time.monotonic()
    record_not_done(berit)
    # then
    until(lambda: (berit.page.title(), stored(live.app))[1], "the record", SOON + 3)
    assert time.monotonic() - since < SOON + 3  # the taps included


def test_the_next_save_brings_home_the_one_before(berit: Tablet, live: Live) -> None:
    alone(berit, NO_TIMER)
    live.stop()
    record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'offline'")
    berit.page.get_by_role("link", name="TryggRunde", exact=True).click()
    live.start()
    record_not_done(berit, "Odd Brekke")
    berit.until(HOME)
    assert len(stored(live.app)) == 2


def test_the_browser_sends_in_the_background_with_every_window_closed(berit_on_her_own: Tablet, live: Live) -> None:
    live.stop()
    record_not_done(berit_on_her_own)
    sends_when_closed(berit_on_her_own, live.start)
    until(lambda: stored(live.app), "the record")
    assert len(stored(live.app)) == 1


@pytest.mark.parametrize("online", [True, False])
def test_what_the_browser_says_about_the_net_is_not_believed(berit: Tablet, live: Live, online: bool) -> None:
    berit.page.add_init_script(f"Object.defineProperty(Navigator.prototype, 'onLine', {{ get: () => {str(online).lower()} }});")
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    record_not_done(berit)
    berit.until(HOME)
    assert len(stored(live.app)) == 1


@pytest.mark.parametrize("asks", [lambda: "3", lambda: formatdate(time.time() + 4, usegmt=True)], ids=["seconds", "date"])
def test_a_server_that_asks_for_time_gets_it_from_every_sign_of_life(berit: Tablet, live: Live, asks: Callable[[], str]) -> None:
    tries: list[float] = []

    def busy(route: Route) -> None:
        tries.append(time.monotonic())
        route.fulfill(status=429, headers={"Retry-After": asks()}, body="")

    berit.context.route("**/sync/envelopes", busy)
    record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'later'")
    for what in ("new Event('online')", "new FocusEvent('focus')", "new Event('pageshow')"):
        berit.run(f"async () => {{ dispatchEvent({what}); await (await import('/sw/sync.js')).flush(); }}")
    assert len(tries) == 1
    berit.context.unroute("**/sync/envelopes")
    berit.until(HOME)
    assert time.monotonic() - tries[0] >= 2.9  # a date has whole seconds


def test_whoever_unlocks_does_not_hurry_a_server_that_asked_for_time(berit: Tablet) -> None:
    tries: list[str] = []

    def busy(route: Route) -> None:
        tries.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "600"}, body="")

    berit.context.route("**/sync/envelopes", busy)
    record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'later'")
    berit.go("Min runde")
    berit.lock()
    berit.unlock()
    berit.sees_heading("Min runde")
    berit.run("async () => (await import('/sw/sync.js')).flush()")
    assert len(tries) == 1
    assert berit.run("async () => (await import('/sw/sync.js')).paused()") == "later"


def test_a_lock_that_another_window_never_lets_go_of_stops_no_sending(berit: Tablet, live: Live) -> None:
    frozen = berit.context.new_page()
    frozen.goto(live.url + "/login")
    frozen.evaluate("""() => new Promise(got => {
      void navigator.locks.request("tryggrunde-upload", () => { got(); return new Promise(() => undefined); });
    })""")
    record_not_done(berit)
    berit.until(HOME, tries=600)
    assert len(stored(live.app)) == 1


def test_a_browser_whose_locks_fail_works_and_sends_once(berit: Tablet, live: Live) -> None:
    berit.page.add_init_script("LockManager.prototype.request = () => Promise.reject(new DOMException('no locks', 'InvalidStateError'));")
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    record_not_done(berit)
    berit.until(HOME)
    assert len(stored(live.app)) == 1


CAUSES = [("offline", 2_000, 4_000), ("server", 4_000, 120_000), ("unheard of", 5_000, 300_000)]


@pytest.mark.parametrize(("cause", "first", "longest"), CAUSES)
def test_a_wait_grows_by_cause_has_an_end_and_is_never_the_same_for_a_whole_fleet(js: Js, cause: str, first: int, longest: int) -> None:
    def wait(failures: int, chance: float) -> float:
        return float(js.call("/sw/backoff.js", "backOff", cause, failures, chance))

    assert [wait(1, 0), wait(1, 1)] == [first / 2, first]
    assert wait(2, 1) == min(2 * first, longest)
    assert [wait(99, 0), wait(99, 1)] == [longest / 2, longest]
