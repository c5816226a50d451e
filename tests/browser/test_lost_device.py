"""A tablet that was reported lost: what can be read goes at its first contact, what is sealed goes home."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, SOLVEIG
from webapp import db
from webapp.db import open_session
from webapp.models import CheckRecord, Device, Quarantine, User, utc_now
from webapp.sync.enrol import revoke

READABLE = """async () => {
  const store = await import('/sw/store.js');
  const names = ['vaults', 'rows', 'drafts', 'blobs', 'views'];
  return (await Promise.all(names.map(name => store.under(name, '')))).flat().length;
}"""


def test_what_can_be_read_is_gone_at_the_first_contact_and_what_is_sealed_goes_home(berit: Tablet, live: Live) -> None:
    live.stop()
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    Round(berit.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    assert berit.run(READABLE) > 3
    with live.app.app_context(), open_session(live.app.extensions["engine"], write=True) as session:
        solveig = session.get_one(User, SOLVEIG.id)
        for device in session.scalars(select(Device)):
            revoke(session, device, solveig, "mistet", utc_now())
        session.commit()
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    expect(berit.page.get_by_role("main")).to_contain_text("Denne enheten er sperret.")
    assert berit.run(READABLE) == 0
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    with live.app.app_context():
        kept = list(db.session().scalars(select(Quarantine)))
        assert [one.user_id for one in kept] == [BERIT.id] * 2  # the check, and who was looked at: a supervisor decides
        assert list(db.session().scalars(select(CheckRecord))) == []
