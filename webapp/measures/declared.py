"""What is counted for each measure: the counting file, its expressions checked and compiled once per set of bundles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from webapp.bundles import Registry
from webapp.bundles.evaluate import Run, closure
from webapp.bundles.language import parse
from webapp.bundles.model import Form
from webapp.bundles.resolve import boolean
from webapp.bundles.scope import Frame, form_scope, item_names
from webapp.measures.months import Grain

FILE = Path(__file__).with_name("counting.v3.toml")
KEYS = {"measure", "kind", "form", "among", "met", "event", "carried", "on", "days", "known_days", "least_days", "covered_days",
        "any_check", "factor", "once", "declined", "returns", "each", "whom", "covered", "told", "of",
        "met_on"}  # fmt: skip
RULES = ("among", "met", "event", "carried", "declined", "whom", "covered")
KINDS = ("share", "start", "people", "rate", "days", "events", "per", "between", "settled", "lasted",
         "again")  # fmt: skip
BY_CHECK = ("per", "settled")  # their `event` is a check's and not a card's


class CountingError(Exception):
    """The counting file cannot mean what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What charts and pages know of a measure; `text` is its definition in the bundle file."""

    id: str
    kind: str
    text: dict[str, Any]
    bundle: str  # and version
    factor: int = 1
    told: dict[str, str] | None = None  # where the counting is not quite the definition
    of: str = ""  # the measure whose events it is about

    @property
    def is_between(self) -> bool:
        """Its points are events and not months."""
        return self.kind == "between"

    @property
    def is_kept(self) -> bool:
        """Counted of what leaders write down: nothing in it is of service users."""
        return self.kind == "kept"

    @property
    def grain(self) -> Grain:
        """What its points are of when nobody asks for something else."""
        return "event" if self.is_between else "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Measure):
    """One measure as it is counted from checks."""

    form: Form
    among: Run | None
    met: Run | None
    event: Run | None
    carried: Run | None
    on: str
    days: int
    known_days: int
    least_days: int
    covered_days: int
    any_check: bool
    once: bool
    declined: Run | None
    returns: bool
    each: str
    identity: str  # of the cards of `each`: they are followed from one form to another
    met_on: str
    whom: Run | None
    covered: Run | None
    cards: bool
    forms: frozenset[str]  # whose answers it reads

    @property
    def by_card(self) -> bool:
        """What happened is told of by a card, not by the check."""
        return bool(self.each) and self.kind not in BY_CHECK


@lru_cache(maxsize=8)
def declared(registry: Registry) -> tuple[str, tuple[Count, ...]]:
    """(name of this set of definitions, the measures that these bundles carry), in the order of the file."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    newest = {bundle.id: bundle for bundle in sorted(registry.bundles, key=lambda one: one.version)}
    texts = {one["id"]: (one, f"{bundle.id} v{bundle.version}") for bundle in newest.values() for one in bundle.measures}
    said = {one["measure"]: one for one in data["count"]}
    found = [compiled(inherited(one, said), registry, *texts[one["measure"]]) for one in said.values() if one["measure"] in texts]
    return f"{data['version']}:{','.join(sorted(f'{one.id}{one.version}' for one in newest.values()))}"[:60], tuple(found)


def inherited(one: dict[str, Any], said: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What is counted between is what the other measure counts."""
    if "of" not in one:
        return one
    if one["of"] not in said:
        raise CountingError(f"{one['measure']}: nothing counts {one['of']}")
    return {**said[one["of"]], "told": None, "factor": 1, **one}


def compiled(one: dict[str, Any], registry: Registry, text: dict[str, Any], bundle: str) -> Count:
    if unknown := set(one) - KEYS:
        raise CountingError(f"{one['measure']}: unknown {', '.join(sorted(unknown))}")
    if one["kind"] not in KINDS:
        raise CountingError(f"{one['measure']}: kind is one of {', '.join(KINDS)}")
    form = registry.form(one["form"])
    owner = max((each for each in registry.bundles if form.id in {it.id for it in each.forms}), key=lambda each: each.version)
    scope = form_scope(owner, form, "due", owner.find)
    listed = next((field for field in form.lists if field.name == one.get("each")), None)
    inside = scope.inside(Frame(("item", listed.items.identity), 1, item_names(listed), listed)) if listed and listed.items else scope

    cardwise = ("met",) if one["kind"] in BY_CHECK else ("event", "met")
    said = {name: boolean(parse(one[name]), inside if name in cardwise else scope) for name in RULES if name in one}
    steps = [step for expr in said.values() for step in expr.walk()]
    cards = listed is not None or any(step.op in ("list", "open") for step in steps)
    read = {step.args[0] for step in steps if step.op == "last"} | {other.id for other in form.siblings if cards and other.lists}

    def run(name: str) -> Run | None:
        return closure(said[name]) if name in said else None

    return Count(
        id=one["measure"], kind=one["kind"], text=text, bundle=bundle, factor=one.get("factor", 1000), told=one.get("told"),
        of=one.get("of", ""), form=form, among=run("among"), met=run("met"), event=run("event"), carried=run("carried"),
        on=one.get("on", ""), days=one.get("days", 0), known_days=one.get("known_days", 0), least_days=one.get("least_days", 0),
        covered_days=one.get("covered_days", 31), any_check=bool(one.get("any_check")), once=bool(one.get("once")),
        declined=run("declined"), returns=bool(one.get("returns")), each=one.get("each", ""),
        identity=listed.items.identity if listed and listed.items else "", met_on=one.get("met_on", ""), whom=run("whom"),
        covered=run("covered"), cards=cards, forms=frozenset({form.id, *read}),
    )  # fmt: skip
