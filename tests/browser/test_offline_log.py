"""What a nurse looks at without a server comes into the access log later: whom she saw, which lists, that she searched."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, ident, ref
from tests.web.sync.reading import all_of
from webapp.models import AccessLog

ALL_HOME = """async () => {
  await (await import('/sw/sync.js')).flush();
  return !(await (await import('/sw/sealed.js')).entries()).some(({ state }) => state === 'waiting');
}"""


def told(live: Live) -> list[AccessLog]:
    """The rows that a device wrote, in order."""
    rows = all_of(live.app, AccessLog, AccessLog.user_id == BERIT.id, AccessLog.detail["offline"].as_boolean())
    return sorted(rows, key=lambda row: row.at)


def goes_home(tablet: Tablet, live: Live) -> None:
    tablet.lock()  # what was seen is sealed then
    live.start()
    tablet.until(ALL_HOME)


def test_whom_a_draft_shows_that_is_opened_again(berit: Tablet, live: Live) -> None:
    live.stop()
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    Round(berit.page).home().continue_draft("Astrid Lunde").shown("Fallsjekk")
    goes_home(berit, live)
    assert {"person", "draft"} <= {row.action for row in told(live) if row.patient_id == ref("Astrid Lunde")}


def test_lists_and_searches_without_what_was_searched_for(berit: Tablet, live: Live) -> None:
    live.stop()
    Round(berit.page).home().search("odd br")
    found = berit.page.get_by_role("main").get_by_role("listitem")
    expect(found).to_have_text([re.compile("Odd Brekke")])
    berit.page.get_by_role("searchbox").fill("astrid lu")
    expect(found).to_have_text([re.compile("Astrid Lunde")])
    Round(berit.page).sent()
    goes_home(berit, live)
    rows = [row for row in told(live) if row.patient_id is None]
    assert {row.action for row in rows} >= {"round", "people", "search", "sent"}
    assert len([row for row in rows if row.action == "search"]) == 1  # one search, in however many words it was tried
    assert {row.unit_id for row in rows} == {ident("Fjordsida")}
    assert "odd" not in str([row.detail for row in rows])
