"""Every bedside page of every fixture: Flask's builders with Jinja2 and the tablet's with its compiled module give the same bytes."""

from __future__ import annotations

import difflib
from itertools import cycle
from typing import Any

import pytest

from tests.contract.casework import load_cases
from tests.contract.conftest import Device
from tests.contract.pagework import WORLDS, Answer, Asked, answer, load_world
from tests.contract.random_worlds import asked_pages, case_world, covering_worlds, shown_by
from webapp.bundles import registry
from webapp.words import LANGUAGES

NAMES = sorted(path.stem for path in WORLDS.glob("*.json"))


def apart(asked: Asked, ours: Answer, theirs: Answer) -> str:
    """Where two answers to one request differ, for a person to read; empty when they are equal."""
    if ours == theirs:
        return ""
    lines = difflib.unified_diff(str(ours[3]).splitlines(), str(theirs[3]).splitlines(), "server", "device", lineterm="", n=1)
    return "\n".join([f"{asked}: {ours[:3]} {theirs[:3]}", *lines])


def spoken(world: dict[str, Any], lang: str) -> dict[str, Any]:
    return {**world, "me": {**world["me"], "lang": lang}}


def of_person(world: dict[str, Any]) -> list[Asked]:
    """The person of a clinical case and her new check."""
    return [("person", {"ref": world["people"][0]["ref"]}), ("check", {"check_id": "new"})]


def both_ways(device: Device, world: dict[str, Any], asked: list[Asked]) -> list[str]:
    theirs = device.call("pages", world, [list(one) for one in asked], module="pagework")
    return [found for one, other in zip(asked, theirs, strict=True) if (found := apart(one, answer(world, one), other))]


@pytest.mark.parametrize("is_device", [True, False], ids=["tablet", "office PC"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_the_same_bytes_on_server_and_device(device: Device, name: str, lang: str, is_device: bool) -> None:
    world, asked = load_world(name)
    assert both_ways(device, {**spoken(world, lang), "device": is_device}, asked) == []


def test_forms_that_were_opened_and_left_are_the_same_bytes_and_nowhere_listed(device: Device) -> None:
    world, asked = load_world("drafts")
    world = {**world, "drafts": [{**one, "touched": False} for one in world["drafts"]]}
    checks = [one for one in asked if one[0] == "check"][-2:]
    asked = [*(one for one in asked if one[0] in ("round", "sent", "person", "shift")), *checks]
    assert both_ways(device, world, asked) == []
    assert "Utkast, ikke lagret" not in answer(world, ("sent", {}))[3]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_drafts_about_who_left_the_unit_are_the_same_bytes_and_keep_her_name(device: Device, lang: str) -> None:
    world = spoken(load_world("drafts")[0], lang)
    drafts = [{**one, "name": "Olga Flyttet"} if number else one for number, one in enumerate(world["drafts"])]
    world = {**world, "people": [], "others": [], "drafts": drafts}
    asked: list[Asked] = [("sent", {}), ("round", {}), ("shift", {}), *(("check", {"check_id": one["id"]}) for one in drafts[:2])]
    assert both_ways(device, world, asked) == []
    assert answer(world, asked[0])[3].count("Olga Flyttet") == len(drafts) - 1


@pytest.mark.parametrize(
    ("sync", "said"),
    [
        ({"waiting": 2, "paused": "offline"}, "2 venter"),
        ({"waiting": 2, "paused": "unauthorised"}, "Sending er stoppet"),
        ({"waiting": 0, "paused": "offline"}, "Uten nett"),
        ({"waiting": 0, "paused": None}, "Alt er sendt"),
    ],
)
def test_every_whole_page_says_once_how_sending_stands_in_a_status_that_is_read_aloud(sync: dict[str, Any], said: str) -> None:
    for name in NAMES:
        world, asked = load_world(name)
        world = {**world, "device": True, "sync": {**world["sync"], "photos": {}, **sync}}
        for one in asked:
            html = answer(spoken(world, "nb"), one)[3]
            times = 0 if one[1].get("fragment") else 1
            assert html.count(f'<span role="status">{said}</span></a>') == html.count('id="sync-line"') == times, (name, one)


def test_the_fixtures_show_every_kind_of_page() -> None:
    asked = [(name, params) for world in NAMES for name, params in load_world(world)[1]]
    assert {name for name, _ in asked} == {"round", "people", "person", "check", "event", "sent", "shift", "about"}
    assert {(params.get("tried"), params.get("fragment")) for _, params in asked} >= {(None, None), (True, None), (None, True)}


def test_the_fixtures_hold_every_severity_and_state() -> None:
    worlds = [load_world(name)[0] for name in NAMES]
    people = [person for world in worlds for person in world["people"]]
    checks = [check for person in people for check in person["checks"]]
    assert {draft["form"] for world in worlds for draft in world["drafts"]} == {form.id for form in registry().forms}
    assert {flag["severity"] for check in checks for flag in check["flags"]} == {"urgent", "high", "medium", "info"}
    assert {flag["severity"] for person in people for flag in person["flags"]} == {"urgent", "high", "medium"}
    assert {known["state"] for world in worlds for known in world["sync"]["by_id"].values()} == {"waiting", "received", "quarantined"}
    assert any(check["superseded_by"] for check in checks)
    assert any(check["supersedes"] for check in checks)
    assert any(draft["supersedes"] for world in worlds for draft in world["drafts"])
    assert any(len(person["name"]) > 40 for person in people)
    assert any("<script" in person["name"] for person in people)


def test_worlds_with_every_form_outcome_flag_and_state_are_the_same_bytes_in_every_language(device: Device) -> None:
    cases, covering = [case_world(case, registry()) for case in load_cases()], covering_worlds(registry())
    worlds = cases + covering
    raised = {(form.id, flag.code) for form in registry().forms for flag in form.flags if not flag.timed}
    seen = set().union(*[shown_by(world) for world in worlds])
    assert {("flag", *one) for one in raised} - seen == set()
    assert {("check", form.id, outcome) for form in registry().forms for outcome in ("done", "partly_done", "not_done")} - seen == set()
    said = [(spoken(world, lang), asked_pages(world, "a")) for world in covering for lang in LANGUAGES]
    said += [(spoken(world, lang), of_person(world)) for world, lang in zip(cases, cycle(LANGUAGES), strict=False)]
    assert [found for world, asked in said for found in both_ways(device, world, asked)] == []
