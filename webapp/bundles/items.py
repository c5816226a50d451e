"""Evaluate the cards of a list field. Twin: sw/items.js."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.bundles.answers import problem
from webapp.bundles.evaluate import Context
from webapp.bundles.fields import hint_shows, is_required, usable, work
from webapp.bundles.kinds import Env
from webapp.bundles.model import Field, Items
from webapp.bundles.ops import open_items

if TYPE_CHECKING:
    from webapp.bundles.rules import Evaluation

Values = dict[str, Any]
MAX_CARDS = 100


def evaluate_list(one: Field, given: Any, env: Env, result: Evaluation, today: int, now: int) -> None:
    """Judge every card; `c.v[list]` becomes the cards as conditions see them."""
    items, c = one.items, env[0]
    if items is None:
        return
    cards = given if isinstance(given, list) and all(isinstance(card, dict) for card in given) else []
    if given not in (None, [], "") and not cards:
        result.problems.append(problem(one.name, "hard", "type"))
    if len(cards) > items.max_items:
        result.problems.append(problem(one.name, "hard", "items"))
    cards = cards[:MAX_CARDS]
    seen: list[str] = []
    elements: list[Values] = []
    result.items[one.name] = []
    for n, card in enumerate(cards):
        path = f"{one.name}.{n}"
        judged = evaluate_card(items, card, path, env, result, today, now)
        elements.append(judged["_element"])
        key = judged["_element"].get(items.key)
        if key is not None and key in seen:
            result.problems.append(problem(path, "hard", "duplicate"))
        seen.append(key or "")
        judged.pop("_element")
        result.items[one.name].append(judged)
    c.v[one.name] = elements
    if cards:
        result.answers[one.name] = [judged["answers"] for judged in result.items[one.name]]
        result.derived[one.name] = {str(judged["answers"].get(items.key) or n): judged["derived"]
                                    for n, judged in enumerate(result.items[one.name])}
    absent = [old for old in open_items(c.items.get(items.identity), items.state, items.final)
              if old["_key"] not in seen]
    if absent or len(cards) < items.min_items:
        result.missing.append(one.name)


def element_of(items: Items, card: Values, c: Context) -> Values:
    """A card with what is known of it from history."""
    key = card.get(items.key)
    history = (c.items.get(items.identity) or {}).get(key) if isinstance(key, str) else None
    return {"_prior": history[-1] if history else None, "_earlier": history or [], "_key": key,
            "_first": history[0]["_on"] if history else c.today}


def evaluate_card(items: Items, card: Values, path: str, env: Env, result: Evaluation, today: int,
                  now: int) -> Values:
    element = element_of(items, card, env[0])
    inner: Env = (env[0], element)
    judged: Values = {"asked": set(), "required": set(), "opened": set(), "hints": {}, "answers": {}, "derived": {},
                      "problems": [], "missing": [], "_element": element}
    for kind, n in items.order:
        if kind == "derived":
            derived = items.derived[n]
            value = work(derived.how, inner, derived.type.kind)
            if value is not None:
                element[derived.name] = judged["derived"][derived.name] = value
            continue
        one = items.fields[n]
        if one.asked is not None and not one.asked.true(inner):
            continue
        judged["asked"].add(one.name)
        value = usable(one, f"{path}.{one.name}", card.get(one.name), judged["problems"], today, now)
        if value is not None:
            element[one.name] = judged["answers"][one.name] = value
    note_card(items, path, inner, judged)
    result.problems.extend(judged["problems"])
    result.missing.extend(judged["missing"])
    return judged


def note_card(items: Items, path: str, inner: Env, judged: Values) -> None:
    """Required and missing fields of a card, its place in history, its validations."""
    element = inner[1]
    for one in items.fields:
        if one.name not in judged["asked"]:
            continue
        if is_required(one, inner):
            judged["required"].add(one.name)
            if element.get(one.name) is None:
                judged["missing"].append(f"{path}.{one.name}")
        if one.opened is not None and one.opened.true(inner):
            judged["opened"].add(one.name)
        if one.hint is not None and hint_shows(one, inner):
            judged["hints"][one.name] = one.hint_n.value(inner) if one.hint_n is not None else None
    state, prior = element.get(items.state), element["_prior"]
    if items.fresh and state is not None and (state == items.fresh) == (prior is not None):
        judged["problems"].append(problem(f"{path}.{items.state}", "hard", "fresh"))
    if prior is not None and prior.get(items.state) in items.final:
        judged["problems"].append(problem(path, "hard", "closed"))
    for check in items.validations:
        if check.when.true(inner):
            judged["problems"].append(problem(f"{path}.{check.field}", check.level, "validation", check.id))
