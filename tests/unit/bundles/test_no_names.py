"""Clinical content is data: no name of a bundle, form, question or flag stands in the code of either side."""

from __future__ import annotations

import re
from pathlib import Path

from webapp.bundles import registry

ROOT = Path(__file__).parents[3]
CODE = [path for pattern in ("webapp/**/*.py", "sw/**/*.js", "static/js/**/*.js", "templates/**/*.html") for path in ROOT.glob(pattern)
        if "demo" not in path.parts]  # the demo plays nurses, who know what they fill in
SHARED = {"fall"}  # also a trigger every municipality has, and a plain word


def names() -> set[str]:
    found: set[str] = set()
    for bundle in registry().bundles:
        found.add(bundle.id)
        for form in bundle.forms:
            found |= {form.id, *(flag.code for flag in form.flags), *(flag.rule for flag in form.flags)}
            cards = [one.items for one in form.lists if one.items is not None]
            questions = [*form.answers, *(one for items in cards for one in items.fields)]
            found |= {one.name for one in questions if "_" in one.name} | {items.identity for items in cards}
    return found - SHARED


def test_the_guard_reads_the_code_and_the_names() -> None:
    assert {"kateter", "fall_screen", "cat_need", "CAT_REVIEW", "MED-1b"} <= names()
    assert {"due.py", "due.js", "app.js", "check.html"} <= {path.name for path in CODE}


def test_no_clinical_name_is_in_the_code() -> None:
    words = sorted(one for one in names() if one.isalpha() and one.islower())  # Norwegian words too: only as a whole text
    codes = sorted(names() - set(words))
    known = re.compile(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, codes))})(?![\w-])|[\"'`](?:{'|'.join(words)})[\"'`]")
    found = [(path.relative_to(ROOT).as_posix(), number, match.group()) for path in CODE
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) for match in known.finditer(line)]
    assert found == []
