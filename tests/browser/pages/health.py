"""Denne enheten: how the device is, what is unsent, and the rescue file."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class Health:
    """The page, with a nurse's part when she is unlocked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> Health:
        """From the sent list, or from the lock page."""
        self.page.get_by_role("link", name="Denne enheten", exact=True).click()
        return self.shown()

    def open_from_sent(self) -> Health:
        self.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Sendt").click()
        return self.open()

    def shown(self) -> Health:
        expect(self.page.get_by_role("heading", name="Denne enheten", level=1)).to_be_visible()
        return self

    def row(self, label: str) -> Locator:
        """One thing about the device."""
        return self.page.get_by_role("region", name="Slik er det med enheten").get_by_role("listitem").filter(
            has=self.page.get_by_text(label, exact=True)
        )

    def says(self, label: str, text: str) -> Health:
        expect(self.row(label)).to_contain_text(text)
        return self

    def save_rescue(self, folder: Path) -> Path:
        """The file as the browser hands it over."""
        with self.page.expect_download() as waited:
            self.page.get_by_role("button", name="Lagre redningsfil").click()
        path = folder / waited.value.suggested_filename
        waited.value.save_as(path)
        expect(self.page.get_by_text(f"Filen {path.name} er laget")).to_be_visible()
        return path
