"""A nurse who reads nynorsk, and one who reads English: the same shift, every word in her language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.browser.tablet import PIN, READY, Tablet
from tests.device import new_code
from tests.fixtures.servers import Live
from tests.people import BERIT
from webapp import db
from webapp.bundles import registry
from webapp.models import User
from webapp.words import translator

# Words that bokmål writes otherwise than the language; none of them is a part of somebody's name or address.
FOREIGN = {
    "nn": {"ikke", "hvorfor", "hvem", "hva", "fra", "noen", "noe", "enheten", "lagret", "sendes", "sjekker", "mangler", "gjøre", "nå"},
    "en": {"ikke", "og", "er", "på", "til", "det", "som", "eller", "sjekk", "sjekken", "enhet", "lagret", "varsel", "svar", "dag", "nå"},
}
LANGUAGES = ["nn", "en"]


def reads_only(page: Page, lang: str) -> None:
    """Every word on the page, folded away or not, and every name a screen reader says."""
    expect(page.locator("html")).to_have_attribute("lang", lang)
    said = page.evaluate("""() => [document.title, document.body.textContent,
      ...[...document.querySelectorAll("[aria-label],[placeholder]")]
      .map(it => it.getAttribute("aria-label") ?? it.placeholder)].join(" ")""")
    words = set(re.findall(r"[a-zæøå]+", said.lower()))
    assert words & FOREIGN[lang] == set(), page.url


def say(lang: str, text: str) -> str:
    return translator(lang)(text)


def label(lang: str, form_id: str, name: str) -> str:
    field = registry(()).form(form_id).field(name)
    assert field is not None
    return field.label[lang]


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest, live: Live) -> str:
    """Berit's own choice of language."""
    with live.app.app_context():
        db.session().execute(update(User).where(User.id == BERIT.id).values(language=request.param))
        db.session().commit()
    return str(request.param)


@pytest.fixture
def tablet(new_tablet: Callable[[], Tablet], lang: str, live: Live) -> Tablet:
    tablet = new_tablet()
    tablet.log_in(BERIT)
    tablet.page.get_by_label(say(lang, "Kode")).fill(new_code(live.app))
    reads_only(tablet.page, lang)
    tablet.page.get_by_role("button", name=say(lang, "Neste")).click()
    tablet.page.get_by_label(say(lang, "PIN eller passordfrase")).and_(tablet.page.locator(":visible")).fill(PIN)
    tablet.page.get_by_label(say(lang, "Gjenta")).fill(PIN)
    tablet.page.get_by_role("button", name=say(lang, "Lagre PIN")).click()
    tablet.page.wait_for_selector(READY)
    return tablet


def test_an_urgent_finding_offline_is_said_in_her_own_language(tablet: Tablet, lang: str, live: Live) -> None:
    page = tablet.page
    tablet.sees_heading(say(lang, "Min runde"))
    reads_only(page, lang)
    live.stop()
    page.locator("main a[href^='/round/people/']").first.click()
    expect(page.get_by_role("heading", name=say(lang, "Siste resultater"))).to_be_visible()
    reads_only(page, lang)
    page.get_by_text(say(lang, "Andre sjekker"), exact=True).click()
    page.get_by_role("button", name=registry(()).form("kateter").title[lang]).click()
    page.get_by_role("radio", name=say(lang, "Delvis gjort")).check()
    page.get_by_role("radio", name=say(lang, "Ikke tid")).check()
    page.locator("#q-cat_present-yes").check()
    page.locator("#q-cat_type-urethral").check()
    page.locator("#q-sym-fever_chills").check()
    expect(page.get_by_role("group", name=label(lang, "kateter", "temp_c"))).to_be_visible()
    page.get_by_role("checkbox", name=say(lang, "Kontaktet legevakt")).check()
    reads_only(page, lang)
    page.get_by_role("button", name=say(lang, "Lagre"), exact=True).click()
    expect(page.locator("section.call")).to_contain_text(say(lang, "Ikke sendt. Ring."))
    expect(page.locator("section.call")).to_contain_text("116117")
    reads_only(page, lang)


def test_every_page_of_the_device_and_the_lock_speak_her_language(tablet: Tablet, lang: str, live: Live) -> None:
    live.stop()
    for path in ("/round/sent", "/round/event", "/round/people", "/round/device", "/round/about/kateter", "/round/pin"):
        tablet.open(path)
        tablet.sees_heading(say(lang, "Låst"))
        reads_only(tablet.page, lang)
        tablet.page.get_by_label(say(lang, "PIN eller passordfrase")).fill(PIN)
        tablet.page.get_by_role("button", name=say(lang, "Lås opp")).click()
        expect(tablet.page.get_by_role("heading", name=say(lang, "Låst"))).to_have_count(0)
        expect(tablet.page.get_by_role("heading", level=1)).to_be_visible()
        reads_only(tablet.page, lang)


KEPT = """async lang => {
  const { version, modules } = await (await (await caches.open('tryggrunde-shell')).match('/shell-in-use')).json()
  return Boolean(await (await caches.open('shell-' + version)).match(modules.speech[lang]))
}"""
FORGET = KEPT.replace(".match(modules.speech", ".delete(modules.speech")
NOT_YET = "Språket du har valgt, er ikke hentet til enheten ennå. Det kommer når enheten har nett."


def chooses(live: Live, language: str) -> None:
    with live.app.app_context():
        db.session().execute(update(User).where(User.id == BERIT.id).values(language=language))
        db.session().commit()


def test_the_other_languages_come_as_soon_as_the_device_works(tablet: Tablet, live: Live) -> None:
    for each in ("nb", *LANGUAGES):
        tablet.until(f"async () => ({KEPT})('{each}')")
    chooses(live, "nb")
    tablet.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    live.stop()
    tablet.page.get_by_role("link", name=re.compile("sent|sendt", re.IGNORECASE)).first.click()
    expect(tablet.page.locator("html")).to_have_attribute("lang", "nb")
    tablet.sees_heading("Sendt og ikke sendt")
    expect(tablet.page.get_by_text(NOT_YET)).to_have_count(0)


def test_a_language_that_does_not_come_on_a_line_that_hangs_keeps_nobody_out(berit: Tablet, live: Live) -> None:
    # given: her language is not here, and what is asked for is never answered
    berit.until(f"async () => ({KEPT})('nn')")
    chooses(live, "nn")
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    url = berit.run("async () => (await (await fetch('/shell.json')).json()).modules.speech.nn")
    berit.page.add_init_script(f"""(() => {{
      const real = window.fetch;
      window.asked = 0;
      window.fetch = (what, how) => (String(what) !== "{url}" ? real(what, how) : new Promise((_, fail) => {{
        window.asked += 1;
        how.signal?.addEventListener("abort", () => fail(how.signal.reason));
      }}));
    }})();""")
    # when
    berit.open()
    berit.unlock()
    # then: she comes in, in the language there is, and waits for it once
    berit.sees_heading("Min runde")
    expect(berit.page.get_by_text(NOT_YET)).to_be_visible()
    berit.go("Sendt")
    berit.sees_heading("Sendt og ikke sendt")
    assert berit.run("() => window.asked") == 1


def test_a_language_that_has_not_come_yet_is_said_in_a_sentence_and_spoken_when_it_has(berit: Tablet, live: Live) -> None:
    berit.until(f"async () => ({KEPT})('nn')")
    chooses(live, "nn")
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    live.stop()
    assert berit.run(FORGET, "nn")
    berit.forget_downloads()
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    expect(berit.page.get_by_text(NOT_YET)).to_be_visible()
    expect(berit.page.locator("html")).to_have_attribute("lang", "nb")
    live.start()
    berit.open()
    berit.unlock()
    expect(berit.page.locator("html")).to_have_attribute("lang", "nn")
    expect(berit.page.get_by_text(say("nn", NOT_YET))).to_have_count(0)
    reads_only(berit.page, "nn")
