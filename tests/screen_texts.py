"""Every bokmål text that can reach a screen, read from the source: what the catalogues must translate."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[1]
SENTENCES_OF = ("Refused", "say", "decided")  # their texts are translated further on
JS_TEXT = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""


def of_templates(pattern: str = "**/*.html") -> set[str]:
    """What stands in `_('...')`."""
    found = set()
    for path in ROOT.glob(f"templates/{pattern}"):
        with path.open("rb") as file:
            for _line, _name, text, _comments in babel_extract(file, ["_"], [], {}):
                found.add(str(text if isinstance(text, str) else (text or [""])[0]))
    return found


class Module:
    """One Python file: what its names may hold, and what it gives to t()."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text("utf-8"))
        self.held: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.held.setdefault(target.id, []).append(node.value)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                self.held.setdefault(node.target.id, []).append(node.value)

    def said(self, others: dict[str, list[ast.expr]]) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            if name == "t":
                yield from self.texts(node.args[0], others)
            elif name == "many":
                for one in node.args[2:]:
                    yield from self.texts(one, others)
            elif name in SENTENCES_OF:
                yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant) and str(one.value).endswith("."))

    def texts(self, node: ast.expr, others: dict[str, list[ast.expr]], seen: tuple[str, ...] = ()) -> Iterator[str]:
        """The texts an expression may be; a table's keys are not among them."""
        inner: list[ast.expr] = []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Dict | ast.BoolOp):
            inner = list(node.values)
        elif isinstance(node, ast.List | ast.Tuple):
            inner = list(node.elts)
        elif isinstance(node, ast.IfExp):
            inner = [node.body, node.orelse]
        elif isinstance(node, ast.Subscript):
            inner = [node.value]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            inner = [node.func.value, *node.args[1:]]
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name not in seen:
                seen = (*seen, name)
                inner = self.held.get(name) or (others.get(name, []) if name.isupper() else [])
        for one in inner:
            yield from self.texts(one, others, seen)


def of_python() -> set[str]:
    modules = [Module(path) for path in ROOT.glob("webapp/**/*.py")]
    tables: dict[str, list[ast.expr]] = {}
    for one in modules:
        for name, values in one.held.items():
            tables.setdefault(name, []).extend(values)
    return {text for one in modules for text in one.said(tables) if text}


def of_javascript() -> set[str]:
    """`t('...')`, `many(t, n, '...', '...')` and the tables that `t(TABLE[...])` and `pick(TABLE, ...)` read."""
    found = set()
    for path in ROOT.glob("sw/**/*.js"):
        source = path.read_text("utf-8")
        found |= set(re.findall(rf"\bt\(\s*{JS_TEXT}", source))
        for pair in re.findall(rf"\bmany\(\s*[\w.]+,[^'\"]+{JS_TEXT},\s*{JS_TEXT}", source):
            found |= set(pair)
        found |= set(re.findall(rf"\bt\((?:\w+\[[^\]]+\]|pick\([^)]+\)) \?\? {JS_TEXT}", source))
        for name in set(re.findall(r"\b(?:t|pick)\(([A-Z_]+)[.\[,]", source)):
            for table in re.findall(rf"const {name} = \{{(.*?)\n?\}}", source, re.DOTALL):
                found |= set(re.findall(rf":\s*{JS_TEXT}", table))
    return {str(ast.literal_eval(one)) for one in found}


def every_text() -> set[str]:
    return of_templates() | of_python() | of_javascript()
