"""What somebody finds who comes after: the back button after a log-out or a lock, a page inside another site's, a browser that fills in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages.bedside import Round
from tests.browser.pages.login import log_in
from tests.browser.tablet import Tablet
from tests.conftest import PATIENCE, sign_in
from tests.fixtures.servers import Live
from tests.people import BERIT, PASSWORD, SERVICE_USERS, SOLVEIG, ref
from tests.web import office
from tests.web.conftest import BUNDLES

WORDS = [word for name, *_ in SERVICE_USERS for word in name.split()]
SHOWN = "() => document.documentElement.innerHTML"


@pytest.fixture
def page(browser: Browser, live: Live) -> Iterator[Page]:
    """A PC that several people use."""
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    yield made
    context.close()


def tells_nothing(page: Page) -> None:
    """Nobody's name, on the screen or behind it."""
    text = str(page.evaluate(SHOWN))
    assert [word for word in WORDS if word in text] == []


def goes_back(page: Page, steps: int) -> None:
    for _ in range(steps):
        page.go_back()
        page.wait_for_load_state()
        tells_nothing(page)


def test_after_a_supervisor_has_logged_out_the_back_button_shows_nobody(page: Page, live: Live) -> None:
    # given she has looked at the list, a person and a check
    live.app.config["BUNDLE_DIRS"] = [BUNDLES]
    check = office.record(sign_in(live.app.test_client(), BERIT), "Astrid Lunde", "urgent")
    log_in(page, live.url, SOLVEIG, PASSWORD)
    for path in ("/review", f"/review/people/{ref('Astrid Lunde')}", f"/review/checks/{check}"):
        page.goto(live.url + path)
        expect(page.get_by_text("Astrid Lunde").first).to_be_visible()
    # when she logs out
    page.goto(live.url + "/account")
    page.get_by_role("button", name="Logg ut", exact=True).click()
    expect(page.get_by_label("Brukernavn")).to_be_visible()
    # then
    goes_back(page, 4)


def test_after_a_nurse_at_an_office_pc_has_logged_out_the_back_button_shows_nobody(page: Page, live: Live) -> None:
    log_in(page, live.url, BERIT, PASSWORD)
    page.goto(live.url + "/round")
    page.get_by_role("link", name="Astrid Lunde").first.click()
    expect(page.get_by_role("heading", name="Skal gjøres")).to_be_visible()
    page.get_by_role("link", name="Min runde").first.click()
    expect(page.get_by_text("Odd Brekke").first).to_be_visible()
    page.goto(live.url + "/account")
    page.get_by_role("button", name="Logg ut", exact=True).click()
    expect(page.get_by_label("Brukernavn")).to_be_visible()
    goes_back(page, 3)


def test_the_back_button_of_a_locked_tablet_shows_the_lock_page(berit: Tablet) -> None:
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    berit.lock()
    for _ in range(2):
        berit.page.go_back()
        berit.sees_heading("Låst")
        tells_nothing(berit.page)


def test_after_a_log_out_on_a_tablet_the_back_button_shows_the_lock_page(berit: Tablet) -> None:
    Round(berit.page).visit("Astrid Lunde")
    berit.page.locator("a[href='/round/device']").first.click()
    berit.page.locator("details summary", has_text="Logg ut").click()
    berit.page.get_by_role("button", name="Logg ut").click()
    berit.sees_heading("Låst")
    for _ in range(2):
        berit.page.go_back()
        berit.sees_heading("Låst")
        tells_nothing(berit.page)


class Trap(BaseHTTPRequestHandler):
    """Another site's page, with ours in a frame under its button."""

    target = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<button>Vinn en bil</button><iframe src='{self.target}' width=800 height=600></iframe>".encode())

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("path", ["/review", "/login", "/account", "/enrol", "/shell.html"])
def test_no_page_of_ours_opens_inside_another_sites(page: Page, live: Live, path: str) -> None:
    log_in(page, live.url, SOLVEIG, PASSWORD)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Trap,), {"target": live.url + path}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        page.goto(f"http://localhost:{server.server_port}/")
        inside = page.frame_locator("iframe").locator("html")
        expect(inside).not_to_contain_text("TryggRunde")
        assert [frame.url for frame in page.frames if frame.url.startswith(live.url)] == []
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


FILLABLE = """() => [...document.querySelectorAll('input[type=password]')].map(it => {
  const form = it.closest('form');
  const names = [...(form?.elements ?? [])].map(one => one.autocomplete).filter(Boolean);
  return [it.name, it.autocomplete, form?.autocomplete ?? '', names.filter(one => one !== 'off').length];
})"""


def offers_nothing(page: Page, fields: int) -> None:
    """Every box for a PIN says that it is not to be filled in or remembered, and so does all that stands beside it."""
    found = page.evaluate(FILLABLE)
    assert len(found) >= fields
    assert [one for one in found if one[1:] != ["off", "off", 0]] == []


def test_no_box_for_a_pin_is_one_that_a_browser_fills_in(berit: Tablet) -> None:
    berit.page.locator("a[href='/round/device']").first.click()
    berit.go("Bytt PIN")
    expect(berit.page.get_by_role("heading", name="Bytt PIN")).to_be_visible()
    offers_nothing(berit.page, 3)
    berit.go("Denne enheten")
    berit.lock()
    offers_nothing(berit.page, 1)
    berit.log_in(BERIT)
    expect(berit.page.get_by_role("button", name="Lås opp", exact=True)).to_be_visible()
    offers_nothing(berit.page, 3)


PUT_DOWN = """() => {
  const [wall, ran] = [Date.now.bind(Date), performance.now.bind(performance)];
  Date.now = () => wall() + 6 * 60_000;
  performance.now = () => ran() + 6 * 60_000;
  dispatchEvent(new Event('pageshow'));
}"""


def test_a_leaders_page_that_was_left_open_on_a_tablet_gives_way_to_the_lock_page(berit: Tablet, live: Live) -> None:
    # given her leader has looked at somebody on the same tablet, and has put it down
    berit.lock()
    berit.log_in(SOLVEIG, then=f"/review/people/{ref('Astrid Lunde')}")
    expect(berit.page.get_by_text("Astrid Lunde").first).to_be_visible()
    berit.page.wait_for_selector("html[data-watched]")
    # when nobody touches it for more than five minutes
    berit.run(PUT_DOWN)
    # then it is locked, nobody is shown, and the log-in has ended
    berit.sees_heading("Låst")
    tells_nothing(berit.page)
    assert "/login" in berit.context.request.get(berit.url + "/review").url
