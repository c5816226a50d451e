"""What may be said about improvement work, and what the line of time shows of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from webapp.improvement import drawing, kinds
from webapp.improvement.measured import Series
from webapp.improvement.work import Item, Refused, Version

TODAY = date(2026, 11, 26)
CYCLE = {"title": "Hudsjekk ved dusj", "start": "2026-10-01", "end": "2026-10-08", "study": "Det gikk", "act": "adopt"}


def thing(kind: str, **data: Any) -> Item:
    return Item(uuid4(), kind, UUID(int=1), UUID(int=2), (Version(1, data, False, "Solveig Dahl", datetime(2026, 10, 1, tzinfo=UTC)),))


def test_a_whole_cycle_is_kept_as_it_was_said() -> None:
    data = kinds.read("cycle", CYCLE, {})
    assert not isinstance(data, Refused)
    assert {name: data[name] for name in CYCLE} == CYCLE
    assert data["plan"] == ""


@pytest.mark.parametrize(("change", "why"), [
    ({"title": " "}, "er tomt"), ({"end": "2026-09-30"}, "før den startet"), ({"study": ""}, "Skriv hva dere så"),
    ({"end": ""}, "Skriv hva dere så"), ({"start": "2026-02-30"}, "dato"), ({"start": "1-10-2026"}, "dato"), ({"act": "drop"}, "valg"),
    ({"title": "x" * 161}, "for lang"), ({"plan": "a\x00b"}, "ugyldige tegn"), ({"owner": "ffff"}, "finnes ikke lenger"),
])  # fmt: skip
def test_what_contradicts_itself_or_cannot_be_read_is_refused_with_a_reason(change: dict[str, str], why: str) -> None:
    said = kinds.read("cycle", CYCLE | change, {"person": ["aaaa"]})
    assert isinstance(said, Refused)
    assert why in said.reason
    assert "Ingenting er lagret" in said.reason


@pytest.mark.parametrize(("said", "number"), [("85", 85.0), ("2,5", 2.5), ("0.5 %", 0.5), ("", "")])
def test_numbers_are_read_as_they_are_written_here(said: str, number: Any) -> None:
    data = kinds.read("aim", {"text": "Færre fall", "target": said}, {})
    assert not isinstance(data, Refused)
    assert data["target"] == number


@pytest.mark.parametrize("said", ["-1", "1e3", "nan", "1.2.3", "1 000 001", "²"])
def test_what_is_no_number_is_refused(said: str) -> None:
    assert isinstance(kinds.read("aim", {"text": "Færre fall", "target": said}, {}), Refused)


def test_an_aim_without_number_deadline_or_population_says_what_it_lacks() -> None:
    assert kinds.missing({"text": "Færre fall"}) == ["measure", "baseline", "target", "deadline", "population", "owner"]
    whole = {"measure": "F-R1", "baseline": 0.0, "target": 0.0, "deadline": "2027-01-01", "population": "Alle", "owner": "x"}
    assert kinds.missing(whole) == [], "nought is a number"


def series(*values: float | None) -> Series:
    months = tuple((date(2026, n + 1, 1), value, n < 9) for n, value in enumerate(values))
    return Series("F-P1", "Vurdert", True, months)


def test_the_line_of_time_has_a_bar_for_each_cycle_in_order_and_the_median_of_before() -> None:
    later = thing("cycle", title="To", start="2026-10-01", end="")
    first = thing("idea", text="Én", start="2026-09-01")
    drawn = drawing.of([thing("aim", measure="F-P1", target=95.0, deadline="2026-12-31")], [later, first],
                       series(*[60.0] * 5, None, 64.0, 80.0, 90.0, 95.0, 99.0), TODAY)  # fmt: skip
    assert drawn is not None
    assert [row["text"] for row in drawn["rows"]] == ["1. Én", "2. To"]
    assert drawn["rows"][0]["x"] < drawn["rows"][1]["x"] < drawn["today"] < drawn["deadlines"][0]
    assert [row["open"] for row in drawn["rows"]] == [False, True]
    of_60 = drawing.TOP + drawing.HIGH * 0.4
    assert drawn["line"]["middle"] == of_60, "what came after the work began does not count"
    assert drawn["line"]["target"] < of_60
    assert [point["hollow"] for point in drawn["line"]["points"]][-2:] == [True, True]


def test_nothing_is_drawn_before_something_has_a_date() -> None:
    assert drawing.of([thing("aim", deadline="2027-01-01")], [thing("idea", text="Én", start="")], series(1.0), TODAY) is None


def test_a_text_that_would_leave_the_picture_stands_to_the_left_of_its_bar() -> None:
    drawn = drawing.of([], [thing("cycle", title="Lang " * 20, start="2026-11-20", end="2026-11-24"),
                            thing("cycle", title="Før", start="2026-01-01", end="2026-01-09")], None, TODAY)  # fmt: skip
    assert drawn is not None
    assert [row["left"] for row in drawn["rows"]] == [False, True]
    assert drawn["rows"][1]["text"] == "2. " + " ".join(["Lang"] * 7) + "…"
    assert drawn["rows"][1]["whole"] == "Lang " * 20


@pytest.mark.parametrize(("start", "end"), [
    ("2023-01-01", "2026-11-20"), ("2026-11-20", ""), ("2023-01-01", "2023-02-01"), ("2025-01-01", "2026-11-20"),
    ("2026-11-25", "2027-06-01"),
])  # fmt: skip
@pytest.mark.parametrize("text", ["Et ord", "Ta kontakt med legen samme dag når ingen av oss vet grunnen", "W" * 160])
def test_a_text_stays_in_the_picture_whatever_its_bar_is(start: str, end: str, text: str) -> None:
    drawn = drawing.of([], [thing("cycle", title=text, start=start, end=end), thing("idea", text="Én", start="2023-01-01")], None, TODAY)
    assert drawn is not None
    (row,) = (one for one in drawn["rows"] if one["whole"] == text)
    wide = len(row["text"]) * drawing.LETTER
    begins = row["text_x"] - wide if row["left"] else row["text_x"]
    assert 0 <= begins <= begins + wide <= drawing.WIDE
    assert row["text"].removeprefix(f"{row['n']}. ").removesuffix("…") in text
    assert len(row["text"]) >= min(len(text), 9)
