"""A whole check, from log-in to result, without a mouse."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.pages.bedside import CheckForm, Person, Result
from tests.browser.pages.keyboard import Keyboard
from tests.browser.tablet import PIN, READY, Tablet
from tests.device import new_code
from tests.fixtures.servers import Live
from tests.people import BERIT, PASSWORD


def test_from_log_in_to_result_without_a_mouse(new_tablet: Callable[[], Tablet], live: Live) -> None:
    # given: a new device
    tablet = new_tablet()
    page, keys = tablet.page, Keyboard(tablet.page)
    page.goto(tablet.url + "/login?next=/enrol")

    # when: she logs in, takes the device into use, and sets a PIN
    keys.to("Brukernavn").type(BERIT.username).to("Passord").type(PASSWORD).press("Enter")
    expect(page.get_by_label("Kode")).to_be_focused()
    keys.type(new_code(live.app)).press("Enter")
    expect(page.get_by_label("PIN eller passordfrase").and_(page.locator(":visible"))).to_be_focused()
    keys.type(PIN).to("Gjenta").type(PIN).press("Enter")
    page.wait_for_selector(READY)
    tablet.sees_heading("Min runde")

    # and: she finds the person, starts a check and answers it
    keys.to("08:15 Astrid Lunde").press("Enter")
    expect(Person(page).results("Forebygging av fall")).to_be_visible()
    keys.to("Andre sjekker").press("Enter").to("Start Fallsjekk").press("Enter")
    CheckForm(page).shown("Fallsjekk")
    keys.choose("Falt siste 12 måneder?", "Ja", "Nei", 1)
    keys.choose("Ustø når du står eller går?", "Ja", "Nei", 1)
    keys.choose("Bekymret for å falle?", "Ja", "Nei", 1)
    CheckForm(page).ready()
    keys.to("Lagre").press("Enter")

    # then: the result is there, and she can go on to the next person
    Result(page).shown()
    keys.to("Neste: Odd Brekke").press("Enter")
    expect(page.get_by_role("region", name="Bruker", exact=True)).to_contain_text("Odd Brekke")


def test_a_refused_save_takes_the_keyboard_to_what_is_missing(berit: Tablet) -> None:
    keys = Keyboard(berit.page)
    keys.to("08:15 Astrid Lunde").press("Enter").to("Andre sjekker").press("Enter").to("Start Fallsjekk").press("Enter")
    CheckForm(berit.page).shown("Fallsjekk")
    keys.to("Lagre").press("Enter")
    expect(berit.page.get_by_role("region", name="Ikke lagret")).to_be_focused()
    keys.to("Falt siste 12 måneder?").press("Enter")
    keys.choose("Falt siste 12 måneder?", "Ja", "Ja", 0)


def test_lock_and_unlock_without_a_mouse(berit: Tablet) -> None:
    keys = Keyboard(berit.page)
    keys.to("Lås").press("Enter")
    berit.sees_heading("Låst")
    expect(berit.page.get_by_label("PIN eller passordfrase")).to_be_focused()
    keys.type(PIN).press("Enter")
    berit.sees_heading("Min runde")
