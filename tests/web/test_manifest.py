"""What a phone is shown when it installs the app is there, in the sizes the manifest promises."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from flask import Flask

from webapp.device.manifest import manifest

ROOT = Path(__file__).parents[2]
README_PICTURES = ["round-phone", "check-phone", "result-phone", "person-tablet", "needs-you-desktop", "lock-tablet"]


def pictures() -> list[tuple[str, str]]:
    told = json.loads(manifest())
    return [(one["src"], one["sizes"]) for one in [*told["icons"], *told["screenshots"], *(one["icons"][0] for one in told["shortcuts"])]]


@pytest.mark.parametrize(("src", "sizes"), sorted(set(pictures())))
def test_every_picture_of_the_manifest_has_its_size(sqlite_app: Flask, src: str, sizes: str) -> None:
    answer = sqlite_app.test_client().get(src)
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert "{}x{}".format(*struct.unpack(">II", answer.data[16:24])) == sizes


def test_the_install_dialog_has_a_picture_for_phones_and_one_for_wide_screens() -> None:
    assert {sizes for src, sizes in pictures() if "screenshot" in src} == {"780x1688", "1440x900"}


@pytest.mark.parametrize("name", README_PICTURES)
def test_the_readmes_pictures_are_small(name: str) -> None:
    assert 0 < (ROOT / "docs" / "screenshots" / f"{name}.png").stat().st_size < 150_000
