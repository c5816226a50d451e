"""Every bedside template with random contexts: Jinja2 and the compiled module agree byte by byte, or both refuse."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.conftest import Device
from tests.contract.rendering import REFUSED, compiled, in_browser, in_python
from tests.contract.shapes import Shape, random_context, shape_of
from webapp.device.templates import bedside_environment

ENV = bedside_environment()
NAMES = [name for name in ENV.list_templates() if name.startswith(("bedside/", "shared/")) or name == "base.html"]
SEEDS = st.lists(st.integers(0, 2**32 - 1), min_size=10, max_size=20, unique=True)
SHAPES: dict[str, Shape] = {}
MODULE: list[str] = []


def shape(name: str) -> Shape:
    if name not in SHAPES:
        SHAPES[name] = shape_of(ENV, name)
    return SHAPES[name]


def module() -> str:
    if not MODULE:
        MODULE.append(compiled(ENV, *NAMES))
    return MODULE[0]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seeds=SEEDS, wrong=st.sampled_from([0.0, 0.0, 0.004, 0.03]))
def test_a_template_gives_the_same_bytes_on_server_and_device(device: Device, name: str, seeds: list[int], wrong: float) -> None:
    contexts = [random_context(shape(name), seed, wrong) for seed in seeds]
    here = [in_python(ENV, name, context) for context in contexts]
    there = in_browser(device, module(), [(name, context) for context in contexts])
    assert [seed for seed, one, other in zip(seeds, here, there, strict=True) if one != other] == []


@pytest.mark.parametrize("name", NAMES)
def test_random_contexts_fit_the_template_they_are_for(name: str) -> None:
    pages = [in_python(ENV, name, random_context(shape(name), seed)) for seed in range(30)]
    assert pages.count(REFUSED) == 0


def test_random_contexts_reach_every_kind_of_question() -> None:
    pages = "".join(in_python(ENV, "bedside/_form.html", random_context(shape("bedside/_form.html"), seed)) for seed in range(200))
    for part in ('type="date"', "<textarea", 'inputmode="', 'class="group-row"', 'class="item"', "data-bad", 'type="time"', "<details"):
        assert part in pages
