"""By keyboard alone, and by ear: the focus is seen and never lost, and what changes is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.bedside import CheckForm, Round
from tests.browser.tablet import Tablet

WHERE = "() => document.activeElement === document.body ? '' : document.activeElement.closest('fieldset,section,[role=group],main')?.id"
SEEN = """() => {
  const it = document.activeElement;
  const shown = it.matches('.chip input') ? it.nextElementSibling : it;
  const style = getComputedStyle(shown);
  return it === document.body || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture
def skin(berit: Tablet) -> CheckForm:
    return Round(berit.page).visit("Astrid Lunde").start("Hudsjekk")


def focused(page: Page) -> str:
    """The id of what the focus stands in; empty when it is lost."""
    return str(page.evaluate(WHERE))


def test_the_first_stop_skips_to_the_content(berit: Tablet) -> None:
    skip = berit.page.get_by_role("link", name="Hopp til innholdet")
    skip.focus()
    expect(skip).to_be_in_viewport()
    berit.page.keyboard.press("Enter")
    expect(berit.page.get_by_role("main")).to_be_focused()
    berit.sees_heading("Min runde")


def test_every_stop_shows_where_the_focus_is(skin: CheckForm) -> None:
    unseen = []
    for _ in range(30):
        skin.page.keyboard.press("Tab")
        if not skin.page.evaluate(SEEN):
            unseen.append(skin.page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)"))
    assert unseen == []


def test_arrows_choose_an_answer_and_the_focus_stays_on_it(skin: CheckForm) -> None:
    skin.question("Har trykksår nå?").get_by_label("Ja", exact=True).focus()
    skin.page.keyboard.press("ArrowRight")
    expect(skin.question("Har trykksår nå?").get_by_label("Nei", exact=True)).to_be_checked()
    expect(skin.page.locator(".savebar")).to_contain_text("Utkast lagret")
    expect(skin.question("Har trykksår nå?").get_by_label("Nei", exact=True)).to_be_focused()


def test_a_removed_card_leaves_the_focus_in_its_list(skin: CheckForm) -> None:
    skin.choose("Har trykksår nå?", "Ja").add_card("Legg til: Funn")
    remove = skin.page.get_by_role("button", name="Fjern")
    remove.focus()
    skin.page.keyboard.press("Enter")
    expect(remove).to_have_count(0)
    expect(skin.page.locator("#q-finding")).to_be_focused()


def test_a_refused_save_moves_to_what_is_wrong_and_from_there_to_the_question(skin: CheckForm) -> None:
    skin.page.get_by_role("button", name="Lagre").focus()
    skin.page.keyboard.press("Enter")
    expect(skin.page.locator("#problems")).to_be_focused()
    skin.page.keyboard.press("Tab")
    skin.page.keyboard.press("Enter")
    skin.page.keyboard.press("Tab")
    assert focused(skin.page) == "q-pu_now"


def test_a_flag_that_the_answers_raise_is_said(berit: Tablet) -> None:
    form = Round(berit.page).start_fall("Astrid Lunde")
    said = form.page.locator("#said")
    expect(said).to_have_text("")
    form.choose("Skade", "Liten").choose("Slag mot hodet?", "Ja").choose("Blodfortynnende (også platehemmer)?", "Ja")
    expect(said).to_contain_text("Nå: Slag mot hodet")
    expect(said).to_have_attribute("role", "status")


def test_what_is_left_to_answer_is_said(skin: CheckForm) -> None:
    status = skin.page.locator(".savebar").get_by_role("status")
    expect(status).to_have_text("3 svar mangler")
    skin.choose("Har trykksår nå?", "Nei")
    expect(status).to_have_text("2 svar mangler")


def test_escape_folds_what_was_unfolded(berit: Tablet) -> None:
    Round(berit.page).visit("Astrid Lunde")
    others = berit.page.locator("summary").filter(has_text="Andre sjekker")
    others.focus()
    berit.page.keyboard.press("Enter")
    first = berit.page.get_by_role("button", name=re.compile("^Start")).first
    expect(first).to_be_visible()
    first.focus()
    berit.page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(others).to_be_focused()
