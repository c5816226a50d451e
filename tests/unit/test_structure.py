"""The shape of the code: who may say what, how long a file may be, and that every process builds the same bytes."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from flask import Flask

from webapp.bundles import registry
from webapp.bundles.scope import TRIGGERS

ROOT = Path(__file__).parents[2]
PYTHON = sorted(path for path in ROOT.glob("webapp/**/*.py") if "versions" not in path.parts)  # a migration is never rewritten
SCRIPTS = sorted([*ROOT.glob("sw/**/*.js"), *ROOT.glob("static/js/*.js")])
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
BUILD = "from webapp.device import shell; s = shell.build(); print(s.version, *sorted((u, a.etag) for u, a in s.assets.items()))"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def longer(paths: list[Path], most: int) -> list[str]:
    return [f"{name(path)}: {count}" for path in paths if (count := len(path.read_text("utf-8").splitlines())) > most]


def test_modules_and_templates_stay_within_their_ceilings() -> None:
    fragments = [path for path in TEMPLATES if path.name.startswith("_") and path.parent.name != "shared"]
    assert longer([*PYTHON, *SCRIPTS, *ROOT.glob("tests/**/*.py")], 300) == []
    assert longer(fragments, 40) == []
    assert longer([path for path in TEMPLATES if path not in fragments], 80) == []
    assert longer([ROOT / "README.md"], 150) == []


def test_no_function_is_longer_than_forty_lines() -> None:
    found = [f"{name(path)}: {node.name}" for path in PYTHON for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 40]
    assert found == []


def test_no_code_names_a_bundle_a_form_or_a_flag() -> None:
    known = registry()
    words = {one.id for one in known.bundles} | {form.id for form in known.forms}
    words |= {flag.code for form in known.forms for flag in form.flags}
    words -= set(TRIGGERS)  # the common part's own words; one of them is a bundle's name too
    pattern = re.compile(r"\b(" + "|".join(sorted(words)) + r")\b")
    paths = [path for path in [*PYTHON, *SCRIPTS] if "demo" not in path.parts]
    assert [f"{name(path)}: {found}" for path in paths for found in pattern.findall(quoted(path))] == []


def quoted(path: Path) -> str:
    """Only what stands in quotation marks: a code name in a comparison does."""
    return "\n".join("".join(one) for one in re.findall(r"\"([A-Za-z_]+)\"|'([A-Za-z_]+)'", path.read_text("utf-8")))


@pytest.mark.parametrize(("said", "where"), [("indexedDB", {"sw/store.js"}), ("crypto.subtle", {"sw/vault.js"})])
def test_only_one_file_says_it(said: str, where: set[str]) -> None:
    code = {name(path) for path in SCRIPTS if re.search(rf"(?<![\"'`])\b{re.escape(said)}\b", without_comments(path))}
    assert code <= where


def test_no_code_asks_the_browser_whether_there_is_net() -> None:
    assert [name(path) for path in SCRIPTS if "onLine" in without_comments(path)] == []


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_the_devices_routes_are_flasks_routes(sqlite_app: Flask) -> None:
    rows = json.loads((ROOT / "sw" / "routes.json").read_text("utf-8"))
    theirs = {(row["method"], row["path"]) for row in rows if not row.get("device_only")}
    ours = {(method, rule.rule) for rule in sqlite_app.url_map.iter_rules() if rule.endpoint.startswith("bedside.")
            for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}}
    assert theirs == ours


def test_every_process_builds_the_same_bytes() -> None:
    built = {subprocess.run([sys.executable, "-c", BUILD], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                            capture_output=True, text=True).stdout for seed in ("1", "2", "77")}
    assert len(built) == 1


def test_every_dependency_is_one_version_with_the_hashes_of_its_files() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "tests/security/requirements.lock", "tests/security/crawler.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        pinned = [one for one in entries if not one.startswith("-r ")]
        assert len(pinned) > 20
        assert [one for one in pinned if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", one)] == []


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_installed_is_what_the_locks_say_and_nothing_else() -> None:
    pins = "".join((ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    locked = {plain(name): version for name, version in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", pins, re.MULTILINE)}
    installed = {plain(one.metadata["Name"]): one.version for one in distributions()}
    assert {name: version for name, version in installed.items() if name not in ("pip", "setuptools")} == locked  # the two are venv's own
