"""Answers travel as short lists: both sides write the same list and refuse the same nonsense."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.contract.casework import run
from tests.contract.conftest import Device
from tests.contract.random_jobs import random_job
from webapp.bundles import codec, registry

NONSENSE: list[Any] = [None, True, "x", -1, 99, [], [0], [99], {}, "2026-13-01", [[0]], [["w1"]], 10**9, "", [0, 0], [None]]


def decoded(form_id: str, encoded: Any) -> Any:
    try:
        return codec.decode(registry().form(form_id), encoded)
    except ValueError:
        return "refused"


@pytest.mark.parametrize("seed", range(60))
def test_answers_survive_the_round_trip(seed: int) -> None:
    job = random_job(seed, registry())
    result = run(job, registry())
    assert json.loads(json.dumps(result["decoded"])) == result["answers"]


def test_the_device_reads_what_the_server_wrote_and_the_other_way_round(device: Device) -> None:
    pairs = []
    for seed in range(200):
        job = random_job(seed, registry())
        answers = run(job, registry())["answers"]
        pairs.append([job["form"], answers])
    theirs = device.call("encodeAll", device.urls(registry()), pairs)
    for (form, answers), encoded in zip(pairs, theirs, strict=True):
        assert codec.encode(registry().form(form), answers) == encoded
        assert codec.decode(registry().form(form), encoded) == answers


def test_both_sides_refuse_the_same_nonsense(device: Device) -> None:
    dice, tries = random.Random(7), []
    for _ in range(1500):
        form = dice.choice(registry().forms)
        width = dice.randrange(len(form.answers) + 2)
        tries.append([form.id, dice.choice([[dice.choice(NONSENSE) for _ in range(width)], dice.choice(NONSENSE)])])
    theirs = device.call("decodeAll", device.urls(registry()), tries)
    ours = [decoded(form, encoded) for form, encoded in tries]
    assert ours == theirs
    assert 100 < ours.count("refused") < 1500


def test_a_check_with_no_findings_is_short() -> None:
    form = registry().form("kateter")
    answers = {"cat_present": "yes", "cat_type": "urethral", "cat_need": "yes", "sym": ["none"]}
    assert len(json.dumps(codec.encode(form, answers), separators=(",", ":"))) < 120
