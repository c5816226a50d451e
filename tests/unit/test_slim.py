"""Scripts as they travel: smaller, and for every module that imports them the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.device import pack, slim

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ("sw", "static") for path in sorted((ROOT / folder).rglob("*")) if slim.is_ours(path)]
EXPORTED = re.compile(r"export\s*(?:async )?(?:function\*?|const|let|class)\s+(\w+)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_module_exports_and_imports_stays(path: Path) -> None:
    source = path.read_text("utf-8")
    made = slim.slim(source, path.suffix)
    assert len(made) < len(source)
    if path.suffix == ".js":
        bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
        url = f"/{path.relative_to(ROOT).as_posix()}"
        assert pack.imported(url, made) == pack.imported(url, bare)
        assert not re.search(r"\bexport\s*(?:;|$)", made), "no browser reads that"
        assert set(EXPORTED.findall(bare)) <= set(re.findall(r"\w+", made))


def test_a_comment_in_front_of_a_value_does_not_travel() -> None:
    made = slim.slim("/** Says it. */\nexport const say = word => /** @type {any} */ (word).trim(); // all of it\n", ".js")
    assert made == "export const say=e=>e.trim()\n"


def test_a_module_that_exports_nothing_says_nothing_of_it() -> None:
    assert slim.slim("export {};\n\nlet trail = [];\n", ".js") == "let trail=[]\n"


def test_vendored_files_travel_as_they_came() -> None:
    assert not [path for path in FILES if "vendor" in path.parts]
