"""The camera in the app: what is taken never is a file of the phone's, and no lens looks on when nobody asks it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests import pictures
from tests.browser.access import axe, clean, findings
from tests.browser.pages.camera import ON, WATCH, Camera
from tests.browser.pages.photos import Shots
from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import Tablet
from tests.browser.test_photos import GONE, STATES, finds
from tests.fixtures.servers import Live
from tests.people import BERIT
from tests.web.sync.reading import all_of
from webapp.models import Photo

FAKE = "--use-fake-device-for-media-stream=fps=5"  # each frame is drawn, scaled and looked at: a fifth of what it gives by itself
ALLOW = "--use-fake-ui-for-media-stream"
BUSY = """() => {
  const media = navigator.mediaDevices, real = media.getUserMedia;
  media.getUserMedia = () => Promise.reject(new DOMException("in use", "NotReadableError"));
  window.cameraFree = () => { media.getUserMedia = real; };
}"""
Held = Callable[..., Tablet]

pytestmark = pytest.mark.usefixtures("photos_on")


@pytest.fixture
def held(playwright: Playwright, live: Live, tmp_path: Path) -> Iterator[Held]:
    """Berit's phone, with the camera its browser was started with."""
    profiles = []

    def make(*args: str, without: bool = False) -> Tablet:
        profile = Profile(playwright, tmp_path / "profile", live.url, PHONE, args=args)
        profiles.append(profile)
        berit = profile.start()
        berit.context.add_init_script("delete Navigator.prototype.mediaDevices" if without else WATCH)
        berit.enrol(BERIT)
        berit.sees_heading("Min runde")
        return berit

    yield make
    for profile in profiles:
        profile.close()


def test_four_photos_are_taken_with_the_camera_in_the_app_and_none_of_them_is_a_file(held: Held, live: Live) -> None:
    # given: a finding, and a camera that may be used
    berit = held(FAKE, ALLOW)
    choosers: list[object] = []
    berit.page.on("filechooser", lambda asked: choosers.append(asked))
    shots = finds(berit)

    # when: she takes one, takes it again, uses it, and takes three more
    camera = Camera(berit.page).open().sees().counts("0 av 4 bilder")
    assert berit.page.evaluate("() => window.cameraAsked.video.facingMode.ideal") == "environment"
    camera.shoot().press("Ta på nytt").shoot().press("Bruk bildet").says("Bilde 1 er lagt til.").counts("1 av 4 bilder")
    for n in (2, 3):
        camera.shoot().press("Bruk bildet").counts(f"{n} av 4 bilder")
    camera.shoot().press("Bruk bildet").gone().off()

    # then: all four stand in the form, and no more are asked for
    shots.shows(4)
    expect(shots.box).to_contain_text("Det er plass til 4 bilder.")
    expect(shots.box.get_by_role("button", name="Ta bilde")).to_have_count(0)
    shots.remove(4).shows(3)
    expect(shots.box.get_by_role("button", name="Ta bilde")).to_be_visible()

    # and: they reach the server beside their check
    shots.form.ready().save()
    berit.until(GONE)
    berit.until(f"async () => await ({STATES})() === 'received,received,received'")
    assert [row.reason for row in all_of(live.app, Photo)] == ["", "", ""]
    assert choosers == []


def test_the_camera_is_worked_with_the_keyboard_and_said_to_a_screen_reader(held: Held) -> None:
    berit = held(FAKE, ALLOW)
    shots = finds(berit)
    keys = berit.page.keyboard
    # when the button in the form is pressed with a key
    shots.box.get_by_role("button", name="Ta bilde").press("Enter")
    camera = Camera(berit.page).sees()
    # then each next thing to press has the focus
    expect(camera.button("Ta bilde")).to_be_focused()
    keys.press("Space")
    camera.says("Er bildet skarpt, og bare av huden?")
    expect(camera.button("Bruk bildet")).to_be_focused()
    keys.press("Enter")
    camera.says("Bilde 1 er lagt til.")
    expect(camera.button("Ta bilde")).to_be_focused()
    # and Esc goes back to where she was
    keys.press("Escape")
    camera.gone().off()
    expect(shots.shows(1).box.get_by_role("button", name="Ta bilde")).to_be_focused()


def test_every_target_of_the_camera_is_for_a_gloved_thumb_in_both_themes(held: Held) -> None:
    berit = held(FAKE, ALLOW)
    finds(berit)
    camera = Camera(berit.page).open().sees()
    clean(findings(berit.page, "camera"))
    camera.shoot()
    clean(findings(berit.page, "a photo just taken"))
    box = camera.press("Ta på nytt").sees().button("Ta bilde").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 80  # a shutter
    assert axe(berit.page) == []


@pytest.mark.parametrize(("args", "words"), [
    ((FAKE,), "Appen har ikke lov til å bruke kameraet."),
    ((ALLOW, FAKE + "=device-count=0"), "Enheten har ikke noe kamera som kan brukes."),
], ids=["not allowed", "none"])  # fmt: skip
def test_a_camera_that_cannot_be_used_is_said_in_a_sentence_and_the_check_is_saved_without(
    held: Held, args: tuple[str, ...], words: str
) -> None:
    berit = held(*args)
    shots = finds(berit)
    # when she wants a photo
    camera = Camera(berit.page).open().says(words).says("Sjekken kan lagres uten bilde.")
    expect(camera.button("Prøv igjen")).to_be_focused()
    clean(findings(berit.page, "no camera", sizes=[(390, 844), (844, 390)]))
    # then trying again says the same, and the check goes on
    camera.press("Prøv igjen").says(words).press("Avbryt").gone().off()
    shots.form.ready().save()
    assert berit.run(STATES) == ""


def test_a_camera_that_another_app_holds_is_said_to_be_busy_and_works_when_it_is_free(held: Held) -> None:
    # given: the browser cannot read from the camera
    berit = held(FAKE, ALLOW)
    finds(berit)
    berit.page.evaluate(BUSY)
    camera = Camera(berit.page).open().says("Kameraet er opptatt.").off()
    # when the other app lets go
    berit.page.evaluate("() => window.cameraFree()")
    # then trying again is enough
    camera.press("Prøv igjen").sees()


def test_the_camera_is_off_when_the_device_is_locked_when_she_leaves_and_when_the_app_is_put_away(held: Held) -> None:
    # given: the camera is on
    berit = held(FAKE, ALLOW)
    finds(berit)
    camera = Camera(berit.page).open().sees()
    assert berit.page.evaluate(ON) == 1
    # when the device locks itself
    berit.run("async () => (await import('/sw/lock.js')).lockNow()")
    # then the lens is off
    camera.gone().off()
    # when it is on again, and she goes back a page
    berit.page.reload()
    berit.unlock()
    camera.open().sees()
    berit.page.go_back()
    camera.gone()
    berit.page.wait_for_function("() => window.cameraTracks.every(track => track.readyState === 'ended')")


def test_a_camera_that_stops_by_itself_is_told_and_can_be_turned_on_again(held: Held) -> None:
    berit = held(FAKE, ALLOW)
    finds(berit)
    camera = Camera(berit.page).open().sees()
    # when the track ends by itself
    berit.page.evaluate("() => window.cameraTracks[0].dispatchEvent(new Event('ended'))")
    # then it says so, and works again
    camera.says("Kameraet er opptatt.").off().press("Prøv igjen").shoot().press("Bruk bildet").counts("1 av 4 bilder").press(
        "Ferdig"
    ).gone().off()


def test_a_browser_without_a_live_camera_asks_for_a_file_from_it(held: Held) -> None:
    berit = held(without=True)
    shots = finds(berit)
    with berit.page.expect_file_chooser() as chosen:
        shots.box.get_by_role("button", name="Ta bilde").click()
    chosen.value.set_files({"name": "bilde.jpg", "mimeType": "image/jpeg", "buffer": pictures.camera()})
    Shots(berit.page).shows(1)
    expect(berit.page.locator("#_camera")).to_have_count(0)


def test_a_device_that_lost_its_net_before_the_camera_came_says_so_and_saves_without(held: Held, live: Live) -> None:
    # given: the app is here, the camera is not
    berit = held(FAKE, ALLOW)
    berit.has_everything()
    berit.run("async () => { for (const name of await caches.keys()) await (await caches.open(name)).delete('/sw/camera.js') }")
    berit.forget_downloads()
    live.stop()
    shots = finds(berit)
    # when
    shots.box.get_by_role("button", name="Ta bilde").click()
    # then
    shots.says("Kameraet er ikke lastet ned til denne enheten ennå.")
    shots.form.ready().save()
