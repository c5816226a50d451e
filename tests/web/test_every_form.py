"""Whatever stands in the fields of any form that any page shows, those of leaders and administrators too: no bug, and nothing runs."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.people import BERIT, JORUNN, KARI, PER, SOLVEIG, Actor
from tests.web.filled import Filled
from tests.web.naughty import STRINGS
from tests.web.test_form_fuzz import checked
from tests.web.test_guards import rules

KINDS = ("markup", "nul", "half a pair", "huge number", "far date", "ten thousand", "emoji")
WORDS = {"text", "search", "tel", "email", "password"}
PROPER = {"date": date.today().isoformat(), "time": "10:00", "number": "1"}  # or many a form would be refused for these before it is read
Key = tuple[str, str, tuple[str, ...]]


class Forms(HTMLParser):
    """The forms of a page: what is sent where nobody types (`chosen`), and what may be typed, with something proper (`typed`)."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, dict[str, str], dict[str, str]]] = []
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((said.get("method", "get").lower(), said.get("action", ""), {}, {}))
        if not self.found:
            return
        _, _, chosen, typed = self.found[-1]
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in said or not chosen.get(self.select)):
            chosen[self.select] = said.get("value", "")
        elif name and (tag == "textarea" or (tag == "input" and kind in {*WORDS, *PROPER})):
            typed[name] = PROPER.get(kind, "") if tag == "input" else ""
        elif name and tag in ("input", "button") and (name not in chosen or "checked" in said):
            chosen[name] = said.get("value", "")


def forms(filled: Filled, client: FlaskClient) -> dict[Key, tuple[dict[str, str], dict[str, str]]]:
    """Every form with something to type in that this person meets, once."""
    found = {}
    for rule in rules(filled.app, "GET"):
        for url in filled.urls(rule):
            answer = client.get(url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                for method, action, chosen, typed in Forms(answer.text).found:
                    if typed:
                        found[method, action or url, tuple(sorted(typed))] = (chosen, typed)
    return found


@pytest.mark.parametrize("actor", [BERIT, KARI, SOLVEIG, PER, JORUNN], ids=lambda one: one.username)
def test_every_form_takes_anything_typed_or_says_why_not(filled: Filled, actor: Actor) -> None:
    client = sign_in(filled.app.test_client(), actor)
    met = forms(filled, client)
    assert len(met) >= 5
    for (method, action, _), (chosen, typed) in sorted(met.items()):
        for kind in KINDS:
            everywhere = kind in ("huge number", "far date")
            said = {**chosen, **{name: STRINGS[kind] if everywhere else proper or STRINGS[kind] for name, proper in typed.items()}}
            answer = client.post(action, data=said) if method == "post" else client.get(action, query_string=said)
            checked(answer, f"{action} {kind}")
