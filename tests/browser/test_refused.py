"""A record that was not accepted, from the tablet to the supervisor and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import delete, insert

from tests.browser.access import MOUSE, clean, findings
from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.pages.bedside import Round
from tests.browser.pages.refused import Refused
from tests.browser.pages.review import Desk
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, SOLVEIG, ident, ref
from tests.web.sync.reading import change
from tests.web.test_taking_in import stumbling
from webapp.models import Episode, Membership, Patient, Visit

COUNTED = """async ref => (await import('/sw/records.js')).person(ref)?.checks.map(check => check.id) ?? []"""
FETCH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
HERE, THERE = str(ref("Astrid Lunde")), str(ref("Odd Brekke"))


@pytest.fixture
def solveig(browser: Browser, live: Live) -> Iterator[Refused]:
    """Her PC, and her eyes on what was not accepted."""
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    desk = Desk(context.new_page(), live.url).log_in(SOLVEIG)
    yield Refused(desk.page, live.url)
    context.close()


def registered_twice(app: Flask) -> None:
    """Astrid's double is taken out of the register while a tablet is away."""
    gone = [delete(model).where(model.patient_id == ref("Astrid Lunde")) for model in (Visit, Episode)]
    gone.append(delete(Patient).where(Patient.id == ref("Astrid Lunde")))
    change(app, lambda session: [session.execute(one) for one in gone])


def abort(route: Route) -> None:
    route.abort()


def sent_while(tablet: Tablet, live: Live, before: Callable[[Flask], None]) -> str:
    """A check made without net, about what is no longer so when it arrives. No news come until the next fetch."""
    live.stop()
    check_id = record_not_done(tablet)
    before(live.app)
    tablet.context.route("**/sync/snapshot", abort)
    live.start()
    tablet.run("() => { dispatchEvent(new Event('online')); }")
    tablet.until(f"async () => (await ({OUTBOX})())[0].state === 'quarantined'")
    tablet.context.unroute("**/sync/snapshot")
    return check_id


def news(tablet: Tablet) -> None:
    tablet.until(f"async () => {{ await ({FETCH})(); return (await ({OUTBOX})())[0].state === 'received'; }}")


def test_a_check_of_somebody_registered_twice_ends_on_the_right_person_and_the_tablet_says_so(
    berit: Tablet, live: Live, solveig: Refused
) -> None:
    # given a check about a person who is no longer in the register
    check_id = sent_while(berit, live, registered_twice)
    expect(Round(berit.page).sent().group("Hos leder")).to_contain_text("Brukeren er ukjent.")
    # when Solveig finds out whom it is about
    solveig.open().says("Ønsker ikke").choose("Legg på rett bruker").find("brekke", "Odd Brekke")
    seen = list(findings(solveig.page, "a refused record", least=MOUSE))
    solveig.save("Odd var registrert to ganger")
    clean([*seen, *findings(solveig.page, "a decided record", least=MOUSE)])
    # then it is his check, made by Berit
    assert [(str(one.id), one.patient_id, one.author_id) for one in stored(live.app)] == [(check_id, ref("Odd Brekke"), BERIT.id)]
    # and the tablet tells her who decided and why, and counts it for him
    news(berit)
    told = Round(berit.page).sent().group("Mottatt")
    for said in ("Odd Brekke", "Lagt inn på rett bruker av leder.", "Solveig Dahl: «Odd var registrert to ganger»", "kvittering"):
        expect(told).to_contain_text(said)
    assert (berit.run(COUNTED, HERE), berit.run(COUNTED, THERE)) == ([], [check_id])
    # and sending everything once more makes no second row
    berit.run("""async () => {
      const store = await import('/sw/store.js');
      for (const one of await store.all('outbox')) await store.put('outbox', one.hash, { ...one, state: 'waiting' });
      await (await import('/sw/sync.js')).flush();
    }""")
    berit.until(f"async () => (await ({OUTBOX})())[0].state === 'received'")
    assert len(stored(live.app)) == 1


def out_of_the_unit(app: Flask) -> None:
    change(app, lambda session: session.execute(delete(Membership).where(Membership.user_id == BERIT.id)))


def test_a_check_that_was_left_out_counts_no_longer_and_the_tablet_says_why(berit: Tablet, live: Live, solveig: Refused) -> None:
    # given a check that arrived while Berit was not set up in the unit
    check_id = sent_while(berit, live, out_of_the_unit)
    assert berit.run(COUNTED, HERE) == [check_id]
    change(live.app, lambda session: session.execute(insert(Membership), [{"user_id": BERIT.id, "unit_id": ident("Fjordsida")}]))
    # when Solveig leaves it out
    solveig.open().says("Vurdert på nytt nå: ingenting er i veien lenger.").choose("Legg ikke inn").save("Gjort to ganger")
    news(berit)
    # then it is not hers to count any more, and she can read why, after a restart too
    berit.open("/round/sent")
    berit.unlock()
    out = Round(berit.page).sent().group("Ikke lagt inn")
    for said in ("Astrid Lunde", "Ikke lagt inn. Leder har bestemt det.", "Solveig Dahl: «Gjort to ganger»"):
        expect(out).to_contain_text(said)
    assert berit.run(COUNTED, HERE) == []
    out.get_by_role("link").first.click()
    expect(berit.page.locator("#saved-state")).to_contain_text("Gjort to ganger")
    expect(berit.page.get_by_role("button", name="Rett", exact=True)).to_have_count(0)
    # and when she changes her mind, it counts after all
    solveig.page.reload()
    solveig.choose("Legg inn").save("Det var to ulike ganger")
    berit.until(f"async () => {{ await ({FETCH})(); return (await ({COUNTED})('{HERE}')).length === 1; }}")
    expect(Round(berit.page).sent().group("Mottatt")).to_contain_text("Solveig Dahl: «Det var to ulike ganger»")
    assert [str(one.id) for one in stored(live.app)] == [check_id]


def test_what_a_fault_kept_out_is_taken_in_at_once_when_it_is_mended(
    berit: Tablet, live: Live, solveig: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given two checks that the program could not store
    live.stop()
    for name in ("Astrid Lunde", "Odd Brekke"):
        Round(berit.page).home()
        record_not_done(berit, name)
    with monkeypatch.context() as patched:
        stumbling(patched)
        live.start()
        berit.run("() => { dispatchEvent(new Event('online')); }")
        berit.until(f"async () => (await ({OUTBOX})()).every(({{ state }}) => state === 'quarantined')")
    # when
    page = solveig.page
    page.goto(live.url + "/review/quarantine")
    page.get_by_text("Legg inn alle som kan legges inn nå").click()
    clean(findings(page, "taking in all", least=MOUSE))
    page.get_by_label("Begrunnelse").fill("Feilen er rettet")
    page.get_by_role("button", name="Legg inn alle").click()
    # then
    expect(page.get_by_role("status").filter(has_text="2 registreringer er lagt inn.")).to_be_visible()
    assert len(stored(live.app)) == 2
    news(berit)
