"""The nurse's route of today."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.contract.pagework import load_world
from webapp.bedside.pages import round_page
from webapp.bundles import registry
from webapp.words import translator


def shown(world: dict[str, Any]) -> dict[str, Any]:
    return dict(round_page(world, translator("nb"), registry()).context)


def test_who_is_visited_twice_a_day_has_her_checks_and_flags_counted_once() -> None:
    world, _ = load_world("ordinary_day")
    again = deepcopy(world)
    for person in again["people"]:
        person["visits"] += [{**visit, "at": "21:30"} for visit in person["visits"]]
    once, twice = shown(world), shown(again)
    assert once["urgent"]
    assert len(twice["visits"]) == 2 * len(once["visits"])
    same = ("urgent", "progress_text", "progress_max", "progress_value")
    assert {key: twice[key] for key in same} == {key: once[key] for key in same}
