"""The form under a fast hand on a slow device: every tap counts once, and only what was tapped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages.bedside import CheckForm, Result, Round
from tests.browser.tablet import Tablet

SLOW = """() => {
  const before = SubtleCrypto.prototype.encrypt;
  SubtleCrypto.prototype.encrypt = async function (...given) {
    await new Promise(resolve => setTimeout(resolve, 600));
    return before.apply(this, given);
  };
}"""


@pytest.fixture
def medicines(berit: Tablet) -> CheckForm:
    form = Round(berit.page).visit("Astrid Lunde").start("Legemiddelsjekk")
    form.choose("Vedtak om legemiddelhåndtering?", "Ja, alt")
    expect(form.question("Antall faste")).to_be_visible()
    return form


@pytest.fixture
def catheter(berit: Tablet) -> CheckForm:
    form = Round(berit.page).visit("Astrid Lunde").start("Katetersjekk")
    form.choose("Har urinkateter nå?", "Ja").choose("Type", "I urinrøret (KAD)").choose("Nytt eller plagsomt nå?", "Ny forvirring")
    expect(form.question("Temperatur")).to_be_visible()
    return form


def test_what_a_tap_opens_is_shown_also_when_typing_is_saved_after_it(medicines: CheckForm) -> None:
    medicines.page.evaluate(SLOW)
    medicines.question("Antall faste").get_by_role("textbox").fill("7")
    medicines.choose("Uoverensstemmelser?", "Ja")
    expect(medicines.page.get_by_role("button", name="Legg til: Uoverensstemmelse")).to_be_visible()
    expect(medicines.question("Antall faste").get_by_role("textbox")).to_have_value("7")
    expect(medicines.question("Uoverensstemmelser?").get_by_label("Ja")).to_be_checked()


def test_a_tap_while_an_earlier_answer_is_being_shown_is_kept(medicines: CheckForm) -> None:
    medicines.page.evaluate("""() => addEventListener("htmx:after:swap",
      () => document.querySelector("input[name='a.otc_asked'][value=yes]").click(), { once: true, capture: true })""")
    medicines.choose("Tar som avtalt?", "Nei")
    expect(medicines.question("Tar som avtalt?").get_by_label("Nei")).to_be_checked()
    medicines.drafted()
    assert medicines.draft()["answers"]["otc_asked"] == "yes"
    expect(medicines.question("Spurt om reseptfrie").get_by_label("Ja")).to_be_checked()


def test_a_doubtful_number_is_confirmed_only_by_saying_so(catheter: CheckForm) -> None:
    for number in ("41,0", "41,5"):
        catheter.write("Temperatur", number).drafted()
        expect(catheter.question("Temperatur")).to_contain_text("Høyere enn ventet. Stemmer det?")
        assert catheter.draft()["answers"]["temp_c"] == int(number.replace(",", ""))
    catheter.part("Temperatur").press("Det stemmer")
    expect(catheter.question("Temperatur")).not_to_contain_text("Høyere enn ventet")


def test_enter_in_a_box_answers_no_other_question(catheter: CheckForm) -> None:
    box = catheter.question("Temperatur").get_by_role("textbox")
    box.fill("37,2")
    box.press("Enter")
    catheter.drafted()
    answers = catheter.draft()["answers"]
    assert answers["temp_c"] == 372
    assert not [name for name in answers if name.startswith("care_")]
    expect(catheter.page.get_by_role("heading", name=re.compile("Ikke lagret"))).to_have_count(0)


def test_a_fall_that_just_happened_takes_one_tap_to_date(berit: Tablet) -> None:
    form = Round(berit.page).start_fall("Inger Tangen")
    form.part("Når skjedde det?").press("Nå")
    expect(form.question("Når skjedde det?").get_by_label("Når skjedde det?: klokkeslett")).to_have_value(re.compile(r"\d\d:\d\d"))
    draft = form.drafted().draft()
    assert draft["answers"]["ev_at"] == draft["updated_at"][:16] + ":00" + draft["updated_at"][-6:]


BUSY = """async () => {
  const timing = window.setTimeout;
  window.setTimeout = (work, ms, ...more) => timing(work, ms === 10_000 ? 100 : ms, ...more);
  const asked = indexedDB.open("tryggrunde");
  await new Promise(resolve => { asked.onsuccess = resolve; });
  const store = asked.result.transaction(["outbox", "vaults", "drafts"], "readwrite").objectStore("outbox");
  window.held = true;
  const again = () => { if (window.held) store.count().onsuccess = again; };
  again();
}"""


def test_a_save_that_waits_for_the_disk_says_that_it_is_none_yet_and_then_that_it_is(medicines: CheckForm) -> None:
    # given a form that may be saved, and another transaction that holds the database
    page = medicines.page
    medicines.choose("Ble sjekken gjort?", "Ikke gjort").choose("Hvorfor?", "Ønsker ikke").drafted()
    page.evaluate(BUSY)
    # when
    page.get_by_role("button", name=re.compile("^Lagre")).click()
    # then
    expect(page.get_by_role("alert")).to_contain_text("Ikke lagret ennå")
    page.evaluate("() => { window.held = false; }")
    Result(page).shown()
    expect(page.get_by_text("Ikke lagret ennå")).to_have_count(0)
