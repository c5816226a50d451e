"""Random people, histories and answers for any form, from a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.contract.casework import job_of
from webapp.bundles.bundle import Registry
from webapp.bundles.model import Field, Form
from webapp.bundles.scope import ACTIONS, TRIGGERS

PHOTOS = [digit * 64 for digit in "0123456789abcdef"]
KEYS = ["w1", "w2", "w3"]
JUNK = [True, 3.5, "", "æøå" * 40, [], ["x"], {"a": 1}, -1, 10**12, "2026-02-30", None, "unknown"]
CLOCKS = ["00:30:00", "09:00:00", "23:45:00"]


class Dice:
    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.today = date(2026, 3, 20) + timedelta(days=self.r.randrange(420))

    def chance(self, share: float) -> bool:
        return self.r.random() < share

    def day(self, back: int = 420, ahead: int = 40) -> str:
        near = [0, 1, 2, 7, 27, 28, 29, 30, 77, 83, 84, 89, 90, 91, 365, 366]
        gone = self.r.choice(near) if self.chance(0.5) else self.r.randrange(-ahead, back)
        return (self.today - timedelta(days=gone)).isoformat()

    def later(self) -> str:
        """Today or a day on which something may come due, a day before it or after it."""
        ahead = self.r.choice([0, 0, 1, 2, 7, 14, 30, 36, 90, 108, 180, 209, 210]) + self.r.randrange(-1, 3)
        return (self.today + timedelta(days=max(0, ahead))).isoformat()

    def trigger(self, form: Form) -> str:
        own = [name for due in form.due for name in due.trigger]
        return str(self.r.choice(own if own and self.chance(0.7) else TRIGGERS))

    def value(self, one: Field) -> Any:
        if self.chance(0.03):
            return self.r.choice(JUNK)
        if one.words and self.chance(0.2):
            return self.r.choice(one.words)
        match one.type:
            case "choice":
                return self.r.choice(one.options)
            case "multi":
                count = 1 if self.chance(0.6) else self.r.randrange(1, len(one.options) + 1)
                return self.r.sample(one.options, one.exactly or count)
            case "int" | "decimal":
                return self.number(one)
            case "date":
                return self.day()
            case "partial_date":
                return self.day()[: self.r.choice([4, 7, 10])]
            case "datetime":
                return f"{self.day(100, 2)}T{self.r.choice(CLOCKS)}+0{self.r.randrange(3)}:00"
            case "text":
                return self.r.choice(["Paracet", "A", "N02BE01", "x" * 100, "Å😀"])
            case "photos":
                return self.r.sample(PHOTOS, self.r.randrange(1, 6))
        return self.r.choice(KEYS)

    def number(self, one: Field) -> int:
        low, high = one.min or 0, one.max or 100
        edges = [low, high, low - 1, high + 1, 2, 4, 20, 90, 380, 379]
        return self.r.choice(edges) if self.chance(0.4) else self.r.randrange(low, high + 1)

    def answers(self, form: Form, share: float) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in form.answers:
            if one.items is not None:
                if self.chance(0.6):
                    keys = self.r.sample(KEYS, self.r.randrange(1, 4))
                    found[one.name] = [self.card(one, key, share) for key in keys]
            elif self.chance(share):
                found[one.name] = self.value(one)
        return found

    def card(self, listed: Field, key: str, share: float) -> dict[str, Any]:
        items = listed.items
        if items is None:
            return {}
        card = {one.name: self.value(one) for one in items.fields if self.chance(share)}
        if items.fresh and self.chance(0.3):
            card[items.state] = items.fresh
        return {**card, items.key: key}

    def common(self, form: Form) -> dict[str, Any]:
        outcome = self.r.choice(["done"] * 6 + ["partly_done", "not_done"])
        reason = {} if outcome == "done" else {
            "not_done_reason": self.r.choice(["declined", "not_home", "no_time", "not_relevant"])}
        actions = self.r.sample([*ACTIONS, *form.extra_actions], self.r.randrange(3))
        return {"outcome": outcome, "actions": actions, "context": self.r.choice(form.contexts), **reason}


def random_job(seed: int, registry: Registry) -> dict[str, Any]:
    dice = Dice(seed)
    forms = registry.forms
    form = dice.r.choice(forms)
    related = [one for one in forms if one.bundle == form.bundle]
    checks = []
    for n in range(dice.r.randrange(6)):
        other = dice.r.choice(related if dice.chance(0.8) else forms)
        check = {"form": other.id, "id": f"h{dice.r.randrange(90):02}{n}", **dice.common(other),
                 "performed_at": f"{dice.day(300, 1)}T{dice.r.choice(CLOCKS)}+01:00",
                 "answers": dice.answers(other, dice.r.choice([0.5, 0.95]))}
        if dice.chance(0.1):
            check["superseded_by"] = "later"
        if dice.chance(0.3):
            check["received_at"] = f"{dice.day(300, 1)}T08:00:00Z"
        checks.append(check)
    person = {"checks": checks, "facts": {"fall_group": dice.chance(0.8), "end_of_life": dice.chance(0.1)},
              "triggers": [{"type": dice.trigger(form), "on": dice.day(60, 40)} for _ in range(dice.r.randrange(4))],
              "episodes": [] if dice.chance(0.8) else [
                  {"kind": "service", "from": dice.day(), "to": dice.later() if dice.chance(0.5) else None}]}
    params = {name: dice.r.randrange(one["min"], one["max"] + 1)
              for name, one in registry.bundle(form.bundle).parameters.items() if dice.chance(0.3)}
    today = dice.today.isoformat()
    case = {"form": form.id, "today": today, "answers": dice.answers(form, dice.r.choice([0.3, 0.8, 0.97])),
            "common": dice.common(form), "person": person, "params": params, "expect": {"timed_on": dice.later()},
            "now": f"{dice.later()}T{dice.r.choice(CLOCKS)}+01:00"}
    if dice.chance(0.3):  # nothing new is recorded, only time has passed
        del case["answers"], case["common"]
    job = job_of(case, registry)
    job["supersedes"] = dice.r.choice(checks)["id"] if checks and dice.chance(0.15) else None
    return job
