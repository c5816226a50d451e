"""Jinja2 made as strict as the compiled templates are: what JavaScript would do differently is refused here too."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

SAFE_INTEGER = 2**53


class NotAllowed(TypeError):
    """A value that Python and JavaScript would treat differently (True printed, 1.0, a list compared, …)."""


def finalize(value: Any) -> Any:
    """Only text and whole numbers are printed."""
    if isinstance(value, str) or is_whole(value):
        return value
    if isinstance(value, Undefined):  # strict ones raise by themselves; `x if y` without else prints nothing
        return value
    raise NotAllowed(f"a template may print text and whole numbers, not {type(value).__name__}")


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < SAFE_INTEGER


def whole(value: Any) -> Any:
    """Arithmetic and order are for whole numbers."""
    if is_whole(value) or isinstance(value, Undefined):
        return value
    raise NotAllowed(f"only whole numbers are counted and ordered, not {type(value).__name__}")


def scalar(value: Any) -> Any:
    """Only words, numbers and booleans are compared."""
    if value is None or isinstance(value, str | bool | Undefined) or is_whole(value):
        return value
    raise NotAllowed(f"only words and whole numbers are compared, not {type(value).__name__}")


def member(value: Any) -> Any:
    """What `in` looks for has a value, even when the list is empty."""
    return scalar(str(value) if isinstance(value, Undefined) else value)  # str() of a missing name raises


def rows(value: Any) -> Any:
    """Loops, `in` and `length` go over lists."""
    if isinstance(value, list | tuple | Undefined):
        return value
    raise NotAllowed(f"only a list can be gone through, not {type(value).__name__}")


def escaped(value: Any) -> Markup:
    return escape(finalize(value))


def join(value: Any, between: str = "") -> Markup:
    """Always HTML, so that it is compared and printed alike on both sides."""
    return escape(between).join(escaped(one) for one in rows(value))


FILTERS = {"_whole": whole, "_scalar": scalar, "_member": member, "_rows": rows, "e": escaped, "escape": escaped, "join": join,
           "length": lambda value: len(rows(value)), "count": lambda value: len(rows(value))}


class Checks(NodeTransformer):
    """Puts the checks above around what operators and loops work on."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = checked(node.iter, "_rows")
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        kinds = {"eq": ("_scalar", "_scalar"), "in": ("_member", "_rows")}
        kinds |= {"ne": kinds["eq"], "notin": kinds["in"]}
        left, right = kinds.get(node.ops[0].op, ("_whole", "_whole"))
        node.expr = checked(node.expr, left)
        node.ops[0].expr = checked(node.ops[0].expr, right)
        return node

    def visit_BinExpr(self, node: nodes.BinExpr) -> nodes.Expr:
        self.generic_visit(node)
        node.left, node.right = checked(node.left, "_whole"), checked(node.right, "_whole")
        return checked(node, "_whole")

    visit_Add = visit_Sub = visit_Mul = visit_BinExpr

    def visit_Neg(self, node: nodes.Neg) -> nodes.Node:
        self.generic_visit(node)
        node.node = checked(node.node, "_whole")
        return node


def checked(node: Any, kind: str) -> nodes.Expr:
    return nodes.Filter(node, kind, [], [], None, None, lineno=node.lineno)


class StrictEnvironment(Environment):
    """Reads keys of dictionaries and places of lists, nothing else, and checks operands."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Undefined):
            return obj[argument]  # raises, and says what is missing
        if isinstance(obj, dict) and isinstance(argument, str):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        if isinstance(obj, list | tuple) and is_whole(argument) and argument >= 0:
            return obj[argument] if argument < len(obj) else self.undefined(obj=obj, name=argument)
        raise NotAllowed(f"there is nothing to read in {type(obj).__name__}")

    def _generate(self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:
        tree = Checks().visit(source)
        tree.set_environment(self)
        return super()._generate(tree, name, filename, defer_init=defer_init)
