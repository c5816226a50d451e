"""The board, the cross and the walk-rounds on screens of every size, on demo data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.fixtures.demo import PASSWORD, demo_app, demo_copy
from tests.fixtures.servers import Live
from tests.people import Actor


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str]]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with demo_app(demo_copy(folder), folder / "data") as app:
        server = Live(app)
        context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        log_in(page, server.url, Actor("solveig", "", "", "supervisor", ()), PASSWORD)
        yield page, server.url
        context.close()
        server.stop()


def test_the_board_fits_a_big_screen(desk: tuple[Page, str]) -> None:
    page, url = desk
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(url + "/leadership/board")
    expect(page.locator(".board-table tbody tr")).not_to_have_count(0)
    assert page.evaluate("() => document.documentElement.scrollHeight") <= 1080


PATHS = ["/leadership/board", "/leadership/board/links", "/leadership/cross", "/leadership/visits", "/leadership/visits/new"]


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_are_fit_for_everybody(desk: tuple[Page, str], path: str) -> None:
    page, url = desk
    page.goto(url + path)
    clean(findings(page, path, least=MOUSE))


def test_a_screen_without_a_log_in_shows_the_board_until_its_link_is_withdrawn(desk: tuple[Page, str], browser: Browser) -> None:
    page, url = desk
    page.goto(url + "/leadership/board")
    page.get_by_role("link", name="Tavle på en skjerm der ingen logger inn").click()
    page.get_by_label("Hvor henger skjermen?").fill("Vaktrommet")
    page.get_by_role("button", name="Lag lenke").click()
    clean(findings(page, "a new link", least=MOUSE))
    address = page.get_by_label("Åpne denne adressen på skjermen.").input_value()
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1920, "height": 1080})
    screen = context.new_page()
    screen.clock.install()
    screen.goto(address)
    assert screen.url == url + "/screen"
    expect(screen.locator(".board-table tbody tr")).not_to_have_count(0)
    assert screen.evaluate("() => document.documentElement.scrollHeight") <= 1080
    clean(findings(screen, "the screen", least=MOUSE))
    page.get_by_role("button", name="Trekk tilbake lenken for Vaktrommet").click()
    expect(page.get_by_role("status")).to_contain_text("Lenken er trukket tilbake.")
    screen.clock.fast_forward(21_000)
    expect(screen.get_by_role("main")).to_contain_text("Denne lenken til tavla virker ikke lenger.")
    expect(screen.locator(".board-table")).to_have_count(0)
    context.close()
