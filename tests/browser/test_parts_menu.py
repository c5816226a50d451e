"""The menu of the pages under "Målinger": one line, in every language, by keyboard and without a script."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings, resize
from tests.browser.pages.login import log_in
from tests.fixtures.servers import Live
from tests.people import SOLVEIG

LINES = """() => new Set([...document.querySelectorAll(".parts > ul > li, .parts > details")]
    .map(it => Math.round(it.getBoundingClientRect().top))).size"""
HIDDEN = """() => { const list = document.querySelector(".parts > ul"); return list.scrollWidth - list.clientWidth; }"""


@pytest.mark.parametrize(("lang", "name"), [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")])
def test_it_is_one_line_of_which_a_desktop_shows_all(browser: Browser, live: Live, lang: str, name: str) -> None:
    page = browser.new_context(locale="nb-NO").new_page()
    log_in(page, live.url, SOLVEIG)
    page.goto(live.url + "/account")
    page.get_by_label(name).check()
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("html")).to_have_attribute("lang", lang)
    page.goto(live.url + "/network")
    for width in (390, 820, 1000, 1280, 1440):
        resize(page, (width, 800))
        assert page.evaluate(LINES) == 1, width
        assert width < 1280 or page.evaluate(HIDDEN) <= 0, width
    if lang == "nb":
        page.get_by_text("Mer", exact=True).click()
        clean(findings(page, "menu", least=MOUSE))
        pictures(page)


def test_what_is_seldom_used_is_unfolded_by_keyboard_and_without_a_script(browser: Browser, live: Live) -> None:
    page = browser.new_context(locale="nb-NO", java_script_enabled=False).new_page()
    log_in(page, live.url, SOLVEIG)
    page.goto(live.url + "/network")
    visits = page.get_by_role("link", name="Visitter")
    expect(visits).to_be_hidden()
    page.get_by_role("link", name="Læringsnettverk", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(visits).to_be_visible()
    page.keyboard.press("Tab")
    expect(visits).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(live.url + "/leadership/visits")
    expect(page.get_by_text("Mer", exact=True)).to_have_css("border-bottom-color", "rgb(0, 98, 186)")


def pictures(page: Page) -> None:
    """To be looked at."""
    if folder := os.environ.get("SHOTS"):
        for width in (390, 820, 1280):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                resize(page, (width, 500))
                page.screenshot(path=f"{folder}/menu-{width}-{scheme}.png")
