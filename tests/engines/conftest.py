"""Every engine that is installed; what is not is said, never skipped in silence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines.browsers import ENGINES, Engine
from tests.engines.driver import Trouble

HERE = [one for one in ENGINES.values() if one.installed()]
collect_ignore = [] if HERE else ["test_journey.py"]


@pytest.fixture(params=HERE, ids=lambda one: one.name)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One browser on an empty profile. When the test fails, last.png in its folder is what stood on the screen."""
    made: Engine = request.param(tmp_path / "profile")
    before = request.session.testsfailed
    try:
        yield made
        if request.session.testsfailed > before and made.driver:
            with contextlib.suppress(Trouble, OSError):
                made.driver.shot(tmp_path / "last.png")
    finally:
        made.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for one in ENGINES.values():
        if one not in HERE:
            terminalreporter.write_line(f"NOT RUN in {one.name}: {', '.join(one.packages)} not installed (make test-engines installs)")
