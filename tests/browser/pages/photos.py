"""The camera part of a skin finding, and the pictures a supervisor sees."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages.bedside import CheckForm, Person, begins


def skin_tear(person: Person) -> Shots:
    """A finding that asks for nothing more than what it is; its card."""
    form = person.start("Hudsjekk")
    for question in ("Har trykksår nå?", "Trenger hjelp til å endre stilling", "Kan bruker få trykksår"):
        form.choose(question, "Nei")
    card = form.add_card("Legg til: Funn")
    card.choose("Sted", "Hæl venstre").choose("Type", "Hudrift").choose("Status", "Nytt").drafted()
    return Shots(person.page)


def drawn(picture: Locator) -> None:
    """It is a picture, not an empty place for one."""
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    picture.evaluate("async one => { await one.decode(); if (one.naturalWidth < 100) throw new Error('nothing is drawn') }")


class Shots:
    """Photos of the first finding."""

    def __init__(self, page: Page) -> None:
        self.page, self.form = page, CheckForm(page)

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("group", name=begins("Bilder")).first

    def take(self, jpeg: bytes, name: str = "bilde.jpg") -> Shots:
        """As the camera hands it over."""
        self.box.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": jpeg})
        return self

    def shows(self, count: int) -> Shots:
        pictures = self.box.get_by_role("img")
        expect(pictures).to_have_count(count)
        for n in range(count):
            drawn(pictures.nth(n))
        return self

    def remove(self, number: int) -> Shots:
        self.box.get_by_role("button", name=f"Fjern bilde {number}", exact=True).click()
        return self

    def says(self, words: str) -> Shots:
        expect(self.box.get_by_role("status")).to_contain_text(words)
        return self
