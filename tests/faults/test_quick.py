"""The quick set of `make faults`: nothing lost, nothing doubled, and the screen never says otherwise. Long runs: docs/reliability.md."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.profile import PHONE, Profile
from tests.faults.kinds import HEAVY, LIGHT, PHOTO, Schedule, draw
from tests.faults.play import Play
from tests.faults.runner import Runner
from tests.faults.wrong import SPOILT
from tests.fixtures.databases import Template

SEED = 247
SQLITE, POSTGRESQL, BLOCK = 152, 48, 76  # blocks are tests of their own: they run beside each other


def played(playwright: Playwright, template: Template, numbers: range) -> None:
    words: list[str] = []
    runner = Runner(playwright, template, SEED, say=words.append, windowless=True)
    tally = runner.run(numbers, stop_at=1)
    assert tally.clean, "\n".join([*words, tally.closing()])
    assert (tally.runs, tally.checks > tally.runs, tally.states > tally.runs, tally.photos > 0) == (len(numbers), True, True, True)


@pytest.mark.parametrize("first", range(0, SQLITE, BLOCK))
def test_schedules_of_work_and_trouble_on_sqlite(playwright: Playwright, sqlite_db: Template, first: int) -> None:
    played(playwright, sqlite_db, range(first, first + BLOCK))


def test_schedules_of_work_and_trouble_on_postgresql(playwright: Playwright, postgres_db: Template) -> None:
    played(playwright, postgres_db, range(SQLITE, SQLITE + POSTGRESQL))


def test_the_quick_set_plays_every_kind_that_needs_no_restart() -> None:
    assert set(LIGHT) | set(PHOTO) <= {draw(SEED, number).kind for number in range(SQLITE)}


def test_a_seed_draws_the_same_schedules_every_time_and_all_kinds() -> None:
    drawn = [draw(SEED, number) for number in range(600)]
    assert drawn == [draw(SEED, number) for number in range(600)]
    assert {one.kind for one in drawn} == {*LIGHT, *PHOTO, *HEAVY}
    assert len({one.steps for one in drawn}) > 400


@pytest.fixture(scope="module")
def stage(playwright: Playwright, sqlite_db: Template) -> Iterator[tuple[Runner, Play]]:
    runner = Runner(playwright, sqlite_db, 0, say=lambda words: None, windowless=True)
    with runner.stage() as play:
        yield runner, play


def test_nobodys_pin_is_typed_for_another(stage: tuple[Runner, Play]) -> None:
    _, play = stage
    play.do_lock()
    assert play.device.run("asks", "unlock", "Ingen Her", "739154").startswith("Ingen Her cannot be chosen")


TWINS = "import os, sys; os.fork(); print(flush=True); sys.stdin.read()"


def test_a_browser_that_is_starting_a_process_is_one_browser(playwright: Playwright, tmp_path: Path) -> None:
    command = [sys.executable, "-c", TWINS, f"--user-data-dir={tmp_path}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as browser:
        assert browser.stdout
        assert [browser.stdout.readline() for _ in range(2)] == [b"\n", b"\n"]
        assert Profile(playwright, tmp_path, "", PHONE).process() == browser.pid


WORKERS = """async () => {
  const { waiting, active } = await navigator.serviceWorker.getRegistration();
  return [waiting !== null, active === navigator.serviceWorker.controller];
}"""


def test_another_release_brings_another_worker_which_takes_over_when_the_app_is_started_anew(stage: tuple[Runner, Play]) -> None:
    runner, play = stage
    steps = ("line closed 1 all", "record 0 0", "heal", "roll back", "renew", "record 0 1", "look")
    assert runner.one(play, Schedule(0, "worker", steps)) is None
    play.until("another worker", lambda: play.device.evaluate(WORKERS)[0])
    assert runner.one(play, Schedule(1, "worker", ("line closed 1 all", "record 0 0", "kill browser", "look"))) is None
    assert play.device.evaluate(WORKERS) == [False, True]


@pytest.mark.parametrize("how", ["kill", "restart"])
def test_a_server_that_goes_in_mid_batch_has_a_batch_in_hand(stage: tuple[Runner, Play], how: str) -> None:
    runner, play = stage
    before = play.happened["server gone in mid-batch"]
    failed = runner.one(play, Schedule(0, how, ("line closed 1 all", "record 0 0", "heal", f"{how} server", "look")))
    assert (failed, play.happened["server gone in mid-batch"]) == (None, before + 1)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("line forge 9 envelopes; record 0 0; flush; look", {"lost", "wrong"}),  # who was looked at may go home first
        ("line forge 2 photos; photo 0 1 small -; carry; look", {"lost", "wrong"}),
        ("line tls_right 2 all; record 0 0; flush; look", {"wrong"}),
        ("photo 0 2 large back; carry; swap; look", {"lost"}),
        ("photo 0 1 small -; carry; smuggle; look", {"doubled"}),
        ("record 0 0; flush; twin; look", {"doubled"}),
        *((f"record 0 0; alone; spoil {what}; look", {"lost"}) for what in SPOILT),
        ("backup; record 0 0; flush; rewind; look", {"wrong"}),
    ],
    ids=[
        "a middleman who says accepted",
        "a middleman who says that he has the photo",
        "a certificate that a browser should not take",
        "two pictures under each other's name",
        "a photo that nobody took",
        "a second row",
        *(f"another {what}" for what in SPOILT),
        "a row that the screen lists and the database lacks",
    ],
)
def test_the_oracle_sees_what_is_really_wrong(stage: tuple[Runner, Play], words: str, kinds: set[str]) -> None:
    runner, play = stage
    failed = runner.one(play, Schedule(0, "wrong on purpose", tuple(words.split("; "))))
    assert failed
    assert {kind for kind, _ in failed.troubles} >= kinds, failed.troubles
