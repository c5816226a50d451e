"""Somebody ends her log-in on a tablet from another place, or her account is closed: what the tablet does when it hears of it."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import update

from tests.browser.outbox import record_not_done, stored
from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT
from webapp import db
from webapp.accounts import sessions
from webapp.models import DeviceSession, User, utc_now

HEAR = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"


def end_there(live: Live) -> None:
    """As "Logg ut der" does."""
    with live.app.app_context():
        db.session().execute(update(DeviceSession).values(ended_at=utc_now()))
        db.session().commit()


def must_log_in(tablet: Tablet) -> None:
    tablet.sees_heading("Låst")
    expect(tablet.page.get_by_text("Må logge inn på nytt her")).to_be_visible()
    expect(tablet.page.get_by_label("PIN eller passordfrase")).to_have_count(0)


def test_the_tablet_is_locked_its_pin_opens_nothing_and_what_was_not_sent_goes_home(berit: Tablet, live: Live) -> None:
    # given something unsent, and something begun
    live.stop()
    record_not_done(berit)
    Round(berit.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    Round(berit.page).home()
    end_there(live)
    # when
    live.start()
    berit.run(HEAR)
    # then
    must_log_in(berit)
    assert len(stored(live.app)) == 1
    berit.open()  # nor after a new start, without a server
    live.stop()
    must_log_in(berit)
    # and a log-in opens it all again
    live.start()
    berit.log_in(BERIT)
    berit.set_pin()
    berit.sees_heading("Min runde")
    Round(berit.page).home().continue_draft("Odd Brekke").shown("Fallsjekk")


def test_nothing_is_cut_in_mid_form(berit: Tablet, live: Live) -> None:
    form = Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Ble sjekken gjort?", "Ikke gjort")
    end_there(live)
    berit.run(HEAR)
    form.choose("Hvorfor?", "Ønsker ikke").save()
    berit.until(f"async () => {{ await ({HEAR})(); return document.querySelector('.lock-page') !== null; }}")
    must_log_in(berit)
    assert len(stored(live.app)) == 1


def test_an_account_that_was_closed_reads_nothing_more_here(berit: Tablet, live: Live) -> None:
    with live.app.app_context():
        user = db.session().get_one(User, BERIT.id)
        user.disabled_at = utc_now()
        sessions.end_all(db.session(), user, utc_now())
        db.session().commit()
    berit.run(HEAR)
    must_log_in(berit)
