"""One tablet, two nurses, no network: from a half-filled form of one, over the lock screen, to the other's own route, and back."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.bench import device, place, tablet
from tests.bench.table import Figure, middle
from tests.browser.finger import UNLOCK, on_a_name, with_finger
from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from webapp.demo import cast

PAIR = (("berit", "Berit Nygård", "739154"), ("amina", "Amina Warsame", "482915"))
TIMES, TARGET = 9, 2000  # an odd number: each of the two rounds of switches begins with the one who was not there
FIRST, LATER = PAIR


def measure(folder: Path, small: place.Place) -> list[Figure]:
    here, profile = small.copy(folder / "switch"), folder / "switch-profile"
    with tablet.chromium() as playwright:
        context = tablet.profile(playwright, profile)
        page = context.new_page()
        with here.served() as server:
            shared = on_a_name(Tablet(context, server.url, page))
            with_finger(shared, prf=True)
            tablet.take_into_use(page, shared.url, FIRST[0])
            tablet.set_pin(page)
            page.locator("a.visit").first.wait_for()
            shared.lock()
            join(page, shared.url)
            finger(page)
            shared.has_everything()
        figures = []
        Round(page).home()
        half_filled(page)
        kdf = middle(page.evaluate(device.DERIVE, 6))
        for rate in (1, device.SLOW):
            device.slow(context, page, rate)
            taps = [over(page, PAIR[turn % 2], rate, kdf) for turn in range(TIMES + 1)][1:]
            says = f", CPU ×{rate}, key derivation counted {rate} times" if rate > 1 else ""
            whole = middle([locking + opening for locking, opening in taps])
            figures.append(Figure(f"user switch, offline: Lås, name, PIN to her own route{says}", "ms", TARGET, whole))
            figures.append(Figure("— of which to the lock screen", "ms", None, middle([locking for locking, _ in taps])))
        by_finger = [fingered(page, kdf) for _ in range(TIMES)]
        figures.append(Figure(f"the same by fingerprint, CPU ×{device.SLOW}", "ms", TARGET, middle(by_finger)))
        figures.append(Figure("— of which key derivation, once", "ms", None, kdf))
        context.close()
    return figures


def join(page: Page, url: str) -> None:
    """The colleague's first log-in on the tablet."""
    page.goto(f"{url}/login?next=/enrol")
    page.get_by_label("Brukernavn").fill(LATER[0])
    page.get_by_label("Passord").fill(cast.PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_label("PIN eller passordfrase").and_(page.locator(":visible")).fill(LATER[2])
    page.get_by_label("Gjenta").fill(LATER[2])
    page.get_by_role("button", name="Lagre PIN").click()
    page.locator("a.visit").first.wait_for()


def finger(page: Page) -> None:
    """The colleague lets a passkey open hers too."""
    page.locator("a[href='/round/device']").first.click()
    page.get_by_role("link", name="Bytt PIN").first.click()
    form = page.locator("form[action='/round/passkey']")
    form.get_by_label("PIN nå").fill(LATER[2])
    form.get_by_role("button", name="Slå på").click()
    page.get_by_text("Du kan nå låse opp med fingeravtrykk").wait_for()


def half_filled(page: Page) -> str:
    """A form that somebody is in the middle of; its address."""
    name = page.locator("a.visit .who").first.inner_text().strip()
    Round(page).visit(name).start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    return page.url


def to_lock(page: Page) -> float:
    return device.timed(page.get_by_role("button", name="Lås").first, "Låst")


def over(page: Page, who: tuple[str, str, str], rate: int, kdf: float) -> tuple[float, float]:
    """(to the lock screen, from her PIN to her route); she then begins or goes on with a form, for the next switch to leave."""
    locking = to_lock(page)
    page.get_by_role("radio", name=who[1], exact=True).check()
    page.get_by_label("PIN eller passordfrase").fill(who[2])
    opening = device.timed(page.get_by_role("button", name="Lås opp", exact=True), "Min runde") + (rate - 1) * kdf
    go_on(page)
    return locking, opening


def go_on(page: Page) -> None:
    """Her own draft must be there, as she left it; the first time she begins one."""
    drafts = page.get_by_role("region", name="Påbegynt").get_by_role("link")
    if not drafts.count():
        half_filled(page)
        return
    drafts.first.click()
    chosen = page.get_by_role("group", name=re.compile("^Falt siste 12 måneder")).get_by_label("Ja").first
    chosen.wait_for()
    if not chosen.is_checked():
        raise RuntimeError("a draft did not come through a user switch")


def fingered(page: Page, kdf: float) -> float:
    """The one who has no passkey is at work and locks; a finger opens the colleague's own."""
    over(page, FIRST, device.SLOW, kdf)
    locking = to_lock(page)
    opened = device.timed(page.get_by_role("button", name=UNLOCK), "Min runde")
    go_on(page)
    return locking + opened
