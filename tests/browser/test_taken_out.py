"""A check that the journal-responsible took out leaves the tablet it was made on, with the copy its nurse had of it."""

from __future__ import annotations

from playwright.sync_api import Route, expect
from sqlalchemy import delete

from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.conftest import sign_in
from tests.fixtures.servers import Live
from tests.people import JORUNN, ref
from tests.web.sync.reading import change
from webapp.models import Visit

COUNTED = """async ref => (await import('/sw/records.js')).person(ref)?.checks.map(check => check.id) ?? []"""
FETCH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
HERE = str(ref("Astrid Lunde"))


def abort(route: Route) -> None:
    route.abort()


def test_it_is_gone_at_the_next_contact_also_where_its_person_is_not_on_the_route_any_more(berit: Tablet, live: Live) -> None:
    # given a check that has arrived, while the tablet had no news and Astrid left the route
    berit.context.route("**/sync/snapshot", abort)
    check_id = record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})())[0].state === 'received'")
    assert berit.run(COUNTED, HERE) == [check_id]
    change(live.app, lambda session: session.execute(delete(Visit).where(Visit.patient_id == ref("Astrid Lunde"))))
    # when it is deleted by law
    said = {"kind": "delete", "reason": "Vedtak etter helsepersonelloven § 43", "seen": "0"}
    assert sign_in(live.app.test_client(), JORUNN).post(f"/journal/checks/{check_id}/decision", data=said).status_code == 303
    # then nothing of it is left to read after the next contact, nor after a restart; the record itself is in the database
    berit.context.unroute("**/sync/snapshot")
    berit.until(f"async () => {{ await ({FETCH})(); return (await (await import('/sw/store.js')).under('rows', '')).length === 0; }}")
    assert berit.run(COUNTED, HERE) == []
    berit.open("/round/sent")
    berit.unlock()
    berit.sees_heading("Sendt og ikke sendt")
    # and she is told what happened to it and when, not whom it was about
    (told,) = Round(berit.page).sent().group("Tatt ut").all()
    expect(told).to_contain_text("Tatt ut i dag")
    expect(told).to_contain_text("Slettet etter vedtak.")
    expect(told.get_by_role("link")).to_have_count(0)
    expect(berit.page.get_by_role("main")).not_to_contain_text("Astrid Lunde")
    assert berit.run(COUNTED, HERE) == []
    assert [str(one.id) for one in stored(live.app)] == [check_id]
