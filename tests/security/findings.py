"""What a tool found, and which of it is explained in explained.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

EXPLAINED = Path(__file__).parent / "explained.toml"
FIELDS = {"tool", "rule", "where", "says", "why"}


@dataclass(frozen=True, order=True)
class Finding:
    """One finding of medium or worse. `where` is a file or an address, `said` the code or the tool's words."""

    tool: str
    rule: str
    where: str
    said: str

    def __str__(self) -> str:
        return f"{self.tool} {self.rule} {self.where}: {' '.join(self.said.split())[:160]}"


@dataclass(frozen=True)
class Reason:
    """Why a finding is harmless. `where` is the whole file or address, `says` a part of the code or of the tool's words."""

    tool: str
    rule: str
    where: str
    says: str
    why: str

    def covers(self, one: Finding) -> bool:
        same = (self.tool, self.rule, self.where) == (one.tool, one.rule, one.where)
        return same and " ".join(self.says.split()) in " ".join(one.said.split())

    def __str__(self) -> str:
        return f"{self.tool} {self.rule} {self.where}: {self.says}"


def reasons(path: Path = EXPLAINED) -> list[Reason]:
    """Every entry of the file; one without a reason is an error."""
    entries = tomllib.loads(path.read_text("utf-8")).get("finding", [])
    for one in entries:
        if set(one) != FIELDS or not all(isinstance(text, str) and text.strip() for text in one.values()):
            raise ValueError(f"{path.name}: each finding has {', '.join(sorted(FIELDS))}, and none is empty: {one}")
    return [Reason(**one) for one in entries]


def sorted_out(found: list[Finding], known: list[Reason]) -> tuple[list[Finding], list[Finding], list[Reason]]:
    """(not explained, explained, explanations of nothing)."""
    explained = [one for one in found if any(reason.covers(one) for reason in known)]
    idle = [reason for reason in known if not any(reason.covers(one) for one in found)]
    return sorted(set(found) - set(explained)), sorted(set(explained)), idle
