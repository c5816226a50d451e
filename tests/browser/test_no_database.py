"""A device whose database does not open, or was emptied by its browser, says so and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.outbox import OUTBOX, record_not_done
from tests.browser.tablet import PIN, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT

REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('no storage here', 'UnknownError'); };"
SILENT = "IDBFactory.prototype.open = () => new EventTarget();"
EMPTY = """async () => {
  (await import("/sw/store.js")).forget();
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done, wrong) => Object.assign(indexedDB.deleteDatabase(name), { onsuccess: done, onerror: wrong }));
  }
}"""
SAID = {
    "nb": "Ikke lagret på denne enheten nå. Det som var lagret, er ikke slettet.",
    "nn": "Ikkje lagra på denne eininga no. Det som var lagra, er ikkje sletta.",
    "en": "Nothing is saved on this device now. What was saved has not been deleted.",
}


@pytest.mark.parametrize("lang", SAID)
def test_a_database_that_does_not_open_is_said_in_the_last_language_and_deletes_nothing(berit: Tablet, lang: str) -> None:
    berit.lock()
    berit.run("lang => localStorage.setItem('tryggrunde-lang', lang)", lang)
    broken = Tablet(berit.context, berit.url)
    broken.page.add_init_script(REFUSED)
    broken.page.goto(berit.url + "/round")
    expect(broken.page.get_by_role("alert")).to_contain_text(SAID[lang])
    expect(broken.page.get_by_text("Starter …")).to_have_count(0)
    broken.page.close()
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")


def test_a_database_that_never_answers_is_said_too(berit: Tablet) -> None:
    berit.lock()
    broken = Tablet(berit.context, berit.url)
    broken.page.add_init_script(SILENT)
    broken.page.goto(berit.url + "/round")
    expect(broken.page.get_by_role("alert")).to_contain_text(SAID["nb"])


def test_an_emptied_store_is_said_loudly_and_points_to_enrolment(berit: Tablet) -> None:
    berit.lock()
    berit.run(EMPTY)
    berit.open()
    expect(berit.page.get_by_role("main")).to_contain_text("Sjekker som ikke var sendt, finnes ikke lenger på denne enheten.")
    expect(berit.page.get_by_role("main")).not_to_contain_text("Ingen lagrede sjekker går tapt.")
    expect(berit.page.get_by_role("link", name="Logg inn")).to_have_attribute("href", "/login?next=/enrol")


def test_whoever_takes_an_emptied_device_into_use_again_reads_what_the_server_had(berit: Tablet, live: Live) -> None:
    for _ in range(2):
        record_not_done(berit)
        berit.go("Min runde")
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    berit.until("async () => (await (await import('/sw/records.js')).holds()).waiting === 0")
    live.stop()
    record_not_done(berit)
    berit.lock()
    berit.run(EMPTY)
    live.start()
    berit.log_in(BERIT)
    expect(berit.page.get_by_role("main")).to_contain_text("Serveren har mottatt 2 sjekker herfra, den siste i dag")


REFUSES_MARKS = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  get() { throw new DOMException("site data is blocked", "SecurityError"); } });"""


def test_a_browser_that_refuses_small_marks_is_enrolled_and_used_all_the_same(new_tablet: Callable[[], Tablet]) -> None:
    berit = new_tablet()
    berit.page.add_init_script(REFUSES_MARKS)
    complaints: list[str] = []
    berit.page.on("pageerror", lambda wrong: complaints.append(str(wrong)))
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    assert complaints == []


def test_enrolment_in_a_browser_without_storage_says_what_to_do(new_tablet: Callable[[], Tablet]) -> None:
    berit = new_tablet()
    berit.page.add_init_script(REFUSED)
    berit.log_in(BERIT)
    berit.sees_heading("Nettleseren lar ikke appen lagre noe")
    expect(berit.page.get_by_role("main")).to_contain_text("tillat nettstedsdata for denne adressen")


def test_an_app_that_does_not_start_after_the_pin_says_that_the_pin_is_saved(new_tablet: Callable[[], Tablet]) -> None:
    berit = new_tablet()
    berit.page.add_init_script("Object.defineProperty(navigator.serviceWorker, 'ready', { configurable: true, "
                               "get: () => Promise.reject(new DOMException('no worker', 'SecurityError')) });")
    berit.log_in(BERIT)
    berit.begin()
    berit.page.get_by_label("PIN eller passordfrase").and_(berit.page.locator(":visible")).fill(PIN)
    berit.page.get_by_label("Gjenta").fill(PIN)
    berit.page.get_by_role("button", name="Lagre PIN").click()
    expect(berit.page.get_by_role("alert")).to_have_text("PIN-en er lagret, men appen startet ikke. Last siden på nytt og lås opp.")
    again = Tablet(berit.context, berit.url)
    again.open()
    again.unlock()
    again.sees_heading("Min runde")
