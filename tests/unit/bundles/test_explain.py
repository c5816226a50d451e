"""The page that explains a bundle: whole sentences in three languages, and device modules with fixed bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from webapp.bundles import registry
from webapp.bundles.bundle import HERE, Registry
from webapp.bundles.explain import explain, numbered
from webapp.bundles.model import Bundle
from webapp.device.emit import emit

BUNDLES = [one.id for one in registry().bundles]
LANGS = ["nb", "nn", "en"]


def lines(bundle: Bundle, lang: str, **own: int) -> list[dict[str, Any]]:
    numbers = {name: one["default"] for name, one in bundle.parameters.items()} | own
    return [line for section in numbered(explain(bundle, lang), numbers) for line in section["lines"]]


def sentences(bundle_id: str, lang: str, **own: int) -> list[str]:
    bundle = registry().bundle(bundle_id)
    titles = [section["title"] for section in explain(bundle, lang)]
    return titles + [text for line in lines(bundle, lang, **own) for text in (line["title"], line["tag"], *line["texts"])]


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The shipped files with another English word for no answer, so that Python's None is seen for what it is."""
    folder = tmp_path_factory.mktemp("unlabelled")
    for path in HERE.glob("*.toml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8").replace('en="None"', 'en="Nothing"'), encoding="utf-8")
    found = Registry()
    found.load(*sorted(folder.glob("*.toml")))
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("bundle_id", BUNDLES)
def test_no_name_of_the_file_is_left_in_the_sentences(unlabelled: Registry, bundle_id: str, lang: str) -> None:
    said = [text for line in lines(unlabelled.bundle(bundle_id), lang) for text in (line["title"], line["tag"], *line["texts"])]
    assert re.findall(r"\w+_\w+|\{.*?\}|None|True|False", "\n".join(said)) == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("bundle_id", BUNDLES)
def test_every_explanation_is_a_whole_sentence(bundle_id: str, lang: str) -> None:
    texts = [text for line in lines(registry().bundle(bundle_id), lang) for text in line["texts"]]
    assert [one for one in texts if not re.fullmatch(r"[«“\dA-ZÅÆØ].*[.?!…]|https://\S+", one)] == []
    broken = re.compile(r"\.\.|[?!:;,]\.|…\.|\(\)|  | [.,;:]|:\s*$|\b(\d+) (?:er|is) \d|\b1 (?:dager|dagar|days)\b|\b(er|is) \1\b")
    assert [one for one in texts if broken.search(one)] == []


def test_the_municipality_reads_its_own_numbers() -> None:
    said = sentences("kateter", "nb", interval_days=60, review_days=120, acute_days=1)
    assert {"Tomt betyr 60 dager.", "Ingen legevurdering av behovet er registrert siste 120 dager.",
            "1 dag etter siste sjekk.", "Her: 60. Vanlig: 84. Kan være fra 7 til 120."} <= set(said)
    assert not any("84 dager" in one for one in said)


def test_a_flag_says_which_tap_closes_it() -> None:
    said = {line["title"]: line["texts"] for line in lines(registry().bundle("fall"), "nb")}
    assert "Lukkes når du velger «Rettet nå»." in said["Tiltak mangler: …"]
    assert "Lukkes når «Vurdering etter fall» er gjort." in said["Vurdering etter fall gjøres innen 24 timer eller ved neste besøk."]


def test_a_refusal_is_explained_with_its_dates() -> None:
    said = {line["title"]: line["texts"] for line in lines(registry().bundle("trykksar"), "nb", declined_days=14)}
    assert said["Brukeren ønsket ikke"] == [
        "Spør igjen etter 14 dager.",
        "Spør igjen etter 7 dager når et varsel merket «Nå» eller «Høy» er åpent, eller når: brukeren er i risiko, eller "
        "minst ett åpent kort under «Funn»."]


@pytest.mark.parametrize("bundle_id", BUNDLES)
def test_every_flag_due_rule_source_and_question_is_there(bundle_id: str) -> None:
    bundle, text = registry().bundle(bundle_id), "\n".join(sentences(bundle_id, "nb"))
    for form in bundle.forms:
        assert all(flag.rule in text for flag in form.flags)
        assert all(one.label["nb"] in text for one in form.fields if one.type != "uuid")
        assert all(one.reason["nb"].partition("{")[0] in text for one in form.due)
    assert all(one["title"] in text for one in bundle.sources)


def test_a_condition_reads_like_a_sentence() -> None:
    said = sentences("kateter", "nb")
    assert any("«Har urinkateter nå?» er Ja" in one for one in said)


def test_modules_have_the_same_bytes_in_every_process() -> None:
    code = ("import hashlib; from webapp.bundles import registry; from webapp.device.emit import emit\n"
            "print(hashlib.sha256(''.join(emit(one).module for one in registry().all).encode()).hexdigest())")
    ours = hashlib.sha256("".join(emit(one).module for one in registry().all).encode()).hexdigest()
    for seed in ("1", "2"):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                             env={**os.environ, "PYTHONHASHSEED": seed})
        assert run.stdout.strip() == ours


def test_texts_cannot_break_out_of_a_module() -> None:
    assert "</script" not in "".join(emit(one).module for one in registry().all)
