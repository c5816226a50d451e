"""The supervisor's pages."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.conftest import PATIENCE
from tests.people import PASSWORD, Actor


class Desk:
    """Trenger deg nå, on a supervisor's PC."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.set_default_timeout(PATIENCE)

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
        for left in range(self.flags().count(), 0, -1):
            expect(self.flags()).to_have_count(left)
            self.close_first()
        expect(self.page.get_by_text("Ingen åpne varsler")).to_be_visible()
        return self

    def card(self, name: str) -> Locator:
        return self.flags().filter(has=self.page.get_by_role("heading", name=re.compile(name)))

    def sees(self, name: str) -> None:
        expect(self.card(name)).to_be_visible()

    def does_not_see(self, name: str) -> None:
        expect(self.card(name)).to_have_count(0)

    def is_told(self, text: str) -> None:
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def is_not_told(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def half_a_minute_passes(self) -> None:
        """On the page's own clock."""
        self.page.clock.fast_forward(31_000)

    def begin_closing(self, name: str, reason: str) -> None:
        """Open the form and fill it in as not relevant."""
        card = self.card(name)
        card.locator("summary", has_text="Lukk").click()
        card.get_by_label("Ikke aktuelt", exact=True).check()
        card.get_by_label(re.compile("^Begrunnelse")).fill(reason)

    def has_typed(self, name: str, reason: str) -> None:
        expect(self.card(name).get_by_label(re.compile("^Begrunnelse"))).to_have_value(reason)
        expect(self.card(name).get_by_role("radio", name="Ikke aktuelt")).to_be_checked()

    def finish_closing(self, name: str) -> None:
        self.card(name).get_by_role("button", name="Lukk varselet").click()

    def undo(self) -> None:
        self.page.get_by_role("button", name="Angre").click()

    def says_not_saved(self) -> None:
        expect(self.page.get_by_role("alert").filter(has_text="Ikke lagret.")).to_be_visible()
