"""What is begun is kept at every change: a reload, a lock, a phone call or a flat battery loses nothing."""

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

SAID = "Falt på vei til badet"
NOTE = "async () => (await import('/sw/records.js')).draft(location.pathname.split('/').pop())?.common.note"


@pytest.fixture
def offline(berit: Tablet, live: Live) -> Tablet:
    """On her round, with the server gone."""
    live.stop()
    return berit


def begin(tablet: Tablet) -> CheckForm:
    form = Round(tablet.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja")
    return form.unfold("Merknad")



def holds(tablet: Tablet) -> None:
    form = CheckForm(tablet.page).shown("Fallsjekk")
    expect(form.question("Falt siste 12 måneder?").get_by_label("Ja")).to_be_checked()
    expect(form.unfold("Merknad").question("Merknad").get_by_role("textbox")).to_have_value(SAID)


def test_typing_is_kept_without_leaving_the_box(offline: Tablet) -> None:
    form = begin(offline)
    form.question("Merknad").get_by_role("textbox").fill(SAID)
    offline.until(f"async () => await ({NOTE})() === '{SAID}'")
    expect(form.question("Merknad").get_by_role("textbox")).to_be_focused()
    offline.page.reload()
    offline.page.wait_for_selector(READY)
    offline.unlock()
    holds(offline)


def test_the_last_words_before_a_lock_are_kept(offline: Tablet) -> None:
    form = begin(offline)
    form.question("Merknad").get_by_role("textbox").fill(SAID)
    offline.lock()
    offline.unlock()
    holds(offline)


def test_a_phone_call_hides_the_screen_and_keeps_the_last_words(offline: Tablet) -> None:
    form = begin(offline)
    form.question("Merknad").get_by_role("textbox").fill(SAID)
    offline.run("""() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(offline.page.get_by_role("heading", name="Fallsjekk")).to_be_hidden()
    offline.until(f"async () => await ({NOTE})() === '{SAID}'")
    offline.run("""() => {
      delete document.visibilityState;
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(offline.page.get_by_role("heading", name="Fallsjekk")).to_be_visible()


def test_five_minutes_without_a_touch_lock_the_screen_and_keep_the_draft(berit: Tablet) -> None:
    berit.page.clock.install()
    berit.open()
    berit.unlock()
    form = begin(berit)
    form.question("Merknad").get_by_role("textbox").fill(SAID)
    berit.page.clock.run_for(4 * 60_000)
    form.shown("Fallsjekk")
    berit.page.clock.run_for(70_000)
    berit.sees_heading("Låst")
    expect(berit.page.locator("body")).not_to_contain_text("Astrid Lunde")
    assert berit.run("async () => (await import('/sw/vault.js')).isOpen()") is False
    berit.unlock()
    holds(berit)


def test_one_draft_for_one_person_and_package_however_often_it_is_begun(offline: Tablet) -> None:
    begin(offline).drafted()
    round_ = Round(offline.page).home()
    round_.visit("Astrid Lunde")
    offline.page.get_by_role("link", name="Fortsett").first.click()
    expect(CheckForm(offline.page).shown("Fallsjekk").question("Falt siste 12 måneder?").get_by_label("Ja")).to_be_checked()
    assert offline.run("async () => (await (await import('/sw/records.js')).holds()).drafts") == 1


def test_a_form_that_was_opened_and_left_is_not_listed_and_does_not_say_that_it_is_saved(offline: Tablet) -> None:
    form = Round(offline.page).visit("Astrid Lunde").start("Fallsjekk")
    expect(form.area).not_to_contain_text("Utkast lagret")
    round_ = Round(offline.page).home()
    expect(offline.page.get_by_role("region", name="Påbegynt")).to_have_count(0)
    expect(round_.sent().group("Utkast, ikke lagret")).to_have_count(0)
    expect(begin(Tablet(offline.context, offline.url, round_.home().page)).area).to_contain_text("Utkast lagret")
    expect(Round(offline.page).home().sent().group("Utkast, ikke lagret")).to_have_count(1)


def test_a_battery_that_dies_while_typing_and_seconds_after_enrolment_loses_nothing(
    playwright: Playwright, live: Live, tmp_path: Path
) -> None:
    device = Profile(playwright, tmp_path / "profile", live.url, PHONE)
    try:
        berit = device.start()
        berit.enrol(BERIT)
        berit.sees_heading("Min runde")
        live.stop()
        form = begin(berit)
        form.question("Merknad").get_by_role("textbox").fill(SAID)
        berit.until(f"async () => await ({NOTE})() === '{SAID}'")
        address = berit.page.url.removeprefix(live.url)
        device.kill()

        berit = device.start()
        berit.open(address)
        berit.unlock()
        holds(berit)
        assert device.wrong() == []
    finally:
        device.close()


def test_every_address_opens_reloads_and_goes_back_and_forward_without_a_server(offline: Tablet) -> None:
    page = offline.page
    Round(page).visit("Astrid Lunde")
    person = page.url.removeprefix(offline.url)
    begin_at = page.url
    CheckForm(page).area.get_by_text("Andre sjekker", exact=True).click()
    page.get_by_role("button", name="Start Katetersjekk").click()
    CheckForm(page).shown("Katetersjekk")
    check = page.url.removeprefix(offline.url)
    page.go_back()
    expect(page).to_have_url(begin_at)
    expect(page.get_by_role("heading", name="Siste resultater")).to_be_visible()
    page.go_forward()
    CheckForm(page).shown("Katetersjekk")
    for address, heading in ((person, "Siste resultater"), (check, "Katetersjekk"), ("/round/sent", "Sendt og ikke sendt"),
                             ("/round/event", "Ny hendelse"), ("/round/device", "Denne enheten"), ("/round/nowhere", "Låst")):
        offline.open(address)
        offline.sees_heading("Låst")
        if heading != "Låst":
            offline.unlock()
            offline.sees_heading(heading)
    page.go_back()
    page.wait_for_selector(READY)
    offline.sees_heading("Låst")


@pytest.fixture
def lost_worker(berit: Tablet) -> Iterator[Tablet]:
    cdp = berit.context.new_cdp_session(berit.page)
    cdp.send("ServiceWorker.enable")
    cdp.send("ServiceWorker.stopAllWorkers")
    yield berit
    cdp.detach()


def test_a_worker_that_the_browser_stopped_starts_again_without_a_server(lost_worker: Tablet, live: Live) -> None:
    live.stop()
    lost_worker.open()
    lost_worker.unlock()
    lost_worker.sees_heading("Min runde")
