"""Where an open vault asks for its PIN again: what a hand that took it from hers may try there, and what it is told."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.finger import on_a_name, with_finger
from tests.browser.tablet import PIN, Tablet
from tests.people import BERIT, SERVICE_USERS

NINE = """async () => {
  const store = await import("/sw/store.js");
  const [it] = await store.all("vaults");
  await store.put("vaults", it.user.id, { ...it, fails: { n: 9, until: 0 } });
}"""
CLOSED = "Hvelvet er lukket. Logg inn når du har nett, og velg ny PIN. Ingenting er tapt."


def to_change(tablet: Tablet) -> None:
    tablet.page.locator("a[href='/round/device']").first.click()
    tablet.go("Bytt PIN")
    tablet.sees_heading("Bytt PIN")


def change(tablet: Tablet, old: str, new: str) -> None:
    page = tablet.page
    page.locator("form[action='/round/pin']").get_by_label("PIN nå").fill(old)
    page.get_by_label(re.compile("^Ny (PIN|passordfrase)")).fill(new)
    page.get_by_label("Gjenta").fill(new)
    page.get_by_role("button", name="Bytt PIN").click()


def is_closed(tablet: Tablet) -> None:
    """Locked, with why, for good; nobody's name is left on the page."""
    tablet.sees_heading("Låst")
    expect(tablet.page.get_by_role("alert")).to_have_text(CLOSED)
    expect(tablet.page.get_by_label("PIN eller passordfrase")).to_have_count(0)
    text = str(tablet.run("() => document.documentElement.innerHTML"))
    assert [word for name, *_ in SERVICE_USERS for word in name.split() if word in text] == []


def test_wrong_pins_where_it_is_changed_are_counted_as_at_the_lock(berit: Tablet) -> None:
    to_change(berit)
    alert = berit.page.get_by_role("alert")
    for left in (9, 8):
        change(berit, "000001", "482915")
        expect(alert).to_have_text(f"Feil PIN. {left} forsøk igjen.")
    change(berit, "000001", "482915")
    expect(alert).to_have_text("Feil PIN. 7 forsøk igjen, neste om 5 sekunder.")
    change(berit, PIN, "482915")
    expect(alert).to_contain_text("For mange forsøk.")
    berit.lock()
    berit.unlock(PIN)
    expect(alert).to_contain_text("For mange forsøk.")


def test_the_tenth_wrong_pin_where_it_is_changed_closes_the_vault_and_says_so(berit: Tablet) -> None:
    to_change(berit)
    berit.run(NINE)
    change(berit, "000001", "482915")
    is_closed(berit)


def test_the_tenth_wrong_pin_at_the_lock_is_said_to_the_only_nurse_of_a_tablet(berit: Tablet) -> None:
    berit.lock()
    berit.run(NINE)
    berit.unlock("000001")
    is_closed(berit)


def test_the_tenth_wrong_pin_where_a_finger_is_added_closes_it_too(new_tablet: Callable[[], Tablet]) -> None:
    tablet = on_a_name(new_tablet())
    with_finger(tablet, prf=True)
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    to_change(tablet)
    form = tablet.page.locator("form[action='/round/passkey']")
    form.get_by_label("PIN nå").fill("000001")
    form.get_by_role("button", name="Slå på").click()
    expect(tablet.page.get_by_role("alert")).to_have_text("Feil PIN. 9 forsøk igjen.")
    tablet.run(NINE)
    form.get_by_label("PIN nå").fill("000001")
    form.get_by_role("button", name="Slå på").click()
    is_closed(tablet)
