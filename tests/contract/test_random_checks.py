"""Random people and answers for every shipped form: the device and the server must agree on everything."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.casework import run
from tests.contract.conftest import Device
from tests.contract.random_jobs import random_job
from webapp.bundles import registry

BATCH = st.lists(st.integers(0, 2**32 - 1), min_size=60, max_size=90, unique=True)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seeds=BATCH)
def test_device_and_server_agree_on_any_check(device: Device, seeds: list[int]) -> None:
    jobs = [random_job(seed, registry()) for seed in seeds]
    for seed, job, theirs in zip(seeds, jobs, device.run(registry(), jobs), strict=True):
        ours = run(job, registry())
        apart = {key: (ours[key], theirs.get(key)) for key in ours if ours[key] != theirs.get(key)}
        assert apart == {}, (seed, job["form"])


def test_random_checks_reach_every_flag_and_every_due_state() -> None:
    seen: set[str] = set()
    states: set[str] = set()
    codes = {flag.code for form in registry().forms for flag in form.flags}
    for seed in range(6000):
        if not codes - seen and len(states) == 5:
            break
        result = run(random_job(seed, registry()), registry())
        seen |= {one["code"] for one in (*result["flags"], *result["timed"])}
        states |= {one["state"] for one in result["due"].values()}
    assert codes - seen == set()
    assert states == {"not_applicable", "done", "due", "overdue", "upcoming"}
