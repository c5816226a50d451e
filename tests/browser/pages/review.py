"""The supervisor's pages."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.people import PASSWORD, Actor


class Desk:
    """Trenger deg nå, on a supervisor's PC."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.set_default_timeout(10_000)

    def log_in(self, actor: Actor) -> Desk:
        self.page.goto(self.url + "/login")
        self.page.get_by_label("Brukernavn").fill(actor.username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn").click()
        expect(self.page.get_by_role("heading", name="Trenger deg nå")).to_be_visible()
        return self

    def flags(self) -> Locator:
        return self.page.locator("li.flag")

    def close_first(self) -> Desk:
        """Close the flag on top as done."""
        flag = self.flags().first
        name = flag.get_attribute("id") or ""
        flag.locator("summary", has_text="Lukk").click()
        flag.get_by_label("Gjort").check()
        flag.get_by_role("button", name="Lukk varselet").click()
        expect(self.page.locator(f"[id='{name}']")).to_have_count(0)
        return self

    def close_all(self) -> Desk:
        for _ in range(self.flags().count()):
            self.close_first()
        expect(self.page.get_by_text("Ingen åpne varsler")).to_be_visible()
        return self
