"""Schedules drawn from a seed: small steps in words, so that one can be printed, shortened and played again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.faults.answers import STATUSES

Steps = list[str]
PEOPLE, FORMS = 3, 12  # of the route; of the forms this person may have (modulo how many there are)

HANDSHAKES = ("tls_stranger", "tls_expired", "tls_name", "tls_cut", "tls_clear")
NETWORK = (
    "drop", "mid_body", "lost_answer", "duplicate", "reorder", "cut_answer", "stall", "stall_answer", "slow", "captive", "odd_json",
    "closed", "redirect", *(f"status_{code}" for code in STATUSES),
)  # fmt: skip
SAVE_STEPS, SYNC_STEPS = ("sign", "seal", "add", "said"), ("send", "answer", "settle", "news")
PHOTO_SYNC_STEPS = ("photo_send", "photo_answer", "photo")
INTAKE_STEPS = ("read", "begun", "inserted", "before_commit", "after_commit")
CLOCKS = ("year_back", "day_ahead", "autumn", "autumn_later", "spring", "spring_later")
PHOTOS = 0.1
BEFORE_SAVED = ("-", "-", "-", "-", "-", "back", "lock", "reload")
CHANGES = {"spring": 3, "autumn": 10}  # the last Sunday's 01:00 UTC: an hour that is not, one that is twice
ZONES = ("America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")


@dataclass(frozen=True)
class Schedule:
    """What is played: `kind` names the fault it is about."""

    number: int
    kind: str
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.steps)


def hours(name: str, now: datetime) -> float:
    """How far a clock is put; `autumn` and `spring`: to half an hour before the last change of that kind, `_later`: after it."""
    season, _, later = name.partition("_")
    if season not in CHANGES:
        return {"year_back": -365 * 24, "day_ahead": 24}[name]
    nights = (datetime(year, CHANGES[season], 31, 1, tzinfo=UTC) for year in (now.year, now.year - 1))
    sundays = [night - timedelta(days=(night.weekday() + 1) % 7) for night in nights]
    half = timedelta(minutes=30 if later else -30)
    return (next(one for one in sundays if one < now) + half - now).total_seconds() / 3600


class Draw:
    """Chance, and the steps it chooses among."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def record(self) -> str:
        """One of ten a skin finding with photos, of the rest every other one with its answers, the others "not done"."""
        if self.rng.random() < PHOTOS:
            return self.photo()
        which = f"{self.rng.randrange(PEOPLE)} {self.rng.randrange(FORMS)}"
        return f"whole {which} {self.rng.randrange(5)}" if self.rng.random() < 0.5 else f"record {which}"

    def photo(self) -> str:
        size = "large" if self.rng.random() < 0.3 else "small"
        return f"photo {self.rng.randrange(PEOPLE)} {self.rng.randint(1, 3)} {size} {self.rng.choice(BEFORE_SAVED)}"

    def records(self, most: int = 3) -> Steps:
        return [self.record() for _ in range(self.rng.randint(1, most))]

    def work(self) -> Steps:
        """What else happens on a shift."""
        more = ("record", "record", "correct", "draft", "lock", "switch", "flush", "news", "look", "reload", "background", "window")
        word = self.rng.choices(more, weights=(6, 6, 4, 2, 2, 2, 4, 3, 3, 1, 1, 1))[0]
        return [self.record()] if word == "record" else [word]

    def some(self, most: int) -> Steps:
        return [step for _ in range(self.rng.randint(0, most)) for step in self.work()]

    def line(self) -> str:
        """Some trouble on the line as well."""
        path = self.rng.choice(("envelopes", "envelopes", "envelopes", "photos", "snapshot", "all"))
        return f"line {self.rng.choice(NETWORK)} {self.rng.randint(1, 3)} {path}"


def _line(kind: str) -> Callable[[Draw], Steps]:
    def steps(draw: Draw) -> Steps:
        path = draw.rng.choice(("envelopes", "envelopes", "envelopes", "snapshot"))
        under = [f"line {kind} {draw.rng.randint(1, 3)} {path}", *draw.records(2), *draw.some(2), "flush", "look"]
        more = ["heal", *draw.some(1), draw.line(), *draw.records(1), "flush", "look"] if draw.rng.random() < 0.35 else []
        return [*draw.some(1), *under, *more]

    return steps


def _photos(kind: str) -> Callable[[Draw], Steps]:
    """Trouble that meets the parts of photos."""

    def steps(draw: Draw) -> Steps:
        trouble = f"line {kind} {draw.rng.randint(1, 4)} {draw.rng.choice(('photos', 'parts'))}"
        return [*draw.some(1), trouble, draw.photo(), *draw.some(1), "carry", "look"]

    return steps


def _die_save(step: str) -> Callable[[Draw], Steps]:
    return lambda draw: [*draw.some(1), f"die {step} {draw.rng.randrange(PEOPLE)} {draw.rng.randrange(FORMS)}", "look", *draw.some(2)]


def _die_sync(step: str) -> Callable[[Draw], Steps]:
    return lambda draw: ["line closed 1 all", *draw.records(), "heal", f"fall {step}", "look", *draw.some(1)]


def _around(inside: Callable[[Draw], Steps]) -> Callable[[Draw], Steps]:
    return lambda draw: [*draw.some(1), *inside(draw), "look", *draw.some(1)]


def _unsent(*then: str) -> Callable[[Draw], Steps]:
    """Checks that could not go, then something happens to the device or the people."""
    return lambda draw: [*draw.some(1), "line closed 1 all", *draw.records(2), *then, *draw.some(1), "look"]


def _tapped(*then: str) -> Callable[[Draw], Steps]:
    """Recorded with real taps on the drawn page, and then the power goes."""
    return lambda draw: [
        "tap 0", *draw.rng.choice((["line closed 1 all"], [draw.line()], [])), f"tap {draw.rng.randrange(PEOPLE)}", *then, "look",
        *draw.some(1),
    ]  # fmt: skip


LIGHT: dict[str, Callable[[Draw], Steps]] = {
    "nothing": lambda draw: [*draw.records(), *draw.some(4)],
    **{f"line: {kind}": _line(kind) for kind in NETWORK},
    **{f"line: {kind}": _line(kind) for kind in HANDSHAKES},
    **{f"page dies in save: {step}": _die_save(step) for step in SAVE_STEPS},
    **{f"page dies in sync: {step}": _die_sync(step) for step in SYNC_STEPS},
    "left alone when the line is back": lambda draw: [*draw.some(1), "line closed 1 all", *draw.records(2), "alone", "look"],
    "database connection closed": _around(lambda draw: ["close", *draw.records(2), *draw.rng.choice((["close"], [])), "flush"]),
    "transaction that does not end": _around(lambda draw: [f"occupied {draw.rng.randrange(PEOPLE)} {draw.rng.randrange(FORMS)}"]),
    "transaction that never ends": _around(lambda draw: [f"stuck {draw.rng.randrange(PEOPLE)} {draw.rng.randrange(FORMS)}"]),
    "quota exceeded": _around(
        lambda draw: [
            f"cramped {draw.rng.randrange(PEOPLE)} {draw.rng.randrange(FORMS)} {draw.rng.choice(('all', 'outbox'))}",
            *draw.records(1), "look", "flush", "room",
        ]
    ),
    "worker killed": _around(lambda draw: ["line drop 1 envelopes", *draw.records(2), "stop worker", "flush"]),
    **{
        f"clock: {name}": _around(lambda draw, name=name: [f"clock {name}", *draw.records(2), "lock", *draw.records(1)])  # type: ignore[misc]
        for name in CLOCKS[:2]
    },
    **{
        f"clock: summer time, {name}": _around(
            lambda draw, name=name: [f"clock {name}", *draw.records(2), f"clock {name}_later", *draw.records(2), "correct", "lock"]  # type: ignore[misc]
        )
        for name in CHANGES
    },
    "time zone changed": _around(lambda draw: [f"zone {draw.rng.choice(ZONES)}", *draw.records(2), "flush"]),
    "another nurse's session carries": _unsent("switch", "heal", "flush"),
    "account disabled": lambda draw: ["line closed 1 all", *draw.records(2), "disable", "heal", "flush", "look", "enable", *draw.some(1)],
    "server disk full": _around(lambda draw: ["full", *draw.records(2), "flush", "look", "clear"]),
    "server database locked": _around(lambda draw: ["line closed 1 all", *draw.records(2), "heal", "locked", "look"]),
}

PHOTO: dict[str, Callable[[Draw], Steps]] = {
    **{f"photos, line: {kind}": _photos(kind) for kind in NETWORK if kind != "closed"},
    "page dies sealing photos": _around(lambda draw: [f"lose {draw.rng.randrange(PEOPLE)}"]),
    **{
        f"page dies in sending photos: {step}": _around(lambda draw, step=step: ["line closed 1 all", draw.photo(), "heal", f"fall {step}"])  # type: ignore[misc]
        for step in PHOTO_SYNC_STEPS
    },
    "no room for photos": _around(lambda draw: ["cram photos", draw.photo(), "look", "room", "carry"]),
}

HEAVY: dict[str, Callable[[Draw], Steps]] = {
    "browser SIGKILL": _tapped("kill browser"),
    "browser SIGKILL, its cookies lost": _tapped("kill browser", "crumble", "look", "log out"),
    "page process SIGKILL": _tapped("kill page"),
    **{
        f"server worker SIGKILL: {step}": _around(lambda draw, step=step: [f"order {step}", *draw.records(), "flush", "look"])  # type: ignore[misc]
        for step in INTAKE_STEPS
    },
    **{
        f"server worker SIGKILL in a photo: {step}": _around(lambda draw, step=step: [f"order photo_{step}", draw.photo(), "carry", "look"])  # type: ignore[misc]
        for step in INTAKE_STEPS
    },
    **{
        f"server {what} in mid-batch": lambda draw, how=how: ["line closed 1 all", *draw.records(), "heal", how, "look", *draw.some(1)]  # type: ignore[misc]
        for what, how in (("SIGKILL", "kill server"), ("restarted", "restart server"))
    },
    "restored from yesterday": lambda draw: [
        *draw.records(2), "flush", "backup", *draw.records(2), *draw.rng.choice(([draw.photo()], [])), "carry",
        *draw.some(2), "restore", *draw.some(2), "look",
    ],
    "server rolled back one release": lambda draw: [
        *draw.some(1), "line closed 1 all", *draw.records(1), "draft", "heal", "roll back", *draw.records(2), "flush", "look",
        *draw.rng.choice((["renew", *draw.records(2), "flush", "correct", "look"], [])), "roll on",
        *draw.rng.choice((["renew"], [])), *draw.some(1), "look",
    ],
    "sealing key rotated": lambda draw: [
        "line closed 1 all", *draw.records(1), "rotate", *draw.records(1), "heal", "news", *draw.records(2), "look",
    ],
    "app updated in mid-form": lambda draw: [*draw.records(1), "draft", "version", "finish", *draw.records(1), "correct", "look"],
    "log-out with unsent checks": _unsent("log out", "look"),
    "forgotten PIN with unsent checks": _unsent("forget pin", "look"),
    "database does not open": _unsent("no database"),
    "quota of the browser exceeded": lambda draw: [
        *draw.records(1), draw.rng.choice(("line closed 1 all", "flush")), f"narrow {draw.rng.choice((0, 10_000, 40_000))}",
        *draw.records(), draw.photo(), "look", *draw.rng.choice((["heal", "carry", "look"], [])), "widen", *draw.some(1), "look",
    ],
    "storage evicted": lambda draw: [*draw.records(2), "flush", "line closed 1 all", *draw.rng.choice((draw.records(2), [])), "evict"],
}  # fmt: skip
ROUND = "LLLPLLLPLLLPLLLH"  # of sixteen schedules one is a heavy one (real kills, restarts, log-ins), and three are about photos


CANNOT = {  # through the drivers of the other engines, which play without TLS
    *(f"line: {kind}" for kind in HANDSHAKES),
    "quota of the browser exceeded", "worker killed", "time zone changed", "page process SIGKILL", "forgotten PIN with unsent checks",
    "database does not open", "browser SIGKILL, its cookies lost",
}  # fmt: skip


def draw(seed: int, number: int, engine: str = "chromium") -> Schedule:
    """Schedule `number` of a seed; the same one every time. Kinds take turns, so that each is played about as often."""
    rng = random.Random(f"{seed}/{number}")
    rounds, place = divmod(number, len(ROUND))
    group = ROUND[place]
    kinds = {"L": LIGHT, "P": PHOTO, "H": HEAVY}[group]
    turn = rounds * ROUND.count(group) + ROUND[:place].count(group)
    names = [name for name in kinds if engine == "chromium" or name not in CANNOT]
    name = names[(turn + seed) % len(names)]
    return Schedule(number, name, tuple(kinds[name](Draw(rng))))
