"""What conditions read: the facts of history that travel with a check, and the answers behind a flag."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.bundles.kinds import Condition, Expr
from webapp.bundles.model import Derived, Field, Flag, Form, Reads


def conditions_of(one: Derived) -> list[Condition]:
    found = [part for case in one.how.cases for part in case]
    return found + ([one.how.otherwise] if one.how.otherwise is not None else [])


def rule_conditions(form: Form) -> Iterable[Condition | None]:
    """Everything rules.evaluate runs: not due, timed or prefill."""
    for one in form.answers:
        yield from (one.asked, one.required, one.opened, one.hint_n, one.hint_when)
        if one.items is not None:
            for inner in one.items.fields:
                yield from (inner.asked, inner.required, inner.opened, inner.hint_n, inner.hint_when)
            for derived in one.items.derived:
                yield from conditions_of(derived)
            yield from (check.when for check in one.items.validations)
    for derived in form.derived:
        yield from conditions_of(derived)
    yield from (check.when for check in form.validations)
    for flag in form.flags:
        if not flag.timed:
            yield from (flag.when, flag.n)
    for emits in form.emits:
        yield from (emits.when, emits.on)


def due_conditions(form: Form) -> Iterable[Condition | None]:
    """Everything due and timed rules run."""
    yield from (form.applies, form.declined_soon, form.declined_days, form.declined_soon_days)
    for due in form.due:
        yield from (due.when, due.date, due.days, due.workdays, due.offset)
    for flag in form.flags:
        if flag.timed:
            yield from (flag.when, flag.n)


def reads(conditions: Iterable[Condition | None]) -> Reads:
    """Which facts of history these conditions name."""
    found = Reads()
    for condition in conditions:
        for step in condition.expr.walk() if condition is not None and condition.expr is not None else ():
            note(step, found)
    return found


def note(step: Expr, found: Reads) -> None:
    match step.op:
        case "last":
            found.last.setdefault(step.args[0], set()).add(step.args[1])
        case "past":
            found.past.setdefault(step.args[0], set())
        case "open":
            found.items.setdefault(step.args[0], set()).add(step.args[1])
        case "prior":
            found.items.setdefault(step.args[2], set()).add(step.args[1])
        case "fact":
            found.facts.add(step.args[0])
        case "get":
            origin = step.args[2]
            if origin[0] == "past":
                found.past.setdefault(origin[1], set()).add(step.args[1])
            elif origin[0] in ("open", "earlier"):
                found.items.setdefault(origin[1], set()).add(step.args[1])
                if origin[0] == "earlier":
                    found.earlier.add(origin[1])


def inputs(flag: Flag, form: Form) -> list[str]:
    """The answers behind a flag: those its condition names, else those behind the derived values it names."""
    lists = {one.items.identity: one for one in form.lists if one.items is not None}
    direct: list[str] = []
    behind: list[str] = []

    def visit(expr: Expr, found: list[str], deep: bool) -> None:
        for step in expr.walk():
            if step.op != "get":
                continue
            name, origin = step.args[1], step.args[2]
            if origin[0] == "form":
                put(name, "", form.field(name), form.derived, found, deep)
            elif origin[0] == "item" and origin[1] in lists:
                listed = lists[origin[1]]
                items = listed.items
                if items is not None and name not in (items.key,):
                    put(name, f"{listed.name}.", items.field(name), items.derived, found, deep)

    def put(name: str, prefix: str, field: Field | None, derived: list[Derived], found: list[str], deep: bool) -> None:
        if field is not None:
            if prefix + name not in found:
                found.append(prefix + name)
        elif deep:
            for condition in conditions_of(next(one for one in derived if one.name == name)):
                visit(condition.tree, found, True)

    visit(flag.when.tree, direct, False)
    if not direct:
        visit(flag.when.tree, behind, True)
    return direct or behind
