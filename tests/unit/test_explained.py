"""A finding is harmless only when somebody said why, in the file, for that place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security import findings
from tests.security.findings import Finding, Reason

HARMLESS = Reason("semgrep", "cookie-without-httponly", "webapp/security.py", 'set_cookie("csrf"', "The page's script reads it.")
FOUND = Finding("semgrep", "cookie-without-httponly", "webapp/security.py", '    answer.set_cookie("csrf",\n        token)')


def test_a_finding_is_covered_by_its_tool_rule_place_and_code_only() -> None:
    others = [
        Finding("bandit", FOUND.rule, FOUND.where, FOUND.said), Finding(FOUND.tool, "sql-from-a-string", FOUND.where, FOUND.said),
        Finding(FOUND.tool, FOUND.rule, "webapp/sync/tokens.py", FOUND.said),
        Finding(FOUND.tool, FOUND.rule, FOUND.where, 'set_cookie("tr"'),
    ]  # fmt: skip
    open_ones, explained, idle = findings.sorted_out([FOUND, *others], [HARMLESS])
    assert (open_ones, explained, idle) == (sorted(others), [FOUND], [])


def test_an_explanation_of_nothing_is_told() -> None:
    assert findings.sorted_out([], [HARMLESS]) == ([], [], [HARMLESS])


@pytest.mark.parametrize("entry", ['tool = "x"\nrule = "y"\nwhere = "z"\nsays = "s"', 'tool="x"\nrule="y"\nwhere="z"\nsays="s"\nwhy=" "'])
def test_an_entry_without_a_reason_is_an_error(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "explained.toml"
    file.write_text("[[finding]]\n" + entry)
    with pytest.raises(ValueError, match="none is empty"):
        findings.reasons(file)


def test_every_explanation_names_a_file_that_is_there_and_code_that_stands_in_it() -> None:
    root = Path(__file__).parents[2]
    known = findings.reasons()
    assert len(known) > 5
    for one in (each for each in known if each.tool != "wapiti"):
        assert " ".join(one.says.split()) in " ".join((root / one.where).read_text("utf-8").split()), one
