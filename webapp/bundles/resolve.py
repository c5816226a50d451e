"""Resolve and type a parsed expression against a form. Wrong names and wrong types are refused with the reason."""

from __future__ import annotations

from dataclasses import replace

from webapp.bundles import functions, values
from webapp.bundles.evaluate import closure
from webapp.bundles.kinds import BOOL, DATES, INT, NUMBERS, TEXTS, Condition, Expr, Type
from webapp.bundles.language import Node, SyntaxProblem, parse
from webapp.bundles.scope import Frame, Scope, item_names, list_named, past_names

_SIGNS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def fail(reason: str, at: int) -> SyntaxProblem:
    return SyntaxProblem(reason, at)


def compile_condition(condition: Condition, scope: Scope, *want: str, words: tuple[str, ...] = ()) -> Type:
    """Resolve a condition in place; its type must be one of `want` (any when empty)."""
    node = parse(condition.source)
    expr = against(node, Type("choice", words), scope) if words else resolve(node, scope)
    if want and expr.type.kind not in want:
        raise fail(f"must be {' or '.join(Type(one).says for one in want)}, is {expr.type.says}", node.at)
    condition.expr, condition.value = expr, closure(expr)
    return expr.type


def resolve(node: Node, scope: Scope) -> Expr:
    """The typed form of a node."""
    match node.op:
        case "number":
            text = str(node.args[0])
            return values.number(text, node.at)
        case "bool":
            return Expr("const", (node.args[0],), BOOL)
        case "and" | "or":
            return Expr(node.op, (tuple(boolean(one, scope) for one in node.args),), BOOL)
        case "not":
            return Expr("not", (boolean(node.args[0], scope),), BOOL)
        case "compare":
            return compare(node, scope)
        case "in":
            return among(node, scope)
        case "includes" | "set_is":
            return sets(node, scope)
        case "add" | "subtract":
            return arithmetic(node, scope)
        case "any" | "all" | "count":
            return quantified(node, scope)
        case "call":
            return functions.call(node, scope)
        case "of":
            return values.of(node, scope)
        case _:
            return values.name(str(node.args[0]), scope, node.at)


def boolean(node: Node, scope: Scope) -> Expr:
    expr = resolve(node, scope)
    if expr.type.kind != "bool":
        raise fail(f"needs a comparison, {node.args[0] if node.op == 'name' else 'this'} is {expr.type.says}", node.at)
    return expr


def against(node: Node, left: Type, scope: Scope) -> Expr:
    """The right side of a comparison: an option of the left side, or an expression."""
    if node.op == "name" and node.args[0] in left.words:
        return Expr("const", (node.args[0],), Type("choice", (str(node.args[0]),)))
    try:
        return resolve(node, scope)
    except SyntaxProblem as problem:
        if node.op == "name" and left.words and "unknown name" in str(problem):
            raise fail(f"{node.args[0]!r} is neither a name nor one of {', '.join(left.words)}", node.at) from problem
        raise


def scaled(expr: Expr, other: Type) -> Expr:
    """A whole-number literal next to a decimal becomes tenths."""
    if other.kind == "decimal" and expr.op == "const" and expr.type.kind == "int":
        return Expr("const", (expr.args[0] * 10,), Type("decimal"))
    return expr


def both(node: Node, a: Expr, b: Expr) -> tuple[Expr, Expr, str]:
    """Bring two sides to comparable values: plain, number, day or instant."""
    a, b = scaled(a, b.type), scaled(b, a.type)
    one, two = a.type.kind, b.type.kind
    if "set" in (one, two):
        raise fail("a multi is compared with includes or with a set: x = {a}", node.at)
    if one in NUMBERS and two in NUMBERS:
        if one != two:
            raise fail("a decimal can only be compared with a decimal or a literal", node.at)
        return a, b, "number"
    if one in DATES and two in DATES:
        return a, b, "instant" if one == two == "datetime" else "day"
    if (two == "choice" and set(b.type.words) & set(a.type.words)) or one == "choice" == two:
        if not set(a.type.words) & set(b.type.words):
            raise fail(f"never equal: no common option ({', '.join(b.type.words)})", node.at)
        return a, b, "plain"
    if one == two == "bool" or (one in TEXTS and two in TEXTS):
        return a, b, "plain"
    raise fail(f"cannot compare {a.type.says} with {b.type.says}", node.at)


def compare(node: Node, scope: Scope) -> Expr:
    sign, left, right = node.args
    a = resolve(left, scope)
    b = against(right, a.type, scope)
    a, b, how = both(node, a, b)
    op = _SIGNS[sign]
    if op not in ("eq", "ne"):
        if how == "plain":
            raise fail(f"{sign} needs numbers or dates on both sides, not {a.type.says} and {b.type.says}", node.at)
        if how in ("day", "instant"):
            a, b = Expr(how, (a,), INT), Expr(how, (b,), INT)
    elif how in ("day", "instant"):
        a, b = Expr("day_or_word", (a,), INT), Expr("day_or_word", (b,), INT)
    return Expr(op, (a, b), BOOL)


def constants(nodes: tuple[Node, ...], left: Type, scope: Scope) -> tuple[object, ...]:
    found = []
    for one in nodes:
        expr = scaled(against(one, left, scope), left)
        if expr.op != "const":
            raise fail("only options and numbers may be listed", one.at)
        if (expr.type.kind == "choice" and expr.args[0] not in left.words) or expr.type.kind == "bool":
            raise fail(f"{expr.args[0]!r} is no option here", one.at)
        if expr.type.kind in NUMBERS and left.kind not in NUMBERS:
            raise fail(f"{left.says} holds no number", one.at)
        found.append(expr.args[0])
    return tuple(found)


def among(node: Node, scope: Scope) -> Expr:
    negative, left, items = node.args
    a = resolve(left, scope)
    if a.type.kind in ("set", "bool"):
        raise fail(f"`in` needs one value, this is {a.type.says}: use includes", node.at)
    return Expr("not_in" if negative else "is_in", (a, constants(items, a.type, scope)), BOOL)


def sets(node: Node, scope: Scope) -> Expr:
    negative, left, words = (False, *node.args) if node.op == "includes" else node.args
    a = resolve(left, scope)
    if a.type.kind != "set":
        raise fail(f"{'includes' if node.op == 'includes' else '{…}'} needs a multi, this is {a.type.says}", node.at)
    op = "includes" if node.op == "includes" else "set_is_not" if negative else "set_is"
    return Expr(op, (a, constants(words, a.type, scope)), BOOL)


def arithmetic(node: Node, scope: Scope) -> Expr:
    a, b = (resolve(one, scope) for one in node.args)
    a, b = scaled(a, b.type), scaled(b, a.type)
    if a.type.kind in DATES and b.type.kind == "int":
        n = b if node.op == "add" else Expr("subtract", (Expr("const", (0,), INT), b), INT)
        return Expr("add_days", (a, n), Type("date"))
    if a.type.kind in NUMBERS and a.type.kind == b.type.kind:
        return Expr(node.op, (a, b), Type(a.type.kind))
    raise fail(f"cannot {node.op} {a.type.says} and {b.type.says}", node.at)


def quantified(node: Node, scope: Scope) -> Expr:
    source, body = node.args
    how, frame = source_of(source, scope, node.at)
    test = Expr("const", (True,), BOOL) if body is None else boolean(body, scope.inside(frame))
    return Expr(node.op, (how, frame.depth, test), INT if node.op == "count" else BOOL)


def source_of(source: tuple[str, ...], scope: Scope, at: int) -> tuple[Expr, Frame]:
    """What a quantifier runs over, and the names its element brings."""
    kind, name = source[0], source[-1]
    depth, many = scope.depth, Type("list")
    if kind == "past":
        form = scope.find_form(name)
        if form is None:
            raise fail(f"unknown form {name!r}", at)
        return Expr("past", (name,), many), Frame(("past", name), depth, past_names(form))
    if kind == "earlier":
        holder = next((one for one in reversed(scope.frames) if one.origin[0] == "item"), None)
        if holder is None or holder.items is None:
            raise fail("`earlier` is only known on a card of a list", at)
        names = {**item_names(holder.items), "performed_on": Type("date")}
        return Expr("earlier", (holder.depth,), many), Frame(("earlier", holder.origin[1]), depth, names)
    if kind == "here":
        group = next((one for one in scope.form.fields if one.type == "group" and one.name == name), None)
        if group is not None:
            members = tuple(values.name(one.name, outermost(scope), at) for one in group.members)
            single = Type("choice", group.options)
            return Expr("group", (members,), many), Frame(("group", name), depth, {}, single=single)
    listed = list_named(scope, name)
    if listed is None or listed.items is None:
        raise fail(f"unknown list or group {name!r}", at)
    part = listed.items
    if kind == "open":
        names = {**item_names(listed), "performed_on": Type("date"), "opened_on": Type("date")}
        return Expr("open", (part.identity, part.state, part.final), many), \
            Frame(("open", part.identity), depth, names, listed)
    if all(one.name != name for one in scope.form.lists):
        raise fail(f"form {scope.form.id} has no list {name!r}; use `open {name}`", at)
    return Expr("list", (name,), many), Frame(("item", part.identity), depth, item_names(listed), listed)


def outermost(scope: Scope) -> Scope:
    return replace(scope, frames=scope.frames[:1])


def inlined(code: str, scope: Scope, at: int) -> Expr:
    """The condition of the flag `code` of this form, seen from here."""
    found: list[Expr] = []
    for flag in scope.form.flags:
        if flag.code != code or flag.timed:
            continue
        inner = replace(scope, frames=scope.frames[:1], fires=(*scope.fires, code))
        here = scope.frames[1] if len(scope.frames) > 1 and scope.frames[1].depth == 1 else None
        if flag.each is None:
            found.append(boolean(parse(flag.when.source), inner))
        elif here is not None and here.items is not None and here.items.name == flag.each[1]:
            found.append(boolean(parse(flag.when.source), inner.inside(here)))
        else:
            how, frame = source_of(("here", flag.each[1]), replace(inner, frames=scope.frames), at)
            test = boolean(parse(flag.when.source), inner.inside(frame))
            found.append(Expr("any", (how, frame.depth, test), BOOL))
    if not found:
        raise fail(f"no flag {code} in form {scope.form.id}", at)
    return found[0] if len(found) == 1 else Expr("or", (tuple(found),), BOOL)
