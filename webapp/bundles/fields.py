"""Work out one field or derived value: usable, required, hinted. Twin: sw/fields.js."""

from __future__ import annotations

from typing import Any

from webapp.bundles.answers import Problem, fault, is_empty, limits, problem
from webapp.bundles.kinds import Env
from webapp.bundles.model import Cases, Field
from webapp.bundles.ops import date


def work(how: Cases, env: Env, kind: str) -> Any:
    """A derived value: the first case that is true."""
    for when, value in how.cases:
        if when.true(env):
            return finished(value.value(env), kind)
    return finished(how.otherwise.value(env), kind) if how.otherwise is not None else None


def finished(value: Any, kind: str) -> Any:
    if kind == "bool":
        return value is True
    return date(value) if kind == "date" else value


def usable(one: Field, path: str, value: Any, problems: list[Problem], today: int, now: int) -> Any:
    """The value if the field allows it; otherwise a problem and missing. Multis come out in option order."""
    if is_empty(value):
        return None
    wrong = fault(one, value)
    if wrong:
        problems.append(problem(path, "hard", wrong))
        return None
    if one.type == "multi":
        value = [code for code in one.options if code in value]
    problems.extend(limits(one, path, value, today, now))
    return value


def is_required(one: Field, env: Env) -> bool:
    if one.optional:
        return False
    return one.required.true(env) if one.required is not None else True


def hint_shows(one: Field, env: Env) -> bool:
    if one.hint_when is not None and not one.hint_when.true(env):
        return False
    return one.hint_n is None or bool(one.hint_n.value(env))
