"""What a nurse reads of one person: what is due, why and how late, what is open and whose it is, the last results and what changed."""

from __future__ import annotations

from typing import Any

from tests.contract.pagework import load_world
from webapp.bedside.pages import person_page, round_page
from webapp.bundles import registry
from webapp.words import translator

T = translator("nb")
SKIN = {"pu_now": "no", "pu_help": "no", "pu_judge": "no"}


def ordinary() -> tuple[dict[str, Any], dict[str, Any]]:
    """The day, and the first person on its route."""
    world, _ = load_world("ordinary_day")
    return world, world["people"][0]


def shown(world: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    return dict(person_page(world, T, registry(), person["ref"]).context)


def skin(person: dict[str, Any], day: int, **more: Any) -> dict[str, Any]:
    """A skin check of a day in November, made of another check of hers."""
    made = {"id": f"01990002-0000-7000-8000-0000000001{day:02}", "form": "trykksar", "bundle": "trykksar", "version": 2, "answers": SKIN,
            "derived": {"at_risk": False}, "flags": [], "performed_at": f"2026-11-{day:02}T09:00:00+01:00", "superseded_by": None}
    return {**person["checks"][0], **made, **more}


def test_the_last_three_results_of_a_package_stand_there_newest_first_with_what_changed() -> None:
    world, person = ordinary()
    helped = {"answers": {**SKIN, "pu_help": "yes", "skin_seen": "partly"}, "derived": {"at_risk": True}}
    wrong = skin(person, 16, superseded_by="another")
    person["checks"] += [skin(person, 2), skin(person, 9), wrong, skin(person, 17, **helped), skin(person, 20, **helped)]
    (found,) = [one for one in shown(world, person)["packages"] if one["about_url"] == "/round/about/trykksar"]
    assert [one["when"] for one in found["results"]] == ["20.11.2026 09:00", "17.11.2026 09:00", "09.11.2026 09:00"]
    newest, before, first = (
        [(one["label"], one["value"], one["was"]) for one in result["changes"]] for result in found["results"])
    assert before == [("Brukeren er i risiko", "Ja", "før: Nei"), ("Hud sett", "Delvis", "før: ikke svart")]
    assert newest == [("Brukeren er i risiko", "Ja", ""), ("Har trykksår nå?", "Nei", ""), ("Hud sett", "Delvis", "")]
    assert first == [], "nothing changed"


def test_an_open_flag_says_whose_it_is_since_when_and_whether_it_was_found_again() -> None:
    world, person = ordinary()
    person["flags"] = [{**person["flags"][0], "due_on": None, "not_found_last": False, **more} for more in (
        {"owner": None}, {"owner": {"id": "x", "name": "Solveig Dahl"}, "due_on": "2026-11-30"}, {"owner": None, "not_found_last": True})]
    assert [one["meta"] for one in shown(world, person)["flags"]] == [
        "Åpnet 14.10.2026. Ingen ansvarlig ennå.", "Åpnet 14.10.2026. Ansvarlig: Solveig Dahl. Frist 30.11.2026.",
        "Åpnet 14.10.2026. Ingen ansvarlig ennå. Ikke funnet ved siste sjekk."]


def test_what_is_due_says_why_and_how_late_on_the_route_and_on_her_page() -> None:
    world, person = ordinary()
    said = [(one["short"] + ": " + one["state"], one["reason"]) for one in shown(world, person)["due"] if not one["draft_url"]]
    visit = round_page(world, T, registry()).context["visits"][0]
    assert said[1:] == [
        ("Katetersjekk: 33 dager over tiden", "Årsaken er ikke avklart"),
        ("Hudsjekk: 1 dag over tiden", "Utskrevet, nytt utstyr eller endret tilstand"),
        ("Fallsjekk: ved dette besøket", "Utskrevet fra sykehus eller korttidsopphold")]
    assert (visit["name"], set(said) <= {(one["text"], one["why"]) for one in visit["tags"]}) == (person["name"], True)
