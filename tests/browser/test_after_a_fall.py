"""A fall and the assessment after it, both without a network: the assessment names its fall and closes its flag."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages.bedside import Round
from tests.browser.pages.findings import fall_in_the_bathroom
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live

FALL = re.compile(r"^\d\d\.\d\d\.\d{4}, Bad$")


def test_the_assessment_after_a_fall_names_it_and_closes_its_flag(berit: Tablet, live: Live) -> None:
    live.stop()
    person = fall_in_the_bathroom(Round(berit.page).start_fall("Inger Tangen")).back_to_person()
    waiting = person.flags().filter(has_text="Vurdering etter fall gjøres innen 24 timer")
    expect(waiting).to_have_count(1)

    form = person.start("Vurdering etter fall")
    expect(form.question("Gjelder fall").get_by_label(FALL)).to_be_checked()
    form.choose("Nytt siden fallet", "Ingen").choose("Legemiddelendring siste 14 dager?", "Nei")
    form.choose("Årsak i omgivelsene rettet", "På plass").choose("Tiltak oppdatert", "På plass")
    expect(form.question("Gjelder fall").get_by_label(FALL)).to_be_checked()
    result = form.ready().save()

    expect(berit.page.get_by_role("definition").filter(has_text=FALL)).to_be_visible()
    result.back_to_person()
    expect(waiting).to_have_count(0)
