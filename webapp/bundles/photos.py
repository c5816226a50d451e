"""Where in a check's answers photos are named, whatever the bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webapp.bundles.model import Field, Form


@dataclass(frozen=True, slots=True)
class Named:
    """The photos of one field: of the check, or of one card of a list (`listed`, its place and its answers)."""

    field: Field
    names: list[str]
    listed: Field | None = None
    place: int = 0
    item: dict[str, Any] | None = None


def named(form: Form, answers: dict[str, Any]) -> Iterator[Named]:
    """Every photo field that is answered, in the form's order."""
    for field in form.answers:
        if field.type == "photos" and answers.get(field.name):
            yield Named(field, answers[field.name])
        for place, item in enumerate(answers.get(field.name) or () if field.items is not None else ()):
            for inner in field.items.fields if field.items is not None else ():
                if inner.type == "photos" and item.get(inner.name):
                    yield Named(inner, item[inner.name], field, place, item)


def names(form: Form, answers: dict[str, Any]) -> set[str]:
    """The hashes a check names."""
    return {name for one in named(form, answers) for name in one.names}
