"""Nynorsk and English say everything bokmål says."""

from __future__ import annotations

import re

import pytest

from tests.screen_texts import ROOT, every_text, of_javascript, of_python, of_templates
from webapp.device.shell import device_words
from webapp.words import catalogue, translator

PLACES = re.compile(r"%\((\w+)\)s|%%")


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_no_text_on_a_screen_lacks_a_translation(lang: str) -> None:
    assert sorted(every_text() - set(catalogue(lang))) == []


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_no_translation_is_left_over_from_a_screen_that_is_gone(lang: str) -> None:
    assert sorted(set(catalogue(lang)) - every_text()) == []


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_a_translation_has_a_place_for_each_value(lang: str) -> None:
    wrong = [text for text, said in catalogue(lang).items() if sorted(PLACES.findall(text)) != sorted(PLACES.findall(said))]
    assert wrong == []


def test_a_device_carries_every_text_it_can_say_and_no_supervisors_text() -> None:
    carried = set(device_words("en"))
    assert of_javascript() | of_templates("bedside/*.html") | of_templates("shared/*.html") <= carried
    assert "Lagre avgjørelsen" not in carried


def test_texts_are_found_in_templates_python_and_javascript() -> None:
    assert "Hopp til innholdet" in of_templates()
    assert {"Svar mangler.", "lørdag", "Kontaktet fastlege", "Oppfølgingen er allerede lukket. Ingenting er endret."} <= of_python()
    assert {"PIN er byttet.", "Innholdet kan ikke leses.", "%(n)s svar mangler"} <= of_javascript()


def test_a_missing_value_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(KeyError):
        translator("en")("Feil PIN. %(left)s forsøk igjen.")


STRINGS = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"")
COMMENTS = re.compile(r"\{ nb: .*?\}|/\*.*?\*/|(?<![:'\"])//[^\n]*", re.DOTALL)  # and texts that stand in three languages


def test_no_script_of_the_device_says_norwegian_that_is_not_translated() -> None:
    known, said = every_text(), set()
    for path in (ROOT / "sw").rglob("*.js"):
        for found in STRINGS.finditer(COMMENTS.sub("", path.read_text("utf-8"))):
            said.add(found[1] or found[2] or "")
    assert sorted(one for one in said if re.search("[æøåÆØÅ]", one) and one not in known) == []


def test_what_page_scripts_say_themselves_is_said_in_three_languages() -> None:
    for name in ("app", "enrol"):
        source = (ROOT / "static" / "js" / f"{name}.js").read_text("utf-8")
        tables = {lang: re.search(rf"\b{lang}: \{{(.*?)\}}", source, re.DOTALL) for lang in ("nb", "nn", "en")}
        keys = {lang: re.findall(r"^\s*(\w+):", found[1], re.MULTILINE) for lang, found in tables.items() if found}
        if keys:
            assert keys["nb"] == keys["nn"] == keys["en"]
