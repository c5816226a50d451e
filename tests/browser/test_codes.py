"""A tablet is taken into use with the code of a QR picture, which waits for the log-in; a code that is not good says so."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tablet import Tablet
from tests.device import new_code
from tests.fixtures.servers import Live
from tests.people import BERIT, PASSWORD
from tests.web.sync.reading import all_of
from webapp.models import Device


def test_the_link_of_a_picture_carries_its_code_through_the_log_in(new_tablet: Callable[[], Tablet], live: Live) -> None:
    # given the link that the picture holds
    berit, code = new_tablet(), new_code(live.app, "Nettbrett 8")
    berit.page.goto(f"{live.url}/enrol#{code}")
    expect(berit.page).to_have_url(f"{live.url}/login?next=/enrol")
    # when she logs in
    berit.page.get_by_label("Brukernavn").fill(BERIT.username)
    berit.page.get_by_label("Passord").fill(PASSWORD)
    berit.page.get_by_role("button", name="Logg inn").click()
    # then the code is there, and the device has the name it was made for
    expect(berit.page.get_by_label("Kode")).to_have_value(code)
    berit.page.get_by_role("button", name="Neste").click()
    berit.set_pin()
    berit.sees_heading("Min runde")
    assert [one.name for one in all_of(live.app, Device)] == ["Nettbrett 8"]


def test_a_code_that_is_not_good_says_so_and_the_next_one_works(new_tablet: Callable[[], Tablet], live: Live) -> None:
    berit = new_tablet()
    berit.log_in(BERIT)
    berit.page.get_by_label("Kode").fill("0000-0000")
    berit.page.get_by_role("button", name="Neste").click()
    expect(berit.page.get_by_role("alert")).to_contain_text("Koden er feil, brukt eller utløpt.")
    assert all_of(live.app, Device) == []
    berit.begin()
    expect(berit.page.get_by_label("Gjenta")).to_be_visible()
