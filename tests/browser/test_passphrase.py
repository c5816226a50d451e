"""A municipality that asks for a passphrase: no new PIN is taken, and one that is there ends with the next full log-in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.access import PHONE, clean, findings
from tests.browser.tablet import PIN, READY, Tablet
from tests.browser.test_pin import change, to_change
from tests.fixtures.servers import Live
from tests.people import BERIT
from tests.web.sync.test_lease import own

PHRASE, THREE = "spade kaffe bil måne", "kaffe på hyttebordet"
DEMAND = "Kommunen krever en passordfrase: minst fire ulike ord, til sammen minst 16 tegn."
NOTE = "Kommunen krever en passordfrase nå. Lås opp med PIN-en du har, og bytt den under «Denne enheten»."
FLUSH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"


def chooses(tablet: Tablet, phrase: str) -> None:
    tablet.page.get_by_label("Passordfrase", exact=True).fill(phrase)
    tablet.page.get_by_label("Gjenta").fill(phrase)
    tablet.page.get_by_role("button", name="Lagre passordfrase").click()


def test_a_new_nurse_is_asked_for_a_passphrase_and_for_nothing_less(new_tablet: Callable[[], Tablet], live: Live) -> None:
    own(live.app, passphrase=1)
    tablet = new_tablet()
    tablet.log_in(BERIT)
    tablet.begin()
    tablet.sees_heading("Velg passordfrase")
    expect(tablet.page.get_by_label("Bruk bokstaver")).to_have_count(0)
    for weak in (PIN, "111 222 333 444 555 666", THREE, "bil bil bil bil bil bil"):
        chooses(tablet, weak)
        expect(tablet.page.get_by_role("alert")).to_have_text(DEMAND)
    clean(findings(tablet.page, "choose passphrase", [PHONE]))
    chooses(tablet, PHRASE)
    tablet.page.wait_for_selector(READY)
    tablet.sees_heading("Min runde")
    tablet.lock()
    expect(tablet.page.get_by_role("main")).not_to_contain_text("Kommunen krever")
    tablet.unlock(PHRASE)
    tablet.sees_heading("Min runde")


def test_who_has_a_pin_reads_it_at_the_lock_works_on_and_can_only_change_it_to_a_passphrase(berit: Tablet, live: Live) -> None:
    # given a municipality that asks for it from now on, and a tablet that has heard
    own(live.app, passphrase=1)
    berit.run(FLUSH)
    live.stop()
    berit.lock()
    expect(berit.page.get_by_role("main")).to_contain_text(NOTE)
    clean(findings(berit.page, "lock, still a PIN", [PHONE]))
    # when she unlocks and changes it
    berit.unlock(PIN)
    berit.sees_heading("Min runde")
    to_change(berit)
    for weak in ("482915", THREE):
        change(berit, PIN, weak)
        expect(berit.page.get_by_role("alert")).to_have_text(DEMAND)
    clean(findings(berit.page, "change PIN", [PHONE]))
    change(berit, PIN, PHRASE)
    expect(berit.page.get_by_text("PIN er byttet.")).to_be_visible()
    # then only that opens it, and the lock says no more
    berit.lock()
    expect(berit.page.get_by_role("main")).not_to_contain_text("Kommunen krever")
    berit.unlock(PIN)
    expect(berit.page.get_by_role("alert")).to_contain_text("Feil PIN.")
    berit.unlock(PHRASE)
    berit.sees_heading("Bytt PIN")


def test_the_next_full_log_in_is_not_through_before_there_is_a_passphrase(berit: Tablet, live: Live) -> None:
    own(live.app, passphrase=1)
    berit.lock()
    berit.page.get_by_role("link", name="Logg inn").click()
    berit.page.get_by_label("Brukernavn").wait_for()
    berit.log_in(BERIT)
    berit.renew(PIN)
    expect(berit.page.get_by_role("alert")).to_have_text(DEMAND)
    chooses(berit, PIN)
    expect(berit.page.get_by_role("alert")).to_have_text(DEMAND)
    chooses(berit, PHRASE)
    berit.page.wait_for_selector(READY)
    berit.sees_heading("Min runde")
    berit.lock()
    berit.unlock(PIN)
    expect(berit.page.get_by_role("alert")).to_contain_text("Feil PIN.")
    berit.unlock(PHRASE)
    berit.sees_heading("Min runde")
