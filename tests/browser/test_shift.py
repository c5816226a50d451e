"""A shift without a network, end to end: the server as it is served, really stopped, and a browser that dies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser.pages.bedside import Round
from tests.browser.pages.findings import catheter_with_fever, fall_in_the_bathroom, new_heel_ulcer, serious_discrepancy
from tests.browser.pages.review import Desk
from tests.browser.profile import PHONE, TABLET, Profile
from tests.fixtures.town import Town
from tests.people import BERIT, SOLVEIG, ref

RECORDS = [
    ("Legemiddelsjekk", "Odd Brekke"), ("Fall", "Inger Tangen"), ("Hudsjekk", "Odd Brekke"), ("Hudsjekk", "Odd Brekke"),
    ("Katetersjekk", "Astrid Lunde"),
]


@pytest.fixture(params=[PHONE, TABLET], ids=["phone", "tablet"])
def device(request: pytest.FixtureRequest, playwright: Playwright, town: Town, tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(playwright, tmp_path / "profile", town.server.url, request.param)
    yield profile
    profile.close()


def test_a_whole_shift_without_a_server_survives_a_killed_browser_and_arrives_once(device: Profile, town: Town, browser: Browser) -> None:
    # given: Berit has enrolled the device, and then the server goes away
    berit = device.start()
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    town.server.stop()
    berit.lock()
    berit.unlock()
    berit.sees_heading("Min runde")
    round_ = Round(berit.page)

    # when: four checks with findings for three people, one corrected, one begun, and the battery dies at "Lagret"
    fever = catheter_with_fever(round_.visit("Astrid Lunde"))
    expect(fever.call()).to_contain_text("Ikke sendt. Ring.")
    ulcer = new_heel_ulcer(round_.home().visit("Odd Brekke"))
    ids = [fever.check_id, ulcer.check_id]
    longer = ulcer.correct().write("Hvorfor rettes sjekken?", "Målt på nytt").write("Lengde (mm)", "25").ready().save()
    round_.home().visit("Inger Tangen").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    fall = fall_in_the_bathroom(round_.home().start_fall("Inger Tangen"))
    last = serious_discrepancy(round_.home().visit("Odd Brekke"))
    device.kill()
    ids += [longer.check_id, fall.check_id, last.check_id]

    # then: the same profile has everything, and says where it is
    berit = device.start()
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    round_ = Round(berit.page)
    sent = round_.sent()
    expect(sent.left()).to_contain_text("5")
    expect(sent.group("Ikke sendt ennå")).to_have_text([re.compile(f"{what}.*{who}.*Lagret på denne enheten") for what, who in RECORDS])
    expect(sent.group("Utkast, ikke lagret")).to_have_text(re.compile("Fallsjekk.*Inger Tangen"))
    expect(round_.home().continue_draft("Inger Tangen").question("Falt siste 12 måneder?").get_by_label("Ja")).to_be_checked()
    assert town.checks() == []

    # when: the server is back
    town.server.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")

    # then: each has arrived once, and the device says so
    sent = round_.home().sent()
    expect(sent.left()).to_contain_text("0")
    expect(sent.group("Mottatt")).to_have_text([re.compile(f"{what}.*{who}.*Mottatt \\d\\d:\\d\\d") for what, who in RECORDS])
    device.is_known_again()
    arrived = town.checks()
    assert [str(one.id) for one in arrived] == sorted(ids)
    assert {one.author_name for one in arrived} == {"Berit Nygård"}
    assert [str(one.supersedes) for one in arrived if one.supersedes] == [ulcer.check_id]

    # when: the supervisor closes every flag
    desk = Desk(browser.new_page(), town.server.url).log_in(SOLVEIG)
    assert desk.flags().count() == len(town.open_flags())
    expect(desk.flags().filter(has_text="Feber, frostanfall eller flankesmerte")).to_have_count(1)
    desk.close_all()
    desk.page.close()

    # then: nothing is open on the server, nor on the device when it has asked
    assert town.open_flags() == []
    berit.lock()
    with berit.page.expect_response("**/sync/snapshot"):
        berit.unlock()
    berit.until(f"async () => (await import('/sw/records.js')).person('{ref('Astrid Lunde')}').flags.length === 0")
    expect(round_.home().visit("Astrid Lunde").flags()).to_have_count(0)
    assert device.wrong() == []
