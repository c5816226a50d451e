"""Measures on screen: charts that are drawn, numbers beside them, choices by keyboard, paper."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.conftest import PATIENCE
from tests.fixtures.demo import PASSWORD
from tests.fixtures.servers import Live
from tests.pdf import Pdf
from tests.web.measured import SOLVEIG, client, measured, unit
from tests.web.test_improvement import made, part

INK = """canvas => { const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0; for (let at = 3; at < data.length; at += 4) sum = (sum * 31 + data[at] + data[at - 1]) % 1000003; return sum; }"""
BLANK = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.every(one => one === 0)"


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with measured(tmp_path_factory.mktemp("measures")) as app:
        server = Live(app)
        yield server
        server.stop()


@pytest.fixture
def page(browser: Browser, municipality: Live) -> Iterator[Page]:
    """Solveig, logged in, on her PC."""
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, municipality.url, SOLVEIG, PASSWORD)
    yield page
    context.close()


def one(page: Page, live: Live, measure: str, more: str = "") -> None:
    page.goto(f"{live.url}/measures/one?unit={unit(live.app)}&m={measure}{more}")


def drawn(page: Page) -> None:
    """Every chart has ink."""
    expect(page.locator("canvas[data-measure]").first).to_have_attribute("style", re.compile("block"))
    canvases = page.locator("canvas[data-measure]")
    assert [n for n in range(canvases.count()) if canvases.nth(n).evaluate(BLANK)] == []


def test_from_the_menu_to_charts_that_are_drawn(page: Page) -> None:
    page.get_by_role("link", name="Målinger").click()
    expect(page.get_by_role("heading", name="Blir vi bedre?")).to_be_visible()
    drawn(page)


def test_another_subgroup_is_another_picture_and_another_table(page: Page, municipality: Live) -> None:
    one(page, municipality, "F-R1")
    drawn(page)
    canvas = page.locator("#_one canvas").first
    before, rows = canvas.evaluate(INK), page.locator("#_one tbody").first.locator("tr").count()
    page.get_by_role("navigation", name="Per").get_by_role("link", name="Uke").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Per").get_by_role("link", name="Uke")).to_have_attribute("aria-current", "true")
    drawn(page)
    assert page.locator("#_one canvas").first.evaluate(INK) != before
    assert page.locator("#_one tbody").first.locator("tr").count() > rows
    assert "by=week" in page.url
    expect(page.get_by_role("link", name="Tall (CSV)")).to_have_attribute("href", re.compile("by=week"))
    expect(page.locator("form[action*='/decisions?']").last).to_have_attribute("action", re.compile("by=week"))


def test_a_picture_that_is_taken_along_has_the_verdict_and_the_coverage_above_the_chart(page: Page, municipality: Live) -> None:
    one(page, municipality, "F-R1")
    drawn(page)
    told = page.locator("[data-picture]").get_attribute("data-told") or ""
    assert told.startswith("Fall per 1000 tjenestedøgn, Fjordsida (per 1000 døgn)\n")
    assert page.locator(".verdict").first.inner_text().removeprefix("Stabilt: ") in told
    assert "Dekning" in told
    with page.expect_download() as download:
        page.get_by_role("button", name="Bilde (PNG)").click()
    wide, high = struct.unpack(">II", download.value.path().read_bytes()[16:24])
    canvas = page.locator("#_one canvas").first.evaluate("canvas => [canvas.width, canvas.height]")
    assert (wide, high > canvas[1] + 60) == (canvas[0], True)


def test_a_control_chart_adds_its_limits_to_picture_and_table(page: Page, municipality: Live) -> None:
    one(page, municipality, "F-R1")
    drawn(page)
    before = page.locator("#_one canvas").first.evaluate(INK)
    page.get_by_role("link", name="U-diagram", exact=True).click()
    expect(page.get_by_role("columnheader", name="Kontrollgrenser")).to_be_visible()
    drawn(page)
    assert page.locator("#_one canvas").first.evaluate(INK) != before


@pytest.mark.parametrize("measure", ["F-P1", "K-R1", "K-R2", "L-B1", "S-P2"])
def test_everybody_can_use_it(page: Page, municipality: Live, measure: str) -> None:
    one(page, municipality, measure, "&by=quarter")
    clean(findings(page, measure, least=MOUSE))


def test_a_point_leads_to_its_people_by_mouse_and_by_keyboard(page: Page, municipality: Live) -> None:
    one(page, municipality, "F-P1")
    drawn(page)
    link = page.locator("#_one tbody").first.get_by_role("link").nth(1)
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Måned {name}")).to_be_visible()
    expect(page.get_by_role("heading", name="Hva som kan gjøre tallet bedre")).to_be_visible()
    clean(findings(page, "point", least=MOUSE))
    one(page, municipality, "F-P1")
    drawn(page)
    box = page.locator("#_one canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name="Hva som kan gjøre tallet bedre")).to_be_visible()


def test_a_note_is_a_line_in_the_chart_and_can_be_taken_back(page: Page, municipality: Live) -> None:
    one(page, municipality, "T-P2")
    drawn(page)
    before = page.locator("#_one canvas").first.evaluate(INK)
    page.locator("summary", has_text="Bestem noe om diagrammet").click()
    page.locator("select[name=kind]").select_option("note")
    page.locator("select[name=period]").select_option(index=3)
    page.locator("input[name=reason]").last.fill("Nye madrasser i bruk")
    page.get_by_role("button", name="Lagre bestemmelsen").click()
    expect(page.get_by_role("list", name="Merker i diagrammet")).to_contain_text("Nye madrasser i bruk")
    drawn(page)
    assert page.locator("#_one canvas").first.evaluate(INK) != before
    clean(findings(page, "decided", least=MOUSE))
    page.locator("summary", has_text="Opphev").click()
    page.locator("input[name=reason]").first.fill("Feil måned")
    page.get_by_role("button", name="Opphev bestemmelsen").click()
    expect(page.get_by_role("list", name="Merker i diagrammet")).to_have_count(0)
    expect(page.get_by_text("Opphevet en bestemmelse")).to_be_visible()


def test_the_day_a_change_began_is_a_line_in_the_chart_that_leads_to_the_work(page: Page, municipality: Live) -> None:
    one(page, municipality, "K-P2")
    drawn(page)
    before = page.locator("#_one canvas").first.evaluate(INK)
    solveig, began = client(municipality.app, SOLVEIG), (date.today() - timedelta(days=120)).isoformat()
    project = made(solveig, "/improvement/new", {"title": "Kortere tid med kateter", "state": "active", "unit": unit(municipality.app)})
    part(solveig, project, "aim", text="Behov vurdert ved hvert besøk", measure="K-P2")
    part(solveig, project, "cycle", title="Spørsmål på tavla", start=began)
    one(page, municipality, "K-P2")
    drawn(page)
    assert page.locator("#_one canvas").first.evaluate(INK) != before
    clean(findings(page, "marked", least=MOUSE))
    page.get_by_role("list", name="Merker i diagrammet").get_by_role("link", name="PDSA-runde: Spørsmål på tavla").click()
    expect(page.get_by_role("heading", name="Kortere tid med kateter")).to_be_visible()


def test_a_change_between_two_events_is_a_line_between_them_and_an_event_leads_to_whom_it_is_about(page: Page, municipality: Live) -> None:
    one(page, municipality, "T-R1")
    drawn(page)
    before = page.locator("#_one canvas").first.evaluate(INK)
    newest, other = (date(*map(int, reversed(text.split(".")))) for text in page.locator("#_one tbody th").all_inner_texts()[:2])
    solveig, began = client(municipality.app, SOLVEIG), (newest - (newest - other) // 2).isoformat()
    project = made(solveig, "/improvement/new", {"title": "Færre trykksår", "state": "active", "unit": unit(municipality.app)})
    part(solveig, project, "aim", text="Lengre tid mellom sår", measure="T-R1")
    part(solveig, project, "cycle", title="Nye puter", start=began)
    one(page, municipality, "T-R1")
    drawn(page)
    assert page.locator("#_one canvas").first.evaluate(INK) != before
    expect(page.get_by_role("list", name="Merker i diagrammet")).to_contain_text("PDSA-runde: Nye puter")
    page.locator("#_one tbody").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Hvem det gjelder (1)")).to_be_visible()
    clean(findings(page, "event", least=MOUSE))


def test_the_chart_is_saved_as_a_picture(page: Page, municipality: Live) -> None:
    one(page, municipality, "F-R1")
    drawn(page)
    with page.expect_download() as got:
        page.get_by_role("button", name="Bilde (PNG)").click()
    assert got.value.suggested_filename == "F-R1.png"
    assert got.value.path().read_bytes().startswith(b"\x89PNG")


def test_on_paper_it_has_the_verdict_the_numbers_and_the_definition(page: Page, municipality: Live) -> None:
    one(page, municipality, "F-P1")
    drawn(page)
    page.emulate_media(media="print")
    pdf = Pdf(page.pdf(format="A4"))
    words = " ".join(pdf.text(n) for n in range(len(pdf.pages)))
    assert len(pdf.pages) <= 3
    assert "Andel vurdert for fallrisiko" in words
    assert "Slik måles det" in words
    assert "12 måneder" not in words
    assert page.locator("#_one canvas").first.is_visible()
