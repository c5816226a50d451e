"""A browser writes cookies to its disk up to half a minute late. One that died before that is still the device it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.pages.bedside import CheckForm, Round
from tests.browser.pages.health import Health
from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT, SOLVEIG
from tests.web.sync.reading import all_of, change
from webapp.models import CheckRecord, Device, User, utc_now
from webapp.sync.device_changes import revoke

NEW_PIN = "918273"
READABLE = "async () => (await (await import('/sw/store.js')).all('vaults')).length"


@pytest.fixture
def profile(playwright: Playwright, live: Live, tmp_path: Path) -> Iterator[Profile]:
    device = Profile(playwright, tmp_path / "profile", live.url, PHONE)
    yield device
    device.close()


def log_out(berit: Tablet) -> None:
    Health(berit.page).open_from_sent()
    berit.page.get_by_text("Logg ut av denne enheten").click()
    berit.page.get_by_role("button", name="Logg ut").click()
    berit.sees_heading("Låst")


def died_without_its_cookie(profile: Profile) -> Tablet:
    """Enrolled, an unsent check and a draft, and the battery was flat before the browser had written its cookies."""
    berit = profile.start()
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei").drafted()
    profile.kill()
    berit = profile.start()
    berit.context.clear_cookies()  # for a browser that was quick to write them
    return berit


def test_a_nurse_who_logs_out_after_the_cookie_was_lost_gets_in_again_and_her_draft_is_there(profile: Profile, live: Live) -> None:
    # given
    berit = died_without_its_cookie(profile)
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    log_out(berit)
    # when she logs in again
    berit.log_in(BERIT)
    berit.set_pin(NEW_PIN)
    # then it is the same device, and what she had begun is there
    form = Round(berit.page).continue_draft("Astrid Lunde").shown("Fallsjekk")
    expect(form.question("Falt siste 12 måneder?").get_by_label("Nei")).to_be_checked()
    assert len(all_of(live.app, Device)) == 1
    # and what she saves arrives
    CheckForm(berit.page).choose("Ustø når du står eller går?", "Nei").choose("Bekymret for å falle?", "Nei").ready().save()
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    assert [one.author_id for one in all_of(live.app, CheckRecord)] == [BERIT.id]


def test_a_colleague_may_be_the_first_who_logs_in(profile: Profile, live: Live) -> None:
    amina = died_without_its_cookie(profile)
    amina.log_in(AMINA)
    amina.set_pin("284615")
    amina.sees_heading("Min runde")
    assert len(all_of(live.app, Device)) == 1


def test_a_device_that_was_reported_lost_meanwhile_is_wiped_when_somebody_logs_in(profile: Profile, live: Live) -> None:
    # given
    berit = died_without_its_cookie(profile)
    device = all_of(live.app, Device)[0].id
    change(live.app, lambda s: revoke(s, s.get_one(Device, device), s.get_one(User, SOLVEIG.id), "mistet", utc_now()))
    # when
    berit.log_in(BERIT)
    # then
    expect(berit.page.get_by_role("main")).to_contain_text("Denne enheten er sperret.")
    assert berit.run(READABLE) == 0


def test_a_server_that_does_not_know_the_device_says_so_and_nothing_is_deleted(profile: Profile, live: Live) -> None:
    # given: its papers are another server's
    berit = died_without_its_cookie(profile)
    (live.app.config["DATA_DIR"] / "keys.json").unlink()
    # when
    berit.log_in(BERIT)
    # then
    berit.sees_heading("Serveren kjenner ikke igjen denne enheten")
    assert berit.run(READABLE) == 1
    assert len(all_of(live.app, Device)) == 1


def test_an_app_that_does_not_come_down_at_the_first_log_in_is_said_and_trying_again_makes_no_second_device(
    profile: Profile, live: Live
) -> None:
    # given a line on which the app's files fail
    berit = profile.start()
    berit.context.route("**/shell.pack", lambda route: route.fulfill(status=503))
    berit.log_in(BERIT)
    berit.begin()
    # then
    berit.sees_heading("Ikke ferdig ennå")
    expect(berit.page.get_by_role("alert")).to_contain_text("appen er ikke kommet ned på den")
    # and it is said again, also after a reload
    berit.page.reload()
    berit.sees_heading("Ikke ferdig ennå")
    # when the line is good
    berit.context.unroute("**/shell.pack")
    berit.page.get_by_role("button", name="Prøv igjen").click()
    berit.set_pin()
    # then
    berit.sees_heading("Min runde")
    assert len(all_of(live.app, Device)) == 1
    Health(berit.page).open_from_sent().says("Kan åpnes uten nett", "Ja")


def test_a_device_without_its_worker_says_that_it_does_not_open_without_a_net(berit: Tablet) -> None:
    assert berit.run("async () => (await navigator.serviceWorker.getRegistration('/')).unregister()")
    Health(berit.page).open_from_sent().says("Kan åpnes uten nett", "Nei").says("Kan åpnes uten nett", "Last siden på nytt")
