"""A file shared with a post, by keyboard: chosen, refused when it is too large before it is sent, fetched by another unit, taken away."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.fixtures.servers import Live
from tests.fixtures.shared_files import PDF, photo
from tests.people import HANS, PASSWORD, SOLVEIG, Actor


def leader(browser: Browser, url: str, who: Actor) -> Page:
    page = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1280, "height": 900}).new_page()
    log_in(page, url, who, PASSWORD)
    return page


def together(server: str, solveig: Page, hans: Page) -> str:
    """A network with both their units in it; its address."""
    solveig.goto(server + "/network/new")
    solveig.get_by_label("Navn").fill("Trygge rom")
    solveig.get_by_role("button", name="Lagre").click()
    code = solveig.locator(".join-code").inner_text()
    hans.goto(server + "/network/joining")
    hans.get_by_label("Kode").fill(code)
    hans.get_by_role("button", name="Se hva som deles").click()
    hans.get_by_role("button", name="Bli med og del dette").click()
    expect(hans.get_by_role("heading", name="Delt av enhetene")).to_be_visible()
    return re.sub(r"\?.*", "", hans.url)


def test_a_file_is_shared_fetched_by_another_unit_and_taken_away(browser: Browser, live: Live, tmp_path: Path) -> None:
    solveig, hans = leader(browser, live.url, SOLVEIG), leader(browser, live.url, HANS)
    network = together(live.url, solveig, hans)
    large, plan, board = tmp_path / "film.pdf", tmp_path / "Plan for nattlys.pdf", tmp_path / "tavle.jpg"
    for path, data in ((large, PDF + bytes(6_000_000)), (plan, PDF), (board, photo())):
        path.write_bytes(data)
    hans.goto(network + "/posts")
    hans.get_by_label("Navn (må fylles ut)").fill("Vi prøvde nattlys")
    hans.get_by_label("Hva dere gjorde og lærte").fill("Alle la merke til lyset.")
    files = hans.get_by_label("Filer (opptil 5)")
    files.set_input_files(large)
    hans.get_by_role("button", name="Lagre").press("Enter")
    assert files.evaluate("it => it.validationMessage") == "En fil er større enn 5 MB. Velg en mindre fil."
    expect(hans).to_have_url(network + "/posts")
    files.set_input_files([plan, board])
    clean(findings(hans, "form", least=MOUSE))
    shot(hans, "form")
    hans.get_by_role("button", name="Lagre").press("Enter")
    expect(hans.get_by_role("link", name="Plan for nattlys.pdf")).to_be_visible()

    solveig.goto(network)
    link = solveig.get_by_role("link", name="Plan for nattlys.pdf")
    with solveig.expect_download() as fetched:
        link.press("Enter")
    assert fetched.value.suggested_filename == "Plan for nattlys.pdf"
    assert fetched.value.path().read_bytes() == PDF
    clean(findings(solveig, "network", least=MOUSE))
    shot(solveig, "posts")

    hans.get_by_role("link", name="Endre: Vi prøvde nattlys").press("Enter")
    clean(findings(hans, "edit", least=MOUSE))
    shot(hans, "edit")
    hans.get_by_role("button", name="Ta bort fila: Plan for nattlys.pdf").press("Enter")
    expect(hans.get_by_role("status")).to_have_text("Tatt bort.")
    expect(hans.get_by_text("En fil er tatt bort av Hans")).to_be_visible()
    expect(hans.get_by_role("list", name="Filer").get_by_role("link")).to_have_text(["tavle.jpg"])


def shot(page: Page, name: str) -> None:
    """To be looked at."""
    if folder := os.environ.get("SHOTS"):
        for width, dark in ((390, False), (1280, False), (1280, True)):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.screenshot(path=f"{folder}/files-{name}-{width}{'-dark' if dark else ''}.png", full_page=True)
