"""Reading the code: bandit over the server, semgrep with our rules over all that runs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.security.findings import Finding

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv-security" / "bin"
RULES = Path(__file__).parent / "rules"
CODE = ("webapp", "sw", "static/js", "templates")
OFFLINE = ("--metrics=off", "--disable-version-check")
GRAVE = {"MEDIUM", "HIGH"}


class ToolTrouble(Exception):
    """A tool that did not do its work: nothing it says counts."""


def run(name: str, *words: str | Path) -> Any:
    """A tool's JSON; its exit code says only that it found something."""
    env = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "SEMGREP_SEND_METRICS": "off"}
    done = subprocess.run([TOOLS / name, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        raise ToolTrouble(f"{name} said nothing that can be read (exit {done.returncode}): {done.stderr.strip()[-400:]}") from None


def lines(path: str, first: int, last: int) -> str:
    return "\n".join((ROOT / path).read_text("utf-8").splitlines()[first - 1 : last])


def bandit() -> tuple[list[Finding], int]:
    """(findings of medium or worse, lines read)."""
    told = run("bandit", "-q", "-r", "webapp", "-f", "json")
    if told["errors"]:
        raise ToolTrouble(f"bandit could not read: {told['errors'][:3]}")
    found = [
        Finding("bandit", one["test_id"], one["filename"], lines(one["filename"], min(one["line_range"]), max(one["line_range"])))
        for one in told["results"]
        if one["issue_severity"] in GRAVE
    ]
    return found, int(told["metrics"]["_totals"]["loc"])


def rules_hold() -> int:
    """How many rules there are; each finds its bad example and leaves its good one alone."""
    told = run("semgrep", "--test", "--json", *OFFLINE, "--config", RULES, RULES)
    checks = [(rule, one) for file in told["results"].values() for rule, one in file["checks"].items()]
    wrong = [f"{rule}: {one['matches']}" for rule, one in checks if not one["passed"]]
    wrong += [f"no example: {one}" for one in told["config_missing_tests"]] + [str(one) for one in told["config_with_errors"]]
    wrong += [f"{rule} has no example" for rule in sorted(declared() - {rule for rule, _ in checks})]
    if wrong:
        raise ToolTrouble("semgrep's rules do not hold: " + "; ".join(wrong))
    return len(checks)


def declared() -> set[str]:
    """The ids of all rules there are."""
    said = [line.strip() for path in RULES.glob("*.yaml") for line in path.read_text("utf-8").splitlines()]
    return {line.removeprefix("- id: ") for line in said if line.startswith("- id: ")}


def semgrep() -> tuple[list[Finding], int]:
    """(findings, files read)."""
    told = run("semgrep", "scan", "--json", "--quiet", *OFFLINE, "--config", RULES, *CODE)
    if told["errors"]:
        raise ToolTrouble(f"semgrep could not read: {[one.get('message') for one in told['errors'][:3]]}")
    found = [
        Finding("semgrep", one["check_id"].rpartition(".")[2], one["path"], lines(one["path"], one["start"]["line"], one["end"]["line"]))
        for one in told["results"]
    ]
    return found, len(told["paths"]["scanned"])
