"""A whole reference file: what is equal, what differs, and where we do something else on purpose."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.oracle.cases import Case, differences
from webapp.measures.spc.runs import crossings_min, longest_run_max
from webapp.measures.spc.subgroups import RefusedError

QUIRK = "upstream_quirk"


@dataclass
class Outcome:
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        return f"{self.passed} passed, {len(self.failed)} failed"


def run(path: Path) -> Outcome:
    """ValueError: not a reference file, or a case that this schema does not know."""
    held = json.loads(path.read_text("utf-8"))
    outcome = Outcome()
    for one in held.get("anhoej_limits", []):
        useful = one["n_useful"]
        ours = (longest_run_max(useful), crossings_min(useful))
        _count(outcome, f"anhoej_limits {useful}", [] if ours == (one["longest_run_max"], one["n_crossings_min"]) else [f"{ours}"])
    for case in held["cases"]:
        if QUIRK in case["tags"]:
            outcome.apart.append(f"{case['id']}: {_instead(case)}")
        else:
            _count(outcome, case["id"], _wrong(case))
    return outcome


def _count(outcome: Outcome, name: str, wrong: list[str]) -> None:
    if wrong:
        outcome.failed.append(f"{name}: {len(wrong)} differ, first {wrong[0]}")
    else:
        outcome.passed += 1


def _wrong(case: Case) -> list[str]:
    """An upstream error without any output is a refusal, and must be one here."""
    refusal = case["output"] is None
    try:
        found = differences({**case, "output": {}} if refusal else case)
    except RefusedError as refused:
        return [] if refusal else [f"refused: {refused}"]
    return ["not refused"] if refusal else found


def _instead(case: Case) -> str:
    """What we do where upstream does what a product should not."""
    try:
        found = differences(case)
    except RefusedError as refused:
        return f"refused here ({refused}): a share of nothing, or of more than all, is not a number about practice"
    if not found:
        return "computed as upstream; the product keeps events of one day apart before they come here"
    if case["input"]["freeze"]:
        return "limits here come from the frozen baseline, as the centre does; upstream freezes the centre only"
    return f"{len(found)} differ, first {found[0]}"
