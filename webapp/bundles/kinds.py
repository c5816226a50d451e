"""Types of values in bundle expressions, and a compiled expression (`Condition`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Env = tuple[Any, ...]  # (context, current item or None, elements of quantifiers from the outside in)

NUMBERS = ("int", "decimal")
DATES = ("date", "partial_date", "datetime")
TEXTS = ("text", "uuid")


@dataclass(frozen=True, slots=True)
class Type:
    """Kind of a value; `words` are the option codes it may hold."""

    kind: str
    words: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        return {"set": "a multi", "bool": "true or false", "int": "a number", "choice": "a choice"}.get(
            self.kind, f"a {self.kind}"
        )


BOOL = Type("bool")
INT = Type("int")
DATE = Type("date")


@dataclass(frozen=True, slots=True)
class Expr:
    """A typed, resolved step: `op` is known to evaluate.py and emit.py alike."""

    op: str
    args: tuple[Any, ...]
    type: Type

    def walk(self) -> Iterator[Expr]:
        yield self
        for arg in self.args:
            for one in arg if isinstance(arg, tuple) else (arg,):
                if isinstance(one, Expr):
                    yield from one.walk()


@dataclass(slots=True)
class Condition:
    """An expression of a bundle file: its text, its place in the file and, once resolved, how to run it."""

    source: str
    place: str
    expr: Expr | None = None
    value: Callable[[Env], Any] = lambda env: None

    def true(self, env: Env) -> bool:
        return self.value(env) is True

    @property
    def tree(self) -> Expr:
        if self.expr is None:
            raise ValueError(f"{self.place}: not resolved")
        return self.expr


class BundleError(Exception):
    """A bundle file that is refused: which file, where in it, and why."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}: {reason}" if place else f"{file}: {reason}")
        self.file, self.place, self.reason = file, place, reason
