"""The condition language of bundle files: text -> tokens -> tree. What a tree means is decided in resolve.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a parsed expression; `at` is its column (from 1)."""

    op: str
    args: tuple[Any, ...]
    at: int


class SyntaxProblem(Exception):
    """An expression that cannot be read; the loader adds file and place."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{reason} (column {at})")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number name op end
    text: str
    at: int


_TOKEN = re.compile(r"(?P<number>\d+(\.\d+)?)(?![\w.])|(?P<name>[A-Za-z_]\w*)|(?P<op>!=|<=|>=|[=<>+\-(){},.])")
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
_QUANTIFIERS = ("any", "all", "count")
_RESERVED = {"and", "or", "not", "in", "includes", "any", "all", "count", "past", "earlier"}
MAX_LENGTH = 1000
MAX_DEPTH = 40


def tokens(text: str) -> list[Token]:
    """Split an expression into tokens; unknown characters are refused."""
    if len(text) > MAX_LENGTH:
        raise SyntaxProblem(f"expression is longer than {MAX_LENGTH} characters", 1)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise SyntaxProblem(f"unexpected {text[at]!r}", at + 1)
        kind = match.lastgroup or ("number" if match.group("number") else "name")
        if match.group("number"):
            kind = "number"
        found.append(Token(kind, match.group(), at + 1))
        at = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


class Parser:
    """Recursive descent; one method per line of the grammar in README."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def is_(self, *texts: str) -> bool:
        return self.now.kind != "end" and self.now.text in texts

    def take(self, text: str) -> Token:
        if not self.is_(text):
            raise SyntaxProblem(f"expected {text!r}, found {self.now.text or 'the end'!r}", self.now.at)
        return self.next()

    def name(self, what: str = "a name") -> Token:
        if self.now.kind != "name" or self.now.text in _RESERVED:
            raise SyntaxProblem(f"expected {what}, found {self.now.text or 'the end'!r}", self.now.at)
        return self.next()

    def whole(self) -> Node:
        tree = self.any_of()
        if self.now.kind != "end":
            raise SyntaxProblem(f"unexpected {self.now.text!r}", self.now.at)
        return tree

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        at, parts = self.now.at, [part()]
        while self.is_(word):
            self.next()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Node(word, tuple(parts), at)

    def any_of(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem("too deeply nested", self.now.at)
        tree = self.joined("or", lambda: self.joined("and", self.negated))
        self.depth -= 1
        return tree

    def negated(self) -> Node:
        if self.is_("not"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise SyntaxProblem("too deeply nested", self.now.at)
            at = self.next().at
            tree = Node("not", (self.negated(),), at)
            self.depth -= 1
            return tree
        return self.compared()

    def compared(self) -> Node:
        left, at = self.sum(), self.now.at
        if self.is_("not", "in"):
            negative = self.is_("not") and bool(self.next())
            self.take("in")
            return Node("in", (negative, left, self.listed("(", ")")), at)
        if self.is_("includes"):
            self.next()
            words = self.listed("(", ")") if self.is_("(") else (self.sum(),)
            return Node("includes", (left, words), at)
        if self.is_("=", "!=") and self.tokens[self.at + 1].text == "{":
            negative = self.next().text == "!="
            return Node("set_is", (negative, left, self.listed("{", "}")), at)
        parts: list[Node] = []
        while self.is_(*_COMPARE):
            sign = self.next()
            right = self.sum()
            parts.append(Node("compare", (sign.text, left, right), sign.at))
            left = right
        if not parts:
            return left
        return parts[0] if len(parts) == 1 else Node("and", tuple(parts), at)

    def listed(self, first: str, last: str) -> tuple[Node, ...]:
        self.take(first)
        found = [self.sum()]
        while self.is_(","):
            self.next()
            found.append(self.sum())
        self.take(last)
        return tuple(found)

    def sum(self) -> Node:
        tree = self.atom()
        while self.is_("+", "-"):
            sign = self.next()
            tree = Node("add" if sign.text == "+" else "subtract", (tree, self.atom()), sign.at)
        return tree

    def atom(self) -> Node:
        token = self.now
        if token.kind == "number":
            self.next()
            return Node("number", (token.text,), token.at)
        if self.is_("("):
            self.next()
            tree = self.any_of()
            self.take(")")
            return tree
        if self.is_("true", "false"):
            self.next()
            return Node("bool", (token.text == "true",), token.at)
        if self.is_(*_QUANTIFIERS):
            return self.quantified()
        return self.named()

    def quantified(self) -> Node:
        word = self.next()
        if self.is_("open"):
            self.next()
            source: tuple[str, ...] = ("open", self.name("a list").text)
        elif self.is_("past"):
            self.next()
            source = ("past", self.name("a form").text)
        elif self.is_("earlier"):
            self.next()
            source = ("earlier",)
        else:
            source = ("here", self.name("a list, a group, open, past or earlier").text)
        body = None
        if self.is_("("):
            self.next()
            body = self.any_of()
            self.take(")")
        if body is None and word.text == "all":
            raise SyntaxProblem("`all` needs a condition in brackets", word.at)
        return Node(word.text, (source, body), word.at)

    def named(self) -> Node:
        token = self.name("a value")
        if self.is_("("):
            self.next()
            args: list[Node] = []
            while not self.is_(")"):
                args.append(self.any_of())
                if not self.is_(")"):
                    self.take(",")
            self.take(")")
            if not self.is_("."):
                return Node("call", (token.text, tuple(args)), token.at)
            if token.text != "last" or len(args) != 1 or args[0].op != "name":
                raise SyntaxProblem("only last(form) may be followed by a dot", self.now.at)
            self.next()
            return Node("of", ("last", args[0].args[0], self.name().text), token.at)
        if self.is_("."):
            self.next()
            if token.text not in ("last", "prior", "this"):
                raise SyntaxProblem(f"{token.text!r} cannot be followed by a dot", token.at)
            return Node("of", (token.text, None, self.name().text), token.at)
        return Node("name", (token.text,), token.at)


def parse(text: str) -> Node:
    """The tree of an expression, or SyntaxProblem with reason and column."""
    return Parser(text).whole()
