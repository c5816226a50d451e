"""45 seconds a check, one thumb: how many taps it takes, and what is one tap away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.bedside import CheckForm, Person, Round
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live

COUNT = "() => { globalThis.taps = 0; addEventListener('pointerdown', () => { globalThis.taps += 1; }, true); }"
KEYS = "() => addEventListener('keydown', () => { globalThis.taps += 1000; }, true)"


@pytest.fixture
def offline(berit: Tablet, live: Live) -> Tablet:
    live.stop()
    return berit


def taps(page: Page) -> int:
    return int(page.evaluate("() => globalThis.taps"))


def catheter_in_order(person: Person) -> None:
    form = person.start("Katetersjekk")
    form.choose("Har urinkateter nå?", "Ja").choose("Type", "Suprapubisk").choose("Trengs kateteret fortsatt?", "Ja")
    form.write("Kateter siden", "2025", "År").choose("Hovedårsak", "Nevrogen blære").choose("Er årsak og ordinering dokumentert?", "Ja")
    form.choose("Sist skiftet", "Vet ikke").choose("Er engangskateter vurdert?", "Ja, går ikke").choose("Plan", "Ingen plan")
    form.choose("Prøvd uten kateter?", "Ja, gikk ikke").choose("Lege vurderte behovet sist", "Vet ikke")
    form.press("Alt på plass").choose("Nytt eller plagsomt nå?", "Ingen").choose("Behandlet for urinveisinfeksjon siden sist?", "Nei")
    form.choose("Hva gjorde du?", "Satt i plan").ready().save().back_to_person()


def test_a_repeated_check_has_the_slow_facts_filled_in_confirmed_with_one_tap(offline: Tablet) -> None:
    person = Round(offline.page).visit("Astrid Lunde")
    catheter_in_order(person)
    offline.run(COUNT)
    offline.run(KEYS)
    form = person.start("Katetersjekk").choose("Har urinkateter nå?", "Ja")
    facts = offline.page.get_by_role("region", name="Fra sist. Stemmer det fortsatt?")
    expect(facts).to_contain_text("Suprapubisk")
    expect(facts).to_contain_text("Nevrogen blære")
    form.press("Stemmer fortsatt").choose("Trengs kateteret fortsatt?", "Ja").press("Alt på plass")
    expect(facts).to_contain_text("Bekreftet")
    form.choose("Nytt eller plagsomt nå?", "Ingen").choose("Behandlet for urinveisinfeksjon siden sist?", "Nei")
    form.choose("Hva gjorde du?", "Satt i plan").ready().save()
    assert taps(offline.page) <= 12


def test_not_done_with_a_reason_takes_two_taps_and_save(offline: Tablet) -> None:
    form = Round(offline.page).visit("Astrid Lunde").start("Hudsjekk")
    offline.run(COUNT)
    form.not_done("Ønsker ikke")
    assert taps(offline.page) == 3


def test_a_check_that_finds_nothing_takes_four_taps(offline: Tablet) -> None:
    form = Round(offline.page).visit("Astrid Lunde").start("Fallsjekk")
    offline.run(COUNT)
    form.choose("Falt siste 12 måneder?", "Nei").choose("Ustø når du står eller går?", "Nei").choose("Bekymret for å falle?", "Nei")
    form.ready().save()
    assert taps(offline.page) == 4


def test_a_fall_is_two_taps_away_from_every_page(offline: Tablet) -> None:
    page, round_ = offline.page, Round(offline.page)

    def two_taps() -> None:
        round_.start_fall("Inger Tangen")
        page.get_by_text("Forkast utkastet").click()
        page.get_by_role("button", name="Forkast", exact=True).click()
        expect(page.get_by_role("heading", name="Siste resultater")).to_be_visible()

    two_taps()
    two_taps()  # from a person
    round_.home().visit("Astrid Lunde").start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei").drafted()
    two_taps()  # from the middle of another check
    round_.home().continue_draft("Astrid Lunde").not_done("Ønsker ikke")
    two_taps()  # from a result
    for link in ("Sendt", "Innlogget som"):
        page.get_by_role("link", name=link).first.click()
        expect(page.get_by_role("heading", name="Siste resultater")).to_have_count(0)
        two_taps()


def test_the_others_of_the_unit_are_one_tap_away_and_found_while_typing(offline: Tablet) -> None:
    page = offline.page
    Round(page).search("tang")
    found = page.get_by_role("region", name="Treff")
    expect(found.get_by_role("listitem")).to_have_count(1)
    expect(found).to_contain_text("Inger Tangen")
    page.get_by_role("searchbox").fill("ingen heter dette")
    expect(found).to_contain_text("Ingen treff.")
    page.get_by_role("searchbox").fill("brekke")
    expect(found.get_by_role("listitem")).to_have_count(1)
    Round(page).visit("Odd Brekke").start("Fallsjekk").not_done("Ønsker ikke")


def test_whom_an_event_is_about_is_found_while_typing(offline: Tablet) -> None:
    page = offline.page
    offline.go("Ny hendelse")
    cards = page.locator("#results li")
    expect(cards.first).to_contain_text("Født")
    page.get_by_role("searchbox").fill("brekke")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("Odd Brekke")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("ingen heter dette")
    expect(page.locator("#results")).to_contain_text("Ingen treff.")


def test_the_result_shows_the_gravest_flag_first_with_the_answers_that_raised_it(offline: Tablet) -> None:
    form = Round(offline.page).visit("Astrid Lunde").start("Katetersjekk")
    form.choose("Ble sjekken gjort?", "Delvis gjort").choose("Hvorfor?", "Akutt situasjon")
    form.choose("Har urinkateter nå?", "Ja").choose("Type", "I urinrøret (KAD)").choose("Hovedårsak", "Bare inkontinens")
    form.choose("Nytt eller plagsomt nå?", "Tett, lite eller ingen urin").choose("Hva gjorde du?", "Kontaktet legevakt")
    result = form.ready().save()
    expect(result.call()).to_contain_text("Ikke sendt. Ring.")
    expect(result.call().get_by_role("link", name="113")).to_have_attribute("href", "tel:113")
    expect(result.call().get_by_role("link", name="116117")).to_have_attribute("href", "tel:116117")
    expect(result.flags().first).to_contain_text("Tett kateter eller kateter ute")
    expect(result.flags().first).to_contain_text("Tett, lite eller ingen urin")
    expect(result.flags().nth(1)).to_contain_text("Ingen anerkjent årsak")
    expect(result.flags().nth(1)).to_contain_text("Bare inkontinens")
    Round(offline.page).home()
    expect(CheckForm(offline.page).area).to_contain_text("Tett kateter eller kateter ute")


def test_every_form_tells_the_browser_to_remember_nothing(offline: Tablet) -> None:
    form = Round(offline.page).visit("Astrid Lunde").start("Katetersjekk").choose("Har urinkateter nå?", "Ja")
    form.choose("Type", "I urinrøret (KAD)")
    expect(form.question("Kateter siden")).to_be_visible()
    typed = ",".join(f"input[type={kind}]" for kind in ("text", "date", "time", "search", "password", "number")) + ",textarea"
    remembered = f"form:not([autocomplete=off]), :is({typed}):not([autocomplete=off])"
    expect(offline.page.locator(remembered)).to_have_count(0)
    offline.lock()
    expect(offline.page.locator(remembered)).to_have_count(0)
