"""Functions of the condition language: their arguments, their types, where they may be used."""

from __future__ import annotations

from webapp.bundles import resolve as typed
from webapp.bundles.kinds import BOOL, DATE, DATES, INT, NUMBERS, Expr, Type
from webapp.bundles.language import Node, SyntaxProblem
from webapp.bundles.scope import Scope

# name -> (kinds of the arguments, result)
_PLAIN: dict[str, tuple[tuple[tuple[str, ...], ...], Type]] = {
    "days_since": ((DATES,), INT),
    "days_between": ((DATES, DATES), INT),
    "workdays": ((DATES, ("int",)), DATE),
    "surely_after": ((DATES, DATES), BOOL),
    "is_date": ((DATES,), BOOL),
    "date": ((DATES,), DATE),
    "lower": ((NUMBERS, NUMBERS), INT),
    "higher": ((NUMBERS, NUMBERS), INT),
}
_OPS = {"workdays": "after_workdays"}


def call(node: Node, scope: Scope) -> Expr:
    """A function call, checked and typed."""
    name, args = str(node.args[0]), node.args[1]
    if name in _PLAIN:
        return plain(name, args, scope, node.at)
    special = {"answered": answered, "default": default, "if": either, "param": param, "trigger": trigger,
               "raised": codes, "open": codes, "fires": fires}.get(name)
    if special is None:
        raise SyntaxProblem(f"unknown function {name!r}", node.at)
    return special(name, args, scope, node.at)


def need(name: str, args: tuple[Node, ...], count: int, at: int) -> None:
    if len(args) != count:
        raise SyntaxProblem(f"{name} takes {count} value{'s' if count > 1 else ''}, not {len(args)}", at)


def plain(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    kinds, result = _PLAIN[name]
    need(name, args, len(kinds), at)
    found = tuple(typed.resolve(one, scope) for one in args)
    for expr, allowed, arg in zip(found, kinds, args, strict=True):
        if expr.type.kind not in allowed:
            raise SyntaxProblem(f"{name} needs {' or '.join(Type(k).says for k in allowed)}, not {expr.type.says}", arg.at)
    if name in ("lower", "higher"):
        if found[0].type.kind != found[1].type.kind:
            raise SyntaxProblem(f"{name} needs two numbers of the same type", at)
        result = Type(found[0].type.kind)
    if name == "date":
        result = Type("date", found[0].type.words)
    if name == "days_since":
        return Expr("days_between", (found[0], Expr("today", (), DATE)), INT)
    return Expr(_OPS.get(name, name), found, result)


def answered(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    need(name, args, 1, at)
    return Expr("answered", (typed.resolve(args[0], scope),), BOOL)


def default(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    need(name, args, 2, at)
    a, b = alike(args, scope, at)
    return Expr("default", (a, b), merged(a.type, b.type))


def either(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    need(name, args, 3, at)
    test = typed.boolean(args[0], scope)
    a, b = alike(args[1:], scope, at)
    return Expr("if", (test, a, b), merged(a.type, b.type))


def alike(args: tuple[Node, ...], scope: Scope, at: int) -> tuple[Expr, Expr]:
    a = typed.resolve(args[0], scope)
    b = typed.scaled(typed.against(args[1], a.type, scope), a.type)
    a = typed.scaled(a, b.type)
    fits = a.type.kind == b.type.kind or {a.type.kind, b.type.kind} <= set(DATES) or (b.type.kind == "choice" \
        and set(b.type.words) <= set(a.type.words))
    if not fits:
        raise SyntaxProblem(f"both values must be of one type, not {a.type.says} and {b.type.says}", at)
    return a, b


def merged(a: Type, b: Type) -> Type:
    kind = a.kind if a.kind == b.kind or b.kind == "choice" else "date"
    return Type(kind, tuple(dict.fromkeys((*a.words, *b.words))))


def plain_name(name: str, node: Node) -> str:
    if node.op != "name":
        raise SyntaxProblem(f"{name} needs a name", node.at)
    return str(node.args[0])


def param(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    need(name, args, 1, at)
    text = plain_name(name, args[0])
    if text not in scope.bundle.parameters:
        raise SyntaxProblem(f"unknown parameter {text!r}", at)
    return Expr("param", (text,), INT)


def trigger(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    need(name, args, 1, at)
    if scope.stage == "rules":
        raise SyntaxProblem("trigger() is only known in due rules, prefill_from and hints", at)
    return Expr("trigger", (plain_name(name, args[0]),), DATE)


def codes(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    """raised(A, B) and open(A, B)."""
    if scope.stage not in ("due", "timed"):
        raise SyntaxProblem(f"{name}() is only known in due rules", at)
    found = tuple(plain_name(name, one) for one in args)
    known = {flag.code for form in scope.bundle.forms for flag in form.flags}
    for code in found:
        if code not in known:
            raise SyntaxProblem(f"unknown flag {code!r}", at)
    if not found:
        raise SyntaxProblem(f"{name} needs a flag code", at)
    return Expr("raised" if name == "raised" else "open_code", (found,), BOOL)


def fires(name: str, args: tuple[Node, ...], scope: Scope, at: int) -> Expr:
    """Another rule's condition, on the same card when both are per card."""
    need(name, args, 1, at)
    code = plain_name(name, args[0])
    if scope.stage != "rules":
        raise SyntaxProblem("fires() is only known in flags", at)
    if code in scope.fires:
        raise SyntaxProblem(f"fires() goes in a circle: {' -> '.join((*scope.fires, code))}", at)
    return typed.inlined(code, scope, at)
