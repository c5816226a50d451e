"""Browsers that lack something: what is not there is not missed, and where it must be there the page says so first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect
from sqlalchemy import update

from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.tablet import PIN, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT
from webapp import db
from webapp.models import User

WITHOUT = """
  delete ServiceWorkerRegistration.prototype.sync;
  delete ServiceWorkerRegistration.prototype.periodicSync;
  delete window.SyncManager;
  for (const name of ["persist", "persisted", "getDirectory", "estimate"]) delete StorageManager.prototype[name];
"""
NEVER_ANSWERED = "StorageManager.prototype.persist = () => new Promise(() => undefined);"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"
FINGERS = "Object.defineProperty(Navigator.prototype, 'maxTouchPoints', {{ get: () => {} }});"
INSTALLED = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => true });"
SAID = {
    "nb": "Legg TryggRunde til på startskjermen først",
    "nn": "Legg TryggRunde til på startskjermen først",
    "en": "Add TryggRunde to the home screen first",
}
Open = Callable[..., Tablet]


@pytest.fixture
def open_as(browser: Browser, playwright: Playwright, live: Live) -> Iterator[Open]:
    """open_as("iPhone 15") -> a browser that says it is one, in whose pages a script runs first."""
    contexts = []

    def make(name: str, script: str = "", **more: Any) -> Tablet:
        device = {key: value for key, value in playwright.devices[name].items() if key != "default_browser_type"}
        context = browser.new_context(**{**device, "locale": "nb-NO", "timezone_id": "Europe/Oslo", **more})
        context.add_init_script(script)
        contexts.append(context)
        return Tablet(context, live.url)

    yield make
    for context in contexts:
        context.close()


def test_a_browser_without_background_sync_persistence_and_file_storage_works_whole(open_as: Open, live: Live) -> None:
    berit = open_as("Galaxy Tab S9", WITHOUT)
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    assert berit.run("() => [typeof navigator.storage.persist, typeof navigator.storage.getDirectory, 'SyncManager' in window]") == [
        "undefined", "undefined", False,
    ]  # fmt: skip
    live.stop()
    check_id = record_not_done(berit)
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    live.start()
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    assert [str(one.id) for one in stored(live.app)] == [check_id]
    berit.page.get_by_role("link", name="Innlogget som").click()
    expect(berit.page.get_by_role("main")).to_contain_text("Nettleseren kan rydde bort lagring")


def test_a_browser_that_asks_the_nurse_about_storage_is_not_waited_for(open_as: Open) -> None:
    berit = open_as("Galaxy Tab S9", NEVER_ANSWERED)
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")


@pytest.mark.parametrize("name", ["iPhone 15", "iPad (gen 11)"])
def test_a_tab_on_an_iphone_or_ipad_says_to_install_first_and_enrols_nothing(open_as: Open, name: str) -> None:
    berit = open_as(name)
    berit.log_in(BERIT)
    berit.sees_heading(SAID["nb"])
    expect(berit.page.get_by_label("Kode")).to_be_hidden()
    assert berit.run("async () => (await import('/sw/store.js')).get('meta', 'installation')") is None
    assert berit.run("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_an_ipad_that_calls_itself_a_mac_is_an_ipad_and_a_mac_is_a_mac(open_as: Open) -> None:
    ipad = open_as("iPad (gen 11)", FINGERS.format(5), user_agent=MAC)
    ipad.log_in(BERIT)
    ipad.sees_heading(SAID["nb"])
    mac = open_as("Desktop Safari", FINGERS.format(0), user_agent=MAC)
    mac.log_in(BERIT)
    mac.sees_heading("1. Skriv koden")


def test_the_app_on_the_home_screen_of_an_ipad_enrols(open_as: Open) -> None:
    berit = open_as("iPad (gen 11)", INSTALLED)
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")


def test_a_tab_that_was_in_use_before_still_opens_and_sends(open_as: Open) -> None:
    berit = open_as("iPad (gen 11)", "if (!localStorage.getItem('tab')) " + INSTALLED)
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    berit.run("() => localStorage.setItem('tab', 'yes')")
    berit.log_in(BERIT)
    berit.page.get_by_label("PIN eller passordfrase").and_(berit.page.locator(":visible")).fill(PIN)
    berit.page.get_by_role("button", name="Lås opp").click()
    berit.sees_heading("Min runde")


@pytest.mark.parametrize("lang", SAID)
def test_it_is_said_in_every_language(open_as: Open, live: Live, lang: str) -> None:
    with live.app.app_context():
        db.session().execute(update(User).where(User.id == BERIT.id).values(language=lang))
        db.session().commit()
    berit = open_as("iPhone 15")
    berit.log_in(BERIT)
    berit.sees_heading(SAID[lang])
