"""A nurse sees how her device is, with no network and without her PIN, and is told when something has waited a day."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.access import axe
from tests.browser.outbox import record_not_done, stored
from tests.browser.pages.health import Health
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from webapp.sync import rescue
from webapp.sync.people import utc_now

# As if the unsent checks had been saved this many hours earlier.
AGE = """async hours => {
  const store = await import("/sw/store.js");
  for (const { hash, saved } of await (await import("/sw/sealed.js")).waiting()) {
    await store.edit("outbox", hash, it => ({ ...it, saved: new Date(Date.parse(saved) - hours * 3_600_000).toISOString() }));
  }
}"""
FILES = """async () => {
  const { contents } = await import("/sw/rescue.js");
  const all = (await (await import("/sw/sealed.js")).waiting()).length, made = [];
  for (let n = 0; n < all; n++) { // one of them was written before
    const { bytes, records, left } = await contents(1);
    made.push([[...bytes], records, left]);
  }
  return made;
}"""
CLOCK = """async minutes => {
  const anchor = { s: new Date().toISOString(), d: new Date(Date.now() + minutes * 60_000).toISOString() };
  await (await import("/sw/store.js")).put("meta", "anchor", anchor);
}"""
BANNER = "Noe har ventet i over et døgn på å bli sendt."


def test_the_device_tells_how_it_is_with_no_network(berit: Tablet, live: Live) -> None:
    # given a check that could not be sent
    live.stop()
    record_not_done(berit)
    # when she opens the page from the sent list
    health = Health(berit.page).open_from_sent()
    # then each thing is said in plain words, with what to do when it is not well
    health.says("Ikke sendt", "1 sjekk, fra i dag").says("Siste kontakt med serveren", "i dag").says("Klokka", "Går riktig")
    health.says("Installert", "Nei, åpen i nettleseren").says("Installert", "Legg til på startskjermen")
    health.says("Ledig plass", "B").says("Lagring", "Send sjekkene hver dag").says("Utgave av appen", "")
    expect(berit.page.get_by_text("ting bør ordnes.")).to_be_visible()
    assert axe(berit.page) == []


def test_the_page_follows_the_outbox_while_it_is_open(berit: Tablet, live: Live) -> None:
    live.stop()
    record_not_done(berit)
    health = Health(berit.page).open_from_sent()
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    health.says("Ikke sendt", "Ingenting. Alt er sendt.")


def test_a_locked_device_tells_how_it_is_and_nothing_about_anybody(berit: Tablet, live: Live) -> None:
    live.stop()
    record_not_done(berit)
    berit.lock()
    Health(berit.page).open().says("Ikke sendt", "1 sjekk, fra i dag")
    expect(berit.page.locator("body")).not_to_contain_text(re.compile("Astrid|Lunde|Berit"))
    assert axe(berit.page) == []
    berit.page.get_by_role("link", name="Lås opp").click()
    berit.sees_heading("Låst")


def test_a_clock_that_goes_wrong_is_said_with_what_to_do(berit: Tablet, live: Live) -> None:
    live.stop()
    berit.run(CLOCK, 17)
    Health(berit.page).open_from_sent().says("Klokka", "17 minutter foran serveren").says("Klokka", "Slå på automatisk dato og tid")


def test_what_has_waited_a_day_is_said_on_every_page_until_it_is_sent(berit: Tablet, live: Live) -> None:
    # given a check that has waited for 25 hours
    live.stop()
    record_not_done(berit)
    banner = berit.page.get_by_role("status").filter(has_text=BANNER)
    expect(banner).to_have_count(0)
    berit.run(AGE, 25)
    # when she goes from page to page
    for page in ("Min runde", "Ny hendelse", "Sendt"):
        berit.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name=page).click()
        # then it is said, with what to do
        expect(banner).to_contain_text("Ta enheten dit den har nett, og la appen stå åpen.")
    assert axe(berit.page) == []
    banner.get_by_role("link", name="Se hva du kan gjøre").click()
    Health(berit.page).shown().says("Ikke sendt", "Ta enheten dit den har nett")
    # and when it is sent, the banner goes by itself
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    expect(banner).to_have_count(0)


def test_what_is_received_has_a_receipt_number_in_the_list(berit: Tablet) -> None:
    record_not_done(berit)
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    berit.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Sendt").click()
    expect(berit.page.get_by_role("region", name="Mottatt")).to_contain_text(re.compile(r"Mottatt \d\d:\d\d, kvittering \d+"))


def test_what_has_no_room_in_a_rescue_file_is_told_and_comes_in_the_next(berit: Tablet, live: Live) -> None:
    # given two checks without a network, and room for less in a file
    live.stop()
    record_not_done(berit)
    berit.page.get_by_role("link", name="Min runde").first.click()
    record_not_done(berit, "Odd Brekke")
    said = berit.run("async () => (await (await import('/sw/rescue.js')).write(1)).context.rescue_text")
    assert re.search(r"[1-9]\d* registreringer eller bilder fikk ikke plass i filen\. Trykk «Lagre redningsfil» en gang til", said)
    # when it is pressed until nothing is left
    files = berit.run(FILES)
    # then every record is in one file, the last press says no more of room, and the next begins anew
    assert [left for _bytes, _records, left in files] == [*range(len(files) - 2, -1, -1), len(files) - 1]
    with live.app.app_context():
        for data, _records, _left in files[:-1]:
            assert isinstance(rescue.take(bytes(data), None, utc_now()), rescue.Taken)
        first = rescue.take(bytes(files[-1][0]), None, utc_now())
    assert isinstance(first, rescue.Taken)
    assert len(stored(live.app)) == 2


def test_a_locked_device_gives_its_unsent_checks_in_a_file_and_keeps_them_until_it_is_answered(
    berit: Tablet, live: Live, tmp_path: Path
) -> None:
    # given two checks on a device without a network, and nobody's PIN
    live.stop()
    record_not_done(berit)
    berit.page.get_by_role("link", name="Min runde").first.click()
    record_not_done(berit, "Odd Brekke")
    berit.lock()
    # when the file is saved and taken in by hand
    path = Health(berit.page).open().save_rescue(tmp_path)
    assert not [word for word in (b"Astrid", b"Lunde", b"declined") if word in path.read_bytes()]
    with live.app.app_context():
        taken = rescue.take(path.read_bytes(), None, utc_now())
    # then the server has both, the device still holds both
    assert isinstance(taken, rescue.Taken), taken
    assert taken.counts["accepted"] >= 2
    assert len(stored(live.app)) == 2
    Health(berit.page).says("Ikke sendt", "2 sjekker")
    # and its own upload is answered without a second copy
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    Health(berit.page).says("Ikke sendt", "Ingenting. Alt er sendt.")
    assert len(stored(live.app)) == 2
