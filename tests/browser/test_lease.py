"""How long a tablet may be read without its server, when no clock can be trusted."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.pages.bedside import Round
from tests.browser.tablet import PIN, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT
from webapp import db
from webapp.models import CheckRecord

FLUSH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
SET_CLOCK = "hours => { window.wall ??= Date.now.bind(Date); Date.now = () => wall() + hours * 3_600_000; }"
YEAR = 365 * 24
ENDED = "Det er for lenge siden enheten hadde kontakt."
AT_WORK = f"hours => {{ ({SET_CLOCK})(hours); dispatchEvent(new Event('keydown')); }}"  # or five minutes without a touch lock it


def test_a_clock_that_was_a_year_back_and_is_put_right_closes_nobodys_vault(berit: Tablet) -> None:
    """A tablet whose battery was empty starts in the past; with the net its clock jumps, and no time has passed."""
    berit.run(SET_CLOCK, -YEAR)
    berit.run(FLUSH)
    berit.run(SET_CLOCK, 0)
    berit.lock()
    berit.unlock(PIN)
    berit.sees_heading("Min runde")


def test_a_clock_that_is_put_right_after_the_last_contact_closes_nobodys_vault_without_a_server(berit: Tablet, live: Live) -> None:
    """Counted from that contact, a year has passed. No server can be asked, and a closed vault needs one."""
    berit.run(SET_CLOCK, -YEAR)
    berit.run(FLUSH)
    live.stop()
    berit.run(SET_CLOCK, 0)
    berit.lock()
    berit.unlock(PIN)
    berit.sees_heading("Min runde")
    berit.open()  # a new window: nothing that ran is remembered
    berit.unlock(PIN)
    berit.sees_heading("Min runde")


def test_a_lease_that_ended_a_day_ago_closes_the_vault_where_no_server_can_be_asked(berit: Tablet, live: Live) -> None:
    live.stop()
    berit.run(SET_CLOCK, 3 * 24)
    berit.lock()
    expect(berit.page.get_by_role("link", name="Logg inn")).to_be_visible()
    expect(berit.page.get_by_label("PIN eller passordfrase")).to_have_count(0)


def test_a_clock_that_is_put_right_while_the_route_is_open_leaves_todays_route(berit: Tablet) -> None:
    """Without asking the server, the app would count from the clock as it was, and show a day half a year ahead."""
    berit.run(SET_CLOCK, -YEAR / 2)
    berit.run(FLUSH)
    berit.run(SET_CLOCK, 0)
    berit.run("() => dispatchEvent(new Event('focus'))")
    berit.page.get_by_role("link", name="Sendt", exact=True).click()
    berit.sees_heading("Sendt og ikke sendt")
    berit.page.get_by_role("link", name="Min runde").click()
    expect(berit.page.locator("main ol.cards")).to_contain_text("Astrid Lunde")


def test_a_lease_that_ends_in_mid_form_cuts_nothing_and_comes_back_by_no_clock(berit: Tablet, live: Live) -> None:
    # given a form she is in the middle of, with no network
    live.stop()
    form = Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Ble sjekken gjort?", "Ikke gjort")
    # when twelve hours have passed since the last contact, she finishes it
    berit.run(AT_WORK, 13)
    form.choose("Hvorfor?", "Ønsker ikke").save()
    # then only the next unlock is refused, with the right PIN, and the vault is not closed
    for hours in (13, 0, -YEAR):  # nor does it help to set the clock back
        berit.run(SET_CLOCK, hours)
        if hours == 13:
            berit.lock()
        berit.unlock(PIN)
        expect(berit.page.get_by_role("alert")).to_contain_text(ENDED)
    # and what she saved goes home, and a full log-in opens it all again
    live.start()
    berit.log_in(BERIT)
    berit.renew()
    berit.sees_heading("Min runde")
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    with live.app.app_context():
        assert len(db.session().scalars(select(CheckRecord)).all()) == 1
