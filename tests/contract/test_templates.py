"""A template gives the same bytes in Jinja2 and compiled in the browser, or it is refused with file and line."""

from __future__ import annotations

import re

import pytest

from tests.contract.conftest import Device
from tests.contract.constructs import CONTEXT, LOUD, PARTS, REFUSED, SAME
from tests.contract.rendering import REFUSED as NOTHING
from tests.contract.rendering import compiled, environment, in_browser, in_python
from webapp.device.compiler import CompileError, compile_templates
from webapp.device.templates import bedside_environment

WORDS = {"Født": "Fødd <b>&'\"", "Født %(when)s": "%(when)s fødd's", "Oversatt %(n)s": "«%(n)s» %% &", "100 %%": "hundre %%"}


def both(device: Device, sources: list[str], words: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    """(source, Jinja2's answer, the browser's answer) of each, from one module."""
    names = {f"t{place}.html": source for place, source in enumerate(sources)}
    env = environment({**PARTS, **names})
    answers = in_browser(device, compiled(env, *names), [(name, CONTEXT) for name in names], words)
    return [(source, in_python(env, name, CONTEXT, words), answer)
            for (name, source), answer in zip(names.items(), answers, strict=True)]


def test_the_table_has_at_least_120_constructs_that_render() -> None:
    assert len(set(SAME)) >= 120


@pytest.mark.parametrize("words", [None, WORDS], ids=["bokmål", "translated"])
def test_every_supported_construct_gives_the_same_bytes(device: Device, words: dict[str, str] | None) -> None:
    answers = both(device, SAME, words)
    assert [one for one in answers if one[1] != one[2]] == []
    assert [source for source, python, _ in answers if python == NOTHING] == []


def test_what_cannot_be_printed_or_compared_fails_on_both_sides(device: Device) -> None:
    assert [one for one in both(device, LOUD) if one[1:] != (NOTHING, NOTHING)] == []


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_not_supported_is_refused_with_file_and_line(source: str) -> None:
    env = environment({**PARTS, "page.html": "line one\n" + source if not source.startswith("{% extends") else source})
    with pytest.raises(CompileError, match=r"^templates/page\.html:\d+: .+") as refusal:
        compile_templates(env, ["page.html"])
    assert refusal.value.line == (1 if source.startswith("{% extends") else 2)


def test_a_refusal_names_the_line_of_the_included_file() -> None:
    env = environment({"a.html": '{% include "b.html" %}', "b.html": "one\ntwo\n{{ x|upper }}"})
    with pytest.raises(CompileError, match=r"^templates/b\.html:3: the filter upper cannot be compiled"):
        compile_templates(env, ["a.html"])


def test_the_order_of_keys_changes_nothing(device: Device) -> None:
    env = environment({"a.html": "{{ d.b }}{{ d['10'] }}{{ d['9'] }}{% for x in d.rows %}{{ x.z }}{{ x.a }}{% endfor %}"})
    here = {"d": {"10": "ten", "9": "nine", "b": 1, "rows": [{"z": 1, "a": 2}]}}
    there = {"d": {"rows": [{"a": 2, "z": 1}], "b": 1, "9": "nine", "10": "ten"}}
    first, second = in_browser(device, compiled(env, "a.html"), [("a.html", here), ("a.html", there)])
    assert first == second == in_python(env, "a.html", here) == in_python(env, "a.html", there) == "1tennine12"


HOSTILE = ["<script>alert(1)</script>", "\"onload='x'", "&amp;&lt;", "</textarea>", "\u0000\u0001\u000b", "a\r\nb\rc",
           "\u202eabc", "{{ 7*7 }}", "${1}`", "%(n)s %s %%",
           "😀👩‍⚕️", "e\u0301", "\ufeff", "constructor", "__proto__", "x" * 10_000]
EVERYWHERE = ('{% from "ui.html" import icon, pair %}<a t="{{ x }}" u=\'{{ x }}\'>{{ x }}{{ icon(x) }}{{ pair(icon(x), x) }}'
              "{{ _('Født %(when)s', when=x) }}{% for y in [x, x] %}{{ y }}{% endfor %}{{ [x]|join(x) }}"
              "{% set z %}{{ x }}{% endset %}{{ z }}</a>")
ASKED = "{% if NAME is defined or d['NAME'] is defined %}y{% else %}n{% endif %}"


def test_hostile_text_is_escaped_alike_wherever_it_stands(device: Device) -> None:
    env = environment({**PARTS, "a.html": EVERYWHERE})
    answers = in_browser(device, compiled(env, "a.html"), [("a.html", {"x": one}) for one in HOSTILE])
    assert answers == [in_python(env, "a.html", {"x": one}) for one in HOSTILE]
    assert not any(re.search(r"<script|onload='x'", one) for one in answers)


def test_names_that_javascript_objects_have_themselves_are_missing_in_both(device: Device) -> None:
    names = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"]
    env = environment({f"{name}.html": ASKED.replace("NAME", name) for name in names})
    answers = in_browser(device, compiled(env, *(f"{name}.html" for name in names)), [(f"{name}.html", {"d": {}}) for name in names])
    assert answers == [in_python(env, f"{name}.html", {"d": {}}) for name in names] == ["n"] * len(names)


def test_every_bedside_template_compiles_to_something_small() -> None:
    import brotli

    env = bedside_environment()
    module = compile_templates(env, [name for name in env.list_templates() if name.startswith("bedside/")])
    assert len(brotli.compress(module.encode(), quality=11)) < 12_000
