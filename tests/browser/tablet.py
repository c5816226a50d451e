"""A tablet in a nurse's hands: one browser context, and the clicks on it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import PATIENCE
from tests.device import new_code
from tests.fixtures.servers import APPS
from tests.people import PASSWORD, Actor

PIN = "739154"
READY = "html[data-device=ready]"
LATER = """async () => {
  const pointer = await (await caches.open('tryggrunde-shell')).match('/shell-in-use')
  const { version, later } = await pointer.json()
  const cache = await caches.open('shell-' + version)
  const kept = await Promise.all(later.map(url => cache.match(url)))
  return later.length > 0 && kept.every(Boolean)
}"""


class Tablet:
    """One window of an enrolled (or not yet enrolled) browser."""

    def __init__(self, context: BrowserContext, url: str, page: Page | None = None) -> None:
        self.context, self.url = context, url
        self.page = page or context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def log_in(self, actor: Actor, then: str = "/enrol") -> None:
        self.page.goto(f"{self.url}/login?next={then}")
        self.page.get_by_label("Brukernavn").fill(actor.username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn").click()

    def enrol(self, actor: Actor, pin: str = PIN) -> None:
        """First log-in on a new device: its code, set a PIN, land on the round."""
        self.log_in(actor)
        self.begin()
        self.set_pin(pin)

    def begin(self) -> None:
        """Type a code that the administrator made; where none is asked for, give it a name."""
        app = APPS.get(self.url.replace("localhost", "127.0.0.1"))
        if app is None or app.config["ENROL_WITHOUT_CODE"]:
            self.page.get_by_label("Navn på enheten").fill("Nettbrett 1")
        else:
            self.page.get_by_label("Kode").fill(new_code(app))
        self.page.get_by_role("button", name="Neste").click()

    def set_pin(self, pin: str = PIN) -> None:
        self.page.get_by_label("PIN eller passordfrase").and_(self.page.locator(":visible")).fill(pin)
        self.page.get_by_label("Gjenta").fill(pin)
        self.page.get_by_role("button", name="Lagre PIN").click()
        self.page.wait_for_selector(READY, timeout=30_000)  # the whole shell comes down first

    def renew(self, pin: str = PIN) -> None:
        """Logged in again on a device that has her vault: the PIN opens it."""
        self.page.get_by_label("PIN eller passordfrase").and_(self.page.locator(":visible")).fill(pin)
        self.page.get_by_role("button", name="Lås opp", exact=True).click()

    def open(self, path: str = "/round") -> None:
        """A cold start: a page made from the shell, locked."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector(READY)

    def unlock(self, pin: str = PIN, name: str | None = None) -> None:
        if name:
            self.page.get_by_role("radio", name=name, exact=True).check()
        self.page.get_by_label("PIN eller passordfrase").fill(pin)
        self.page.get_by_role("button", name="Lås opp", exact=True).click()

    def lock(self) -> None:
        self.page.get_by_role("button", name="Lås").first.click()
        self.sees_heading("Låst")

    def sees_heading(self, name: str) -> None:
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()

    def go(self, text: str) -> None:
        self.page.get_by_role("link", name=text).first.click()

    def run(self, script: str, argument: Any = None) -> Any:
        """An async function in the page."""
        return self.page.evaluate(script, argument)

    def has_everything(self) -> None:
        """Also what a device works without: the other languages, the explanations."""
        self.until(LATER)

    def forget_downloads(self) -> None:
        """The browser's own cache of what it has fetched; not what the worker keeps."""
        self.context.new_cdp_session(self.page).send("Network.clearBrowserCache")

    def until(self, expression: str, tries: int = 200) -> None:
        """Poll an async expression (wait_for_function does not await promises)."""
        for _ in range(tries):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(expression)
