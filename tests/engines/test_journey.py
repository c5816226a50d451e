"""One whole journey in the engines that are not Chromium: enrol, no server, four checks, a dead browser, and all arrives once."""

from __future__ import annotations

import re

from tests.browser.pages.findings import catheter_with_fever, fall_in_the_bathroom, new_heel_ulcer, serious_discrepancy
from tests.engines.browsers import Engine
from tests.engines.pages import Result, Tablet
from tests.fixtures.town import Town
from tests.people import BERIT

FINDINGS = [
    ("Legemiddelsjekk", "Odd Brekke"), ("Fall", "Inger Tangen"), ("Hudsjekk", "Odd Brekke"), ("Katetersjekk", "Astrid Lunde"),
]


def four_checks(tablet: Tablet) -> list[Result]:
    round_ = tablet.round()
    return [
        catheter_with_fever(round_.visit("Astrid Lunde")),
        new_heel_ulcer(round_.home().visit("Odd Brekke")),
        fall_in_the_bathroom(round_.home().start_fall("Inger Tangen")),
        serious_discrepancy(round_.home().visit("Odd Brekke")),
    ]


def test_four_checks_without_a_server_survive_a_killed_browser_and_arrive_once(engine: Engine, town: Town) -> None:
    # given: Berit has enrolled the device, and then the server goes away
    berit = Tablet(engine.start(), town.server.url).enrol(BERIT)
    berit.round()
    town.server.stop()
    berit.lock()
    berit.unlock()

    # when: four checks with findings, and the battery dies at the last "Lagret"
    saved = four_checks(berit)
    engine.kill()

    # then: the same profile has them all, and says so
    berit = Tablet(engine.start(), town.server.url).open()
    sent = berit.unlock().sent().left(4)
    for (what, who), row in zip(FINDINGS, sent.group("Ikke sendt ennå"), strict=True):
        assert re.search(f"{what}.*{who}.*Lagret på denne enheten", row)
    assert town.checks() == []

    # when: the server is back
    town.server.start()

    # then: each has arrived once by itself, and the device says so
    sent.left(0, seconds=30)
    assert len(sent.group("Mottatt")) == 4
    assert [str(one.id) for one in town.checks()] == sorted(one.check_id for one in saved)
    assert {one.author_name for one in town.checks()} == {"Berit Nygård"}
