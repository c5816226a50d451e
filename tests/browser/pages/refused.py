"""What was not accepted, on a supervisor's PC."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


class Refused:
    """The list, and from there one record."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def open(self) -> Refused:
        self.page.goto(self.url + "/review/quarantine")
        self.page.get_by_role("link", name=re.compile("^Se og avgjør")).first.click()
        expect(self.page.get_by_role("heading", name="Hvorfor den ikke ble godtatt")).to_be_visible()
        return self

    def says(self, text: str) -> Refused:
        expect(self.page.get_by_role("main")).to_contain_text(text)
        return self

    def choose(self, decision: str) -> Refused:
        self.page.get_by_role("radio", name=decision, exact=True).check()
        return self

    def find(self, words: str, name: str) -> Refused:
        """Search for whom it is about, and choose her."""
        self.page.get_by_role("searchbox").fill(words)
        self.page.get_by_role("searchbox").press("Enter")
        expect(self.page.locator("#whom-results").get_by_role("status")).to_have_text("1 bruker")
        self.page.get_by_role("radio", name=re.compile(name)).check()
        return self

    def save(self, reason: str) -> Refused:
        self.page.get_by_label("Begrunnelse").fill(reason)
        self.page.get_by_role("button", name="Lagre avgjørelsen").click()
        expect(self.page.get_by_role("status")).to_contain_text(reason)
        return self
