"""Expressions of the template subset as JavaScript. What is not here is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from webapp.device.strict import SAFE_INTEGER

if TYPE_CHECKING:
    from webapp.device.statements import Writer

ORDER = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
LOOP = {"index", "index0", "first", "last", "length", "revindex", "revindex0"}
# Read as x.items, a dictionary's own method wins over its key in Python, but not in JavaScript.
HIDDEN = {name for name in dir(dict) if not name.startswith("_")}
RESERVED = {"loop", "self", "super", "caller", "varargs", "kwargs", "_", "gettext", "ngettext", "range", "dict", "lipsum", "cycler",
            "joiner", "namespace", "true", "false", "none", "True", "False", "None"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


class CompileError(Exception):
    """A template uses what a device cannot render; says file, line and what."""

    def __init__(self, name: str, line: int, why: str) -> None:
        super().__init__(f"templates/{name}:{line}: {why}")
        self.name, self.line, self.why = name, line, why


@dataclass(frozen=True)
class Scope:
    """Names with a value of their own here (-> JavaScript variable), and the innermost loop's variable."""

    names: Mapping[str, str] = field(default_factory=dict)
    loop: str = ""

    def also(self, names: Mapping[str, str]) -> Scope:
        return replace(self, names={**self.names, **names})


def js_string(text: str) -> str:
    """A JavaScript string literal, safe in any module; the quotes that need fewer backslashes."""
    made = json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if '\\"' in made and "'" not in text:
        return "'" + made[1:-1].replace('\\"', '"') + "'"
    return made


def placeholders(text: str) -> set[str] | None:
    """The names in `%(name)s`; None when a per cent sign is neither that nor doubled."""
    if "%" in PLACEHOLDER.sub("", text) or "%%(" in text:
        return None
    return {one for one in PLACEHOLDER.findall(text) if one}


def test_of(writer: Writer, node: nodes.Node, scope: Scope) -> str:
    """An expression as a JavaScript condition, true as in Python."""
    if isinstance(node, nodes.Not):
        return f"!{test_of(writer, node.node, scope)}"
    if isinstance(node, nodes.And | nodes.Or):
        word = "&&" if isinstance(node, nodes.And) else "||"
        return f"({test_of(writer, node.left, scope)}{word}{test_of(writer, node.right, scope)})"
    if isinstance(node, nodes.Compare | nodes.Test):
        return expression(writer, node, scope)
    return f"truthy({expression(writer, node, scope)})"


def expression(writer: Writer, node: nodes.Node, scope: Scope) -> str:
    """One expression."""
    match node:
        case nodes.Const():
            return constant(writer, node)
        case nodes.Name():
            return name_of(writer, node, scope)
        case nodes.Getattr():
            return attribute(writer, node, scope)
        case nodes.Getitem():
            return item(writer, node, scope)
        case nodes.List() | nodes.Tuple():
            return "[" + ",".join(expression(writer, one, scope) for one in node.items) + "]"
        case nodes.Not():
            return f"(!{test_of(writer, node.node, scope)})"
        case nodes.And() | nodes.Or():
            word = "and" if isinstance(node, nodes.And) else "or"
            return f"{word}({expression(writer, node.left, scope)},()=>{expression(writer, node.right, scope)})"
        case nodes.CondExpr():
            return choice(writer, node, scope)
        case nodes.Compare():
            return compare(writer, node, scope)
        case nodes.Add() | nodes.Sub() | nodes.Mul():
            left, right = expression(writer, node.left, scope), expression(writer, node.right, scope)
            return f"whole(whole({left}){node.operator}whole({right}))"
        case nodes.Neg():
            return f"(0-whole({expression(writer, node.node, scope)}))"
        case nodes.Call():
            return call(writer, node, scope)
        case nodes.Filter():
            return filtered(writer, node, scope)
        case nodes.Test():
            return tested(writer, node, scope)
    raise writer.refuse(node, type(node).__name__.lower())


def constant(writer: Writer, node: nodes.Const) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return js_string(value)
    if isinstance(value, int) and abs(value) < SAFE_INTEGER:
        return str(value)
    raise writer.refuse(node, f"the constant {value!r}")


def name_of(writer: Writer, node: nodes.Name, scope: Scope) -> str:
    name = node.name
    if name in scope.names:
        return scope.names[name]
    if name in ("_", "gettext") or writer.source.is_macro(name):
        raise writer.refuse(node, f"{name} without calling it")
    if name in RESERVED:
        raise writer.refuse(node, f"the name {name} here")
    if writer.macro:
        raise writer.refuse(node, f"{name}: a macro sees only its arguments, so this")
    return f"need(c,{js_string(name)})"


def attribute(writer: Writer, node: nodes.Getattr, scope: Scope) -> str:
    if isinstance(node.node, nodes.Name) and node.node.name == "loop":
        if not scope.loop or node.attr not in LOOP:
            raise writer.refuse(node, f"loop.{node.attr} here")
        return f"{scope.loop}.{node.attr}"
    if node.attr in HIDDEN or node.attr.startswith("_"):
        raise writer.refuse(node, f"the name .{node.attr}, which Python objects have themselves,")
    return f"get({expression(writer, node.node, scope)},{js_string(node.attr)})"


def item(writer: Writer, node: nodes.Getitem, scope: Scope) -> str:
    """`x["key"]` and `x[0]`; a computed key or place is refused."""
    key = node.arg.value if isinstance(node.arg, nodes.Const) else None
    if isinstance(key, str):
        return f"get({expression(writer, node.node, scope)},{js_string(key)})"
    if isinstance(key, int) and not isinstance(key, bool) and 0 <= key < SAFE_INTEGER:
        return f"at({expression(writer, node.node, scope)},{key})"
    raise writer.refuse(node, "a slice or a computed key")


def choice(writer: Writer, node: nodes.CondExpr, scope: Scope) -> str:
    if node.expr2 is None:
        raise writer.refuse(node, "`if` without `else` inside an expression")
    yes, no = expression(writer, node.expr1, scope), expression(writer, node.expr2, scope)
    return f"({test_of(writer, node.test, scope)}?{yes}:{no})"


def compare(writer: Writer, node: nodes.Compare, scope: Scope) -> str:
    if len(node.ops) != 1:
        raise writer.refuse(node, "a chain of comparisons")
    left, right = expression(writer, node.expr, scope), expression(writer, node.ops[0].expr, scope)
    op = node.ops[0].op
    if op in ("eq", "ne"):
        return f"{'!' if op == 'ne' else ''}equal({left},{right})"
    if op in ("in", "notin"):
        return f"{'!' if op == 'notin' else ''}within({left},{right})"
    return f"(whole({left}){ORDER[op]}whole({right}))"


def filtered(writer: Writer, node: nodes.Filter, scope: Scope) -> str:
    """escape, length, join with a written separator, default."""
    if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise writer.refuse(node, f"the filter {node.name} with such arguments")
    value, count = expression(writer, node.node, scope), len(node.args)
    if node.name in ("e", "escape") and not count:
        return f"esc({value})"
    if node.name in ("length", "count") and not count:
        return f"size({value})"
    if node.name == "join" and count < 2:
        between = expression(writer, node.args[0], scope) if count else '""'
        return f"join({value},{between})"
    if node.name in ("default", "d") and count == 1:
        return f"orElse({value},{expression(writer, node.args[0], scope)})"
    raise writer.refuse(node, f"the filter {node.name}")


def tested(writer: Writer, node: nodes.Test, scope: Scope) -> str:
    """defined, undefined, none."""
    if node.args or node.kwargs or node.name not in ("defined", "undefined", "none"):
        raise writer.refuse(node, f"the test {node.name}")
    value = expression(writer, node.node, scope)
    return f"({value}===null)" if node.name == "none" else f"{'!' if node.name == 'defined' else ''}missing({value})"


def call(writer: Writer, node: nodes.Call, scope: Scope) -> str:
    """A macro, a translation, or the caller of a macro."""
    if node.dyn_args or node.dyn_kwargs or not isinstance(node.node, nodes.Name) or node.node.name in scope.names:
        raise writer.refuse(node, "this call")
    name = node.node.name
    if name in ("_", "gettext"):
        return translated(writer, node, scope)
    if name == "caller" and writer.has_caller and not node.kwargs:
        return f"caller({','.join(expression(writer, one, scope) for one in node.args)})"
    return macro_call(writer, node, scope, "")


def macro_call(writer: Writer, node: nodes.Call, scope: Scope, caller: str) -> str:
    """Every argument without a default is given; `caller` is the body of a call block."""
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if not writer.source.is_macro(name) or node.dyn_args or node.dyn_kwargs:
        raise writer.refuse(node, f"a call of {name or 'this'}")
    origin, macro = writer.source.imported.get(name, (writer.source.name, name))
    found = writer.compiler.source(origin).macros[macro]
    wanted = [arg.name for arg in found.args]
    needed = wanted[: len(wanted) - len(found.defaults)]
    given = dict(zip(wanted, node.args, strict=False))
    named = {one.key: one.value for one in node.kwargs}
    if len(node.args) > len(wanted) or set(given) & set(named) or set(named) - set(wanted) or set(needed) - set(given) - set(named):
        raise writer.refuse(node, f"{name}({', '.join(wanted)}) with other arguments")
    given |= named
    if bool(caller) != writer.compiler.uses_caller(found):
        raise writer.refuse(node, f"{name} {'has no caller()' if caller else 'without a call block'}: this")
    arguments = ["t"] + ([caller] if caller else [])
    arguments += [expression(writer, given[one], scope) if one in given else "undefined" for one in wanted]
    while arguments[-1] == "undefined":
        arguments.pop()
    return f"{writer.compiler.macro(origin, macro)}({','.join(arguments)})"


def translated(writer: Writer, node: nodes.Call, scope: Scope) -> str:
    text = node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], nodes.Const) else None
    if not isinstance(text, str):
        raise writer.refuse(node, "a translation whose text is not written out")
    if "<" in text or "&" in text:
        raise writer.refuse(node, "markup inside a translated text")
    if placeholders(text) != {one.key for one in node.kwargs}:
        raise writer.refuse(node, "a translation whose %(name)s and values differ (a per cent sign is written %%)")
    writer.compiler.texts.add(text)
    if not node.kwargs:
        return f"say(t,{js_string(text)})"
    values = ",".join(f"{one.key}:{expression(writer, one.value, scope)}" for one in node.kwargs)
    return f"say(t,{js_string(text)},{{{values}}})"
