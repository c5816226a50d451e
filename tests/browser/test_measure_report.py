"""The month and the year on paper, and the page of tokens."""

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
    assert 2 <= len(words) <= 1 + -(-page.locator(".reported").count() // 4), "four measures or more a page"
    for said in ("Månedsrapport", "Hva er nytt", "Åpne varsler nå:", "Andel vurdert for fallrisiko", "Dekning"):
        assert said in " ".join(words[:-1]), said
    assert "Slik måles det" in " ".join(words)
    assert "F-P1 Andel vurdert for fallrisiko (" in " ".join(words)
    assert "Nytt" not in words[0].split("Månedsrapport")[0], "no menu on paper"


def test_a_token_is_made_shown_once_and_taken_back(page: Page, municipality: Live) -> None:
    page.goto(f"{municipality.url}/measures?unit={unit(municipality.app)}")
    page.get_by_text("Mer", exact=True).click()
    page.get_by_role("link", name="Nøkler for tall").click()
    page.get_by_label("Hva den skal brukes til").fill("Kommunens styringskort")
    page.get_by_role("button", name="Lag nøkkelen").click()
    expect(page.locator("code.token")).to_contain_text("trm_")
    clean(findings(page, "tokens", least=MOUSE))
    page.get_by_role("button", name="Trekk tilbake").click()
    expect(page.get_by_text("Trukket tilbake")).to_be_visible()
    expect(page.locator("code.token")).to_have_count(0)


@pytest.fixture
def year(page: Page, municipality: Live) -> Page:
    """The yearly review, from where the report is linked too."""
    page.goto(f"{municipality.url}/measures?unit={unit(municipality.app)}")
    page.get_by_role("link", name="Årlig gjennomgang").click()
    expect(page.get_by_role("heading", name="Planlegge (§ 6)")).to_be_visible()
    return page


def test_the_year_is_fit_for_everybody_with_everything_unfolded(year: Page) -> None:
    year.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    clean(findings(year, "yearly", least=MOUSE))


def test_a_leader_writes_the_part_that_is_missing_and_then_a_newer_version(year: Page) -> None:
    part = year.get_by_role("region", name="Korrigere (§ 9)").get_by_role("region", name="Lederens vurdering")
    expect(part.get_by_text("Mangler: ingen har skrevet noe her ennå.")).to_be_visible()
    for said in ("Fall får et eget mål neste år.", "Fall får et eget mål fra januar."):
        part.locator("summary").filter(has_text="Skriv").click()
        part.get_by_role("textbox").fill(said)
        part.get_by_role("button", name="Lagre").click()
        expect(year.get_by_role("status")).to_have_text("Teksten er lagret.")
    expect(part.get_by_text("Fall får et eget mål fra januar.").first).to_be_visible()
    expect(part.get_by_text("Fall får et eget mål neste år.")).to_be_hidden()
    part.get_by_text("1 tidligere utgave").click()
    expect(part.get_by_text("Fall får et eget mål neste år.")).to_be_visible()


def test_the_year_prints_on_few_pages_with_the_four_parts_their_numbers_and_the_leaders_texts(year: Page) -> None:
    year.emulate_media(media="print")
    pdf = Pdf(year.pdf(format="A4", prefer_css_page_size=True))
    words = [pdf.text(n) for n in range(len(pdf.pages))]
    assert 4 <= len(words) <= 2 + -(-year.locator(".reported").count() // 4), "four measures or more a page"
    every = " ".join(words)
    parts = [every.index(said) for said in ("Planlegge (§ 6)", "Gjennomføre (§ 7)", "Evaluere (§ 8)", "Korrigere (§ 9)", "Gjennomgått")]
    assert parts == sorted(parts)
    for said in ("Årlig gjennomgang", "Skrevet ut", "Målene for året", "Andel vurdert for fallrisiko", "Grå er ikke grønn", "Lukket i tide",
                 "Vi valgte ett mål", "Tilpasse og prøve igjen", "Mangler: året er ikke gjennomgått ennå."):  # fmt: skip
        assert said in every, said
    for gone in ("Lagre", "Skriv en ny utgave", "tidligere utgave", "Hva viser tallene", "Trenger deg nå"):
        assert gone not in every, gone
