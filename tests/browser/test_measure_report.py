"""The month on paper, and the page of tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.fixtures.demo import PASSWORD
from tests.fixtures.servers import Live
from tests.pdf import Pdf
from tests.web.measured import SOLVEIG, measured, unit


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with measured(tmp_path_factory.mktemp("report")) as app:
        server = Live(app)
        yield server
        server.stop()


@pytest.fixture
def page(browser: Browser, municipality: Live) -> Iterator[Page]:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    log_in(page, municipality.url, SOLVEIG, PASSWORD)
    yield page
    context.close()


def test_the_month_prints_on_few_pages_with_verdicts_charts_and_definitions(page: Page, municipality: Live) -> None:
    page.goto(f"{municipality.url}/measures?unit={unit(municipality.app)}")
    page.get_by_role("link", name="Månedsrapport").click()
    expect(page.get_by_role("heading", name="Hva er nytt")).to_be_visible()
    clean(findings(page, "report", least=MOUSE))
    page.emulate_media(media="print")
    pdf = Pdf(page.pdf(format="A4", prefer_css_page_size=True))
    words = [pdf.text(n) for n in range(len(pdf.pages))]
    assert 2 <= len(words) <= 6
    for said in ("Månedsrapport", "Hva er nytt", "Åpne varsler nå:", "Andel vurdert for fallrisiko", "Dekning"):
        assert said in " ".join(words[:-1]), said
    assert "Slik måles det" in " ".join(words)
    assert "F-P1 Andel vurdert for fallrisiko (" in " ".join(words)
    assert "Nytt" not in words[0].split("Månedsrapport")[0], "no menu on paper"


def test_a_token_is_made_shown_once_and_taken_back(page: Page, municipality: Live) -> None:
    page.goto(f"{municipality.url}/measures?unit={unit(municipality.app)}")
    page.get_by_role("link", name="Nøkler for tall").click()
    page.get_by_label("Hva den skal brukes til").fill("Kommunens styringskort")
    page.get_by_role("button", name="Lag nøkkelen").click()
    expect(page.locator("code.token")).to_contain_text("trm_")
    clean(findings(page, "tokens", least=MOUSE))
    page.get_by_role("button", name="Trekk tilbake").click()
    expect(page.get_by_text("Trukket tilbake")).to_be_visible()
    expect(page.locator("code.token")).to_have_count(0)
