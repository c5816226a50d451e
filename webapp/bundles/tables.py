"""Read one TOML table strictly: every key has a type, unknown keys are refused, errors say where."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from webapp.bundles.kinds import BundleError, Condition
from webapp.bundles.model import Text

LANGUAGES = ("nb", "nn", "en")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
MARK = re.compile(r"\{(\w*)\}")


class Table:
    """A TOML table with its place in the file; take keys, then `done()`."""

    def __init__(self, data: Any, file: str, place: str) -> None:
        self.file, self.place = file, place
        if not isinstance(data, dict):
            self.fail("must be a table")
        self.data = dict(data)

    def fail(self, reason: str, key: str = "") -> NoReturn:
        raise BundleError(self.file, f"{self.place}, {key}" if key and self.place else self.place or key, reason)

    def done(self) -> None:
        if self.data:
            self.fail(f"unknown key {', '.join(sorted(self.data))}")

    def take(self, key: str, kind: type, default: Any = ...) -> Any:
        if key not in self.data:
            if default is ...:
                self.fail("is missing", key)
            return default
        value = self.data.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fail(f"must be {_KINDS[kind]}", key)
        return value

    def string(self, key: str, default: Any = ...) -> str:
        text = self.take(key, str, default)
        if default is ... and not text.strip():
            self.fail("is empty", key)
        return str(text)

    def integer(self, key: str, default: Any = ...) -> Any:
        return self.take(key, int, default)

    def truth(self, key: str, default: bool = False) -> bool:
        return bool(self.take(key, bool, default))

    def name(self, key: str = "name", default: Any = ...) -> str:
        text = self.string(key, default)
        if text and not NAME.fullmatch(text):
            self.fail(f"{text!r} must be small letters, digits and _, and start with a letter", key)
        return text

    def code(self, key: str = "code") -> str:
        text = self.string(key)
        if not CODE.fullmatch(text):
            self.fail(f"{text!r} must be capital letters, digits and _", key)
        return text

    def choice(self, key: str, allowed: tuple[str, ...], default: Any = ...) -> str:
        text = self.string(key, default)
        if text not in allowed:
            self.fail(f"{text!r} is not one of {', '.join(allowed)}", key)
        return text

    def words(self, key: str, default: Any = ()) -> tuple[str, ...]:
        """A list of distinct codes."""
        found = self.take(key, list, list(default) if default is not ... else ...)
        for one in found:
            if not isinstance(one, str) or not NAME.fullmatch(one):
                self.fail(f"{one!r} must be small letters, digits and _, and start with a letter", key)
        if len(set(found)) != len(found):
            self.fail("names something twice", key)
        return tuple(found)

    def number(self, key: str, decimal: bool) -> Any:
        """A limit: whole, or for a decimal field in tenths."""
        value = self.data.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail("must be a number", key)
        tenths = round(value * 10)
        if abs(value * 10 - tenths) > 1e-9 or (not decimal and tenths % 10):
            self.fail("must have at most one decimal" if decimal else "must be a whole number", key)
        return tenths if decimal else tenths // 10

    def text(self, key: str, *marks: str) -> Text:
        found = self.opt_text(key, *marks)
        if found is None:
            self.fail("is missing", key)
        return found

    def opt_text(self, key: str, *marks: str) -> Text | None:
        if key not in self.data:
            return None
        return self.as_text(self.data.pop(key), key, *marks)

    def as_text(self, value: Any, key: str, *marks: str) -> Text:
        """A text in every language; `marks` are what the app fills in there, {n} for one."""
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            self.fail("needs exactly nb, nn and en", key)
        for lang in LANGUAGES:
            if not isinstance(value[lang], str) or not value[lang].strip():
                self.fail(f"{lang} is empty", key)
            for mark in MARK.findall(value[lang]):
                if mark not in marks:
                    self.fail(f"{lang}: nothing is filled in for {{{mark}}}", key)
        return {lang: value[lang] for lang in LANGUAGES}

    def texts(self, key: str) -> dict[str, Text]:
        found = self.take(key, dict, {})
        return {code: self.as_text(value, f"{key}.{code}") for code, value in found.items()}

    def condition(self, key: str) -> Condition | None:
        """An expression kept as text; link.py resolves it."""
        if key not in self.data:
            return None
        return Condition(self.string(key), self.at(key))

    def needed(self, key: str) -> Condition:
        return self.condition(key) or Condition(self.string(key), self.at(key))

    def amount(self, key: str) -> Condition | None:
        """A number of days: a whole number or an expression."""
        if isinstance(self.data.get(key), int):
            return Condition(str(self.integer(key)).replace("-", "0 - "), self.at(key))
        return self.condition(key)

    def at(self, key: str) -> str:
        return f"{self.place}, {key}" if self.place else key

    def table(self, key: str, default: Any = ...) -> Table:
        return Table(self.take(key, dict, default), self.file, self.at(key))

    def tables(self, key: str, label: str = "", by: str = "") -> list[Table]:
        """The tables of [[key]], each with a place that names it."""
        found = []
        if isinstance(self.data.get(key), dict):
            self.data[key] = [self.data[key]]
        for n, one in enumerate(self.take(key, list, []), 1):
            called = one.get(by) if by and isinstance(one, dict) else None
            place = f"{label or key} {called if isinstance(called, str) else n}"
            found.append(Table(one, self.file, f"{self.place}, {place}" if self.place else place))
        return found


_KINDS = {str: "text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
