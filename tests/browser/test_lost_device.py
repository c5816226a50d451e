"""A tablet that was reported lost: what can be read goes at its first contact, what is sealed goes home."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.conftest import sign_in
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT, SOLVEIG
from tests.web.sync.reading import all_of
from webapp import db
from webapp.db import open_session
from webapp.models import CheckRecord, Device, Quarantine, User, utc_now
from webapp.sync.enrol import revoke

READABLE = """async () => {
  const store = await import('/sw/store.js');
  const names = ['vaults', 'rows', 'drafts', 'blobs', 'views'];
  return (await Promise.all(names.map(name => store.under(name, '')))).flat().length;
}"""


NOTHING_WAITS = "async () => (await (await import('/sw/sealed.js')).waiting()).length === 0"
PAPERS = "async () => (await (await import('/sw/store.js')).all('vaults')).map(one => one.papers)"


def report_lost(live: Live) -> None:
    with live.app.app_context(), open_session(live.app.extensions["engine"], write=True) as session:
        solveig = session.get_one(User, SOLVEIG.id)
        for device in session.scalars(select(Device)):
            revoke(session, device, solveig, "mistet", utc_now())
        session.commit()


def wipes(tablet: Tablet) -> None:
    """At its next contact, which is now."""
    tablet.run("() => { dispatchEvent(new Event('online')); }")
    expect(tablet.page.get_by_role("main")).to_contain_text("Denne enheten er sperret.")
    assert tablet.run(READABLE) == 0


def test_what_can_be_read_is_gone_at_the_first_contact_and_what_is_sealed_goes_home(berit: Tablet, live: Live) -> None:
    live.stop()
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    Round(berit.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    assert berit.run(READABLE) > 3
    report_lost(live)
    live.start()
    wipes(berit)
    berit.until(NOTHING_WAITS)
    with live.app.app_context():
        kept = list(db.session().scalars(select(Quarantine)))
        assert [one.user_id for one in kept] == [BERIT.id] * 2  # the check, and who was looked at: a supervisor decides
        assert list(db.session().scalars(select(CheckRecord))) == []


def test_a_tablet_whose_cookie_somebody_took_over_is_wiped_all_the_same_and_what_is_sealed_goes_home(berit: Tablet, live: Live) -> None:
    # given somebody with its papers and a log-in of a nurse's, before anybody misses it
    live.stop()
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    thief = sign_in(live.app.test_client(), AMINA)
    device = all_of(live.app, Device)[0].id
    assert thief.post("/device/return", json={"device": str(device), "papers": berit.run(PAPERS)}).status_code == 200
    # when it is reported lost
    report_lost(live)
    live.start()
    # then
    wipes(berit)
    berit.until(NOTHING_WAITS)
    assert [one.user_id for one in all_of(live.app, Quarantine)] == [BERIT.id] * 2
