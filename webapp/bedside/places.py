"""Where in a draft a path of the form leads. Twin: sw/places.js."""

from __future__ import annotations

from typing import Any

from webapp.bedside.reading import is_digits
from webapp.bundles.model import Field, Form


def place_of(draft: dict[str, Any], form: Form, path: str) -> tuple[Field, dict[str, Any]] | None:
    """The field a path names and the answers it lives in: the check's own, or one card's."""
    parts = path.split(".")
    field = form.field(parts[0])
    if field is None or field.type == "group":
        return None
    if len(parts) == 1:
        return None if field.items is not None else (field, draft["answers"])
    if len(parts) != 3 or field.items is None or not is_digits(parts[1]) or len(parts[1]) > 3:
        return None
    items = draft["answers"].get(field.name) or []
    inner = field.items.field(parts[2])
    if inner is None or int(parts[1]) >= len(items):
        return None
    items = [dict(item) for item in items]
    draft["answers"][field.name] = items
    return inner, items[int(parts[1])]
