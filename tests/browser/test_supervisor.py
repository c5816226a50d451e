"""A supervisor with the list open on her screen while nurses work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import APIResponse, Browser, Error, Route
from sqlalchemy.exc import OperationalError

from tests.browser.pages.review import Desk
from tests.conftest import sign_in
from tests.fixtures.servers import Live
from tests.people import BERIT, SOLVEIG
from tests.web import office
from webapp.review import needs


def does_not_answer(*_given: object) -> NoReturn:
    raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))


BUNDLES = Path(__file__).parents[1] / "web" / "bundles"


@pytest.fixture
def berit(live: Live) -> FlaskClient:
    live.app.config["BUNDLE_DIRS"] = [BUNDLES]
    return sign_in(live.app.test_client(), BERIT)


@pytest.fixture
def solveig(browser: Browser, live: Live, berit: FlaskClient) -> Iterator[Desk]:
    office.record(berit, "Astrid Lunde", "high")
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    page.clock.install()
    yield Desk(page, live.url).log_in(SOLVEIG)
    context.close()


def test_a_new_flag_appears_without_reload_and_what_is_being_typed_stays(solveig: Desk, berit: FlaskClient) -> None:
    # given Solveig is writing why a flag is not relevant
    solveig.begin_closing("Astrid Lunde", "Avklart med lege")
    # when a nurse finds something urgent
    office.record(berit, "Odd Brekke", "urgent")
    solveig.half_a_minute_passes()
    # then it stands on the screen, and nothing she wrote is lost
    solveig.sees("Odd Brekke")
    solveig.has_typed("Astrid Lunde", "Avklart med lege")


def test_a_flag_is_closed_and_the_closing_taken_back(solveig: Desk) -> None:
    # when she closes the only flag
    solveig.begin_closing("Astrid Lunde", "Feil person")
    solveig.finish_closing("Astrid Lunde")
    # then the list is empty
    solveig.is_told("Varselet er lukket.")
    solveig.does_not_see("Astrid Lunde")
    # and when she regrets it, it is open again
    solveig.undo()
    solveig.is_told("Varselet er åpent igjen.")
    solveig.sees("Astrid Lunde")


BACK = """() => new MutationObserver(() => { window.back ||= document.querySelectorAll('li.flag').length > 0; })
  .observe(document.querySelector('main'), { childList: true, subtree: true })"""


def test_a_list_from_before_a_closing_that_comes_after_it_does_not_show_the_flag_again(solveig: Desk, berit: FlaskClient) -> None:
    # given the page has asked for the list, and the answer is on a slow line
    late: list[tuple[Route, APIResponse]] = []
    solveig.page.route("**/review/flags?*", lambda route: late.append((route, route.fetch())))
    with solveig.page.expect_request("**/review/flags?*"):
        solveig.half_a_minute_passes()
    solveig.begin_closing("Astrid Lunde", "Feil person")
    # when she closes the flag, and then the answer comes
    solveig.finish_closing("Astrid Lunde")
    solveig.is_told("Varselet er lukket.")
    solveig.page.evaluate(BACK)
    solveig.page.unroute("**/review/flags?*")
    for route, answer in late:
        with suppress(Error):  # it may not be waited for any longer
            route.fulfill(response=answer)
    # then the flag is never seen again, and what is new is
    assert len(late) == 1
    solveig.page.evaluate("() => fetch('/healthz')")
    assert solveig.page.evaluate("() => window.back ?? false") is False
    office.record(berit, "Odd Brekke", "urgent")
    solveig.half_a_minute_passes()
    solveig.sees("Odd Brekke")
    solveig.does_not_see("Astrid Lunde")


def test_a_closing_the_server_does_not_take_leaves_the_form_and_says_not_saved(solveig: Desk) -> None:
    # given her form is filled in
    solveig.begin_closing("Astrid Lunde", "Feil person")
    # when her page has become too old for the server
    solveig.page.context.clear_cookies(name="csrf")
    solveig.finish_closing("Astrid Lunde")
    # then it says so, and the text stands where it stood
    solveig.says_not_saved()
    solveig.has_typed("Astrid Lunde", "Feil person")


def test_a_closing_without_a_server_leaves_the_form_and_says_not_saved(solveig: Desk, live: Live) -> None:
    # given her form is filled in
    solveig.begin_closing("Astrid Lunde", "Feil person")
    # when the server is gone
    live.stop()
    solveig.finish_closing("Astrid Lunde")
    # then it says so, and the text stands where it stood
    solveig.says_not_saved()
    solveig.has_typed("Astrid Lunde", "Feil person")


def test_a_list_that_cannot_be_asked_for_again_stays_says_so_and_goes_on(solveig: Desk, berit: FlaskClient, live: Live) -> None:
    # given the list on the screen, and a database that does not answer for a while
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(needs, "newest_change", does_not_answer)
        with solveig.page.expect_response("**/review/flags?*") as asked:
            solveig.half_a_minute_passes()
        assert asked.value.status == 503
        # then what she was looking at is still there, and she reads that it is not new
        solveig.is_told("Databasen svarer ikke akkurat nå")
        solveig.sees("Astrid Lunde")
    # when it answers again, and something has happened meanwhile
    office.record(berit, "Odd Brekke", "urgent")
    solveig.half_a_minute_passes()
    # then the list follows, and nothing is said any more
    solveig.sees("Odd Brekke")
    solveig.is_not_told("Databasen svarer ikke akkurat nå")


def test_what_was_not_saved_is_said_until_it_is_though_the_list_is_asked_for_in_vain(solveig: Desk, live: Live) -> None:
    solveig.begin_closing("Astrid Lunde", "Feil person")
    live.stop()
    solveig.finish_closing("Astrid Lunde")
    solveig.says_not_saved()
    with solveig.page.expect_event("requestfailed"):
        solveig.half_a_minute_passes()
    live.start()
    with solveig.page.expect_response("**/review/flags?*"):
        solveig.half_a_minute_passes()
    solveig.says_not_saved()


def test_a_list_without_a_server_says_that_it_may_be_old_until_there_is_one(solveig: Desk, live: Live) -> None:
    live.stop()
    solveig.half_a_minute_passes()
    solveig.is_told("Det som står her, kan være gammelt")
    solveig.sees("Astrid Lunde")
    live.start()
    solveig.half_a_minute_passes()
    solveig.is_not_told("Det som står her, kan være gammelt")


def test_a_list_that_a_net_that_hangs_never_answers_says_that_it_may_be_old(solveig: Desk) -> None:
    solveig.page.route("**/review/flags?*", lambda _route: None)
    with solveig.page.expect_request("**/review/flags?*"):
        solveig.half_a_minute_passes()
    solveig.page.clock.fast_forward(11_000)  # before the next is asked
    solveig.is_told("Det som står her, kan være gammelt")
    solveig.sees("Astrid Lunde")


def test_what_a_net_that_hangs_never_answers_is_not_said_to_be_saved_or_not(solveig: Desk) -> None:
    solveig.page.route("**/closing*", lambda _route: None)
    solveig.begin_closing("Astrid Lunde", "Feil person")
    with solveig.page.expect_request("**/closing*"):
        solveig.finish_closing("Astrid Lunde")
    solveig.page.clock.fast_forward(61_000)
    solveig.is_told("Det er ikke sikkert at det er lagret: serveren svarte ikke.")
    solveig.has_typed("Astrid Lunde", "Feil person")
