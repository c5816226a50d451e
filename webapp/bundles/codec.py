"""Answers as a short list: by field order and option number of one bundle version. Twin: sw/codec.js.

Missing is null (cut at the end). A word of a number or date field is [n]; a full date is days since 2000-01-01."""

from __future__ import annotations

from typing import Any

from webapp.bundles.answers import fault
from webapp.bundles.model import Field, Form
from webapp.bundles.ops import day
from webapp.bundles.workdays import iso

Values = dict[str, Any]
Y2000 = 10957


def encode(form: Form, answers: Values) -> list[Any]:
    """The answers of a form, in field order. Only usable answers can be encoded."""
    return row(form.answers, answers)


def decode(form: Form, encoded: Any) -> Values:
    """The answers again; ValueError when the list does not fit the form."""
    return unrow(form.answers, encoded)


def row(fields: list[Field], answers: Values) -> list[Any]:
    found = [None if answers.get(one.name) is None else cell(one, answers[one.name]) for one in fields]
    while found and found[-1] is None:
        found.pop()
    return found


def unrow(fields: list[Field], encoded: Any) -> Values:
    if not isinstance(encoded, list) or len(encoded) > len(fields):
        raise ValueError("answers do not fit the form")
    found = {}
    for one, value in zip(fields, encoded, strict=False):
        if value is not None:
            found[one.name] = uncell(one, value)
    return found


def cell(one: Field, value: Any) -> Any:
    if one.items is not None:
        return [row(one.items.fields, card) for card in value]
    if one.type == "multi":
        return [one.options.index(code) for code in value]
    if one.type == "choice":
        return one.options.index(value)
    if isinstance(value, str) and value in one.words:
        return [one.words.index(value)]
    number = day(value) if one.type in ("date", "partial_date") and len(value) == 10 else None
    return value if number is None else number - Y2000


def uncell(one: Field, value: Any) -> Any:
    if one.items is not None:
        if not isinstance(value, list) or len(value) > one.items.max_items:
            raise ValueError(f"{one.name}: not a list of cards")
        return [unrow(one.items.fields, card) for card in value]
    if one.type == "multi":
        if not isinstance(value, list) or len(set(map(repr, value))) != len(value):
            raise ValueError(f"{one.name}: not a set")
        return [option(one, one.options, n) for n in value]
    if one.type == "choice":
        return option(one, one.options, value)
    if isinstance(value, list) and one.type != "photos":
        if len(value) != 1:
            raise ValueError(f"{one.name}: not a word")
        return option(one, one.words, value[0])
    if one.type in ("date", "partial_date") and type(value) is int:
        if not -700_000 < value < 2_900_000:
            raise ValueError(f"{one.name}: not a date")
        value = iso(value + Y2000)
    if fault(one, value):
        raise ValueError(f"{one.name}: {fault(one, value)}")
    return value


def option(one: Field, options: tuple[str, ...], n: Any) -> str:
    if type(n) is not int or not 0 <= n < len(options):
        raise ValueError(f"{one.name}: no such option")
    return options[n]
