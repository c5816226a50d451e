"""The page that explains a bundle: whole sentences in three languages, and device modules with fixed bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys

import pytest

from webapp.bundles import registry
from webapp.bundles.explain import explain
from webapp.device.emit import emit

BUNDLES = [one.id for one in registry().bundles]


def sentences(bundle_id: str, lang: str) -> list[str]:
    found = []
    for section in explain(registry().bundle(bundle_id), lang):
        found.append(section["title"])
        for line in section["lines"]:
            found += [line["title"], line["tag"], *line["texts"]]
    return found


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
@pytest.mark.parametrize("bundle_id", BUNDLES)
def test_no_name_of_the_file_is_left_in_the_sentences(bundle_id: str, lang: str) -> None:
    text = "\n".join(sentences(bundle_id, lang))
    assert re.findall(r"\w+_\w+|\{\w+\}|None|True|False", text) == []


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
            "print(hashlib.sha256(''.join(emit(one) for one in registry().all).encode()).hexdigest())")
    ours = hashlib.sha256("".join(emit(one) for one in registry().all).encode()).hexdigest()
    for seed in ("1", "2"):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                             env={**os.environ, "PYTHONHASHSEED": seed})
        assert run.stdout.strip() == ours


def test_texts_cannot_break_out_of_a_module() -> None:
    assert "</script" not in "".join(emit(one) for one in registry().all)
