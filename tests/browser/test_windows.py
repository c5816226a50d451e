"""One live window on a device: a second says so, and may take over."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.pages.bedside import CheckForm, Round
from tests.browser.tablet import READY, Tablet


def second_window(first: Tablet) -> Tablet:
    other = Tablet(first.context, first.url)
    other.open()
    other.sees_heading("Åpen i et annet vindu")
    return other


def test_a_second_window_says_so_and_the_first_goes_on(berit: Tablet) -> None:
    form = Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei")
    other = second_window(berit)
    expect(other.page.locator("body")).not_to_contain_text("Astrid Lunde")
    form.choose("Ustø når du står eller går?", "Nei").choose("Bekymret for å falle?", "Nei")
    form.ready().save()


def test_taking_over_locks_the_first_window_and_loses_nothing(berit: Tablet) -> None:
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei").drafted()
    other = second_window(berit)
    other.page.get_by_role("button", name="Ta over her").click()
    other.sees_heading("Låst")
    berit.sees_heading("Åpen i et annet vindu")
    expect(berit.page.locator("body")).not_to_contain_text("Astrid Lunde")
    other.unlock()
    form = Round(other.page).continue_draft("Astrid Lunde")
    expect(form.question("Falt siste 12 måneder?").get_by_label("Nei")).to_be_checked()
    form.choose("Ustø når du står eller går?", "Nei").choose("Bekymret for å falle?", "Nei").ready().save()
    assert berit.run("async () => (await import('/sw/vault.js')).isOpen()") is False


def test_the_first_window_may_take_back(berit: Tablet) -> None:
    other = second_window(berit)
    other.page.get_by_role("button", name="Ta over her").click()
    other.sees_heading("Låst")
    berit.page.get_by_role("button", name="Ta over her").click()
    berit.sees_heading("Låst")
    other.sees_heading("Åpen i et annet vindu")
    berit.unlock()
    berit.sees_heading("Min runde")


def test_when_the_live_window_is_closed_the_other_takes_over_with_one_tap(berit: Tablet) -> None:
    other = second_window(berit)
    berit.page.close()
    other.page.get_by_role("button", name="Ta over her").click()
    other.unlock()
    other.sees_heading("Min runde")
    other.page.reload()
    other.page.wait_for_selector(READY)
    other.sees_heading("Låst")
    assert CheckForm(other.page).page.get_by_text("Astrid Lunde").count() == 0
