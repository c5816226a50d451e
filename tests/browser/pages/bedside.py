"""The nurse's pages."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect


def begins(text: str) -> re.Pattern[str]:
    """A name that starts with these words: a hint or a count may follow."""
    return re.compile("^" + re.escape(text).replace("/", r"\/"))


class Round:
    """Min runde: who I visit today, and the way to everybody else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def home(self) -> Round:
        """To the round, from wherever she is."""
        self.page.get_by_role("link", name="TryggRunde", exact=True).click()
        expect(self.page.get_by_role("heading", name="Min runde")).to_be_visible()
        return self

    def visit(self, name: str) -> Person:
        """From the route, from what was found, or from an urgent flag; not the check somebody began."""
        self.page.locator("main a[href^='/round/people/']").filter(has_text=name).first.click()
        expect(self.page.get_by_role("region", name="Bruker", exact=True)).to_contain_text(name)
        return Person(self.page)

    def search(self, words: str) -> Round:
        """Somebody who is not on today's route."""
        self.page.get_by_role("link", name="Andre i enheten").click()
        self.page.get_by_role("searchbox").fill(words)
        return self

    def start_fall(self, name: str) -> CheckForm:
        """Two taps from any page: the event, and who fell."""
        self.page.get_by_role("link", name="Ny hendelse").click()
        self.page.get_by_role("button", name=f"Fall {name}").click()
        return CheckForm(self.page).shown("Fall")

    def sent(self) -> Sent:
        self.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name=begins("Sendt")).click()
        return Sent(self.page).shown()

    def continue_draft(self, name: str) -> CheckForm:
        self.page.get_by_role("region", name="Påbegynt").get_by_role("link", name=re.compile(re.escape(name))).first.click()
        return CheckForm(self.page)


class Person:
    """One service user: what is due, open flags, the last results."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def start(self, check: str) -> CheckForm:
        button = self.page.get_by_role("button", name=f"Start {check}", exact=True)
        others = self.page.get_by_text("Andre sjekker", exact=True)
        expect(button.or_(others).first).to_be_attached()
        if not button.is_visible():
            others.click()
        button.click()
        return CheckForm(self.page).shown(check)

    def results(self, package: str) -> Locator:
        return self.page.get_by_role("article", name=package)

    def flags(self) -> Locator:
        return self.page.get_by_role("region", name="Åpne varsler").get_by_role("listitem")


class CheckForm:
    """A check being filled in. Every tap is a draft on the disk before the answer is shown."""

    def __init__(self, page: Page, inside: Locator | None = None) -> None:
        self.page, self.area = page, inside or page.get_by_role("main")

    def shown(self, title: str) -> CheckForm:
        expect(self.page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
        return self

    def question(self, label: str) -> Locator:
        return self.area.get_by_role("group", name=begins(label)).first

    def choose(self, label: str, *options: str) -> CheckForm:
        """Tap the options of one question."""
        for option in options:
            chip = self.question(label).get_by_label(begins(option)).first
            chip.check()
            expect(chip).to_be_checked()
        return self

    def part(self, label: str) -> CheckForm:
        """One question's own boxes and buttons."""
        return CheckForm(self.page, self.question(label))

    def write(self, label: str, text: str, part: str = "") -> CheckForm:
        """Type into a question; `part` names one of several boxes."""
        asked = self.question(label)
        box = asked.get_by_label(part, exact=True) if part else asked.locator("input:visible, textarea:visible").first
        box.fill(text)
        box.blur()
        return self

    def press(self, text: str) -> CheckForm:
        """One of the form's own buttons."""
        self.area.get_by_role("button", name=text, exact=True).first.click()
        return self

    def unfold(self, text: str) -> CheckForm:
        self.area.locator("summary").filter(has_text=text).first.click()
        return self

    def add_card(self, button: str) -> CheckForm:
        """A new card at the end of a list; its title follows what is answered on it."""
        cards = self.page.locator("section.item")
        before = cards.count()
        self.press(button)
        expect(cards).to_have_count(before + 1)
        return CheckForm(self.page, cards.nth(before))

    def drafted(self) -> CheckForm:
        """Every tap has been answered: what is on the screen is on the disk."""
        expect(self.page.locator("#_form.htmx-request, #_form .htmx-request")).to_have_count(0)
        return self

    def draft(self) -> Any:
        """What the device has of this form, as it would be read after an unlock."""
        script = "async id => (await import('/sw/records.js')).draft(id)"
        return self.page.evaluate(script, self.page.url.rsplit("/", 1)[1])

    def ready(self) -> CheckForm:
        expect(self.page.get_by_role("status").filter(has_text="Klar til å lagres")).to_be_visible()
        return self

    def save(self) -> Result:
        """Save; returns when the page says so."""
        self.page.get_by_role("button", name=begins("Lagre")).click()
        return Result(self.page).shown()

    def not_done(self, reason: str) -> Result:
        """Two taps and save."""
        self.choose("Ble sjekken gjort?", "Ikke gjort").choose("Hvorfor?", reason)
        return self.save()


class Result:
    """What a finished check came to."""

    SAVED = re.compile("^(Lagret på denne enheten|Mottatt)")

    def __init__(self, page: Page) -> None:
        self.page, self.check_id = page, ""

    def shown(self) -> Result:
        """The page says that the check is saved."""
        expect(self.page.get_by_role("heading", name=self.SAVED)).to_be_visible()
        self.check_id = self.page.url.rsplit("/", 1)[1]
        return self

    def call(self) -> Locator:
        return self.page.locator("section.call")

    def flags(self) -> Locator:
        return self.page.locator("li.flag")

    def correct(self) -> CheckForm:
        self.page.get_by_role("button", name="Rett", exact=True).click()
        expect(self.page.get_by_text("Den opprinnelige blir stående")).to_be_visible()
        return CheckForm(self.page)

    def back_to_person(self) -> Person:
        self.page.get_by_role("link", name="Til brukeren").first.click()
        expect(self.page.get_by_role("heading", name="Siste resultater")).to_be_visible()
        return Person(self.page)


class Sent:
    """Sendt og ikke sendt: where each record is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def shown(self) -> Sent:
        expect(self.page.get_by_role("heading", name="Sendt og ikke sendt")).to_be_visible()
        return self

    def left(self) -> Locator:
        """The end of the shift in one number."""
        return self.page.get_by_role("status").filter(has_text="igjen på denne enheten")

    def group(self, title: str) -> Locator:
        """The records under one heading."""
        return self.page.get_by_role("region", name=title, exact=True).get_by_role("listitem")
