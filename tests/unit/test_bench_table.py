"""The bench says "short" when it is, on the right side of each target."""

from __future__ import annotations

import pytest

from tests.bench.table import Figure, markdown


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (Figure("a ceiling", "ms", 50, 50), True),
        (Figure("a ceiling", "ms", 50, 50.1), False),
        (Figure("a rate", "checks/s", 1000, 999, most=False), False),
        (Figure("a rate", "checks/s", 1000, 1000, most=False), True),
        (Figure("a share of the floor", "ms", 0.5, 400, 1000, of_floor=True), True),
        (Figure("a share of the floor", "ms", 0.5, 600, 1000, of_floor=True), False),
        (Figure("told only", "kB", None, 7), None),
    ],
)
def test_a_figure_is_judged_by_its_own_kind_of_target(figure: Figure, ok: bool | None) -> None:
    assert figure.ok is ok


def test_the_table_has_a_row_per_figure_and_says_what_falls_short() -> None:
    lines = markdown([Figure("tap", "ms", 50, 80.25, 4), Figure("told", "kB", None, 1234)]).splitlines()
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == ["tap", "≤ 50 ms", "80 ms", "4 ms", "20.06", "short"]
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == ["told", "", "1,234 kB", "", "", ""]
