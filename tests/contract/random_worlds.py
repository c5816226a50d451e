"""Random worlds, from a seed: names nobody tested, states nobody thought of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.contract.casework import at, job_of, with_check
from tests.contract.hands import Hands
from tests.contract.random_jobs import Dice, random_job
from webapp.bundles.bundle import Registry

NAMES = [
    "Åse Ødegård",
    "<b>&amp;</b> O'Hara",
    "ǅenan İpek ẞ",
    "x" * 80,
    "😀 Emoji",
    "",
    "e\u0301 combining",
    "Åse  Dobbel",
    "\u202eabc",
    "ÆGIR ŁUKASZ",
]
SYNC = ["waiting", "received", "quarantined"]
REASON_CODES = [
    "signature", "no_access", "not_judged: 1", "unknown_kid", "busy", "accept", "reject", "assign", "id_conflict", "constructor",
    "move", "delete", "block",
]  # fmt: skip
PAUSED = [None, None, "offline", "unauthorised", "captive", "server", "later", "unheard_of"]
FLAG: dict[str, Any] = {"list": None, "n": None, "inputs": [], "owner": None, "due_on": None, "not_found_last": False}


def random_person(dice: Dice, seed: int, registry: Registry, n: int) -> dict[str, Any]:
    job = random_job(seed, registry)
    ref = f"00000000-0000-7000-8000-0000000000{n:02x}"
    person = {
        **job["person"],
        "ref": ref,
        "name": dice.r.choice(NAMES),
        "address": dice.r.choice(NAMES),
        "key_note": dice.r.choice(NAMES),
        "unit": "00000000-0000-7000-8000-0000000000c1",
    }
    today = dice.today.isoformat()
    person["visits"] = [
        {"on": dice.r.choice([today, dice.day(2, 2)]), "at": dice.r.choice(["08:15", "09:00"]), "who": dice.r.choice([None, "me", "she"])}
        for _ in range(dice.r.randrange(4))
    ]
    person["triggers"] = [{"id": f"t{place}", **one} for place, one in enumerate(person["triggers"])]
    person["checks"] = [whole_check(dice, one, f"{ref[:-4]}{n:02x}{place:02x}") for place, one in enumerate(person["checks"])]
    person["flags"] = [
        {
            **one,
            "check_id": dice.r.choice([one["check_id"], "gone"]),
            "due_on": dice.r.choice([None, dice.day()]),
            "owner": dice.r.choice([None, {"id": "me", "name": dice.r.choice(NAMES)}]),
        }
        for one in person["flags"]
    ]
    return person


def whole_check(dice: Dice, given: dict[str, Any], ident: str) -> dict[str, Any]:
    """A check with everything a stored one has."""
    stands = {"id": ident, "superseded_by": None, "supersedes": None, "reason": None, "not_done_reason": None, "received_at": None}
    text = dice.r.choice(["", *NAMES])
    more = {
        "not_done_text": text,
        "note": text,
        "warned": [],
        "all_ok": [],
        "recorded_at": given["performed_at"],
        "author": {"id": dice.r.choice(["me", "she"]), "name": dice.r.choice(NAMES), "title": dice.r.choice(NAMES)},
        "unit": "u",
    }
    check = {**stands, **more, **given, "id": ident}
    if dice.chance(0.2):
        check |= {"supersedes": "earlier", "reason": dice.r.choice(NAMES)}
    return check


def random_back(dice: Dice, registry: Registry) -> dict[str, Any] | None:
    """What the unit's numbers say, when they have come: of today, of yesterday, of long ago."""
    if dice.chance(0.2):
        return None
    said = {lang: dice.r.choice(NAMES) for lang in ("nb", "en")}
    trend: dict[str, list[dict[str, Any]]] = {}
    for bundle in registry.bundles:
        trend[bundle.id] = [{"form": form.id, "value": value} for form in bundle.forms for value in form.summary[:2]]
        dated = [(form.id, one.name) for form in bundle.forms for one in form.derived if one.type.kind == "date"]
        trend[bundle.id] += [{"form": form, "value": value, "days": said} for form, value in dated]
    lines = {bundle.id: [said] * dice.r.randrange(3) for bundle in registry.bundles}
    return {"trend": trend, "units": {"u": {"at": at(dice.day(4, 0)), "lines": lines}} if dice.chance(0.8) else {}}


def random_world(seed: int, registry: Registry) -> dict[str, Any]:
    dice = Dice(seed)
    day = dice.today.isoformat()
    people = [random_person(dice, seed * 7 + n, registry, n) for n in range(dice.r.randrange(4))]
    known = [check["id"] for person in people for check in person["checks"]]
    sync: dict[str, dict[str, Any]] = {
        one: {
            "state": dice.r.choice(SYNC),
            "at": dice.r.choice([at(day), None]),
            "reasons": dice.r.sample(REASON_CODES, dice.r.randrange(3)),
        }
        for one in [*known, "00000000-0000-7000-8000-00000000ffff"]
        if dice.chance(0.4)
    }
    aside = [{"person": person["ref"], "check": person["checks"].pop()} for person in people if person["checks"] and dice.chance(0.3)]
    for one in sync.values():
        if one["reasons"] and dice.chance(0.3):
            one["decided"] = {"by": dice.r.choice(NAMES), "reason": dice.r.choice(["", *NAMES])}
    for one in sync.values():
        if one["state"] == "received" and dice.chance(0.3):
            one["made"] = at(dice.day(3, 0))
    if aside and dice.chance(0.3):
        aside[0]["person"] = "gone"
    return {
        "now": at(day, dice.r.choice(["00:10:00", "09:15:00", "23:50:00"])),
        "me": {
            "id": "me",
            "name": dice.r.choice(NAMES),
            "title": "sykepleier",
            "lang": dice.r.choice(["nb", "nn", "en"]),
            "unit": {"id": "u", "name": dice.r.choice(NAMES)},
        },
        "params": {one.id: {name: spec["default"] for name, spec in one.parameters.items()} for one in registry.bundles},
        "settings_version": 1,
        "active": dict(registry.active),
        "bedside": random_back(dice, registry),
        "people": people,
        "aside": aside,
        "others": [
            {
                "ref": f"o{n}",
                "unit": dice.r.choice(["u", "another"]),
                "name": dice.r.choice(NAMES),
                "born": (date(1940, 1, 1) + timedelta(days=n)).isoformat(),
                "address": dice.r.choice(NAMES),
            }
            for n in range(dice.r.randrange(3))
        ],
        "drafts": [],
        "device": dice.chance(0.7),
        "sync": {
            "waiting": dice.r.randrange(3),
            "last_contact": dice.r.choice([None, at(dice.day(3, 0))]),
            "paused": dice.r.choice(PAUSED),
            "by_id": sync,
            "photos": {
                one: {"waiting": dice.r.randrange(3), "refused": ["broken"] * dice.r.randrange(2)} for one in sync if dice.chance(0.2)
            },
        },
    }


def case_world(case: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """The person of a clinical case after its check, on her route: every flag of every form comes by."""
    job = job_of(case, registry)
    given = {"id": "new", "form": case["form"], "answers": job["answers"], "supersedes": job["supersedes"], **job["common"]}
    after = with_check(job["person"], given, registry, job["params"])
    dice = Dice(len(case["name"]))
    checks = [whole_check(dice, {"superseded_by": None, **one}, one["id"]) for one in after["checks"]]
    visit = {"on": job["now"][:10], "at": "09:00", "who": None}
    owners = {flag.code: form for form in registry.forms for flag in form.flags}
    flags = [{"form": owners[one["code"]].id, "bundle": owners[one["code"]].bundle, "version": owners[one["code"]].version, **FLAG, **one}
             for one in after["flags"]]
    person = {**after, "flags": flags, "name": case["name"], "address": case["file"], "key_note": "", "unit": "u", "visits": [visit],
              "checks": checks}
    world = random_world(len(case["name"]), registry)
    params = {**world["params"], registry.form(case["form"]).bundle: job["params"]}
    return {**world, "now": job["now"], "people": [person], "params": params}


def shown_by(world: dict[str, Any]) -> set[tuple[str, ...]]:
    """What kinds of things its pages show: each form with each outcome, each flag of a check, each open flag."""
    checks = [check for person in world["people"] for check in person["checks"]]
    return ({("check", one["form"], one["outcome"]) for one in checks}
            | {("flag", one["form"], flag["code"]) for one in checks for flag in one["flags"]}
            | {("open", flag["code"], str(flag["not_found_last"])) for person in world["people"] for flag in person["flags"]}
            | {("sync", one["state"]) for one in world["sync"]["by_id"].values()} | {("paused", str(world["sync"]["paused"]))})


def covering_worlds(registry: Registry, tries: int = 1500) -> list[dict[str, Any]]:
    """The first worlds that show something new."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for seed in range(tries):
        world = random_world(seed, registry)
        if shown_by(world) - seen:
            seen |= shown_by(world)
            found.append(world)
    return found


def random_tasks(seed: int, world: dict[str, Any], registry: Registry) -> list[dict[str, Any]]:
    """Which forms are begun for whom, or which checks corrected, and what is posted to them."""
    dice = Dice(seed)
    tasks: list[dict[str, Any]] = []
    for person in world["people"]:
        form = dice.r.choice(registry.forms)
        tasks.append({"person": person["ref"], "form": form.id, "corrects": None, "bodies": [Hands(dice, form).body() for _ in range(5)]})
        for check in person["checks"][:1]:
            form = registry.form(check["form"])
            tasks.append(
                {"person": person["ref"], "form": form.id, "corrects": check["id"], "bodies": [Hands(dice, form).body() for _ in range(3)]}
            )
    return tasks


def asked_pages(world: dict[str, Any], q: str) -> list[tuple[str, dict[str, Any]]]:
    refs = [*[one["ref"] for one in (*world["people"], *world["others"])], "nobody"]
    checks = [check["id"] for person in world["people"] for check in person["checks"]]
    checks += [one["check"]["id"] for one in world.get("aside", [])]
    return [
        ("round", {}),
        ("people", {"q": ""}),
        ("people", {"q": q}),
        ("event", {}),
        ("event", {"q": q}),
        ("sent", {}),
        ("shift", {}),
        ("about", {"bundle_id": "constructor"}),
        *[("person", {"ref": ref}) for ref in refs],
        *[("check", {"check_id": one}) for one in (*checks, "nothing")],
    ]
