"""Reads a page as strictly as a validator: what is wrong with it, its forms, its links, its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
RAW = {"script", "style", "template"}
SPOKEN = {"aria-label", "placeholder", "alt", "title"}
NAMED = {"input", "select", "textarea"}


@dataclass
class Form:
    """A form as a browser would send it: where, and the names it may send."""

    method: str
    action: str
    names: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """`problems` is empty when every element is closed in order, ids are unique and nothing runs inline."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.forms: list[Form] = []
        self.urls: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.lang = ""
        self.words = ""
        self.texts: list[str] = []
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._labelled: set[str] = set()
        self._fields: list[tuple[str, bool]] = []
        self.feed(text)
        self.close()
        if self._open:
            self.problems.append(f"never closed: {self._open}")
        self.problems += [f"a field without a label: {name}" for name, good in self._fields if not good and name not in self._labelled]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.problems.append(f"<{tag}> says an attribute twice")
        self._attributes(tag, given)
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
        if tag in NAMED or (tag == "button" and "name" in given):
            self._field(tag, given)
        if tag == "label" and "for" in given:
            self._labelled.add(given["for"])
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> out of order at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        here = self._open[-1] if self._open else ""
        if here == "title" and "svg" not in self._open:
            self.title += data
        elif here == "h1":
            self.headings.append(data)
        if here in ("script", "style") and data.strip():
            self.problems.append(f"inline <{here}>")
        if here not in RAW:
            self.words += data
            self.texts.append(" ".join(data.split()))

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html":
            self.lang = given.get("lang", "")
        if (ident := given.get("id")) is not None:
            if ident in self._ids or not ident:
                self.problems.append(f"id twice or empty: {ident!r}")
            self._ids.add(ident)
        for name, value in given.items():
            if name == "style" or (name.startswith("on") and name != "on"):
                self.problems.append(f"inline {name} on <{tag}>")
            if name in SPOKEN:
                self.texts.append(value)
            if name in ("href", "src", "action", "formaction") or name in ("hx-get", "hx-post"):
                self.urls.append(value)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        if self.forms and "form" in self._open and given.get("name"):
            self.forms[-1].names.append(given["name"])
        hidden = given.get("type") in ("hidden", "submit") or tag == "button"
        labelled = "label" in self._open or "aria-label" in given or "aria-labelledby" in given
        if not hidden:
            self._fields.append((given.get("id") or f"<{tag} {given.get('name', '?')}>", labelled))
