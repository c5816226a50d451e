"""What a colleague did shows on an open page when the news arrive: nothing is loaded again, nothing that was opened closes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.people import AMINA

FETCH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
HOME = "async () => (await (await import('/sw/sealed.js')).waiting()).length === 0"


def a_colleague_finds_a_fall(new_tablet: Callable[[], Tablet]) -> None:
    other = new_tablet()
    other.enrol(AMINA)
    other.sees_heading("Min runde")
    Round(other.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    other.until(HOME)


def test_a_colleagues_check_shows_on_the_open_page_of_the_person(berit: Tablet, new_tablet: Callable[[], Tablet]) -> None:
    # given
    Round(berit.page).visit("Astrid Lunde")
    berit.page.get_by_text("Andre sjekker").click()
    other_checks = berit.page.locator("details[open]")
    expect(other_checks).to_have_count(1)
    last = berit.page.get_by_role("region", name="Siste resultater")
    expect(last.get_by_role("article", name="Fall")).not_to_contain_text("Amina Warsame")
    berit.run("() => { window.here = true; }")
    # when
    a_colleague_finds_a_fall(new_tablet)
    berit.run(FETCH)
    # then
    expect(last.get_by_role("article", name="Fall")).to_contain_text("Amina Warsame · ikke gjort")
    expect(other_checks).to_have_count(1)
    assert berit.run("() => window.here") is True


def test_a_colleagues_check_shows_on_the_open_round(berit: Tablet, new_tablet: Callable[[], Tablet]) -> None:
    done = berit.page.get_by_text("sjekker gjort").first
    before = done.inner_text()
    a_colleague_finds_a_fall(new_tablet)
    berit.run(FETCH)
    expect(done).not_to_have_text(before)
