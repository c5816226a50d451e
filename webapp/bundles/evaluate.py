"""The only Python evaluator of expressions: a resolved tree becomes nested closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from webapp.bundles import ops
from webapp.bundles.kinds import Env, Expr

Run = Callable[[Env], Any]


@dataclass(slots=True)
class Context:
    """What an evaluation may read, the same on server and device. `v` = answers and derived values of the form."""

    v: dict[str, Any]
    today: str
    common: dict[str, Any] = field(default_factory=dict)
    last: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    past: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    params: dict[str, int] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    raised: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


_PAIR: dict[str, Callable[[Any, Any], Any]] = {
    "eq": ops.eq, "ne": ops.ne, "lt": ops.lt, "le": ops.le, "gt": ops.gt, "ge": ops.ge, "add": ops.add,
    "subtract": ops.subtract, "add_days": ops.add_days, "days_between": ops.days_between,
    "after_workdays": ops.after_workdays, "default": ops.default, "lower": ops.lower, "higher": ops.higher,
    "surely_after": ops.surely_after,
}
_ONE: dict[str, Callable[[Any], Any]] = {
    "day": ops.day, "day_or_word": ops.day_or_word, "instant": ops.instant, "date": ops.date,
    "answered": ops.answered, "is_date": ops.is_date,
}
_AMONG: dict[str, Callable[[Any, Any], Any]] = {
    "is_in": ops.is_in, "not_in": ops.not_in, "includes": ops.includes, "set_is": ops.set_is,
    "set_is_not": ops.set_is_not,
}


def closure(expr: Expr) -> Run:
    """The function that evaluates a tree."""
    op, args = expr.op, expr.args
    if op in _PAIR:
        return pair(_PAIR[op], closure(args[0]), closure(args[1]))
    if op in _ONE:
        one, inner = _ONE[op], closure(args[0])
        return lambda env: one(inner(env))
    if op in _AMONG:
        among, value, options = _AMONG[op], closure(args[0]), args[1]
        return lambda env: among(value(env), options)
    if op in ("and", "or"):
        return joined(op, [closure(one) for one in args[0]])
    if op in ("any", "all", "count"):
        return quantified(op, source(args[0]), args[1], closure(args[2]))
    if op == "not":
        negated = closure(args[0])
        return lambda env: negated(env) is not True
    if op == "if":
        test, yes, no = (closure(one) for one in args)
        return lambda env: yes(env) if test(env) is True else no(env)
    return leaf(op, args)


def pair(function: Callable[[Any, Any], Any], a: Run, b: Run) -> Run:
    return lambda env: function(a(env), b(env))


def joined(op: str, parts: list[Run]) -> Run:
    if op == "and":
        return lambda env: all(part(env) is True for part in parts)
    return lambda env: any(part(env) is True for part in parts)


def leaf(op: str, args: tuple[Any, ...]) -> Run:
    """A value that is read, not computed."""
    first: Any = args[0] if args else None
    name: Any = args[1] if len(args) > 1 else None
    match op:
        case "const":
            return lambda env: first
        case "get":
            if first == 0:
                return lambda env: env[0].v.get(name)
            return lambda env: env[first].get(name)
        case "element":
            return lambda env: env[first]
        case "known":
            return lambda env: env[first].get("_prior") is not None
        case "prior":
            return lambda env: (env[first].get("_prior") or {}).get(name)
        case "last":
            return lambda env: (env[0].last.get(first) or {}).get(name)
        case "today":
            return lambda env: env[0].today
        case "raised":
            return lambda env: any(code in env[0].raised for code in first or ())
        case "open_code":
            return lambda env: any(code in env[0].open for code in first or ())
    store = {"common": "common", "fact": "facts", "param": "params", "trigger": "triggers"}[op]
    return lambda env: getattr(env[0], store).get(first)


def source(expr: Expr) -> Run:
    """The elements a quantifier runs over."""
    args = expr.args
    match expr.op:
        case "group":
            members = [closure(one) for one in args[0]]
            return lambda env: [member(env) for member in members]
        case "past":
            return lambda env: env[0].past.get(args[0]) or ()
        case "earlier":
            return lambda env: env[args[0]].get("_earlier") or ()
        case "open":
            return lambda env: ops.open_items(env[0].items.get(args[0]), args[1], args[2])
    return lambda env: env[0].v.get(args[0]) or ()


def quantified(op: str, elements: Run, depth: int, test: Run) -> Run:
    if op == "any":
        return lambda env: any(test((*env[:depth], one)) is True for one in elements(env))
    if op == "all":
        return lambda env: all(test((*env[:depth], one)) is True for one in elements(env))
    return lambda env: sum(1 for one in elements(env) if test((*env[:depth], one)) is True)
