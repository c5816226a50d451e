"""Our charts beside the reference numbers of the R packages, and a runner that can fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.run import run

CASES = Path(__file__).parents[2] / "oracle" / "spc_cases.json"
QUIRKS = {
    "s-edge-zeroden-num-pos-run", "s-edge-zeroden-num-pos-p", "s-edge-zeroden-num-pos-u",
    "s-edge-num-gt-den-p", "s-edge-num-gt-den-all-p", "s-edge-ip-freeze", "s-edge-duplicate-dates-g",
}


def test_every_reference_case_comes_out_equal() -> None:
    outcome = run(CASES)
    assert outcome.failed == []
    assert outcome.passed == 430 + 120
    assert {told.split(":")[0] for told in outcome.apart} == QUIRKS


def changed(tmp_path: Path, case: dict[str, Any]) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [case]}), "utf-8")
    return path


@pytest.mark.parametrize(("column", "value"), [("ucl", 1e-6), ("n_rows", 1), ("cl", 2e-9)])
def test_a_number_that_is_off_is_found(tmp_path: Path, column: str, value: float) -> None:
    case = next(one for one in json.loads(CASES.read_text("utf-8"))["cases"] if one["id"] == "s-hai-AHH-BAC-u")
    case["output"]["points"][column][3] *= 1 + value
    outcome = run(changed(tmp_path, case))
    assert (outcome.passed, len(outcome.failed)) == (0, 1)
    assert f"{column}[3]" in outcome.failed[0]


def test_a_signal_that_is_off_is_found(tmp_path: Path) -> None:
    case = next(one for one in json.loads(CASES.read_text("utf-8"))["cases"] if one["id"] == "s-hai-AHH-BAC-u")
    case["output"]["runs"][0]["runs_signal"] ^= True
    assert "runs_signal" in run(changed(tmp_path, case)).failed[0]


def told(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.oracle", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=CASES.parents[2], check=False)
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.strip().splitlines()[-1]


def test_the_command_says_how_many_passed(tmp_path: Path) -> None:
    case = next(one for one in json.loads(CASES.read_text("utf-8"))["cases"] if one["id"] == "s-cabg-g")
    assert told(str(changed(tmp_path, case))) == (0, "1 passed, 0 failed")
    case["output"]["points"]["ucl"][0] += 1
    assert told(str(changed(tmp_path, case))) == (1, "0 passed, 1 failed")


def test_the_command_says_what_is_wrong_with_a_file_it_cannot_use(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    assert told(str(path))[0] == 2
    for text in ("not json", "{}", '{"cases": [{"id": "x"}]}'):
        path.write_text(text, "utf-8")
        code, line = told(str(path))
        assert (code, line.split(":")[0]) == (2, "This is not a file of reference cases")
