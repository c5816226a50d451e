"""A nurse who answers what she is asked: reads the questions off the screen and posts one fieldset at a time, as the form does."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.contract.twins import Pairs, Shown, Twins

ENOUGH = 60


def fill_in(twins: Twins, url: str, shown: Shown, seed: int, wish: dict[str, str] | None = None) -> Shown:
    """Answer until it is saved; `wish` = what to answer where. The result as it is shown."""
    dice, tried = random.Random(seed), False
    pressed: set[str] = set()
    for _ in range(ENOUGH):
        body = press(shown, pressed, dice) or answer_one(shown, dice, wish or {}, tried)
        if body is None:
            shown = twins.send("POST", url, [("tried", "1")] if tried else [])
            if shown.status == 200:
                return shown
            tried = True
            pressed = {do for do in pressed if not do.startswith(("add:", "warned:"))}
            continue
        shown = twins.send("POST", url + "/answers", ([("tried", "1")] if tried else []) + body, full=False)
    raise AssertionError((body, [(one["path"], one["said"], one["controls"]) for one in shown.questions if one["bad"]]))


def press(shown: Shown, pressed: set[str], dice: random.Random) -> Pairs | None:
    """Each small button once, some of them."""
    for do in shown.buttons:
        if do not in pressed and not do.startswith("remove:"):
            pressed.add(do)
            if do == "confirm" or do.startswith("warned:") or dice.random() < 0.6:
                return [("do", do)]
    return None


def answer_one(shown: Shown, dice: random.Random, wish: dict[str, str], tried: bool) -> Pairs | None:
    """An open question, or one in red; None when there is none."""
    asked = [one for one in shown.questions if one["bad"]]
    if not tried:
        asked += [one for one in shown.questions if not one["path"].startswith("common.") and is_open(one["controls"])]
    if not asked:
        return None
    one = dice.choice(asked)
    return [("f", one["path"]), *given(one, dice, wish)]


def is_open(controls: list[dict[str, Any]]) -> bool:
    return not any(one["checked"] if one["type"] in ("radio", "checkbox") else one["value"] for one in controls)


def given(one: dict[str, Any], dice: random.Random, wish: dict[str, str]) -> Pairs:
    controls, path = one["controls"], one["path"]
    chips = [each for each in controls if each["type"] in ("radio", "checkbox") and not each["name"].endswith(".word")]
    if chips:
        wished = [each for each in chips if each["value"] == wish.get(path)]
        many = min(dice.choice([1, 1, 2, 3, 4]), len(chips)) if chips[0]["type"] == "checkbox" else 1
        chosen = wished or dice.sample(chips, many)
        return [(each["name"], each["value"]) for each in chosen]
    typed = {each["name"]: each for each in controls if not each["name"].endswith(".word")}
    return [(name, wish.get(path) or some(name, each, dice)) for name, each in typed.items()]


def some(name: str, control: dict[str, Any], dice: random.Random) -> str:
    day = date.today() - timedelta(days=dice.choice([0, 1, 3, 20]))
    if control["type"] == "date":
        return day.isoformat()
    if control["type"] == "time":
        return "00:05"
    if control["mode"]:
        part = {"d": str(day.day), "m": str(day.month), "y": str(day.year)}
        return part.get(name.rpartition(".")[2], dice.choice(["1", "2", "7", "18", "37,5", "72", "110", "140"]))
    return dice.choice(["Paracet", "Hoften", "N02BE01"])
