"""Somebody who fills in a form, from a seed: answers nobody gives, buttons out of order."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.random_jobs import PHOTOS, Dice
from webapp.bedside.drafts import OUTCOMES, REASONS, actions_of
from webapp.bundles.model import Field, Form

TYPED = [
    "",
    " ",
    "7",
    "-1",
    "--2",
    "37,5",
    "37.55",
    "38.0",
    "1e3",
    "0007",
    "999999",
    "9999999",
    "٣",
    "Ⅷ",
    "2026-02-30",
    "2026-11-02",
    "1.2.2026",
    "01.02.2026",
    "2026-11",
    "31.04.2026",
    "x\x00y",
    "\r\nlinje\r\nto ",
    "\u00a0nbsp\u00a0",
    "😀" * 30,
    "a" * 700,
    "N02BE01",
    "unknown",
    "none",
    "yes",
    "no",
    "gap",
    "constructor",
    "__proto__",
    "<script>",
    "%(n)s",
    "-0",
    "0,0",
    ",5",
    "5,",
    "1,0,0",
]
CLOCK = ["", "09:15", "23:59", "24:00", "9:15", "09:60", "02:30", "0915", "09:15:30", "ab:cd"]
Body = list[list[str]]


def counter(prefix: str) -> Callable[[], str]:
    """Ids in a row, the same on both sides."""
    made = 0

    def new_id() -> str:
        nonlocal made
        made += 1
        return f"{prefix}-0000-7000-8000-{made:012x}"

    return new_id


class Hands:
    """Somebody who fills in a form: bodies as a browser posts them, and now and then as no browser would."""

    def __init__(self, dice: Dice, form: Form) -> None:
        self.dice, self.r, self.form = dice, dice.r, form

    def body(self) -> Body:
        rows: Body = [["tried", "1"]] if self.dice.chance(0.2) else []
        for field in self.form.answers:
            if field.items is None:
                if self.dice.chance(0.5):
                    rows += self.one(field, field.name)
            else:
                for place in range(self.r.randrange(4)):
                    for inner in field.items.fields:
                        if self.dice.chance(0.5):
                            rows += self.one(inner, f"{field.name}.{place}.{inner.name}")
        for name in ("outcome", "not_done_reason", "not_done_text", "actions", "note", "context", "performed_at"):
            if self.dice.chance(0.3):
                rows += self.common(name)
        if self.dice.chance(0.3):
            rows += [["f", "reason"], ["reason", self.r.choice(TYPED)]]
        if self.dice.chance(0.1):
            rows += [["f", self.r.choice(["constructor", "a.b.c", "", "common.", "common.x", "finding.-1.x", "__proto__.0.x"])]]
        return rows + [["do", self.command()] for _ in range(self.r.randrange(3))]

    def one(self, field: Field, path: str) -> Body:
        name, typed = "a." + path, self.r.choice(TYPED)
        rows = [["f", path]]
        if (field.words or field.chips) and self.dice.chance(0.3):
            rows.append([name + ".word", self.r.choice([*field.words, *(str(one) for one in field.chips), "constructor"])])
        match field.type:
            case "choice":
                return [*rows, [name, self.r.choice([*field.options, typed])]]
            case "multi":
                return [*rows, *([name, code] for code in self.r.sample(field.options, self.r.randrange(1 + len(field.options))))]
            case "partial_date":
                day = self.day().split("-")
                parts = [part if self.dice.chance(0.8) else self.r.choice([typed, ""]) for part in day]
                return [*rows, [name + ".y", parts[0]], [name + ".m", parts[1]], [name + ".d", parts[2]]]
            case "datetime":
                return [*rows, *self.moment(name)]
            case "date":
                return [*rows, [name, self.day() if self.dice.chance(0.8) else typed]]
            case "int" | "decimal":
                return [*rows, [name, str(self.dice.number(field)) if self.dice.chance(0.7) else typed]]
        return [*rows, [name, typed]]

    def day(self) -> str:
        return self.dice.day(60, 3)

    def moment(self, name: str) -> Body:
        return [[name + ".date", self.day() if self.dice.chance(0.9) else self.r.choice(TYPED)], [name + ".time", self.r.choice(CLOCK)]]

    def common(self, name: str) -> Body:
        path = "common." + name
        given = {"outcome": [*OUTCOMES, "x"], "not_done_reason": [*REASONS, "constructor"], "context": [*self.form.contexts, "x"]}.get(
            name, TYPED
        )
        if name == "performed_at":
            return [["f", path], *self.moment(path)]
        if name == "actions":
            return [["f", path], *([path, code] for code in self.r.sample(actions_of(self.form), self.r.randrange(4)))]
        return [["f", path], [path, self.r.choice(given)]]

    def command(self) -> str:
        listed = [one.name for one in self.form.lists] or ["nothing"]
        groups = [one.name for one in self.form.fields if one.type == "group"] or ["nothing"]
        paths = [one.name for one in self.form.answers]
        name = self.r.choice(listed)
        photo = f"{name}.{self.r.randrange(3)}.photos:{self.r.choice([*PHOTOS, 'x', ''])}"
        return str(
            self.r.choice(
                [
                    "add:" + name,
                    "add:" + name,
                    f"remove:{name}:{self.r.randrange(4)}",
                    f"remove:{name}:-1",
                    f"remove:{name}:٣",
                    "remove:" + name,
                    "all_ok:" + self.r.choice(groups),
                    "photo:" + photo,
                    "photo:" + photo,
                    "unphoto:" + photo,
                    "photo:" + self.r.choice(paths) + ":" + PHOTOS[0],
                    "confirm",
                    "warned:" + self.r.choice(paths),
                    "warned:",
                    "add:constructor",
                    "all_ok:__proto__",
                    "",
                    ":",
                ]
            )
        )
