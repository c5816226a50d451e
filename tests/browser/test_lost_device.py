"""A tablet that is reported lost on its page: what can be read goes at its first contact, what is sealed goes home, then all goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages.bedside import Round
from tests.browser.pages.fleet import Fleet
from tests.browser.tablet import Tablet
from tests.conftest import sign_in
from tests.device import new_code
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT, SOLVEIG
from tests.web.sync.reading import all_of
from webapp.models import CheckRecord, Device, Quarantine

NAMES = "['vaults', 'rows', 'drafts', 'blobs', 'views']"
READABLE = f"""async () => {{
  const store = await import('/sw/store.js');
  return (await Promise.all({NAMES}.map(name => store.under(name, '')))).flat().length;
}}"""
SEALED = "async () => (await (await import('/sw/sealed.js')).waiting()).length"
NOTHING_WAITS = "async () => (await (await import('/sw/sealed.js')).waiting()).length === 0"
LEFT = """async () => {
  const store = await import('/sw/store.js');
  const found = {};
  for (const name of [...store.STORES, ...store.PHOTO_STORES]) {
    found[name] = await store.transact([name], 'readonly', async tx => (await tx.objectStore(name).getAllKeys()).map(String));
  }
  return found;
}"""
PAPERS = "async () => (await (await import('/sw/store.js')).all('vaults')).map(one => one.papers)"
COME_BACK = "() => { dispatchEvent(new Event('online')); }"


@pytest.fixture
def solveig(browser: Browser, live: Live, berit: Tablet) -> Iterator[Fleet]:
    """Berit's leader, at the list of devices."""
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    yield Fleet(context.new_page(), live.url).log_in(SOLVEIG)
    context.close()


def unsent_work(berit: Tablet) -> None:
    """A finished check and a draft, made where no upload gets through."""
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    Round(berit.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    assert berit.run(READABLE) > 3


def lose(solveig: Fleet) -> None:
    solveig.open("Nettbrett 1").revoke("Mistet", "Vakttelefonen", "400 00 000")
    expect(solveig.part("Sperret")).to_contain_text("Enheten har ikke hørt det ennå.")


def is_wiped(tablet: Tablet) -> None:
    """Nothing to read on the disk or on the screen, but whom to call."""
    main = tablet.page.get_by_role("main")
    expect(main).to_contain_text("Denne enheten er sperret.")
    expect(main.get_by_role("link", name=re.compile("400 00 000"))).to_have_attribute("href", "tel:40000000")
    expect(main).not_to_contain_text("Astrid Lunde")
    assert tablet.run(READABLE) == 0


def is_empty(tablet: Tablet) -> None:
    """Everything has gone, and it is said."""
    expect(tablet.page.get_by_role("main")).to_contain_text("Alt er sendt, og alt er slettet.")
    left = tablet.run(LEFT)
    assert set(left.pop("meta")) <= {"revoked", "language", "anchor", "seen", "epoch"}
    assert {name: keys for name, keys in left.items() if keys and name != "photo_marks"} == {}


def of_berit(live: Live) -> list[bool]:
    """Whose the refused records are: the check, and who was looked at. A supervisor decides."""
    assert all_of(live.app, CheckRecord) == []
    return [one.user_id == BERIT.id for one in all_of(live.app, Quarantine)]


def test_a_leader_revokes_it_and_what_is_read_goes_at_once_what_is_sealed_goes_home_and_then_all_goes(
    berit: Tablet, solveig: Fleet, live: Live
) -> None:
    # given unsent work on a tablet without a net
    berit.context.set_offline(True)
    unsent_work(berit)
    # when its leader revokes it, and it is in contact again
    lose(solveig)
    berit.context.set_offline(False)
    berit.run(COME_BACK)
    # then
    is_wiped(berit)
    is_empty(berit)
    assert of_berit(live) == [True, True]
    # and its leader sees that it is done
    berit.until("async () => (await (await import('/sw/store.js')).get('meta', 'revoked')).emptied === true")
    expect_told(solveig, "Enheten har sagt at alt er sendt, og at alt er slettet.")


def expect_told(solveig: Fleet, text: str) -> None:
    """On a page that is looked at again until it says so."""
    for _ in range(20):
        if text in solveig.reload().part("Sperret").inner_text():
            return
    raise AssertionError(text)


def test_a_thief_who_blocks_the_uploads_does_not_stop_the_wipe_and_what_is_sealed_stays(
    berit: Tablet, solveig: Fleet, live: Live
) -> None:
    # given a tablet whose uploads somebody throws away
    for path in ("envelopes", "photos", "snapshot"):
        berit.context.route(f"**/sync/{path}**", lambda route: route.abort("connectionreset"))
    unsent_work(berit)
    sealed = berit.run(SEALED)
    # when
    lose(solveig)
    berit.run(COME_BACK)
    # then all that can be read is gone, and nothing that is sealed
    is_wiped(berit)
    assert berit.run(SEALED) >= sealed > 0
    expect(berit.page.get_by_role("main")).to_contain_text("Det som ikke er sendt, blir sendt når enheten har nett.")
    # and when they get through
    berit.context.unroute("**/sync/envelopes**")
    berit.run(COME_BACK)
    is_empty(berit)
    assert of_berit(live) == [True, True]


def test_a_thief_who_lets_only_the_uploads_through_tells_it_too(berit: Tablet, solveig: Fleet, live: Live) -> None:
    berit.context.set_offline(True)
    unsent_work(berit)
    berit.context.route("**/sync/keys", lambda route: route.abort("connectionreset"))
    berit.context.route("**/sync/snapshot", lambda route: route.abort("connectionreset"))
    lose(solveig)
    berit.context.set_offline(False)
    berit.run(COME_BACK)
    is_wiped(berit)
    is_empty(berit)


def test_a_locked_tablet_with_nothing_unsent_is_wiped_when_it_is_opened(berit: Tablet, solveig: Fleet) -> None:
    berit.lock()
    lose(solveig)
    berit.open()
    is_wiped(berit)
    is_empty(berit)
    # and also without a net it says whom to call
    berit.context.set_offline(True)
    berit.open()
    is_wiped(berit)


def test_a_device_that_came_back_is_taken_into_use_again_with_a_code(berit: Tablet, solveig: Fleet, live: Live) -> None:
    lose(solveig)
    berit.lock()
    berit.open()
    is_empty(berit)
    berit.log_in(BERIT)
    berit.page.get_by_label("Kode").fill(new_code(live.app, "Nettbrett 2"))
    berit.page.get_by_role("button", name="Neste").click()
    berit.set_pin()
    berit.sees_heading("Min runde")
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    berit.until(NOTHING_WAITS)
    assert [one.author_id for one in all_of(live.app, CheckRecord)] == [BERIT.id]
    berit.lock()
    expect(berit.page.get_by_role("main")).not_to_contain_text("sperret")


def test_a_new_name_is_taken_back_and_the_device_hears_it(berit: Tablet, solveig: Fleet) -> None:
    solveig.open("Nettbrett 1").rename("Bil 12").undo("Nettbrett 1").rename("Bil 7")
    expect(solveig.part("Hva som har skjedd")).to_contain_text("Nytt navn: Bil 7")
    berit.lock()
    berit.until("""async () => {
      await (await import('/sw/sync.js')).flush({ fetch: true });
      return (await (await import('/sw/store.js')).get('meta', 'installation')).name === 'Bil 7';
    }""")


def test_a_tablet_whose_cookie_somebody_took_over_is_wiped_all_the_same_and_what_is_sealed_goes_home(
    berit: Tablet, solveig: Fleet, live: Live
) -> None:
    # given somebody with its papers and a log-in of a nurse's, before anybody misses it
    berit.context.set_offline(True)
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    thief = sign_in(live.app.test_client(), AMINA)
    device = all_of(live.app, Device)[0].id
    assert thief.post("/device/return", json={"device": str(device), "papers": berit.run(PAPERS)}).status_code == 200
    # when it is reported lost
    lose(solveig)
    berit.context.set_offline(False)
    berit.run(COME_BACK)
    # then
    is_wiped(berit)
    is_empty(berit)
    assert of_berit(live) == [True, True]
