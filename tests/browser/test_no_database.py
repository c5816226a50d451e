"""A device whose database does not open, or was emptied by its browser, says so and what to do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.tablet import Tablet

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
    expect(broken.page.get_by_role("alert")).to_contain_text(SAID["nb"], timeout=20_000)


def test_an_emptied_store_is_said_loudly_and_points_to_enrolment(berit: Tablet) -> None:
    berit.lock()
    berit.run(EMPTY)
    berit.open()
    expect(berit.page.get_by_role("main")).to_contain_text("Sjekker som ikke var sendt, finnes ikke lenger på denne enheten.")
    expect(berit.page.get_by_role("main")).not_to_contain_text("Ingen lagrede sjekker går tapt.")
    expect(berit.page.get_by_role("link", name="Logg inn")).to_have_attribute("href", "/login?next=/enrol")
