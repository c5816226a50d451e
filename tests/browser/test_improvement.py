"""Improvement work on a leader's PC: made by keyboard, read in a minute, on one page of paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, clean, findings
from tests.browser.pages.login import log_in
from tests.browser.test_print import NOT_BLACK
from tests.conftest import PATIENCE
from tests.fixtures.demo import PASSWORD, demo_app, demo_copy
from tests.fixtures.servers import Live
from tests.pdf import Pdf
from tests.people import Actor

SOLVEIG = Actor("solveig", "", "", "supervisor", ())
TODAY = date.today()
OUTSIDE = """svg => [...svg.querySelectorAll(".bar-text")].filter(it => {
    const { x, width } = it.getBBox();
    return x < 0 || x + width > svg.viewBox.baseVal.width;
}).map(it => it.textContent)"""


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with demo_app(demo_copy(folder), folder / "data") as app:
        server = Live(app)
        yield server
        server.stop()


@pytest.fixture(scope="module")
def desk(browser: Browser, municipality: Live) -> Iterator[Page]:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, municipality.url, SOLVEIG, PASSWORD)
    yield page
    context.close()


def save(page: Page, **boxes: str) -> None:
    """Fill in a form by its labels and press Lagre."""
    for label, value in boxes.items():
        page.locator("main").get_by_label(re.compile(rf"^{label.replace('_', ' ')}( \(må fylles ut\))?$")).fill(value)
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("status").filter(has_text="Lagret.")).to_be_visible()


@pytest.fixture(scope="module")
def project(desk: Page, municipality: Live) -> Page:
    """A project of half a year: an aim that can be reached, two ideas, three cycles."""
    desk.goto(municipality.url + "/improvement/new")
    save(desk, Navn="Hud som holder", Hvorfor="Tre brukere fikk trykksår i vår. To av dem var ikke sett på den uka.",
         Startet=(TODAY - timedelta(days=190)).isoformat())  # fmt: skip
    home = desk.url.partition("?")[0]
    desk.get_by_role("link", name="Nytt mål").click()
    desk.get_by_role("combobox", name="Måling").select_option(label="Andel i risiko med hudinspeksjon etter plan")
    desk.get_by_label("Ansvarlig").select_option(label="Solveig Dahl")
    save(desk, Hva="Flere i risiko får hudsjekk hver uke", Utgangspunkt="62", Mål="95", Hvem_det_gjelder="Alle i risiko i Fjordsida",
         Frist=(TODAY + timedelta(days=60)).isoformat())  # fmt: skip
    for text, ago in (("Hudsjekk ved dusj", 150), ("Påminnelse i vaktrapporten", 80)):
        desk.get_by_role("link", name="Ny idé").click()
        desk.get_by_role("radio", name="Prøves ut").check()
        save(desk, Hva=text, Startet=(TODAY - timedelta(days=ago)).isoformat())
    for n, (ago, ended) in enumerate(((150, 143), (120, 100), (20, None))):
        desk.get_by_role("link", name="Ny runde").click()
        desk.get_by_label("Startet").fill((TODAY - timedelta(days=ago)).isoformat())
        desk.get_by_label("Planlegge").fill("Amina prøver hos to brukere på dagvakt i en uke.")
        desk.get_by_label("Forventning").fill("Det tar to minutter og blir gjort hver gang.")
        if ended:
            desk.get_by_label("Avsluttet").fill((TODAY - timedelta(days=ended)).isoformat())
            desk.get_by_label("Utføre").fill("Gjort elleve av tolv ganger. Én gang manglet hansker.")
            desk.get_by_label("Kontrollere").fill("Det tok fem minutter første gang og to siden.")
            desk.get_by_role("radio", name="Tilpasse og prøve igjen" if n == 0 else "Innføre").check()
        save(desk, Navn=f"Runde {n + 1}: hudsjekk når brukeren dusjer")
    desk.goto(home)
    return desk


def test_the_picture_shows_the_measure_and_when_what_was_tried(project: Page) -> None:
    drawing = project.locator("svg.timeline-drawing")
    expect(drawing).to_have_accessible_name("Tidslinje med Andel i risiko med hudinspeksjon etter plan. "
        + "; ".join(f"{TODAY - timedelta(days=ago):%d.%m.%Y} {what}" for ago, what in (
            (150, "Hudsjekk ved dusj"), (80, "Påminnelse i vaktrapporten"), (150, "Runde 1: hudsjekk når brukeren dusjer"),
            (120, "Runde 2: hudsjekk når brukeren dusjer"), (20, "Runde 3: hudsjekk når brukeren dusjer"))))  # fmt: skip
    assert drawing.locator("circle").count() >= 6
    assert drawing.locator("rect").count() == 5
    assert drawing.evaluate(OUTSIDE) == []
    table = project.get_by_role("table", name="Det som står på tidslinja")
    expect(table.get_by_role("row")).to_have_count(6)
    expect(table.get_by_role("row", name="Runde 3: ")).to_contain_text("Pågår")
    expect(project.get_by_text("Nå: ")).to_be_visible()
    expect(project.get_by_text("Mangler:")).to_have_count(0)


def test_a_project_is_one_page_of_paper_with_everything_on_it(project: Page) -> None:
    project.emulate_media(media="print", color_scheme="dark")
    pdf = Pdf(project.pdf(prefer_css_page_size=True))
    assert project.evaluate(NOT_BLACK) == []
    project.emulate_media(media="screen", color_scheme="light")
    assert len(pdf.pages) == 1
    text = pdf.text(0)
    for word in ("Hud som holder", "Fjordsida", "Skrevet ut", "62", "95", "Alle i risiko i Fjordsida", "Hudsjekk ved dusj",
                 "Runde 3", "Det tar to minutter", "Én gang manglet hansker", "Innføre", "Tilpasse og prøve igjen"):  # fmt: skip
        assert word in text, word
    assert "Ny runde" not in text
    assert "Angre" not in text


def test_what_was_done_last_is_taken_back_with_one_press(project: Page) -> None:
    home = project.url
    project.get_by_role("link", name="Ny idé").click()
    save(project, Hva="En idé for mye")
    expect(project.get_by_role("heading", name="En idé for mye")).to_be_visible()
    project.get_by_role("button", name="Angre").click()
    expect(project.get_by_role("status").filter(has_text="Endringen er tatt tilbake.")).to_be_visible()
    expect(project.get_by_role("heading", name="En idé for mye")).to_have_count(0)
    project.goto(home)


def test_an_error_leaves_what_was_written(project: Page) -> None:
    home = project.url
    project.get_by_role("link", name="Ny runde").click()
    project.get_by_label("Navn").fill("Runde 4")
    project.get_by_role("radio", name="Innføre").check()
    project.get_by_role("button", name="Lagre").click()
    expect(project.get_by_role("alert")).to_contain_text("Skriv hva dere så")
    expect(project.get_by_label("Navn")).to_have_value("Runde 4")
    expect(project.get_by_role("radio", name="Innføre")).to_be_checked()
    project.goto(home)


def test_the_pages_are_fit_for_everybody(project: Page, municipality: Live) -> None:
    home = project.url
    found = list(findings(project, "project", least=MOUSE))
    project.get_by_role("link", name="Endre: Runde 1").click()
    expect(project.get_by_role("heading", name="Historikk")).to_be_visible()
    found += findings(project, "form", least=MOUSE)
    project.goto(municipality.url + "/improvement")
    found += findings(project, "list", least=MOUSE)
    project.set_viewport_size({"width": 1440, "height": 900})
    project.goto(home)
    clean(found)


def test_a_project_is_made_with_the_keyboard_alone(desk: Page, municipality: Live) -> None:
    desk.goto(municipality.url + "/improvement")
    desk.get_by_role("link", name="Nytt forbedringsarbeid").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Lagre")).to_be_visible()
    desk.get_by_label("Navn").focus()
    desk.keyboard.type("Bare tastatur")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Bare tastatur", level=1)).to_be_visible()
    expect(desk.get_by_text("Ikke noe mål ennå.")).to_be_visible()
    clean(findings(desk, "an empty project", least=MOUSE))
