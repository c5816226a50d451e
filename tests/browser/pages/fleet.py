"""Devices, and the page of one."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.conftest import PATIENCE
from tests.people import PASSWORD, Actor


class Fleet:
    """On the PC of whoever looks after the devices."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.set_default_timeout(PATIENCE)

    def log_in(self, actor: Actor) -> Fleet:
        self.page.goto(self.url + "/login?next=/review/devices")
        self.page.get_by_label("Brukernavn").fill(actor.username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn").click()
        expect(self.page.get_by_role("heading", name="Enheter", exact=True)).to_be_visible()
        return self

    def open(self, name: str) -> Fleet:
        self.page.get_by_role("link", name=name, exact=True).click()
        return self.shows(name)

    def shows(self, name: str) -> Fleet:
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()
        return self

    def reload(self) -> Fleet:
        self.page.reload()
        return self

    def part(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def rename(self, name: str) -> Fleet:
        self.page.get_by_label("Navn på enheten").fill(name)
        self.page.get_by_role("button", name="Lagre navnet").click()
        return self.shows(name)

    def undo(self, name: str) -> Fleet:
        self.page.get_by_role("button", name="Angre").click()
        return self.shows(name)

    def revoke(self, why: str, call: str, phone: str) -> Fleet:
        self.page.locator("#_revoke summary").click()
        form = self.page.locator("#_revoke form")
        form.get_by_role("radio", name=why).check()
        form.get_by_label("Navn", exact=True).fill(call)
        form.get_by_label("Telefon").fill(phone)
        form.get_by_role("button", name="Sperr enheten nå").click()
        expect(self.part("Sperret")).to_be_visible()
        return self
