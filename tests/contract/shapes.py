"""What a template expects of its context, read from its own syntax tree, and random contexts of that shape."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, nodes

TEXTS = ["", "a", "Åse Ødegård", "<b>&\"'</b>", "0", "😀 e\u0301", "\u202eabc", "{{ x }} ${y} `", "%(n)s %%", " \n\t", "a&amp;b",
         "/round/x?a=1&b=2", "x" * 300]
TRUTHS: list[Any] = [True, False, "", "x", 0, 3, [], ["a"], None, {}, {"a": 1}]
WRONG: list[Any] = [True, False, None, 1.5, [], {}, "x", 7, 2**60]


@dataclass(eq=False)
class Shape:
    """How one value is used. Two that must be alike are joined into one."""

    keys: dict[str, Shape] = field(default_factory=dict)
    element: Shape | None = None
    uses: set[str] = field(default_factory=set)
    words: set[Any] = field(default_factory=set)
    same: Shape | None = None

    def found(self) -> Shape:
        return self if self.same is None else self.same.found()

    def key(self, name: str) -> Shape:
        return self.found().keys.setdefault(name, Shape()).found()

    def rows(self) -> Shape:
        one = self.found()
        one.element = one.element or Shape()
        return one.element.found()

    def join(self, other: Shape) -> None:
        one, two = self.found(), other.found()
        if one is two:
            return
        two.same = one
        one.uses |= two.uses
        one.words |= two.words
        if two.element is not None:
            one.rows().join(two.element)
        for name, shape in two.keys.items():
            one.key(name).join(shape)


class Reader:
    """Walks a template with everything it includes, calls and extends."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.context = Shape()
        self.seen: dict[tuple[str, ...], dict[str, Shape]] = {}
        self.macros: dict[str, dict[str, tuple[str, nodes.Macro]]] = {}

    def template(self, name: str, scope: dict[str, Shape]) -> None:
        key = (name, *sorted(scope))
        if key in self.seen:
            for one, shape in scope.items():
                self.seen[key][one].join(shape)
            return
        self.seen[key] = scope
        tree = self.tree(name)
        for parent in tree.find_all(nodes.Extends):
            assert isinstance(parent.template, nodes.Const)
            self.template(parent.template.value, scope)
        self.all(tree.body, name, scope)

    def tree(self, name: str) -> nodes.Template:
        assert self.env.loader is not None
        tree = self.env.parse(self.env.loader.get_source(self.env, name)[0], name, name)
        if name not in self.macros:
            own = self.macros[name] = {one.name: (name, one) for one in tree.find_all(nodes.Macro)}
            for imported in tree.find_all(nodes.FromImport):
                assert isinstance(imported.template, nodes.Const)
                self.tree(imported.template.value)
                for entry in imported.names:
                    macro, alias = entry if isinstance(entry, tuple) else (entry, entry)
                    own[alias] = self.macros[imported.template.value][macro]
        return tree

    def all(self, body: list[nodes.Node], name: str, scope: dict[str, Shape]) -> None:
        for node in body:
            self.statement(node, name, scope)

    def statement(self, node: nodes.Node, name: str, scope: dict[str, Shape]) -> None:
        match node:
            case nodes.Output():
                for one in node.nodes:
                    if not isinstance(one, nodes.TemplateData):
                        self.value(one, name, scope, "print")
            case nodes.If():
                self.value(node.test, name, scope, "truth")
                self.all([*node.body, *node.elif_, *node.else_], name, scope)
            case nodes.For():
                assert isinstance(node.target, nodes.Name)
                items = self.value(node.iter, name, scope, "rows")
                self.all(node.body, name, {**scope, node.target.name: items.rows()})
                self.all(node.else_, name, scope)
            case nodes.Include():
                assert isinstance(node.template, nodes.Const)
                self.template(node.template.value, scope)
            case nodes.Block():
                self.all(node.body, name, scope)
            case nodes.Assign():
                assert isinstance(node.target, nodes.Name)
                scope[node.target.name] = self.value(node.node, name, scope, "")
            case nodes.Extends() | nodes.FromImport() | nodes.Macro():
                return
            case _:
                raise NotImplementedError(type(node).__name__)

    def value(self, node: nodes.Node, name: str, scope: dict[str, Shape], use: str) -> Shape:
        match node:
            case nodes.Name():
                shape = scope[node.name] if node.name in scope else self.context.key(node.name)
            case nodes.Getattr() if isinstance(node.node, nodes.Name) and node.node.name == "loop":
                return Shape()
            case nodes.Getattr():
                shape = self.value(node.node, name, scope, "").key(node.attr)
            case nodes.Getitem() if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                shape = self.value(node.node, name, scope, "").key(node.arg.value)
            case nodes.Call():
                return self.call(node, name, scope)
            case nodes.Compare():
                return self.compare(node, name, scope)
            case nodes.And() | nodes.Or():
                self.value(node.left, name, scope, "truth")
                return self.value(node.right, name, scope, use)
            case nodes.CondExpr():
                self.value(node.test, name, scope, "truth")
                if node.expr2 is not None:
                    self.value(node.expr2, name, scope, use)
                return self.value(node.expr1, name, scope, use)
            case nodes.Filter():
                return self.value(node.node, name, scope, {"length": "rows", "join": "rows"}.get(node.name, use)) if node.node else Shape()
            case _:
                for one in node.iter_child_nodes():
                    self.value(one, name, scope, "truth" if isinstance(node, nodes.Not) else use)
                return Shape()
        shape.found().uses.add(use)
        if use == "rows":
            shape.rows()
        return shape.found()

    def compare(self, node: nodes.Compare, name: str, scope: dict[str, Shape]) -> Shape:
        left, right = node.expr, node.ops[0].expr
        use = "word" if node.ops[0].op in ("eq", "ne", "in", "notin") else "whole"
        shape = self.value(left, name, scope, use)
        shape.words |= {one.value for one in [right, *right.find_all(nodes.Const)] if isinstance(one, nodes.Const)}
        if not isinstance(right, nodes.Const | nodes.List | nodes.Tuple):
            self.value(right, name, scope, use)
        return Shape()

    def call(self, node: nodes.Call, name: str, scope: dict[str, Shape]) -> Shape:
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if called in ("_", "super"):
            for one in node.kwargs:
                self.value(one.value, name, scope, "print")
            return Shape()
        origin, macro = self.macros[name][called]
        given = dict(zip([arg.name for arg in macro.args], node.args, strict=False)) | {one.key: one.value for one in node.kwargs}
        self.all(macro.body, origin, {one: self.value(value, name, scope, "") for one, value in given.items()})
        return Shape()


def shape_of(env: Environment, name: str) -> Shape:
    """The context `name` expects."""
    reader = Reader(env)
    reader.template(name, {})
    return reader.context.found()


class Maker:
    """Random values of a shape; now and then a wrong one, which both sides must refuse."""

    def __init__(self, seed: int, wrong: float) -> None:
        self.r, self.wrong = random.Random(seed), wrong

    def make(self, shape: Shape, depth: int = 0) -> Any:
        shape = shape.found()
        if self.r.random() < self.wrong:
            return self.r.choice(WRONG)
        if shape.element is not None:
            count = 0 if depth > 6 else self.r.choice([0, 1, 1, 2, 3] if depth < 3 else [0, 0, 1, 1])
            return [self.make(shape.element, depth + 1) for _ in range(count)]
        if shape.keys:
            if "truth" in shape.uses and self.r.random() < 0.2:
                return self.r.choice(["", None, False, {}])
            return self.keys(shape, depth)
        return self.leaf(shape)

    def keys(self, shape: Shape, depth: int = 0) -> dict[str, Any]:
        names = list(shape.found().keys)
        self.r.shuffle(names)
        return {name: self.make(shape.key(name), depth + 1) for name in names if self.r.random() >= self.wrong}

    def leaf(self, shape: Shape) -> Any:
        if shape.words and self.r.random() < 0.8:
            return self.r.choice(sorted(shape.words, key=str))
        if "whole" in shape.uses:
            return self.r.randrange(-5, 100)
        if "print" in shape.uses or shape.words:
            return self.r.choice([*TEXTS, 0, 12, -3])
        return self.r.choice(TRUTHS) if "truth" in shape.uses else self.r.choice(TEXTS)


def random_context(shape: Shape, seed: int, wrong: float = 0.0) -> dict[str, Any]:
    return Maker(seed, wrong).keys(shape)
