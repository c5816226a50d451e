"""The quick set of `make faults`: nothing lost, nothing doubled, and the screen never says otherwise. Long runs: docs/reliability.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from tests.faults.kinds import HEAVY, LIGHT, Schedule, draw
from tests.faults.play import Play
from tests.faults.runner import Runner
from tests.fixtures.databases import Template

SEED = 247
SQLITE, POSTGRESQL = 200, 48


def played(playwright: Playwright, template: Template, numbers: range) -> Runner:
    words: list[str] = []
    runner = Runner(playwright, template, SEED, say=words.append)
    runner.run(numbers, stop_at=1)
    assert runner.tally.clean, "\n".join([*words, runner.tally.closing()])
    return runner


def test_schedules_of_work_and_trouble_on_sqlite(playwright: Playwright, sqlite_db: Template) -> None:
    tally = played(playwright, sqlite_db, range(SQLITE)).tally
    assert (tally.runs, tally.checks > SQLITE, tally.states > 2 * SQLITE) == (SQLITE, True, True)
    assert set(LIGHT) <= set(tally.played)


def test_schedules_of_work_and_trouble_on_postgresql(playwright: Playwright, postgres_db: Template) -> None:
    tally = played(playwright, postgres_db, range(SQLITE, SQLITE + POSTGRESQL)).tally
    assert (tally.runs, tally.checks > POSTGRESQL) == (POSTGRESQL, True)


def test_a_seed_draws_the_same_schedules_every_time_and_all_kinds() -> None:
    drawn = [draw(SEED, number) for number in range(600)]
    assert drawn == [draw(SEED, number) for number in range(600)]
    assert {one.kind for one in drawn} == {*LIGHT, *HEAVY}
    assert len({one.steps for one in drawn}) > 400


@pytest.fixture(scope="module")
def stage(playwright: Playwright, sqlite_db: Template) -> Iterator[tuple[Runner, Play]]:
    runner = Runner(playwright, sqlite_db, 0, say=lambda words: None)
    with runner.stage() as play:
        yield runner, play


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("line forge 1 envelopes; record 0 0; flush; look", {"lost", "wrong"}),
        ("line forge 2 photos; photo 0 1 small -; carry; look", {"lost", "wrong"}),
        ("line tls_right 2 all; record 0 0; flush; look", {"wrong"}),
        ("photo 0 2 large back; carry; swap; look", {"lost"}),
        ("photo 0 1 small -; carry; smuggle; look", {"doubled"}),
        ("record 0 0; flush; twin; look", {"doubled"}),
        ("backup; record 0 0; flush; rewind; look", {"wrong"}),
    ],
    ids=[
        "a middleman who says accepted",
        "a middleman who says that he has the photo",
        "a certificate that a browser should not take",
        "two pictures under each other's name",
        "a photo that nobody took",
        "a second row",
        "a row that the screen lists and the database lacks",
    ],
)
def test_the_oracle_sees_what_is_really_wrong(stage: tuple[Runner, Play], words: str, kinds: set[str]) -> None:
    runner, play = stage
    failed = runner.one(play, Schedule(0, "wrong on purpose", tuple(words.split("; "))))
    assert failed
    assert {kind for kind, _ in failed.troubles} >= kinds
