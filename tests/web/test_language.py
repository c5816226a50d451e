"""Every screen speaks the reader's language: nothing is written into a template, nothing is left in bokmål."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import sign_in
from tests.html import Page
from tests.people import BERIT, CAST, PER, SERVICE_USERS, SOLVEIG, UNITS
from tests.web import office
from tests.web.filled import NETWORK, PROJECT, Filled
from tests.web.test_guards import rules
from webapp.words import catalogue

TEMPLATES = Path(__file__).parents[2] / "templates"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ATTRIBUTES = re.compile(r"\{% block main_\w+ %\}.*?\{% endblock %\}|\{% macro autosave.*?endmacro %\}", re.DOTALL)  # no words but names
TAG = re.compile(r"<[^>]*>")
SAYS = re.compile(r'\b(?:aria-label|placeholder|alt|title|content)="([^"]*)"')
LETTERS = re.compile(r"[A-Za-zÆØÅæøå]{2,}")
OURS = {"TryggRunde", "PIN"}  # names are the same everywhere
TECHNICAL = re.compile(r"^(width=device-width|#|text/html|\{)")
DATA = [*(one.name for one in CAST), *(one.title for one in CAST), *(name for name, *_ in SERVICE_USERS), *UNITS, "Fjordveien 1", "Ømhet",
        "Gruer seg", "Feil svar", "Nettbrett 1", "Bokmål", "Prøve", "prøve", PROJECT, NETWORK]  # fmt: skip


def own_words(source: str) -> list[str]:
    """What a template itself says, beside what its expressions say."""
    bare = JINJA.sub(" ", ATTRIBUTES.sub(" ", source))
    said = [TAG.sub(" ", bare), *(one for one in SAYS.findall(bare) if not TECHNICAL.match(one))]
    return [word for one in said for word in LETTERS.findall(one) if word not in OURS]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_says_anything_that_is_not_translated(path: Path) -> None:
    assert own_words(path.read_text("utf-8")) == []


def test_a_word_in_a_template_is_found() -> None:
    assert own_words('<p>{{ _("Navn") }}</p><b>Født</b>') == ["Født"]
    assert own_words('<input placeholder="Navn" value="{{ x }}"> {# a comment #}') == ["Navn"]
    assert own_words('{% if x %}<a class="some words" href="/review">{{ _("x") }}</a>{% endif %}') == []


def texts(filled: Filled, lang: str) -> list[tuple[str, str]]:
    """(where, text) of everything that stands on the pages of three people who read this language."""
    found = []
    for actor in (BERIT, SOLVEIG, PER):
        client = sign_in(filled.app.test_client(), actor)
        assert client.post("/account/language", data={"language": lang}).status_code == 302
        for rule in rules(filled.app, "GET"):
            for url in filled.urls(rule):
                answer = client.get(url)
                if answer.mimetype == "text/html" and answer.status_code != 302 and "/shell.html" not in url:
                    page = Page(answer.text)
                    assert page.lang in (lang, ""), url
                    found += [(url, one) for one in [*page.texts, page.title.removesuffix(" · TryggRunde")] if one]
    return found


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_no_page_keeps_a_sentence_in_bokmal(filled_sqlite: Filled, lang: str) -> None:
    words = catalogue(lang)
    bokmal = {text for text, said in words.items() if said != text and text not in words.values()}
    every = texts(filled_sqlite, lang)
    assert len(every) > 500
    assert {one for one in every if one[1] in bokmal} == set()


def test_an_english_page_has_no_norwegian_letters_but_in_names(filled_sqlite: Filled) -> None:
    norwegian = set()
    for where, text in texts(filled_sqlite, "en"):
        for name in DATA:
            text = text.replace(name, "")
        if re.search("[æøåÆØÅ]", text):
            norwegian.add((where, text))
    assert norwegian == set()


def test_dates_have_dots_and_decimals_a_comma(filled_sqlite: Filled) -> None:
    berit = sign_in(filled_sqlite.app.test_client(), BERIT)
    office.record(berit, "Inger Tangen", "high", answers={"heat": "38,5"})
    every = [text for lang in ("nb", "nn", "en") for _, text in texts(filled_sqlite, lang)]
    assert [text for text in every if re.search(r"\b\d{4}-\d\d-\d\d\b|\b\d\d/\d\d/\d{4}\b|\b38\.5\b", text)] == []
    assert any(re.search(r"\b\d\d\.\d\d\.\d{4}\b", text) for text in every)


def test_a_page_for_nobody_is_in_the_municipalitys_language(app: Flask) -> None:
    from sqlalchemy import update

    from tests.web.sync.reading import change
    from webapp.models import Municipality

    client = app.test_client()
    assert Page(client.get("/login").text).lang == "nb"
    change(app, lambda session: session.execute(update(Municipality).values(language="nn")))
    page = Page(client.get("/login").text)
    assert (page.lang, "Brukarnamn" in page.words) == ("nn", True)
    assert Page(client.get("/nothing").text).lang == "nn"
