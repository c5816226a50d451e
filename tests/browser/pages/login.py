"""The log-in form, for those whose pages are not a tablet's."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.people import PASSWORD, Actor


def log_in(page: Page, url: str, actor: Actor, password: str = PASSWORD) -> None:
    """Log in, and be on one's first page."""
    page.goto(url + "/login")
    page.get_by_label("Brukernavn").fill(actor.username)
    page.get_by_label("Passord").fill(password)
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_visible()
