"""Random worlds, random drafts, random taps: every page and every step of a form is the same on server and device."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.conftest import Device
from tests.contract.pagework import fill
from tests.contract.random_worlds import asked_pages, random_tasks, random_world
from tests.contract.test_pages import both_ways
from webapp.bundles import registry

SEED = st.integers(0, 2**32 - 1)
ROUGH = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@ROUGH
@given(seed=SEED)
def test_every_page_of_any_world_is_the_same(device: Device, seed: int) -> None:
    world = random_world(seed, registry())
    assert both_ways(device, world, asked_pages(world, ["åse", "ÅSE 19", "İ", "ẞ", "x\x00", "<b>"][seed % 6])) == []


@ROUGH
@given(seed=SEED)
def test_any_hand_on_any_form_gives_the_same_draft_and_the_same_screen(device: Device, seed: int) -> None:
    world = random_world(seed, registry())
    tasks = random_tasks(seed, world, registry())
    theirs = device.call("fill", world, tasks, module="pagework")
    for place, (task, other) in enumerate(zip(tasks, theirs, strict=True)):
        ours = json.loads(json.dumps(fill(world, task, place)))
        assert [apart(one, two) for one, two in zip(ours, other, strict=True)] == [{}] * len(ours), task


def apart(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    return {key: (ours[key], theirs.get(key)) for key in ours if ours[key] != theirs.get(key)}
