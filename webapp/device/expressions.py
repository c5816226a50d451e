"""Expressions of the template subset as JavaScript."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from webapp.device.compiler import Writer

ORDER = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
LOOP = {"index", "index0", "first", "last", "length"}
# In Python a dictionary's own methods win over its keys, in JavaScript they do not.
HIDDEN = {name for name in dir(dict) if not name.startswith("_")}


class CompileError(Exception):
    """A template uses what a device cannot render; says file, line and what."""

    def __init__(self, name: str, line: int, why: str) -> None:
        super().__init__(f"templates/{name}:{line}: {why}")


@dataclass(frozen=True)
class Scope:
    """Names that loops and macros have given a value, and how deep the innermost loop is."""

    names: frozenset[str]
    depth: int = 0

    def also(self, name: str, *, in_loop: bool) -> Scope:
        return Scope(self.names | {name}, self.depth + in_loop)


def js_string(text: str) -> str:
    """A JavaScript string literal, safe in any module."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def test_of(writer: Writer, node: nodes.Node, scope: Scope) -> str:
    """An expression as a JavaScript condition, true as in Python."""
    if isinstance(node, nodes.Not):
        return f"!{test_of(writer, node.node, scope)}"
    return f"truthy({expression(writer, node, scope)})"


def expression(writer: Writer, node: nodes.Node, scope: Scope) -> str:
    """One expression; what is not here is refused."""
    match node:
        case nodes.Const():
            return constant(writer, node)
        case nodes.Name():
            return name_of(writer, node, scope)
        case nodes.Getattr():
            return attribute(writer, node, scope)
        case nodes.Not():
            return f"(!{test_of(writer, node.node, scope)})"
        case nodes.And() | nodes.Or():
            word = "and" if isinstance(node, nodes.And) else "or"
            return f"{word}({expression(writer, node.left, scope)},()=>{expression(writer, node.right, scope)})"
        case nodes.CondExpr():
            if node.expr2 is None:
                raise writer.refuse(node, "`if` without `else` in an expression")
            yes, no = expression(writer, node.expr1, scope), expression(writer, node.expr2, scope)
            return f"({test_of(writer, node.test, scope)}?{yes}:{no})"
        case nodes.Compare():
            return compare(writer, node, scope)
        case nodes.Call():
            return call(writer, node, scope)
        case nodes.Filter():
            if node.name in ("e", "escape") and node.node is not None and not node.args and not node.kwargs:
                return f"esc({expression(writer, node.node, scope)})"
            raise writer.refuse(node, f"the filter {node.name}")
        case nodes.Test():
            raise writer.refuse(node, f"the test {node.name}")
    raise writer.refuse(node, type(node).__name__.lower())


def constant(writer: Writer, node: nodes.Const) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return js_string(value)
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    raise writer.refuse(node, f"the constant {value!r}")


def name_of(writer: Writer, node: nodes.Name, scope: Scope) -> str:
    name = node.name
    if name in scope.names:
        return f"l_{name}"
    if name in ("loop", "self", "super", "caller", "varargs", "kwargs", "range", "dict", "lipsum", "cycler", "joiner", "namespace"):
        raise writer.refuse(node, f"the name {name} here")
    if name in writer.source.macros or name in writer.source.imported or name in ("_", "gettext", "ngettext"):
        raise writer.refuse(node, f"{name} without calling it")
    if writer.macro:
        raise writer.refuse(node, f"{name}: a macro sees only its arguments, so this")
    return f"need(c,{js_string(name)})"


def attribute(writer: Writer, node: nodes.Getattr, scope: Scope) -> str:
    if isinstance(node.node, nodes.Name) and node.node.name == "loop" and "loop" not in scope.names:
        if not scope.depth or node.attr not in LOOP:
            raise writer.refuse(node, f"loop.{node.attr} here")
        return f"k_{scope.depth}.{node.attr}"
    if node.attr in HIDDEN or node.attr.startswith("_"):
        raise writer.refuse(node, f"the name .{node.attr}, which Python objects have themselves,")
    return f"get({expression(writer, node.node, scope)},{js_string(node.attr)})"


def compare(writer: Writer, node: nodes.Compare, scope: Scope) -> str:
    if len(node.ops) != 1:
        raise writer.refuse(node, "a chain of comparisons")
    left, right = expression(writer, node.expr, scope), expression(writer, node.ops[0].expr, scope)
    op = node.ops[0].op
    if op in ("eq", "ne"):
        return f"({'!' if op == 'ne' else ''}equal({left},{right}))"
    if op in ("in", "notin"):
        return f"({'!' if op == 'notin' else ''}within({left},{right}))"
    return f"(order({left},{right}){ORDER[op]}0)"


def call(writer: Writer, node: nodes.Call, scope: Scope) -> str:
    if node.dyn_args or node.dyn_kwargs or not isinstance(node.node, nodes.Name) or node.node.name in scope.names:
        raise writer.refuse(node, "this call")
    name = node.node.name
    if name in ("_", "gettext"):
        return translated(writer, node, scope)
    origin, macro = writer.source.imported.get(name, (writer.source.name, name))
    if name not in writer.source.imported and name not in writer.source.macros:
        raise writer.refuse(node, f"a call of {name}")
    wanted = [arg.name for arg in writer.compiler.source(origin).macros[macro].args]
    given = dict(zip(wanted, node.args, strict=False)) | {one.key: one.value for one in node.kwargs}
    if len(node.args) > len(wanted) or set(given) != set(wanted):
        raise writer.refuse(node, f"{name}({', '.join(wanted)}) with other arguments")
    arguments = ",".join(["t", *(expression(writer, given[one], scope) for one in wanted)])
    return f"{writer.compiler.macro(origin, macro)}({arguments})"


def translated(writer: Writer, node: nodes.Call, scope: Scope) -> str:
    text = node.args[0] if len(node.args) == 1 else None
    if not isinstance(text, nodes.Const) or not isinstance(text.value, str):
        raise writer.refuse(node, "a translation whose text is not written out")
    if "<" in text.value or "&" in text.value:
        raise writer.refuse(node, "markup inside a translated text")
    values = ",".join(f"{one.key}:{expression(writer, one.value, scope)}" for one in node.kwargs)
    return f"say(t,{js_string(text.value)},{{{values}}})"
