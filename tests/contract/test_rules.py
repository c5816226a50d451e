"""Every contract case of every bundle, in Python and in the browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.casework import job_of, load_cases, run
from tests.contract.conftest import Device
from tests.contract.expected import differences
from webapp.bundles import registry

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{one['bundle']}: {one['name']}" for one in CASES])
def test_a_check_is_judged_as_the_clinical_document_says(case: dict[str, Any]) -> None:
    job = job_of(case, registry())
    assert differences(job, run(job, registry())) == []


def test_the_device_judges_every_case_exactly_as_the_server(device: Device) -> None:
    jobs = [job_of(case, registry()) for case in CASES]
    results = device.run(registry(), jobs)
    apart = [(case["bundle"], case["name"], key, mine[key], theirs.get(key))
             for case, job, theirs in zip(CASES, jobs, results, strict=True)
             for mine in [run(job, registry())] for key in mine if mine[key] != theirs.get(key)]
    assert apart == []


def test_there_are_at_least_250_shared_cases() -> None:
    assert len(CASES) >= 250
