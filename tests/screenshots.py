"""`make screenshots`: the pictures of the README and of the install dialog, from the real app on a fixed day of demo data."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.tablet import Tablet
from tests.conftest import launch_options
from tests.fixtures.demo import PASSWORD, demo_app, make_demo
from tests.fixtures.servers import Live
from tests.people import Actor
from tests.png import write_small

ROOT = Path(__file__).parents[1]
DOCS, ICONS = ROOT / "docs" / "screenshots", ROOT / "static" / "icons"
DAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
MOST = 150_000
PHONE, TABLET, DESKTOP = (390, 844), (820, 1180), (1440, 900)
BERIT = Actor("berit", "Berit Nygård", "sykepleier", "nurse", ())
AMINA = Actor("amina", "Amina Warsame", "sykepleier", "nurse", ())
FALL = (
    ("Sett av noen?", "Nei"), ("Tok noen imot?", "Nei"), ("Sted", "Bad"), ("Aktivitet", "Toalettbesøk"), ("Skade", "Liten"),
    ("Slag mot hodet?", "Ja"), ("Blodfortynnende (også platehemmer)?", "Ja"), ("Besvimte?", "Nei"), ("Lå 1 time eller mer?", "Nei"),
    ("Ny sterk smerte eller kan ikke belaste?", "Nei"), ("Medvirkende", "Svimmel"),
)
OFF = DAY - datetime.now(UTC)


class OnTheDay(datetime):
    """The server's clock, moved to the day; a tablet takes its time from the server."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> OnTheDay:
        return super().now(tz) + OFF


def move_the_clock() -> None:
    """Every module of the app that asks for the time is told the day's."""
    for name, module in list(sys.modules.items()):
        if name.startswith("webapp") and getattr(module, "datetime", None) is datetime:
            module.datetime = OnTheDay  # type: ignore[attr-defined]


class DemoTablet(Tablet):
    """A tablet in the demo municipality."""

    def log_in(self, actor: Actor, then: str = "/enrol") -> None:
        self.page.goto(f"{self.url}/login?next={then}")
        self.page.get_by_label("Brukernavn").fill(actor.username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn").click()

    def choose(self, question: str, *answers: str) -> None:
        """Tap answers of the last question with these words."""
        for answer in answers:
            box = self.page.locator("fieldset").filter(has=self.page.get_by_text(question, exact=True)).last
            box.get_by_label(re.compile("^" + re.escape(answer))).first.check()

    def start(self, form: str, person: str) -> None:
        """From the round to a form."""
        self.page.locator(".brand").click()
        self.sees_heading("Min runde")
        self.page.get_by_role("link", name=re.compile(person)).first.click()
        button = self.page.locator(f"button[name=check][value={form}]").first
        if not button.is_visible():
            self.page.get_by_text("Andre sjekker").click()
        button.click()
        expect(self.page.locator("#_form")).to_be_visible()


class Album:
    """Where pictures go."""

    def __init__(self, browser: Browser, live: Live) -> None:
        self.browser, self.live = browser, live
        self.desk = browser.new_page()

    def context(self, size: tuple[int, int], scale: float, **more: Any) -> BrowserContext:
        return self.browser.new_context(
            locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale,
            reduced_motion="reduce", **more,
        )

    def keep(self, page: Page, *paths: Path) -> None:
        page.mouse.move(0, 0)
        picture = page.screenshot()
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            size = write_small(self.desk, picture, path)
            print(f"{path.relative_to(ROOT)}: {size // 1000} kB", flush=True)
            if size > MOST:
                raise SystemExit(f"{path.name} is larger than {MOST // 1000} kB.")


def phone(album: Album) -> None:
    """Berit's round, a check with a finding, and an urgent result with the server out of reach."""
    berit = DemoTablet(album.context(PHONE, 2), album.live.url)
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    expect(berit.page.locator("#sync-line")).to_have_text("Alt er sendt")
    album.keep(berit.page, DOCS / "round-phone.png", ICONS / "screenshot-narrow.png")
    names = berit.page.locator(".visit[href^='/round/people/'] .who").all_inner_texts()
    berit.start("trykksar", names[1])
    berit.choose("Har trykksår nå?", "Ja")
    berit.page.get_by_role("button", name="Legg til: Funn").click()
    for question, answer in (("Sted", "Hæl høyre"), ("Type", "Trykksår"), ("Kategori", "Kategori 2"), ("Status", "Nytt")):
        berit.choose(question, answer)
    berit.page.get_by_role("button", name="Alt på plass").click()
    expect(berit.page.get_by_label("På plass").first).to_be_checked()
    berit.page.locator("#live").evaluate("it => it.scrollIntoView({ block: 'end' })")
    album.keep(berit.page, DOCS / "check-phone.png")
    album.live.stop()
    fall(berit, names[2])
    album.keep(berit.page, DOCS / "result-phone.png")
    album.live.start()
    berit.context.close()


def fall(berit: DemoTablet, name: str) -> None:
    """A fall with a blow to the head, saved without a network."""
    berit.start("fall_event", name)
    for part, value in (("dato", DAY.date().isoformat()), ("klokkeslett", "08:40")):
        berit.page.get_by_label(f"Når skjedde det?: {part}").fill(value)
    for question, answer in FALL:
        berit.choose(question, answer)
    berit.page.get_by_label("Kontaktet legevakt").check()
    expect(berit.page.locator(".savebar")).to_contain_text("Klar til å lagres")
    berit.page.get_by_role("button", name="Lagre").click()
    expect(berit.page.get_by_role("heading", name="Ikke sendt. Ring.")).to_be_visible()
    expect(berit.page.locator("#sync-line")).to_have_text("1 venter")


def tablet(album: Album) -> None:
    """A person with something due, and the lock screen of two nurses in the dark."""
    amina = DemoTablet(album.context(TABLET, 1), album.live.url)
    amina.enrol(AMINA)
    amina.sees_heading("Min runde")
    amina.page.locator(".cards .visit:has([data-tone=overdue])").first.click()
    expect(amina.page.get_by_role("heading", name="Skal gjøres")).to_be_visible()
    album.keep(amina.page, DOCS / "person-tablet.png")
    amina.lock()
    amina.context.clear_cookies(name="tr_session")
    amina.log_in(BERIT)
    amina.set_pin()
    amina.sees_heading("Min runde")
    amina.page.set_viewport_size({"width": TABLET[1], "height": TABLET[0]})
    amina.page.emulate_media(color_scheme="dark")
    amina.lock()
    album.keep(amina.page, DOCS / "lock-tablet.png")
    amina.context.close()


def desktop(album: Album) -> None:
    """What the supervisor sees, and the round on a wide screen."""
    context = album.context(DESKTOP, 1)
    solveig = DemoTablet(context, album.live.url)
    solveig.log_in(Actor("solveig", "", "", "supervisor", ()), "/review")
    solveig.sees_heading("Trenger deg nå")
    album.keep(solveig.page, DOCS / "needs-you-desktop.png")
    context.close()
    berit = DemoTablet(album.context(DESKTOP, 1), album.live.url)
    berit.log_in(BERIT, "/round")
    berit.sees_heading("Min runde")
    album.keep(berit.page, ICONS / "screenshot-wide.png")
    berit.context.close()


def main() -> None:
    """All pictures."""
    if not any(Path("/usr/share/fonts").rglob("Inter*")):
        raise SystemExit("The pictures are set in Inter, as on most phones of today: apt-get install fonts-inter")
    move_the_clock()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        made = make_demo(Path(folder))
        with demo_app(made, Path(folder) / "data") as app:
            live = Live(app)
            browser = playwright.chromium.launch(**launch_options())
            album = Album(browser, live)
            for scene in SCENES:
                scene(album)
            browser.close()
            live.stop()


SCENES: tuple[Callable[[Album], None], ...] = (phone, tablet, desktop)
if __name__ == "__main__":
    main()
