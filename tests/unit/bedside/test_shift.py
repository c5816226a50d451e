"""What the end of a shift says first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.pagework import load_world
from webapp.bedside.pages import shift_page
from webapp.bundles import registry
from webapp.words import translator

ALL = "Alt er mottatt. Ingenting ligger igjen på enheten."


def said(waiting: int, lang: str = "nb", **more: Any) -> tuple[str, str, str]:
    world, _ = load_world("ordinary_day")
    world = {**world, "sync": {**world["sync"], "waiting": waiting}, "me": {**world["me"], "lang": lang}, **more}
    context = shift_page(world, translator(lang), registry()).context
    return context["left_number"], context["left_text"], context["leave_text"]


@pytest.mark.parametrize(("lang", "words"), [
    ("nb", "sjekker igjen på denne enheten"), ("nn", "sjekkar att på denne eininga"), ("en", "checks left on this device"),
])  # fmt: skip
def test_a_device_with_nothing_left_says_0_in_her_language(lang: str, words: str) -> None:
    assert said(0, lang) == ("0", words, translator(lang)(ALL))


def test_what_is_left_is_counted_and_what_to_do_about_it_is_said() -> None:
    assert said(1)[:2] == ("1", "sjekk er ikke mottatt ennå")
    assert said(12)[:2] == ("12", "sjekker er ikke mottatt ennå")
    assert said(12)[2].startswith("La enheten ligge på lading")


def test_an_office_pc_keeps_nothing_and_counts_nothing() -> None:
    assert said(0, device=False) == ("", "Alt er lagret på serveren.", "")
