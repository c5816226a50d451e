"""The printout a service user is given, as the printer gets it: every page readable, numbered, and nothing to press on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages.login import log_in
from tests.browser.test_print import NOT_BLACK
from tests.fixtures.servers import Live
from tests.pdf import Pdf
from tests.people import BERIT, JORUNN, ref
from tests.web.logged import NOON, add

VISITS = 40


@pytest.fixture
def paper(browser: Browser, live: Live) -> Iterator[Page]:
    """Forty visits of half a year, on Jorunn's PC in the dark theme."""
    for n in range(VISITS):
        for minute, action in enumerate(("person", "check_begun", "check_recorded")):
            add(live.app, BERIT, action, "Astrid Lunde", at=NOON - timedelta(days=4 * n, minutes=-minute))
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    log_in(page, live.url, JORUNN)
    page.goto(f"{live.url}/journal/people/{ref('Astrid Lunde')}?to={NOON.date()}&from={NOON.date() - timedelta(days=200)}")
    expect(page.get_by_role("heading", name="Hvem har sett på opplysningene dine?")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    context.close()


def test_forty_visits_are_forty_lines_on_numbered_pages_that_can_be_read(paper: Page) -> None:
    pdf = Pdf(paper.pdf(prefer_css_page_size=True))
    texts = [pdf.text(n) for n in range(len(pdf.pages))]
    assert len(texts) == 4
    whole = " ".join(texts)
    assert [f"{n + 1} / 4" in text for n, text in enumerate(texts)] == [True] * 4
    assert "Astrid Lunde født 02.03.1941" in texts[0]
    assert "40 ganger har noen sett på eller endret opplysninger" in texts[0]
    assert whole.count("Registrerte en sjekk") == VISITS
    assert whole.count("Berit Nygård") == VISITS
    assert whole.count("Arbeider i enheten som gir tjenesten.") == VISITS
    for n in range(VISITS):
        assert f"{NOON - timedelta(days=4 * n):%d.%m.%Y} 12:00–12:02" in whole
    lined = [text for text in texts if BERIT.name in text]
    assert [text.count("Når Hvem Hva Hvorfor") for text in lined] == [1] * len(lined), "every page says what its columns are"
    assert len(lined) >= 3
    assert "Loggen er hel" in texts[-1]


def test_it_is_black_on_white_and_has_nothing_to_press(paper: Page) -> None:
    assert paper.evaluate(NOT_BLACK) == []
    shown = "() => [...document.querySelectorAll('button,nav,input,select,.back')].filter(it => it.checkVisibility()).length"
    assert paper.evaluate(shown) == 0
