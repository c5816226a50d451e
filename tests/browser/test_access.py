"""Every page for everybody: axe, reflow down to 320 px and at 200 % zoom, and targets for a gloved thumb, on demo data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import MOUSE, PHONE, axe, clean, findings
from tests.browser.pages.login import log_in
from tests.browser.tablet import Tablet
from tests.conftest import PATIENCE
from tests.fixtures.demo import PASSWORD, demo_app, demo_copy
from tests.fixtures.servers import Live
from tests.people import Actor

BERIT = Actor("berit", "Berit Nygård", "sykepleier", "nurse", ("Fjordsida",))
SHOW = """async path => {
  history.pushState(null, '', path);
  await htmx.ajax('GET', path, { target: document.body, swap: 'innerHTML' });
}"""
KNOWN = """async () => {
  const world = await (await import('/sw/records.js')).world();
  const checks = world.people.flatMap(person => person.checks.map(check => ({ ...check, person: person.ref })));
  const worst = severity => checks.find(check => check.flags.some(flag => flag.severity === severity))?.id;
  return {
    people: world.people.toSorted((a, b) => b.flags.length + b.checks.length - a.flags.length - a.checks.length).map(one => one.ref),
    stranger: world.others[0].ref,
    results: [...['urgent', 'high', 'medium', 'info'].map(worst), checks.find(one => !one.flags.length)?.id,
      checks.find(one => one.supersedes)?.id, checks.find(one => one.outcome === 'not_done')?.id].filter(Boolean),
  };
}"""
# The first answer to each open question, so that every detail field that follows from it is shown; all folded parts open.
ANSWER = """async () => {
  for (let round = 0; round < 4; round += 1) {
    for (const question of document.querySelectorAll('#_form fieldset:not(:has(:checked)) .chips')) question.querySelector('input').click();
    await new Promise(done => setTimeout(done, 60));
    while (document.querySelector('.htmx-request')) await new Promise(requestAnimationFrame);
  }
  for (const more of document.querySelectorAll('#_form button[value^="add:"]')) more.click();
  await new Promise(done => setTimeout(done, 60));
  for (const one of document.querySelectorAll('details')) one.open = true;
}"""


class DemoTablet(Tablet):
    """A tablet where the demo's people log in."""

    def log_in(self, actor: Actor, then: str = "/enrol") -> None:
        self.page.goto(f"{self.url}/login?next={then}")
        self.page.get_by_label("Brukernavn").fill(actor.username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn").click()

    def sees_heading(self, name: str) -> None:
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=PATIENCE)

    def show(self, path: str) -> Page:
        self.run(SHOW, path)
        return self.page


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with demo_app(demo_copy(folder), folder / "data") as app:
        server = Live(app)
        yield server
        server.stop()


def tablet(browser: Browser, live: Live) -> DemoTablet:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": PHONE[0], "height": PHONE[1]})
    made = DemoTablet(context, live.url)
    made.page.set_default_timeout(PATIENCE)
    return made


@pytest.fixture(scope="module")
def berit(browser: Browser, municipality: Live) -> Iterator[DemoTablet]:
    """On her round, enrolled and unlocked."""
    made = tablet(browser, municipality)
    made.enrol(BERIT)
    made.sees_heading("Min runde")
    yield made
    made.context.close()


@pytest.fixture(scope="module")
def solveig(browser: Browser, municipality: Live) -> Iterator[Page]:
    made = tablet(browser, municipality)
    made.log_in(Actor("solveig", "", "", "supervisor", ()), "/review")
    made.sees_heading("Trenger deg nå")
    yield made.page
    made.context.close()


LISTS = ["/round", "/round/people", "/round/event", "/round/sent", "/round/shift", "/round/device", "/round/pin", "/round/nowhere"]
REVIEW = ["/review", "/review/people", "/review/coverage", "/review/quarantine", "/review/devices", "/devices/codes",
          "/review/lookups", "/rescue", "/summary",
          "/account", "/account/password", "/account/second", "/nowhere",
          "/measures", "/measures/one?unit=&m=F-P1"]


@pytest.mark.parametrize("path", LISTS)
def test_a_nurses_lists_and_settings(berit: DemoTablet, path: str) -> None:
    clean(findings(berit.show(path), path))


def test_every_package_explained(berit: DemoTablet) -> None:
    found: list[str] = []
    for bundle in berit.run("async () => Object.keys((await (await import('/sw/records.js')).world()).active)"):
        page = berit.show("/round/about/" + bundle)
        page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        found += findings(page, "about " + bundle)
    clean(found)


def test_people_with_much_and_with_no_history(berit: DemoTablet) -> None:
    found: list[str] = []
    known = berit.run(KNOWN)
    for ref in (known["people"][0], known["people"][-1], known["stranger"]):
        page = berit.show("/round/people/" + ref)
        expect(page.locator(".idbar .name")).to_be_visible()
        page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        found += findings(page, "person")
    clean(found)


def test_results_of_every_severity(berit: DemoTablet) -> None:
    found: list[str] = []
    known = berit.run(KNOWN)
    assert len(known["results"]) >= 4
    for check in known["results"]:
        page = berit.show("/round/checks/" + check)
        expect(page.get_by_role("heading", name="Neste gang")).to_be_visible()
        found += findings(page, "result")
    clean(found)


def test_every_form_empty_answered_and_refused(berit: DemoTablet) -> None:
    found: list[str] = []
    ref = berit.run(KNOWN)["people"][0]
    page = berit.show("/round/people/" + ref)
    forms = page.locator("button[name=check]").evaluate_all("all => [...new Set(all.map(one => one.value))]")
    assert len(forms) >= 6
    for form in forms:
        page = berit.show("/round/people/" + ref)
        page.locator(f"button[name=check][value={form}]").first.evaluate("one => one.click()")
        expect(page.locator("#_form")).to_be_visible()
        found += findings(page, form)
        berit.run(ANSWER)
        found += findings(page, form + " answered", [PHONE])
        page.get_by_role("button", name="Lagre").evaluate("one => one.click()")
        expect(page.locator("#problems, .saved")).to_be_visible()
        found += findings(page, form + " saved or refused", [PHONE])
    clean(found)


def test_the_gate_log_in_first_use_lock_and_a_second_window(browser: Browser, municipality: Live) -> None:
    made = tablet(browser, municipality)
    found: list[str] = []
    page = made.page
    page.goto(made.url + "/login")
    found += findings(page, "log-in")
    page.get_by_label("Brukernavn").fill("berit")
    page.get_by_label("Passord").fill("feil")
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += findings(page, "log-in refused")
    made.log_in(BERIT)
    page.get_by_label("Navn på enheten").fill("Nettbrett 2")
    found += findings(page, "enrol")
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_label("Gjenta")).to_be_visible()
    found += findings(page, "choose PIN")
    made.set_pin()
    made.sees_heading("Min runde")
    other = DemoTablet(made.context, made.url)
    other.open()
    other.sees_heading("Åpen i et annet vindu")
    found += findings(other.page, "another window")
    other.page.close()
    made.lock()
    found += findings(page, "locked")
    made.unlock("000000")
    expect(page.get_by_role("alert")).to_be_visible()
    found += findings(page, "wrong PIN")
    made.context.close()
    clean(found)


LOG = ["/journal", "/journal/whole", "/journal/people", "/journal/unusual", "/account"]


def test_the_journal_responsibles_pages_and_a_look_up(browser: Browser, municipality: Live, solveig: Page) -> None:
    found: list[str] = []
    url = municipality.url
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    # given something unusual in the log: somebody of another unit tries, and then says why
    made = tablet(browser, municipality)
    made.log_in(Actor("kari", "", "", "nurse", ()), "/lookups")
    stranger = solveig.request.post(url + "/review/people").text()
    ref = stranger.partition("/review/people/")[2].partition('"')[0]
    made.page.goto(url + "/lookups")
    found += findings(made.page, "look-ups", least=MOUSE)
    made.page.goto(f"{url}/round/people/{ref}")
    made.context.close()
    # then every page of the log is fit for everybody
    log_in(page, url, Actor("jorunn", "", "", "journal", ()), PASSWORD)
    for path in LOG:
        page.goto(url + path)
        page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        found += findings(page, path, least=MOUSE)
    page.goto(f"{url}/journal/people/{ref}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found += findings(page, "printout", least=MOUSE)
    flagged = solveig.request.get(url + "/review").text().partition("/review/people/")[2].partition('"')[0]
    page.goto(f"{url}/journal/people/{flagged}/checks")
    found += findings(page, "records", least=MOUSE)
    page.locator("a.visit").first.click()
    page.get_by_role("radio", name="Flytt til riktig bruker").check()
    found += findings(page, "a record", least=MOUSE)
    context.close()
    clean(found)


def test_an_administrators_pages_of_accounts(browser: Browser, municipality: Live) -> None:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    log_in(page, municipality.url, Actor("admin", "", "", "admin", ()), PASSWORD)
    page.goto(municipality.url + "/staff")
    found = list(findings(page, "accounts", least=MOUSE))
    page.get_by_role("link", name="Kari Solheim").click()
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    found += findings(page, "an account", least=MOUSE)
    page.goto(municipality.url + "/staff/new")
    page.get_by_role("radio", name="Helsepersonell").check()
    found += findings(page, "a new account", least=MOUSE)
    context.close()
    clean(found)


@pytest.mark.parametrize("path", REVIEW)
def test_a_supervisors_pages(solveig: Page, municipality: Live, path: str) -> None:
    solveig.goto(municipality.url + path)
    solveig.evaluate("() => { for (const one of [...document.querySelectorAll('details')].slice(0, 3)) one.open = true; }")
    clean(findings(solveig, path, least=MOUSE))


def test_one_device_as_its_supervisor_sees_it(solveig: Page, municipality: Live, berit: DemoTablet) -> None:
    solveig.goto(municipality.url + "/review/devices")
    solveig.locator("main .cards a").first.click()
    expect(solveig.get_by_role("heading", name="Hva som har skjedd")).to_be_visible()
    solveig.locator("#_revoke summary").click()
    clean(findings(solveig, "device", least=MOUSE))


def test_a_person_and_a_check_as_the_supervisor_sees_them(solveig: Page, municipality: Live) -> None:
    found: list[str] = []
    solveig.goto(municipality.url + "/review")
    links = solveig.locator("#_flags a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for path in (next(one for one in links if "/people/" in one), next(one for one in links if "/checks/" in one)):
        solveig.goto(municipality.url + path)
        found += findings(solveig, path.split("/")[2], least=MOUSE)
    clean(found)


def test_the_office_pc(browser: Browser, municipality: Live) -> None:
    made = tablet(browser, municipality)
    made.log_in(BERIT, "/round")
    made.sees_heading("Min runde")
    found = list(findings(made.page, "office round"))
    for path in ("/round/people", "/round/event", "/round/device"):
        made.page.goto(made.url + path)
        expect(made.page.get_by_role("heading", level=1)).to_be_visible()
        found += findings(made.page, "office " + path, [PHONE])
    made.context.close()
    clean(found)


def test_where_more_contrast_is_asked_for_every_text_has_seven_to_one(berit: DemoTablet, solveig: Page, municipality: Live) -> None:
    found: list[str] = []
    known = berit.run(KNOWN)
    person, check = "/round/people/" + known["people"][0], "/round/checks/" + known["results"][0]
    solveig.goto(municipality.url + "/review")
    for path in ("/round", person, check, "/round/sent", "/round/shift", "/round/device", "/review"):
        page = solveig if path == "/review" else berit.show(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, contrast="more", reduced_motion="reduce")
            found += [f"{path} {scheme}: {one}" for one in axe(page, runOnly=["color-contrast-enhanced"])]
        page.emulate_media(color_scheme="light", contrast="no-preference")
    clean(found)
