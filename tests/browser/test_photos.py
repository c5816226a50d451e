"""Photos of a finding: taken without a network, kept through everything, sent after their check, seen by the supervisor."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, request, request_started
from PIL import Image
from playwright.sync_api import Browser, Playwright, Route, expect

from tests import pictures
from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.bedside import CheckForm, Round
from tests.browser.pages.health import Health
from tests.browser.pages.photos import Shots, drawn, skin_tear
from tests.browser.pages.review import Desk
from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, SOLVEIG
from tests.web.sync.photos import switch
from tests.web.sync.reading import all_of
from webapp.models import CheckRecord, Device, Photo
from webapp.sync import rescue
from webapp.sync.people import utc_now
from webapp.sync.photos import picture

STATES = "async () => (await (await import('/sw/store.js')).all('photos')).map(one => one.state).join()"
GONE = "async () => (await (await import('/sw/sealed.js')).waiting()).length === 0"
FULL = """() => {
  const before = IDBObjectStore.prototype.put;
  window.room = () => { IDBObjectStore.prototype.put = before; };
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "photos") { this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }
    return before.apply(this, given);
  };
}"""
DAY_AGO = """async () => {
  const store = await import("/sw/store.js");
  const [[key, row]] = await store.under("photos", "");
  const ms = (Date.now() - 25 * 3_600_000).toString(16).padStart(12, "0");
  const check = ms.slice(0, 8) + "-" + ms.slice(8) + row.check.slice(13);
  await store.remove("photos", key);
  await store.put("photos", check + "/" + row.name, { ...row, check });
}"""
SHOT = pictures.camera(3000, 2250, 92)

pytestmark = pytest.mark.usefixtures("photos_on")


@pytest.fixture
def phone(playwright: Playwright, live: Live, tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(playwright, tmp_path / "profile", live.url, PHONE)
    yield profile
    profile.close()


def finds(tablet: Tablet, person: str = "Odd Brekke") -> Shots:
    return skin_tear(Round(tablet.page).home().visit(person))


def comes_back(device: Profile, address: str) -> tuple[Tablet, Shots]:
    tablet = device.start()
    tablet.open(address)
    tablet.unlock()
    CheckForm(tablet.page).shown("Hudsjekk")
    return tablet, Shots(tablet.page)


def parts_heard(app: Flask) -> list[int]:
    """Where each part began that the server saw: the worker sends too, and no route in the page sees that."""
    heard: list[int] = []

    def hears(_app: Flask, **_more: object) -> None:
        if request.method == "POST" and request.path.startswith("/sync/photos/"):
            heard.append(int(request.headers["X-Offset"]))

    request_started.connect(hears, app, weak=False)
    return heard


def kept(app: Flask) -> bytes:
    (row,) = all_of(app, Photo)
    with app.app_context():
        found = picture(row)
    assert found is not None
    return found


def test_a_photo_taken_without_a_network_survives_a_killed_browser_and_reaches_the_supervisor(
    phone: Profile, live: Live, browser: Browser
) -> None:
    # given: an enrolled phone, and then no network
    berit = phone.start()
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    live.stop()

    # when: she takes two photos, takes one back, locks, and the battery dies in mid-form
    shots = finds(berit).take(SHOT).shows(1).take(pictures.camera(seed=2)).shows(2).remove(2).shows(1)
    berit.lock()
    berit.unlock()
    shots.shows(1)
    clean(findings(berit.page, "photos in a form"))
    address = berit.page.url.removeprefix(live.url)
    phone.kill()
    berit, shots = comes_back(phone, address)
    result = shots.shows(1).form.ready().save()

    # then: the check is saved, and the list says that its photo waits
    expect(berit.page.get_by_role("status").filter(has_text="1 bilde er ikke sendt ennå.")).to_be_visible()
    expect(Round(berit.page).sent().group("Ikke sendt ennå")).to_contain_text("1 bilde er ikke sendt ennå.")
    phone.kill()
    live.start()
    berit = phone.start()
    berit.open()
    berit.unlock()
    berit.until(GONE)
    phone.is_known_again()
    berit.until(f"async () => await ({STATES})() === 'received'")

    # and: it is a small picture and nothing else, beside its finding
    (check,) = all_of(live.app, CheckRecord)
    jpeg = kept(live.app)
    assert str(check.id) == result.check_id
    with Image.open(io.BytesIO(jpeg)) as photo:
        assert (photo.format, max(photo.size) <= 2000, dict(photo.getexif())) == ("JPEG", True, {})
    assert len(jpeg) < 330_000
    desk = Desk(browser.new_page(locale="nb-NO"), live.url).log_in(SOLVEIG)
    desk.page.goto(f"{live.url}/review/checks/{check.id}")
    shown = desk.page.get_by_role("region", name="Bilder").get_by_role("img", name="Bilde 1: Hæl venstre")
    drawn(shown)
    clean(findings(desk.page, "photos of a check", least=MOUSE))
    desk.page.context.close()
    assert phone.wrong() == []


def test_a_municipality_that_has_not_switched_photos_on_sees_nothing_of_them(berit: Tablet, live: Live) -> None:
    # given the switch is turned off again, and the phone has heard of it
    switch(live.app, 0)
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    # when Berit records a finding
    shots = finds(berit)
    # then the form is as it always was
    expect(shots.box).to_have_count(0)
    expect(berit.page.locator("input[type=file]")).to_have_count(0)
    shots.form.ready().save()
    berit.until(GONE)
    assert all_of(live.app, Photo) == []


@pytest.mark.parametrize(("file", "words"), [
    (b"%PDF-1.7 no picture at all", "Filen er ikke et bilde som kan brukes."),
    (pictures.claims(pictures.camera(400, 300), 10_000, 10_000), "Bildet har for mange bildepunkter."),
], ids=["a document", "a hundred megapixels"])  # fmt: skip
def test_what_is_no_photo_is_said_in_a_sentence_and_the_check_is_saved_without(berit: Tablet, file: bytes, words: str) -> None:
    # when a file that is no photo is given
    shots = finds(berit).take(file).says(words)
    # then nothing of it is kept, and the check is saved
    shots.says("Sjekken kan lagres uten.").shows(0).form.ready().save()
    assert berit.run(STATES) == ""


def test_a_full_device_says_so_and_the_check_is_saved_without(berit: Tablet, live: Live) -> None:
    # given a begun check, and a disk that takes no more pictures
    shots = finds(berit)
    live.stop()
    berit.run(FULL)
    # when she takes a photo
    shots.take(SHOT).says("Enheten har ikke plass.")
    # then the check itself is saved
    shots.shows(0).form.ready().save()


def test_a_photo_that_found_no_room_to_be_sealed_is_counted_and_goes_when_there_is_room(berit: Tablet, live: Live) -> None:
    # given a photo in a begun check, and a disk that takes the check and not the sealed copy of the picture
    shots = finds(berit).take(SHOT).shows(1)
    berit.run(FULL)
    shots.form.ready().save()
    berit.until(GONE)
    assert berit.run(STATES) == "draft"
    # when she looks
    health = Health(berit.page).open_from_sent()
    # then it is not said that all is sent
    health.says("Ikke sendt", "1 bilde er ikke sendt ennå.")
    # and when there is room, it goes by itself
    berit.run("() => { window.room(); }")
    berit.run("async () => (await import('/sw/sync.js')).flush()")
    berit.until(f"async () => await ({STATES})() === 'received'")
    assert len(all_of(live.app, Photo)) == 1
    health.says("Ikke sendt", "Ingenting")


def test_a_photo_lies_encrypted_on_the_device_and_goes_with_its_draft(berit: Tablet, live: Live) -> None:
    live.stop()
    finds(berit).take(SHOT).shows(1)
    plain = "async () => (await (await import('/sw/store.js')).all('photos')).map(one => String.fromCharCode(...one.locked.ct.slice(0, 3)))"
    (head,) = berit.run(plain)
    assert head != "\xff\xd8\xff"
    berit.page.locator("summary").filter(has_text="Forkast utkastet").click()
    berit.page.get_by_role("button", name="Forkast", exact=True).click()
    expect(berit.page.get_by_role("heading", name="Siste resultater")).to_be_visible()
    assert berit.run(STATES) == ""


def test_a_server_that_breaks_off_in_the_middle_gets_the_rest_and_not_the_whole_again(berit: Tablet, live: Live) -> None:
    # given a check with a photo, sent while every third part is lost on the way
    posted: list[int] = []
    received = parts_heard(live.app)

    def sometimes(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(int(route.request.headers["x-offset"]))
        if route.request.method == "POST" and len(posted) == 2:
            route.abort()
        else:
            route.continue_()

    berit.context.route(lambda url: "/sync/photos/" in url, sometimes)
    finds(berit).take(SHOT).shows(1).form.ready().save()
    # when the line is tried again
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'received' }")
    # then it went on where it had stopped
    assert received[0] == 0
    assert received == sorted(set(received))
    assert len(received) >= 2
    assert len(all_of(live.app, Photo)) == 1


def test_photos_that_wait_are_counted_wherever_the_device_says_what_it_holds(berit: Tablet, live: Live) -> None:
    # given: a check the server has, and its photo that it does not take in
    berit.context.route(lambda url: "/sync/photos/" in url, lambda route: route.abort())
    finds(berit).take(SHOT).shows(1).form.ready().save()
    berit.until(GONE)
    # when she looks at what is left, a day later
    health = Health(berit.page).open_from_sent()
    health.says("Ikke sendt", "1 bilde er ikke sendt ennå.")
    expect(health.row("Ikke sendt")).not_to_contain_text("sjekk")
    berit.page.get_by_text("Logg ut av denne enheten").click()
    # then the rescue file does not leave it out, and the log-out says so, and so does the supervisor's list
    expect(berit.page.get_by_text("Ikke sendt: 1 bilde er ikke sendt ennå.")).to_be_visible()
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    (device,) = all_of(live.app, Device)
    assert (device.reported["waiting"], device.reported["photos"]) == (0, 1)
    assert abs(datetime.fromisoformat(device.reported["photos_oldest"]) - utc_now()) < timedelta(minutes=5)
    # and: after a day it is said on every page
    berit.run(DAY_AGO)
    berit.run("async () => (await import('/sw/device.js')).refresh()")
    health.says("Ikke sendt", "1 bilde er ikke sendt ennå.")
    expect(berit.page.get_by_text("Noe har ventet i over et døgn på å bli sendt.")).to_be_visible()


def test_at_an_office_pc_a_sentence_says_where_photos_are_taken(new_tablet: Callable[[], Tablet]) -> None:
    pc = new_tablet()
    pc.log_in(BERIT, then="/round")
    pc.sees_heading("Min runde")
    shots = finds(pc)
    expect(shots.box).to_contain_text("Bilder tas på en telefon eller et nettbrett som er tatt i bruk.")
    expect(pc.page.locator(".photo-take")).to_have_count(1)
    expect(pc.page.locator(".photo-take")).to_be_hidden()
    shots.form.ready().save()


def test_a_photo_that_cannot_be_sent_goes_home_in_the_rescue_file(berit: Tablet, live: Live, tmp_path: Path) -> None:
    # given: a check the server has, and its photo that it does not take in
    berit.context.route(lambda url: "/sync/photos/" in url, lambda route: route.abort())
    finds(berit).take(SHOT).shows(1).form.ready().save()
    berit.until(GONE)
    # when
    file = Health(berit.page).open_from_sent().save_rescue(tmp_path)
    said = f"Filen {file.name} er laget. Registreringer: 0. Bilder: 1."
    expect(berit.page.get_by_role("region", name="Redningsfil")).to_contain_text(said)
    with live.app.app_context():
        taken = rescue.take(file.read_bytes(), None, utc_now())
    # then it is there once, also when the device has sent it
    assert isinstance(taken, rescue.Taken)
    assert taken.photos["accepted"] == 1
    berit.context.unroute_all()
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'received' }")
    assert len(all_of(live.app, Photo)) == 1
