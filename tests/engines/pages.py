"""The nurse's pages in the other engines, with the names of tests/browser/pages: what is clicked is what can be seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engines.driver import Driver, Element, Trouble, until
from tests.people import PASSWORD, Actor

PIN = "739154"
FIND = (Path(__file__).parent / "find.js").read_text("utf-8")
PASSING = {"stale element reference", "element not interactable", "element click intercepted", "no such element", "javascript error"}


class Screen:
    """What is shown, or one part of it."""

    def __init__(self, driver: Driver, inside: Callable[[], Element | None] = lambda: None) -> None:
        self.driver, self.inside = driver, inside

    def look(self, kind: str, text: str = "", exact: bool = False) -> Element | None:
        """The first that is visible of a kind, whose name begins with this text."""
        try:
            found: Element | None = self.driver.script(FIND, kind, text, exact, self.inside())
            return found
        except Trouble as wrong:
            if wrong.code not in PASSING:
                raise
            return None

    def find(self, kind: str, text: str = "", exact: bool = False) -> Element:
        found: Element = until(lambda: self.look(kind, text, exact), f"{kind} “{text}”")
        return found

    def act(self, kind: str, text: str, what: Callable[[Element], None], exact: bool = False) -> None:
        """Do it to the one that is there now: a form is morphed under a finger."""

        def tried() -> bool:
            found = self.look(kind, text, exact)
            if found is None:
                return False
            try:
                what(found)
            except Trouble as wrong:
                if wrong.code not in PASSING:
                    raise
                return False
            return True

        until(tried, f"{kind} “{text}”")

    def click(self, kind: str, text: str, exact: bool = False) -> None:
        self.act(kind, text, self.driver.click, exact)

    def enter(self, kind: str, label: str, text: str) -> None:
        def write(box: Element) -> None:
            self.driver.clear(box)
            self.driver.type(box, text)

        self.act(kind, label, write)

    def reads(self, kind: str, text: str = "") -> str:
        return str(self.driver.script("return arguments[0].innerText", self.find(kind, text)))

    def sees(self, words: str, seconds: float = 40) -> None:
        shown = "return document.body.innerText.replace(/\\s+/g, ' ')"
        until(lambda: words in str(self.driver.script(shown)), f"“{words}”", seconds)


class Tablet(Screen):
    """One window on one profile."""

    def __init__(self, driver: Driver, url: str) -> None:
        super().__init__(driver)
        self.url = url

    def enrol(self, actor: Actor) -> Tablet:
        self.driver.navigate(f"{self.url}/login?next=/enrol")
        self.enter("box", "Brukernavn", actor.username)
        self.enter("box", "Passord", PASSWORD)
        self.click("button", "Logg inn")
        self.enter("box", "Navn på enheten", "Nettbrett 1")
        self.click("button", "Neste")
        self.enter("box", "PIN eller passordfrase", PIN)
        self.enter("box", "Gjenta", PIN)
        self.click("button", "Lagre PIN")
        return self.ready()

    def ready(self) -> Tablet:
        until(lambda: self.driver.script("return document.documentElement.dataset.device") == "ready", "the device", 60)
        return self

    def open(self, path: str = "/round") -> Tablet:
        """A cold start: a page made from the shell, locked."""
        self.driver.navigate(self.url + path)
        return self.ready()

    def unlock(self) -> Round:
        self.enter("box", "PIN eller passordfrase", PIN)
        self.click("button", "Lås opp")
        return self.round()

    def lock(self) -> None:
        self.click("button", "Lås", exact=True)
        self.find("heading", "Låst", exact=True)

    def round(self) -> Round:
        self.find("heading", "Min runde", exact=True)
        return Round(self.driver)


class Round(Screen):
    """Min runde."""

    def home(self) -> Round:
        self.click("link", "TryggRunde", exact=True)
        self.find("heading", "Min runde", exact=True)
        return self

    def visit(self, name: str) -> Person:
        self.click("visit", name)
        self.find("region", "Bruker", exact=True)
        self.find("heading", "Siste resultater")
        return Person(self.driver)

    def start_fall(self, name: str) -> CheckForm:
        self.click("link", "Ny hendelse")
        self.click("button", f"Registrer fall {name}")
        return CheckForm(self.driver).shown("Fall")

    def sent(self) -> Sent:
        self.click("link", "Sendt")
        self.find("heading", "Sendt og ikke sendt")
        return Sent(self.driver)


class Person(Screen):
    """One service user."""

    def start(self, check: str) -> CheckForm:
        until(lambda: self.look("button", f"Start {check}", exact=True) or self.look("fold", "Andre sjekker"), check)
        if not self.look("button", f"Start {check}", exact=True):
            self.click("fold", "Andre sjekker")
        self.click("button", f"Start {check}", exact=True)
        return CheckForm(self.driver).shown(check)


class CheckForm(Screen):
    """A check being filled in."""

    def shown(self, title: str) -> CheckForm:
        self.find("heading", title, exact=True)
        return self

    def part(self, label: str) -> CheckForm:
        return CheckForm(self.driver, lambda: self.look("group", label))

    def settled(self) -> CheckForm:
        """Every tap has been answered: what is on the screen is on the disk."""
        idle = "return !document.querySelector('#_form.htmx-request, #_form .htmx-request')"
        until(lambda: self.driver.script(idle), "the draft")
        return self

    def choose(self, label: str, *options: str) -> CheckForm:
        for option in options:
            asked = self.part(label)
            if not asked.look("chosen", option):
                asked.click("chip", option)
            asked.find("chosen", option)
            self.settled()
        return self

    def write(self, label: str, text: str, part: str = "") -> CheckForm:
        """Type into a question, and leave it."""
        asked = self.part(label)
        asked.enter("box", part, text)
        self.driver.script("document.activeElement.blur()")
        return self.settled()

    def press(self, text: str) -> CheckForm:
        self.click("button", text, exact=True)
        return self.settled()

    def add_card(self, button: str) -> CheckForm:
        cards = "return document.querySelectorAll('section.item').length"
        before = self.driver.script(cards)
        self.press(button)
        until(lambda: self.driver.script(cards) == before + 1, "a new card")
        return CheckForm(self.driver, lambda: self.driver.script("return document.querySelectorAll('section.item')[arguments[0]]", before))

    def ready(self) -> CheckForm:
        self.sees("Klar til å lagres")
        return self

    def save(self) -> Result:
        self.click("button", "Lagre")
        return Result(self.driver)


class Result(Screen):
    """What a finished check came to: the page says that it is saved."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        until(lambda: self.look("heading", "Lagret på denne enheten") or self.look("heading", "Mottatt"), "Lagret")
        self.check_id = str(driver.script("return location.pathname")).rsplit("/", 1)[1]


class Sent(Screen):
    """Sendt og ikke sendt."""

    def left(self, number: int, seconds: float = 40) -> Sent:
        """The end of the shift in one number."""
        self.sees(f"{number} sjekk{'' if number == 1 else 'er'} igjen på denne enheten", seconds)
        return self

    def group(self, title: str) -> list[str]:
        """The records under one heading."""
        read = "return [...arguments[0].querySelectorAll('li')].map(one => one.innerText)"
        rows: Any = self.driver.script(read, self.find("region", title))
        return [" ".join(str(row).split()) for row in rows]
