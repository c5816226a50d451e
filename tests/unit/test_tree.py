"""The tree keeps its shape: sizes, one home for each dangerous word, and routes that both servers know."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
MODULE, FUNCTION, TEMPLATE, FRAGMENT = 300, 40, 80, 40
SCRIPTS = [*ROOT.glob("sw/**/*.js"), *ROOT.glob("static/js/*.js")]
MIGRATIONS = ROOT / "webapp" / "migrations" / "versions"


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python() -> list[Path]:
    return [path for folder in ("webapp", "tests") for path in (ROOT / folder).rglob("*.py") if MIGRATIONS not in path.parents]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and length, the definitions inside it not counted twice."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{named(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_longer_than_one_can_read() -> None:
    assert {named(path): lines(path) for path in [*python(), *SCRIPTS] if lines(path) > MODULE} == {}


def test_no_function_of_the_product_is_longer_than_a_screen() -> None:
    found = [one for path in python() if path.is_relative_to(ROOT / "webapp") for one in functions(path)]
    assert len(found) > 500
    assert {name: long for name, long in found if long > FUNCTION} == {}


def test_templates_and_fragments_stay_short() -> None:
    pages = list(ROOT.glob("templates/**/*.html"))
    assert {named(path): lines(path) for path in pages if lines(path) > (FRAGMENT if path.name.startswith("_") else TEMPLATE)} == {}


@pytest.mark.parametrize(("word", "home"), [(r"\bindexedDB\b|openDB\(", "sw/store.js"), (r"crypto\.subtle", "sw/vault.js")])
def test_a_dangerous_word_has_one_home(word: str, home: str) -> None:
    code = {path: re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL) for path in SCRIPTS}
    assert [named(path) for path, text in code.items() if re.search(word, text)] == [home]


def test_pages_of_a_tablet_are_the_bedside_routes_of_the_server(sqlite_app: Flask) -> None:
    told = json.loads((ROOT / "sw" / "routes.json").read_text("utf-8"))
    tablet = {(one["method"], one["path"]) for one in told if not one.get("device_only")}
    server = {
        (method, rule.rule) for rule in sqlite_app.url_map.iter_rules() if re.match(r"/round(/|$)", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert tablet == server
    assert len(told) > len(tablet) > 10
