"""Bundle -> one ES module for the device: the same data, every condition as a JavaScript function, and what is said as a list of its own
for each language, because a device begins with one.

The bytes depend on the bundle file alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from dataclasses import fields as data_fields
from typing import Any

from webapp.bundles.kinds import Condition, Expr, Type
from webapp.bundles.model import Bundle, Cases, Derived, Due, Emits, Field, Flag, Form, Items, Points, Validation
from webapp.bundles.tables import LANGUAGES

_CALLS = {
    "eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "add": "add", "subtract": "subtract",
    "add_days": "addDays", "days_between": "daysBetween", "after_workdays": "afterWorkdays", "default": "orElse",
    "lower": "lower", "higher": "higher", "surely_after": "surelyAfter", "day": "day", "day_or_word": "dayOrWord",
    "instant": "instant", "date": "date", "answered": "answered", "is_date": "isDate",
}
_AMONG = {"is_in": "isIn", "not_in": "notIn", "includes": "includes", "set_is": "setIs", "set_is_not": "setIsNot"}
_STORES = {"common": "common", "fact": "facts", "param": "params", "trigger": "triggers"}
# left out of the module: places in the file, what only the server needs, and what the device fills in by itself
_SKIP = {"place", "listed", "siblings", "bundle", "version", "defaults", "action_labels", "_answers"}

_ZEROS = ("min_len", "max_len", "exactly", "min_items")


@dataclass
class Compiled:
    """A bundle's module: a function that takes its texts one after the other, as they stand in it."""

    shared: dict[str, dict[str, str]] = field(default_factory=dict)
    module: str = ""
    said: list[dict[str, str]] = field(default_factory=list)

    def say(self, text: dict[str, str]) -> str:
        """A text in the module: the next of the list."""
        self.said.append(text)
        return "x()"

    def texts(self, lang: str) -> list[str]:
        """The list in a language."""
        return [one[lang] for one in self.said]


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def element(depth: int) -> str:
    """The variable of a quantifier's element."""
    return "c" if depth == 0 else "e" if depth == 1 else f"x{depth}"


def expression(expr: Expr) -> str:
    """A resolved tree as a JavaScript expression."""
    op, args = expr.op, expr.args
    if op in _CALLS:
        return f"o.{_CALLS[op]}({','.join(expression(one) for one in args)})"
    if op in _AMONG:
        return f"o.{_AMONG[op]}({expression(args[0])},{text(list(args[1]))})"
    if op in ("and", "or"):
        return "(" + (" && " if op == "and" else " || ").join(truth(one) for one in args[0]) + ")"
    if op == "not":
        return f"!{truth(args[0])}"
    if op == "if":
        return f"({truth(args[0])} ? {expression(args[1])} : {expression(args[2])})"
    if op in ("any", "all", "count"):
        return f"o.{op}({source(args[0])},{element(args[1])} => {truth(args[2])})"
    return leaf(op, args)


def truth(expr: Expr) -> str:
    """An expression that is exactly true or false: missing is false."""
    code = expression(expr)
    return f"({code} === true)" if expr.op in ("get", "last", "prior", "fact", "default", "if", "const") else code


def leaf(op: str, args: tuple[Any, ...]) -> str:
    match op:
        case "const":
            return text(args[0])
        case "get":
            return f"c.v.{args[1]}" if args[0] == 0 else f"{element(args[0])}.{args[1]}"
        case "element":
            return element(args[0])
        case "known":
            return f"({element(args[0])}._prior != null)"
        case "prior":
            return f"{element(args[0])}._prior?.{args[1]}"
        case "last":
            return f"c.last.{args[0]}?.{args[1]}"
        case "today":
            return "c.today"
        case "raised":
            return f"o.has(c.raised,{text(list(args[0]))})"
        case "open_code":
            return f"o.has(c.open,{text(list(args[0]))})"
    return f"c.{_STORES[op]}.{args[0]}"


def source(expr: Expr) -> str:
    args = expr.args
    match expr.op:
        case "group":
            return "[" + ",".join(expression(one) for one in args[0]) + "]"
        case "past":
            return f"c.past.{args[0]}"
        case "earlier":
            return f"{element(args[0])}._earlier"
        case "open":
            return f"o.openItems(c.items.{args[0]},{text(args[1])},{text(list(args[2]))})"
    return f"c.v.{args[0]}"


def function(condition: Condition) -> str:
    """A condition as a function of the context and the card."""
    tree = condition.tree
    body = truth(tree) if tree.type.kind == "bool" else expression(tree)
    return f"(c,e)=>{body}"


def literal(value: Any, into: Compiled) -> str:
    """Any part of a bundle as a JavaScript literal."""
    if isinstance(value, Condition):
        return function(value)
    if isinstance(value, Field | Items | Points | Flag | Emits | Due | Form | Derived | Cases | Validation):
        return record(value, into)
    if isinstance(value, Type):
        return text(value.kind)
    if isinstance(value, dict):
        if value.keys() == set(LANGUAGES):
            return into.say(value)
        return "{" + ",".join(f"{text(key)}:{literal(one, into)}" for key, one in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return text(sorted(value))
    if isinstance(value, list | tuple):
        return "[" + ",".join(literal(one, into) for one in value) + "]"
    return text(value)


def record(value: Any, into: Compiled) -> str:
    """A dataclass as an object; empty parts and shared labels stay out (sw/bundles.js fills them in)."""
    parts = []
    for part in data_fields(value):
        one = getattr(value, part.name)
        if part.name in _SKIP or one is None or one is False or (one in ("", (), [], {})) or (one == 0 and part.name in _ZEROS):
            continue
        if part.name == "option_labels":
            one = {code: label for code, label in one.items() if into.shared.get(code) != label}
            if not one:
                continue
        if part.name in ("prefill_reads", "reads", "due_reads"):
            parts.append(f"{part.name}:{reads(one)}")
        else:
            parts.append(f"{part.name}:{literal(one, into)}")
    listed = getattr(value, "listed", None)
    if listed is not None:
        parts.append(f"open:{text([listed.items.identity, listed.items.state, list(listed.items.final)])}")
    return "{" + ",".join(parts) + "}"


def reads(value: Any) -> str:
    return literal({part.name: getattr(value, part.name) for part in data_fields(value)}, Compiled())


def emit(bundle: Bundle) -> Compiled:
    """The module of a bundle, and its texts. Sources and what a parameter is called are for explanations and supervisors."""
    into = Compiled(bundle.labels)
    head = {"id": bundle.id, "version": bundle.version, "hash": bundle.hash, "title": bundle.title,
            "short": bundle.short, "intro": bundle.intro, "icon": bundle.icon, "guidance_version": bundle.guidance_version,
            "defaults": {name: one["default"] for name, one in bundle.parameters.items()}, "labels": bundle.labels}
    parts = [f"{name}:{literal(value, into)}" for name, value in head.items()]
    parts.append("forms:[" + ",\n".join(record(form, into) for form in bundle.forms) + "]")
    into.module = ('import * as o from "/sw/language.js"\nimport { bundle } from "/sw/bundles.js"\n'
                   "export default x=>bundle({" + ",\n".join(parts) + "})\n")
    return into
