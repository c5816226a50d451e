"""A learning network on demo data: made, joined with its code, and read by the units' leaders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.fixtures.demo import PASSWORD, demo_app, demo_copy
from tests.fixtures.servers import Live
from tests.people import Actor
from webapp import db
from webapp.measures import store
from webapp.models import MeasureFact

PAINTED = """(canvas) => { const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let n = 0; for (let at = 3; at < data.length; at += 4) n += data[at] > 0; return n; }"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with demo_app(demo_copy(folder), folder / "data") as app:
        with app.app_context():
            enough_to_be_shown()
        live = Live(app)
        yield live.url
        live.stop()


def enough_to_be_shown() -> None:
    """In the demo everybody is assessed, and 100 % is not shown: some of them are not, in every month, so many that it may be."""
    session = db.session()
    store.rebuild(session, datetime.now(UTC))
    order = (MeasureFact.period, MeasureFact.unit_id, MeasureFact.patient_id)
    query = select(MeasureFact).where(MeasureFact.measure == "F-P1").order_by(*order)
    for place, fact in enumerate(session.scalars(query)):
        fact.num = int((place * 7 + fact.period.month) % 5 < 3)
    session.commit()


def leader(browser: Browser, url: str, name: str) -> Page:
    page = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1440, "height": 900}).new_page()
    log_in(page, url, Actor(name, "", "", "supervisor", ()), PASSWORD)
    return page


def test_two_units_follow_the_same_measure_each_with_its_own_line(browser: Browser, server: str) -> None:
    solveig = leader(browser, server, "solveig")
    solveig.goto(server + "/network")
    solveig.get_by_role("link", name="Nytt læringsnettverk").click()
    solveig.get_by_label("Navn").fill("Trygge rom")
    solveig.locator("select[name=measure]").select_option("F-P1")
    solveig.get_by_role("button", name="Lagre").click()
    code = solveig.locator(".join-code").inner_text()
    network = re.sub(r"\?.*", "", solveig.url)
    for page in (solveig, leader(browser, server, "hans")):
        page.goto(server + "/network/joining")
        page.get_by_label("Kode").fill(code)
        page.get_by_role("button", name="Se hva som deles").click()
        expect(page.get_by_role("heading", name="Dette deles aldri")).to_be_visible()
        clean(findings(page, "joining", least=MOUSE))
        page.get_by_role("button", name="Bli med og del dette").click()
        expect(page).to_have_url(network)
    hans = page
    hans.reload()
    expect(hans.locator(".multiples > .chart canvas")).to_have_count(2)
    if folder := os.environ.get("SHOTS"):
        pictures(hans, folder)
    expect(hans.locator(".multiples > .chart")).to_have_count(2)
    expect(hans.locator(".funnel-card tbody tr")).to_have_count(2)
    expect(hans.locator(".funnel-card svg .point")).to_have_count(2)
    expect(hans.get_by_text("Månedene som ikke vises")).to_be_visible()
    for chart in hans.locator(".multiples > .chart").all():
        assert chart.locator("tbody tr").count() >= 10
        assert chart.locator("canvas").evaluate(PAINTED) > 500, "drawn, not only there"
    for value in hans.locator(".funnel-card tbody tr td:nth-child(2)").all_inner_texts():
        assert int(value) >= 5
    hans.goto(network + "/posts")
    hans.locator("[name=title]").fill("Vi prøvde nattlys")
    hans.get_by_label("Hva dere gjorde og lærte").fill("Alle la merke til lyset.")
    hans.get_by_role("button", name="Lagre").click()
    expect(hans.get_by_role("heading", name="Vi prøvde nattlys")).to_be_visible()
    hans.goto(server + "/network")
    clean(findings(hans, "list", least=MOUSE))
    for path in ("", "/posts"):
        hans.goto(network + path)
        clean(findings(hans, path, least=MOUSE))
    for path in ("/teams", ""):
        solveig.goto(network + path)
        clean(findings(solveig, path, least=MOUSE))


def pictures(page: Page, folder: str) -> None:
    """To be looked at."""
    for name, width, dark in (("phone", 390, False), ("desktop", 1440, False), ("dark", 1440, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.screenshot(path=f"{folder}/network-{name}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
