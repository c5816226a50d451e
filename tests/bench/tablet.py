"""A nurse's tablet in real Chromium, on a profile folder so that it can be closed and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.conftest import launch_options
from webapp.demo import cast

PIN = "739154"
READY = "html[data-device=ready]"
SHELL = """async () => {
  const pointer = await (await caches.open('tryggrunde-shell')).match('/shell-in-use')
  return pointer ? (await pointer.json()).version : null
}"""


@contextmanager
def chromium() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


def profile(playwright: Playwright, folder: Path) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        folder, headless=True, locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 412, "height": 900}, **launch_options()
    )


def take_into_use(page: Page, url: str, nurse: str) -> None:
    """Log in and name the device; the vault is not made yet, so no patient's data has come."""
    page.goto(f"{url}/login?next=/enrol")
    page.get_by_label("Brukernavn").fill(nurse)
    page.get_by_label("Passord").fill(cast.PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_label("Navn på enheten").fill("Nettbrett 1")
    page.get_by_role("button", name="Neste").click()
    page.get_by_label("Gjenta").wait_for()
    until(page, SHELL)


def set_pin(page: Page) -> None:
    page.get_by_label("PIN eller passordfrase").and_(page.locator(":visible")).fill(PIN)
    page.get_by_label("Gjenta").fill(PIN)
    page.get_by_role("button", name="Lagre PIN").click()
    page.wait_for_selector(READY)


def until(page: Page, expression: str) -> None:
    """Poll an async expression."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise RuntimeError(expression)
