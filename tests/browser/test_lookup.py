"""A "begrunnet oppslag" as it is used: on an office PC it opens the person, on a tablet it says where to go."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.pages.login import log_in
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import KARI

NAME = "Astrid Lunde"


def begin(page: Page, url: str) -> None:
    if not page.url.endswith("/lookups"):
        page.goto(url + "/lookups")
    page.get_by_label("Brukerens hele navn").fill(NAME)
    page.get_by_label("Brukerens fødselsdato").fill("1941-03-02")
    page.get_by_label("Hvorfor må du se på opplysningene?").fill("Vikar på kveldsvakt i Fjordsida")
    page.get_by_role("button", name="Åpne oppslaget").click()
    expect(page.get_by_role("heading", name="Åpne nå")).to_be_visible()


def test_on_an_office_pc_the_person_is_there_at_once_and_says_that_it_is_logged(browser: Browser, live: Live) -> None:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    log_in(page, live.url, KARI)
    begin(page, live.url)
    with page.expect_response("**/round/people/*") as answer:
        page.get_by_role("link", name=f"Åpne {NAME}").click()
    assert answer.value.status == 200
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.get_by_text("Alt du ser på og skriver, blir logget med begrunnelsen.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(NAME)).to_be_visible()
    page.goto(live.url + "/lookups")
    page.get_by_role("button", name=f"Avslutt oppslaget på {NAME}").click()
    expect(page.get_by_role("heading", name="Avsluttede oppslag")).to_be_visible()
    page.go_back()
    page.goto(live.url + "/lookups")
    expect(page.get_by_role("link", name=f"Åpne {NAME}")).to_have_count(0)
    context.close()


def test_on_a_tablet_that_holds_nobody_of_another_unit_it_says_where_to_open_it(browser: Browser, live: Live) -> None:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    tablet = Tablet(context, live.url)
    tablet.enrol(KARI)
    tablet.sees_heading("Min runde")
    tablet.log_in(KARI, "/lookups")
    expect(tablet.page.get_by_role("heading", name="Begrunnet oppslag")).to_be_visible()
    begin(tablet.page, tablet.url)
    expect(tablet.page.get_by_text("Åpne oppslaget på en kontor-PC med nett.")).to_be_visible()
    expect(tablet.page.get_by_role("link", name=f"Åpne {NAME}")).to_have_count(0)
    context.close()
