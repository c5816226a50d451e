"""Before somebody is logged in and before the app has started, for everybody: axe, reflow, and targets for a gloved thumb."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.access import MOUSE, PHONE, clean, findings
from tests.browser.finger import on_a_name, with_finger
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, PASSWORD, PER, SOLVEIG, Actor
from tests.web.sync.reading import change
from webapp.accounts import staff
from webapp.models import User, utc_now

WHY = "Meldt av personalkontoret"


def reset(app: Flask, whose: Actor) -> str:
    """An administrator gives her a one-time password."""
    made: list[str] = []

    def go(session: object) -> None:
        people = {one.username: one for one in session.scalars(select(User))}  # type: ignore[attr-defined]
        given = staff.reset_password(session, people[PER.username], people[whose.username], WHY, utc_now())  # type: ignore[arg-type]
        assert isinstance(given, str)
        made.append(given)

    change(app, go)
    return made[0]


def show(page: Page, url: str, actor: Actor, password: str) -> Page:
    page.goto(url + "/login")
    page.get_by_label("Brukernavn").fill(actor.username)
    page.get_by_label("Passord").fill(password)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    return page


def confirm(page: Page, code: str, button: str) -> None:
    page.get_by_label("Kode").fill(code)
    page.get_by_role("button", name=button).click()


def test_choosing_her_own_password(new_tablet: Callable[[], Tablet], live: Live) -> None:
    tablet = new_tablet()
    page = show(tablet.page, live.url, BERIT, reset(live.app, BERIT))
    tablet.sees_heading("Velg ditt eget passord")
    expect(page.get_by_text("Ga en ansatt engangspassord")).to_be_visible()
    found = list(findings(page, "own password"))
    for box, said in zip(page.locator("input[type=password]").all(), ("fem hus i grønn tran", "fem hus i blå tran"), strict=True):
        box.fill(said)
    page.get_by_role("button", name="Lagre og logg inn").click()
    expect(page.get_by_role("alert")).to_be_visible()
    clean([*found, *findings(page, "own password refused", [PHONE])])


def test_setting_up_a_second_factor_its_recovery_codes_and_being_asked_for_it(new_tablet: Callable[[], Tablet], live: Live) -> None:
    live.app.config["SECOND_FACTOR"] = True
    tablet = new_tablet()
    page = show(tablet.page, live.url, SOLVEIG, PASSWORD)
    tablet.sees_heading("Sett opp totrinnsinnlogging")
    page.get_by_text("Kan du ikke skanne?").click()
    found = list(findings(page, "setting up"))
    letters = page.locator(".second-letters").inner_text().replace(" ", "")
    confirm(page, pyotp.TOTP(letters).now(), "Bekreft og logg inn")
    tablet.sees_heading("Ta vare på gjenopprettingskodene")
    found += findings(page, "recovery codes")
    page.get_by_role("link", name="Jeg har tatt vare på kodene").click()
    tablet.sees_heading("Trenger deg nå")
    page.goto(live.url + "/account")
    page.get_by_role("button", name="Logg ut", exact=True).click()
    show(page, live.url, SOLVEIG, PASSWORD)
    tablet.sees_heading("Bekreft at det er deg")
    found += findings(page, "asked for a code")
    confirm(page, "000000", "Logg inn")
    expect(page.get_by_role("alert")).to_be_visible()
    clean([*found, *findings(page, "a wrong code", [PHONE])])


def test_a_log_in_page_and_an_account_with_passkeys(new_tablet: Callable[[], Tablet]) -> None:
    tablet = on_a_name(new_tablet())
    with_finger(tablet, prf=False)
    tablet.log_in(BERIT, "/account")
    page = tablet.page
    page.get_by_label("Navn på passnøkkelen").fill("Telefonen")
    page.get_by_role("button", name="Lag passnøkkel").click()
    expect(page.get_by_text("Telefonen", exact=True)).to_be_visible()
    found = list(findings(page, "account with a passkey", least=MOUSE))
    page.get_by_role("button", name="Logg ut", exact=True).click()
    page.goto(tablet.url + "/login")
    expect(page.get_by_role("button", name="Logg inn med passnøkkel")).to_be_visible()
    clean([*found, *findings(page, "log-in by passkey")])


def test_the_shell_before_it_has_started(browser: Browser, live: Live) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(live.url + "/shell.html")
    found = list(findings(page, "shell"))
    context.close()
    clean(found)
