"""On the home screen: installable, asks that its storage is kept, and takes a new version at the lock screen only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.pages.bedside import CheckForm, Round
from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import READY, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT

VERSION = "async () => (await import('/sw/shell.js')).version()"
IN_USE = "async () => (await (await (await caches.open('tryggrunde-shell')).match('/shell-in-use')).json()).version"
NEWER = Path(__file__).parents[1] / "web" / "sync" / "bundles"


@pytest.fixture
def profile(playwright: Playwright, live: Live, tmp_path: Path) -> Iterator[Profile]:
    device = Profile(playwright, tmp_path / "profile", live.url, PHONE)
    yield device
    device.close()


def release(live: Live) -> None:
    """A new version on the server: one more package."""
    live.app.config["BUNDLE_DIRS"] = (*(live.app.config.get("BUNDLE_DIRS") or ()), NEWER)


def test_a_browser_finds_nothing_that_hinders_installing(profile: Profile) -> None:
    berit = profile.start()
    berit.enrol(BERIT)
    cdp = berit.context.new_cdp_session(berit.page)
    assert cdp.send("Page.getAppManifest")["errors"] == []
    assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    icons = berit.run("""async () => {
      const manifest = await (await fetch("/manifest.webmanifest")).json();
      const files = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(one => one.icons)];
      return Promise.all(files.map(async ({ src, sizes }) => {
        const picture = await createImageBitmap(await (await fetch(src)).blob());
        return [src, sizes, `${picture.width}x${picture.height}`];
      }));
    }""")
    assert [one for one in icons if one[1] != one[2]] == []


@pytest.mark.parametrize(("granted", "said"), [
    (True, "Nettleseren har lovet å ta vare på det som er lagret her."),
    (False, "Nettleseren kan rydde bort lagring når det er lite plass."),
])  # fmt: skip
def test_the_device_asks_that_its_storage_is_kept_and_shows_the_answer(profile: Profile, live: Live, granted: bool, said: str) -> None:
    berit = profile.start()
    cdp = berit.context.new_cdp_session(berit.page)
    if granted:
        cdp.send("Browser.grantPermissions", {"permissions": ["durableStorage"], "origin": live.url})
    berit.enrol(BERIT)
    berit.page.get_by_role("link", name="Innlogget som").click()
    expect(berit.page.get_by_role("main")).to_contain_text(said)


def test_a_new_version_waits_for_the_lock_screen_and_says_so(berit: Tablet, live: Live) -> None:
    old = berit.run(VERSION)
    form = Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei")
    release(live)
    berit.run("async () => (await import('/sw/update.js')).look()")
    form.choose("Ustø når du står eller går?", "Nei").drafted()
    assert [berit.run(VERSION), berit.run(IN_USE)] == [old, old]
    assert form.shown("Fallsjekk")

    with berit.page.expect_navigation():
        berit.lock()
    berit.page.wait_for_selector(READY)
    expect(berit.page.get_by_text("TryggRunde er oppdatert til ny versjon.")).to_be_visible()
    assert berit.run(VERSION) != old
    berit.unlock()
    form = CheckForm(berit.page).shown("Fallsjekk")
    expect(form.question("Ustø når du står eller går?").get_by_label("Nei")).to_be_checked()
    form.choose("Bekymret for å falle?", "Nei").ready().save()


def test_a_new_version_that_a_stopped_worker_never_answered_for_is_asked_for_again_at_the_next_lock(berit: Tablet, live: Live) -> None:
    # given: the first question is lost with the worker; what is patient for seconds is so for hundredths
    old = berit.run(VERSION)
    release(live)
    berit.run("""() => {
      const timing = window.setTimeout, post = ServiceWorker.prototype.postMessage;
      window.setTimeout = (work, ms, ...more) => timing(work, ms === 20_000 ? 200 : ms, ...more);
      ServiceWorker.prototype.postMessage = function () { ServiceWorker.prototype.postMessage = post; };
      window.patient = () => { window.setTimeout = timing; };
    }""")
    berit.run("async () => (await import('/sw/update.js')).look()")
    berit.run("() => { window.patient(); }")
    assert berit.run(VERSION) == old
    # when
    with berit.page.expect_navigation():
        berit.lock()
    # then
    berit.page.wait_for_selector(READY)
    assert berit.run(VERSION) != old


def test_a_new_version_is_taken_at_a_reload_and_what_was_begun_is_there(berit: Tablet, live: Live) -> None:
    old = berit.run(VERSION)
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei").drafted()
    release(live)
    berit.open()
    expect(berit.page.get_by_text("TryggRunde er oppdatert til ny versjon.")).to_be_visible(timeout=30_000)
    berit.page.wait_for_selector(READY)
    assert [berit.run(VERSION) == old, berit.run(IN_USE) == old] == [False, False]
    berit.unlock()
    form = Round(berit.page).continue_draft("Astrid Lunde").shown("Fallsjekk")
    expect(form.question("Falt siste 12 måneder?").get_by_label("Nei")).to_be_checked()


def test_a_new_version_is_not_taken_while_a_pin_is_being_typed(berit: Tablet, live: Live) -> None:
    old = berit.run(VERSION)
    berit.lock()
    release(live)
    berit.page.get_by_label("PIN eller passordfrase").fill("7391")
    berit.run("async () => (await import('/sw/update.js')).look()")
    assert [berit.run(VERSION), berit.run(IN_USE)] == [old, old]
    expect(berit.page.get_by_label("PIN eller passordfrase")).to_have_value("7391")
    berit.unlock()
    berit.sees_heading("Min runde")


def test_a_new_version_is_not_taken_while_a_second_window_is_open(berit: Tablet, live: Live) -> None:
    old = berit.run(VERSION)
    other = Tablet(berit.context, berit.url)
    other.open()
    other.sees_heading("Åpen i et annet vindu")
    berit.lock()
    release(live)
    berit.run("async () => (await import('/sw/update.js')).look()")
    assert [berit.run(VERSION), berit.run(IN_USE)] == [old, old]


def test_a_new_version_fetched_by_halves_is_never_used(berit: Tablet, live: Live) -> None:
    old = berit.run(VERSION)
    release(live)
    berit.context.route("**/device/modules/**", lambda route: route.abort("connectionreset"))
    berit.lock()
    berit.run("async () => (await import('/sw/update.js')).look()")
    live.stop()
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    assert [berit.run(VERSION), berit.run(IN_USE)] == [old, old]


FORGET = """async () => {
  const pointer = await (await caches.open('tryggrunde-shell')).match('/shell-in-use')
  const { version, modules } = await pointer.json()
  const cache = await caches.open('shell-' + version)
  await Promise.all(Object.values(modules.about).flatMap(Object.values).map(url => cache.delete(url)))
}"""
NOT_YET = "Forklaringen er ikke hentet ennå. Den kommer når enheten har nett."


def explained(berit: Tablet) -> None:
    berit.open("/round/about/kateter")
    berit.unlock()
    expect(berit.page.get_by_text("Versjon 1.")).to_be_visible()


def test_a_package_is_explained_offline_as_soon_as_the_rest_has_come(berit: Tablet, live: Live) -> None:
    berit.has_everything()
    live.stop()
    explained(berit)
    expect(berit.page.locator("main details")).not_to_have_count(0)
    expect(berit.page.get_by_text(NOT_YET)).to_have_count(0)


def test_an_explanation_that_has_not_come_yet_is_said_in_a_sentence(berit: Tablet, live: Live) -> None:
    berit.has_everything()
    berit.run(FORGET)
    berit.forget_downloads()
    live.stop()
    explained(berit)
    expect(berit.page.get_by_text(NOT_YET)).to_be_visible()


def test_what_did_not_come_the_first_time_is_fetched_at_the_next_start(berit: Tablet) -> None:
    berit.has_everything()
    berit.run(FORGET)
    berit.open()
    berit.has_everything()
