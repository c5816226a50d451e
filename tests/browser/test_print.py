"""On paper: black on white whatever the screen's theme, who it is about on top, everything unfolded, no buttons."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet

NOT_BLACK = """() => [...document.querySelectorAll('main *')].filter(it => it.checkVisibility() && it.textContent.trim())
  .filter(it => getComputedStyle(it).color !== 'rgb(0, 0, 0)' || getComputedStyle(it).backgroundColor !== 'rgba(0, 0, 0, 0)')
  .map(it => it.outerHTML.slice(0, 80))"""


@pytest.fixture
def paper(berit: Tablet) -> Page:
    """A finished check, as the printer is given it on a tablet in the dark theme."""
    Round(berit.page).visit("Astrid Lunde").start("Hudsjekk").not_done("Ønsker ikke")
    berit.page.emulate_media(media="print", color_scheme="dark")
    return berit.page


def test_a_check_is_black_on_white_with_the_person_on_top(paper: Page) -> None:
    assert paper.evaluate(NOT_BLACK) == []
    assert paper.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(paper.locator(".idbar")).to_contain_text("Astrid Lunde")
    expect(paper.get_by_text("Berit Nygård, sykepleier.")).to_be_visible()


def test_nothing_to_press_is_printed(paper: Page) -> None:
    assert paper.evaluate("() => [...document.querySelectorAll('button,nav,.skip')].filter(it => it.checkVisibility()).length") == 0


def test_what_is_folded_on_the_screen_is_printed(paper: Page) -> None:
    paper.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = false; }")
    expect(paper.get_by_text("Anledning", exact=True)).to_be_visible()


def test_a_check_fits_a_page_of_a4(paper: Page) -> None:
    assert paper.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
