"""A released bundle file never changes: a stored check is read with the file it was made with."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from webapp.bundles import registry
from webapp.bundles.bundle import HERE

CHANGELOG = Path(__file__).parents[3] / "CHANGELOG.md"
LISTED = re.compile(r"`?([a-z][a-z0-9_]*\.v\d+\.toml)`?\W+(?:sha256\W+)?`?([0-9a-f]{64})", re.IGNORECASE)


def released() -> dict[str, str]:
    section = CHANGELOG.read_text(encoding="utf-8").partition("## Released bundle files")[2]
    return dict(LISTED.findall(section))


def test_the_changelog_has_a_place_for_released_files() -> None:
    assert "## Released bundle files" in CHANGELOG.read_text(encoding="utf-8")


def test_a_released_file_has_the_bytes_the_changelog_lists() -> None:
    changed = {name: wanted for name, wanted in released().items()
               if hashlib.sha256((HERE / name).read_bytes()).hexdigest() != wanted}
    assert changed == {}


def test_a_file_says_released_exactly_when_the_changelog_lists_it() -> None:
    says = {f"{one.id}.v{one.version}.toml" for one in registry().all if one.released}
    assert says == set(released())


def test_a_listing_is_read_with_and_without_decoration() -> None:
    digest = "ab" * 32
    for line in (f"- kateter.v1.toml {digest}", f"- `kateter.v1.toml` sha256 `{digest}`"):
        assert LISTED.findall(line) == [("kateter.v1.toml", digest)]
