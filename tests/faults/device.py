"""One device: real Chromium on a profile folder. Its page is asked as htmx asks it (asks.js), tapped (hand.js) or broken (break.js)."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Error, Page, Playwright

from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import READY, Tablet
from tests.engines.driver import Trouble
from tests.people import AMINA, BERIT, Actor

HERE = Path(__file__).parent
SCRIPTS = "\n".join((HERE / name).read_text("utf-8") for name in ("break.js", "asks.js", "shots.js", "hand.js"))
FIRST_PINS = {BERIT.username: "739154", AMINA.username: "284615"}
SLOWEST = 60_000  # on a machine that is busy with other things
NEW_PIN = "918273"
SHELL = """async () => {
  const pointer = await (await caches.open("tryggrunde-shell")).match("/shell-in-use");
  return pointer ? (await pointer.json()).version : "";
}"""
HOW_FAR = """it => [document.readyState, it.dataset.device, navigator.serviceWorker?.controller?.state,
  performance.getEntriesByType("resource").length, document.body?.innerText.slice(0, 300)].join(" | ")"""
NO_DATABASE = "IDBFactory.prototype.open = () => { throw new DOMException('no storage here', 'UnknownError'); };"
GONE = (Error, Trouble, AssertionError)  # what an engine says of a page that went away meanwhile
EMPTY = """async () => {
  (await import("/sw/store.js")).forget();
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done, no) => Object.assign(indexedDB.deleteDatabase(name), { onsuccess: done, onerror: no, onblocked: no }));
  }
}"""


class Device:
    """A browser that can lose its page, its worker or its life."""

    def __init__(self, playwright: Playwright, folder: Path, url: str, args: Sequence[str] = (), *, windowless: bool = False) -> None:
        self.url = url
        self.profile = Profile(playwright, folder, url, PHONE, None, args, windowless=windowless)
        self.zoned: CDPSession | None = None
        self.narrowed: CDPSession | None = None
        self.tablet: Tablet = None  # type: ignore[assignment]
        self.pins = dict(FIRST_PINS)

    # ---- the browser

    def start(self) -> None:
        self.tablet = self.profile.start()
        self.context.set_default_timeout(SLOWEST)
        self.page.set_default_timeout(SLOWEST)

    @property
    def context(self) -> Any:
        context = self.profile.context
        if context is None:
            raise RuntimeError("the browser is not running")
        return context

    @property
    def page(self) -> Page:
        return self.tablet.page

    def cdp(self) -> CDPSession:
        session: CDPSession = self.context.new_cdp_session(self.page)
        return session

    def close(self) -> None:
        self.profile.close()

    def kill_browser(self) -> None:
        """A flat battery."""
        self.profile.kill()
        self.start()
        self.open()

    def crumble(self) -> None:
        """Killed before its cookies were on the disk, which takes a browser up to half a minute."""
        self.context.clear_cookies()

    def give_up(self) -> None:
        """From another thread: whoever waits for this browser waits no longer."""
        with suppress(AssertionError, ProcessLookupError):
            os.kill(self.profile.process(), signal.SIGKILL)

    def narrow(self, room: int) -> None:
        """The browser has room for so many bytes more. What it last saw counts for half a minute with it, so it is started anew."""
        used = self.page.evaluate("async () => (await navigator.storage.estimate()).usage")
        self.close()
        self.start()
        self.narrowed = self.cdp()
        self.narrowed.send("Storage.overrideQuotaForOrigin", {"origin": self.url, "quotaSize": used + room})
        self.open()

    def widen(self) -> None:
        if self.narrowed:
            self.narrowed.send("Storage.overrideQuotaForOrigin", {"origin": self.url})
            self.narrowed.detach()
            self.narrowed = None

    def crash(self) -> None:
        """The page's process dies where it stands, and the worker's with it; a new page is opened instead."""
        old = self.page
        with suppress(Error):
            old.goto("chrome://crash")
        self.window()
        with suppress(Error):
            old.close()
        self.open()

    def window(self) -> None:
        """A new one is the tablet's from now on."""
        self.tablet = Tablet(self.context, self.url, self.context.new_page())
        self.page.set_default_timeout(SLOWEST)

    def another_window(self) -> None:
        """A second tab takes over; the first is closed afterwards."""
        old = self.page
        self.window()
        self.open()
        self.run("asks", "takeOver")
        old.close()

    def stop_worker(self) -> None:
        session = self.cdp()
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        session.detach()

    def frozen(self) -> None:
        """In the background and back."""
        session = self.cdp()
        for state in ("frozen", "active"):
            session.send("Page.setWebLifecycleState", {"state": state})
        session.detach()
        self.page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')); dispatchEvent(new Event('pageshow')); }")

    def time_zone(self, name: str) -> None:
        """As far as this page lasts."""
        if self.zoned:
            with suppress(Error):  # its page may be gone
                self.zoned.detach()
        self.zoned = self.cdp()
        self.zoned.send("Emulation.setTimezoneOverride", {"timezoneId": name})

    def first_words(self) -> str:
        """What a window says whose database does not open."""
        page = self.context.new_page()
        page.add_init_script(NO_DATABASE)
        page.goto(f"{self.url}/round")
        try:
            return str(page.wait_for_selector("#trouble", timeout=SLOWEST).inner_text())
        finally:
            page.close()

    # ---- asked, tapped and broken

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)

    def run(self, where: str, what: str, *given: Any) -> Any:
        return self.page.evaluate("([where, what, given]) => window[where][what](...given)", [where, what, list(given)])

    def dying(self, step: str, what: str, *given: Any) -> Any:
        """The answer of `asks.what`, or {died: true}: the page went down at this step."""
        return self.page.evaluate(
            "([step, what, given]) => { broken.dieAt(step); return broken.orDead(asks[what](...given)); }", [step, what, list(given)]
        )

    def open(self) -> None:
        """A page from the shell, locked. One that does not start tells how far it came."""
        try:
            self.page.goto(f"{self.url}/round")
            self.ready()
        except Error as wrong:
            raise AssertionError(f"{wrong}\n{self.how_far()}") from wrong

    def how_far(self) -> str:
        """From outside the page: one that hangs does not answer."""
        session = self.context.browser.new_browser_cdp_session() if self.context.browser else self.cdp()
        targets = [f"{one['type']} {one['url']}" for one in session.send("Target.getTargets")["targetInfos"]]
        with suppress(Error):
            self.page.set_default_timeout(2000)
            targets.append(self.page.locator("html").evaluate(HOW_FAR, timeout=2000))
        self.page.set_default_timeout(SLOWEST)
        return f"targets: {targets}; complaints: {self.profile.complaints[-5:]}"

    def ready(self) -> None:
        self.page.wait_for_selector(READY, timeout=SLOWEST)
        if not self.page.evaluate("() => 'asks' in window"):
            self.page.evaluate(SCRIPTS)

    def unlock(self, actor: Actor) -> str:
        """What the lock page said against it; empty when it opened."""
        problem: str = self.run("asks", "unlock", actor.name, self.pins[actor.username])
        return problem

    # ---- logging in

    def take_into_use(self, actor: Actor) -> None:
        self.tablet.enrol(actor, self.pins[actor.username])
        self.page.get_by_role("heading", name="Min runde", exact=True).wait_for()
        self.ready()

    def join(self, actor: Actor) -> None:
        """A first log-in on this device, or the one after a log-out, which sets a PIN."""
        self.tablet.log_in(actor)
        self.tablet.set_pin(self.pins[actor.username])
        self.page.get_by_role("heading", name="Min runde", exact=True).wait_for()
        self.ready()

    def forget_pin(self, actor: Actor) -> None:
        self.tablet.log_in(actor)
        self.page.get_by_role("button", name="Glemt PIN: velg ny").click()
        self.pins[actor.username] = NEW_PIN if self.pins[actor.username] != NEW_PIN else FIRST_PINS[actor.username]
        self.tablet.set_pin(self.pins[actor.username])
        self.page.get_by_role("heading", name="Min runde", exact=True).wait_for()
        self.ready()

