"""A leader takes along the series of an old list: file, columns, confirm, chart, undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.fixtures.demo import PASSWORD
from tests.fixtures.servers import Live
from tests.unit.measures.test_old_series import workbook
from tests.web.measured import SOLVEIG, measured, unit


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with measured(tmp_path_factory.mktemp("import")) as app:
        server = Live(app)
        yield server
        server.stop()


@pytest.fixture
def page(browser: Browser, municipality: Live) -> Iterator[Page]:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 820, "height": 1180})
    page = context.new_page()
    page.set_default_timeout(15_000)
    log_in(page, municipality.url, SOLVEIG, PASSWORD)
    yield page
    context.close()


def test_an_old_list_becomes_squares_in_the_chart_and_is_taken_back_as_a_whole(page: Page, municipality: Live, tmp_path: Path) -> None:
    rows = [(f"{month:02}.{year}", 20, 8 + month % 5) for year in (2014, 2015) for month in range(1, 13)]
    file = tmp_path / "Extranet Fjordsida.xlsx"
    file.write_bytes(workbook(("Tidspunkt", "Antall brukere", "Antall vurdert"), *rows, ("Sum", 480, 200)))
    page.goto(f"{municipality.url}/measures?unit={unit(municipality.app)}")
    page.get_by_role("link", name="Importer eldre tall").click()
    clean(findings(page, "import", least=MOUSE))
    page.locator("select[name=measure]").select_option("F-P1")
    page.get_by_label("Fil (XLSX").set_input_files(file)
    page.get_by_role("button", name="Se på tallene").click()
    expect(page.get_by_text("Rad 26: «Sum» er ikke en dato som kan leses.")).to_be_visible()
    page.locator("select[name=num]").select_option(label="Kolonne 3: Antall vurdert")
    page.locator("select[name=den]").select_option(label="Kolonne 2: Antall brukere")
    page.get_by_role("button", name="Les på nytt").click()
    expect(page.get_by_role("region", name="Dette blir importert").get_by_role("row", name="01.2014 9 20 45 1 ny")).to_be_visible()
    clean(findings(page, "preview", least=MOUSE))
    page.get_by_role("button", name="Importer 24 punkter").click()
    expect(page.get_by_role("status")).to_contain_text("Tallene er importert.")
    clean(findings(page, "imported", least=MOUSE))
    page.get_by_role("link", name="F-P1 Andel vurdert for fallrisiko").click()
    expect(page.get_by_text("24 punkter (firkanter) er importert fra en eldre liste")).to_be_visible()
    expect(page.get_by_role("row", name="01.2014 9 20 45 – – importert fra en eldre liste")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Angre importen").click()
    expect(page.get_by_role("status")).to_contain_text("Importen er angret.")
    expect(page.get_by_text("Angret av Solveig")).to_be_visible()
