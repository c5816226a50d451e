"""The explanation of a bundle with the municipality's own numbers, on an office PC and on a tablet."""

from __future__ import annotations

import re

import pytest

from tests.contract.conftest import Device
from tests.contract.pagework import answer, load_world
from webapp.bundles import registry


@pytest.mark.parametrize("limit", ["min", "default", "max"])
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_om_sjekken_shows_the_same_local_numbers_on_both(device: Device, lang: str, limit: str) -> None:
    world, _asked = load_world("ordinary_day")
    params = {bundle.id: {name: one[limit] for name, one in bundle.parameters.items()} for bundle in registry().bundles}
    world = {**world, "params": params, "active": registry().active, "me": {**world["me"], "lang": lang}}
    asked = [("about", {"bundle_id": bundle.id}) for bundle in registry().bundles]
    ours = [answer(world, one) for one in asked]
    assert ours == device.call("pages", world, asked, module="pagework")
    for bundle, (_template, status, _headers, html) in zip(registry().bundles, ours, strict=True):
        assert status == 200
        assert not re.search(r"\{#?\w*\}|\b1 (dager|dagar|days)\b", html)
        assert all(f": {params[bundle.id][name]}." in html for name in bundle.parameters)
