"""What the nurse gets back in the same visit, with the server stopped: how it went the last times, and how her unit stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.access import clean, findings
from tests.browser.pages.bedside import Person, Round
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT, ident

UNIT = str(ident("Fjordsida"))
FLUSH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"


def told_by(app: Flask, monkeypatch: pytest.MonkeyPatch, told: dict[str, object]) -> None:
    monkeypatch.setitem(app.extensions, "bedside", lambda *_: told)


def fall_check(person: Person) -> None:
    form = person.start("Fallsjekk").choose("Falt siste 12 måneder?", "Nei")
    form.choose("Ustø når du står eller går?", "Nei").choose("Bekymret for å falle?", "Nei").ready().save().back_to_person()


def test_the_last_results_stand_in_a_row_and_the_unit_has_its_line_while_the_server_is_stopped(berit: Tablet, live: Live) -> None:
    live.stop()
    person = Round(berit.page).visit("Astrid Lunde")
    expect(person.results("Fall")).to_contain_text("0 av 3 i fallgruppen har gyldig fallsjekk. (tall fra i dag ")
    expect(person.results("Trykksår")).to_contain_text("Ingen i enheten er registrert med risiko for trykksår. (tall fra i dag ")
    fall_check(person)
    expect(person.results("Fall")).not_to_contain_text("eldste først")
    fall_check(person)
    row = person.results("Fall").locator("dl.pairs").last
    expect(row).to_contain_text("Oppfølgingsgruppe")
    expect(row).to_contain_text("i dag: Lav · i dag: Lav")
    clean(findings(berit.page, "a person with a row"))


def test_numbers_that_are_old_say_so(berit: Tablet, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"nb": "24 av 26 med risiko har hudsjekk siste 7 dager."}
    told_by(live.app, monkeypatch, {"trend": {}, "units": {UNIT: {"at": "2026-01-02T07:12:00+01:00", "lines": {"trykksar": [line]}}}})
    berit.run(FLUSH)
    live.stop()
    person = Round(berit.page).visit("Astrid Lunde")
    expect(person.results("Trykksår")).to_contain_text("24 av 26 med risiko har hudsjekk siste 7 dager. (gamle tall, fra 02.01.2026 07:12)")


def test_a_server_that_sends_no_numbers_leaves_a_plain_sentence(
    new_tablet: Callable[[], Tablet], live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_by(live.app, monkeypatch, {"trend": {}, "units": {}})
    tablet = new_tablet()
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    Round(tablet.page).visit("Astrid Lunde")
    expect(tablet.page.get_by_role("main")).to_contain_text("Tallene for hele enheten er ikke hentet ennå.")
