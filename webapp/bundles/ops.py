"""Operations of the condition language at run time: one defined meaning for missing, words and partial dates.

Missing is None. Twin: sw/language.js."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from webapp.bundles.workdays import day as day_of_text
from webapp.bundles.workdays import instant as instant_of_text
from webapp.bundles.workdays import iso, last_day, workdays

Value = Any
Record = dict[str, Any]


def is_number(x: Value) -> bool:
    return type(x) is int


def eq(a: Value, b: Value) -> bool:
    return a is not None and b is not None and type(a) is type(b) and bool(a == b)


def ne(a: Value, b: Value) -> bool:
    return a is not None and b is not None and not (type(a) is type(b) and a == b)


def lt(a: Value, b: Value) -> bool:
    return type(a) is int and type(b) is int and a < b


def le(a: Value, b: Value) -> bool:
    return type(a) is int and type(b) is int and a <= b


def gt(a: Value, b: Value) -> bool:
    return lt(b, a)


def ge(a: Value, b: Value) -> bool:
    return le(b, a)


def day(x: Value) -> int | None:
    """Day number of a date (its first day when partial); None for missing and for words."""
    return day_of_text(x) if isinstance(x, str) else None


def day_or_word(x: Value) -> Value:
    number = day(x)
    return x if number is None else number


def instant(x: Value) -> int | None:
    return instant_of_text(x) if isinstance(x, str) else None


def is_in(x: Value, options: tuple[Value, ...]) -> bool:
    return x is not None and x in options


def not_in(x: Value, options: tuple[Value, ...]) -> bool:
    return x is not None and x not in options


def includes(x: Value, options: tuple[str, ...]) -> bool:
    return bool(x) and any(one in x for one in options)


def set_is(x: Value, options: tuple[str, ...]) -> bool:
    return bool(x) and set(x) == set(options)


def set_is_not(x: Value, options: tuple[str, ...]) -> bool:
    return bool(x) and set(x) != set(options)


def add(a: Value, b: Value) -> int | None:
    return a + b if type(a) is int and type(b) is int else None


def subtract(a: Value, b: Value) -> int | None:
    return a - b if type(a) is int and type(b) is int else None


def add_days(d: Value, n: Value) -> str | None:
    number = day(d)
    return iso(number + n) if number is not None and type(n) is int else None


def days_between(a: Value, b: Value) -> int | None:
    return subtract(day(b), day(a))


def after_workdays(d: Value, n: Value) -> str | None:
    number = day(d)
    return iso(workdays(number, n)) if number is not None and type(n) is int else None


def date(x: Value) -> str | None:
    """Oslo day of a time; a date stays; words and missing stay what they are."""
    if isinstance(x, str) and len(x) > 10 and x[:1].isdigit():
        number = day(x)
        return None if number is None else iso(number)
    return x if isinstance(x, str) else None


def answered(x: Value) -> bool:
    return x is not None and x != []


def is_date(x: Value) -> bool:
    return day(x) is not None


def default(x: Value, y: Value) -> Value:
    return x if answered(x) else y


def lower(x: Value, y: Value) -> int | None:
    found = [one for one in (x, y) if type(one) is int]
    return min(found) if found else None


def higher(x: Value, y: Value) -> int | None:
    found = [one for one in (x, y) if type(one) is int]
    return max(found) if found else None


def surely_after(a: Value, b: Value) -> bool:
    """First day of a is later than the last day of b."""
    if isinstance(b, str) and len(b) > 10 and isinstance(a, str) and len(a) > 10:
        return gt(instant(a), instant(b))
    return gt(day(a), last_day(b) if isinstance(b, str) else None)


def open_items(records: dict[str, list[Record]] | None, state: str, final: tuple[str, ...]) -> list[Record]:
    """Latest record of each item that is not in a final state, oldest item first."""
    found = []
    for key, history in (records or {}).items():
        latest = history[-1]
        if latest.get(state) not in final:
            found.append({**latest, "_key": key, "_first": history[0]["_on"]})
    return sorted(found, key=lambda one: (one["_first"], one["_key"]))


def count(source: Iterable[Value], test: Callable[[Value], bool]) -> int:
    return sum(1 for one in source if test(one))
