"""Which numbers of a key's series are missing, in whatever order they come."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webapp.sync import series
from webapp.sync.series import Gap

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def numbers(gaps: list[Gap]) -> set[int]:
    return {number for gap in gaps for number in range(gap.first, gap.last + 1)}


@given(st.lists(st.sets(st.integers(1, 40), max_size=8), max_size=12))
def test_what_is_missing_is_what_has_not_come_below_the_highest(batches: list[set[int]]) -> None:
    highest, gaps, came = 0, list[Gap](), set[int]()
    for batch in batches:
        highest, gaps = series.filled(highest, gaps, batch, NOW)
        came |= batch
        assert (highest, numbers(gaps)) == (max(came, default=0), set(range(1, highest + 1)) - came)
        assert all(one.last + 1 < two.first for one, two in pairwise(gaps))


def test_a_gap_keeps_since_when_while_it_closes() -> None:
    later = NOW.replace(hour=9)
    highest, gaps = series.filled(2, [], {9}, NOW)
    assert (highest, gaps) == (9, [Gap(3, 8, NOW)])
    assert series.filled(highest, gaps, {5}, later) == (9, [Gap(3, 4, NOW), Gap(6, 8, NOW)])


def test_a_device_gone_wrong_fills_no_table() -> None:
    highest, gaps = series.filled(0, [], range(2, 2000, 2), NOW)
    assert (highest, len(gaps), gaps[0].first) == (1998, series.MOST_GAPS, 1)
