"""A stolen tablet tells nothing: after a shift, every file the browser has written is searched for what was seen and typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.pages.bedside import CheckForm, Round
from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import PIN, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, PASSWORD, SERVICE_USERS, ref
from tests.stolen.search import PHOTO, Search

NOTE = "Ektefellen åpner døra, ringeklokka virker ikke"
TYPED = "Venter på svar fra poliklinikken"
SEARCH = "Tang"
# As they would be stored or posted; the words alone stand in the program.
ANSWERS = ['"cat_present":"yes"', '"sym":["new_confusion"]', "a.cat_present=yes", '"not_done_reason":"declined"', '"person":"']


@pytest.fixture
def profile(playwright: Playwright, live: Live, tmp_path: Path) -> Iterator[Profile]:
    device = Profile(playwright, tmp_path / "profile", live.url, PHONE)
    yield device
    device.close()


def findings(folder: Path, needles: list[str]) -> list[tuple[str, str, str]]:
    search = Search(needles, PHOTO)
    search.folder(folder)
    assert search.unread == []
    return sorted(search.found)


def half_a_catheter_check(form: CheckForm) -> CheckForm:
    form.choose("Har urinkateter nå?", "Ja").choose("Type", "I urinrøret (KAD)").choose("Nytt eller plagsomt nå?", "Ny forvirring")
    form.choose("Hovedårsak", "Nevrogen blære").unfold("Merknad").write("Merknad", TYPED)
    return form.drafted()


def a_shift(berit: Tablet, live: Live) -> None:
    """Online, offline, a search, a draft, a finished check, a lock: everything that could leave a trace."""
    round_ = Round(berit.page)
    round_.visit("Astrid Lunde").start("Fallsjekk").choose("Ble sjekken gjort?", "Ikke gjort")
    form = CheckForm(berit.page).choose("Hvorfor?", "Annet").write("Hvilken grunn?", NOTE)
    form.save()
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    live.stop()
    half_a_catheter_check(round_.home().visit("Odd Brekke").start("Katetersjekk"))
    round_.home().search(SEARCH)
    expect(berit.page.get_by_role("region", name="Treff")).to_contain_text("Inger Tangen")
    round_.home().visit("Inger Tangen").start("Fallsjekk").not_done("Ønsker ikke")


def test_no_file_of_the_browser_names_anybody_or_holds_an_answer_a_token_or_the_pin(profile: Profile, live: Live) -> None:
    berit = profile.start()
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    token = berit.run("async () => (await import('/sw/nurses.js')).secret().session_token")
    a_shift(berit, live)
    secrets = [
        *[word for name, *_ in SERVICE_USERS for word in (name, *name.split())], *[born.isoformat() for _, born, *_ in SERVICE_USERS],
        "Fjordveien", NOTE, TYPED, *ANSWERS, PIN, PASSWORD, token,
    ]  # fmt: skip
    profile.kill()
    assert findings(profile.folder, secrets) == []

    berit = profile.start()
    berit.open()
    berit.unlock()
    berit.sees_heading("Min runde")
    form = Round(berit.page).continue_draft("Odd Brekke").unfold("Merknad")
    expect(form.question("Merknad").get_by_role("textbox")).to_have_value(TYPED)
    berit.lock()
    profile.close()
    assert findings(profile.folder, secrets) == []
    assert findings(profile.folder, [BERIT.name]), "the search finds nothing at all"
    assert findings(profile.folder, [str(ref("Odd Brekke"))]), "addresses name people by reference only, and those the browser keeps"
