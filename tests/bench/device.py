"""The device alone, its server stopped: from tap to screen, from "Lagre" to "Lagret", from cold start to the route."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, Playwright

from tests.bench import floor, place, tablet
from tests.bench.table import Figure, middle
from tests.browser.pages.bedside import CheckForm, Person, Round

NURSE = "berit"
TIMES, STARTS = 9, 5
SLOW = 4
CHECK = "Hudsjekk"
NOTHING_FOUND = (
    ("Har trykksår nå?", "Nei"), ("Trenger hjelp til å endre stilling", "Nei"), ("Kan bruker få trykksår", "Nei"),
    ("Hud sett", "Alle trykkpunkter"),
)  # fmt: skip
SWAPPED = """async (el, wanted) => {
  const begun = performance.now()
  const shown = new Promise(ok => document.addEventListener('htmx:after:swap', function look() {
    if (![...document.querySelectorAll('h1, h2')].some(one => one.textContent.startsWith(wanted))) return
    document.removeEventListener('htmx:after:swap', look)
    ok()
  }))
  el.click()
  await shown
  await new Promise(ok => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ok
    port2.postMessage(0)
  }))
  return performance.now() - begun
}"""
WHEN_READY = """new MutationObserver((_, seen) => {
  if (document.documentElement.dataset.device !== 'ready') return
  seen.disconnect()
  requestAnimationFrame(() => { window.readyAt = performance.now() })
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-device'] })"""
DERIVE = """async times => {
  const worker = new Worker('/sw/kdf_worker.js', { type: 'module' })
  const took = []
  for (let n = 0; n < times; n++) {
    const begun = performance.now()
    const done = new Promise((ok, no) => { worker.onmessage = ok; worker.onerror = no })
    const cost = { salt: crypto.getRandomValues(new Uint8Array(16)), m: 32768, t: 3, p: 1 }
    worker.postMessage({ secret: new TextEncoder().encode('739154'), cost })
    await done
    took.push(performance.now() - begun)
  }
  worker.terminate()
  return took.slice(1)
}"""
Step = Callable[[], float]


def measure(folder: Path, small: place.Place) -> list[Figure]:
    here, profile = small.copy(folder / "device"), folder / "device-profile"
    with tablet.chromium() as playwright:
        with here.served() as server:
            url = server.url
            context = tablet.profile(playwright, profile)
            page = context.new_page()
            tablet.take_into_use(page, url, NURSE)
            tablet.set_pin(page)
            page.locator("a.visit").first.wait_for()
            context.close()
        starts = {rate: [cold_start(playwright, profile, url, rate) for _ in range(STARTS)] for rate in (1, SLOW)}
        context, page = opened(playwright, profile, url)
        figures = [*taps(context, page), *cold(starts, middle(page.evaluate(DERIVE, 6)))]
        context.close()
    return figures


def opened(playwright: Playwright, profile: Path, url: str) -> tuple[BrowserContext, Page]:
    context = tablet.profile(playwright, profile)
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(f"{url}/round")
    page.wait_for_selector(tablet.READY)
    unlock(page)
    return context, page


def unlock(page: Page) -> float:
    page.get_by_label("PIN eller passordfrase").fill(tablet.PIN)
    return timed(page.get_by_role("button", name="Lås opp"), "Min runde")


def timed(tapped: Locator, heading: str) -> float:
    """Milliseconds from a tap until a page with this heading has been painted."""
    return float(tapped.evaluate(SWAPPED, heading))


def cold_start(playwright: Playwright, profile: Path, url: str, rate: int) -> tuple[float, float]:
    """A browser just started: (navigation to lock screen, PIN to route)."""
    context = tablet.profile(playwright, profile)
    page = context.pages[0] if context.pages else context.new_page()
    page.add_init_script(WHEN_READY)
    slow(context, page, rate)
    page.goto(f"{url}/round")
    tablet.until(page, "() => window.readyAt")
    found = float(page.evaluate("window.readyAt")), unlock(page)
    context.close()
    return found


def slow(context: BrowserContext, page: Page, rate: int) -> None:
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def taps(context: BrowserContext, page: Page) -> list[Figure]:
    """A check per round, as often as the medians need: the form on the screen, and the result after its save."""
    names = [text.strip() for text in page.locator("a.visit .who").all_inner_texts()][:TIMES]
    puts = middle(page.evaluate(floor.STRICT_PUT, 30))
    figures = []
    for rate, form_target, save_target in ((1, 50, 60), (SLOW, 120, 200)):
        slow(context, page, rate)
        forms, saves = zip(*(one_check(page, name) for name in names), strict=True)
        says = f", CPU ×{rate}" if rate > 1 else ""
        figures.append(Figure(f"tap to next form, offline{says}", "ms", form_target, middle(forms[1:]), puts))
        figures.append(Figure(f"Lagre to Lagret, signed, sealed, on disk{says}", "ms", save_target, middle(saves[1:]), puts))
    slow(context, page, 1)
    return figures


def one_check(page: Page, name: str) -> tuple[float, float]:
    """The default path of one check, and back to the round."""
    person: Person = Round(page).visit(name)
    button = page.get_by_role("button", name=f"Start {CHECK}", exact=True)
    if not button.is_visible():
        page.get_by_text("Andre sjekker", exact=True).click()
    opening = timed(button, CHECK)
    form = CheckForm(page).shown(CHECK)
    answer(form)
    saving = timed(page.get_by_role("button", name=re.compile("^Lagre")), "Lagret på denne enheten")
    Round(person.page).home()
    return opening, saving


def answer(form: CheckForm) -> None:
    """Nothing found; what is asked differs a little from person to person."""
    for label, option in NOTHING_FOUND:
        if form.question(label).is_visible():
            form.choose(label, option).drafted()
    form.ready()


def cold(starts: dict[int, list[tuple[float, float]]], kdf: float) -> list[Figure]:
    figures = []
    for rate, pairs in starts.items():
        says, more = (f", CPU ×{rate}", f", key derivation counted {rate} times") if rate > 1 else ("", "")
        figures.append(Figure(f"cold offline start to lock screen{says}", "ms", 1000, middle([a for a, _ in pairs])))
        figures.append(Figure(f"unlock to route{says}{more}", "ms", 1500, middle([b + (rate - 1) * kdf for _, b in pairs])))
    return [*figures, Figure("— of which key derivation, once", "ms", None, kdf)]
