"""In which order fields, lists and derived values are worked out: each after everything it reads."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.bundles.kinds import Condition
from webapp.bundles.model import Derived, Field, Form, Items


def read_names(conditions: Iterable[Condition | None], origin: str) -> set[str]:
    """Names of the form ("form") or of the card ("item", only depth 1) that conditions read."""
    found: set[str] = set()
    for condition in conditions:
        if condition is None:
            continue
        for step in condition.tree.walk():
            if step.op == "get" and step.args[2][0] == origin and step.args[0] == (0 if origin == "form" else 1):
                found.add(step.args[1])
            elif step.op == "list" and origin == "form":
                found.add(step.args[0])
    return found


def field_conditions(one: Field) -> list[Condition | None]:
    """What decides a field's value: whether it is asked. (required and hints are worked out at the end)"""
    return [one.asked]


def derived_conditions(one: Derived) -> list[Condition | None]:
    return [*(part for case in one.how.cases for part in case), one.how.otherwise]


def list_conditions(one: Field) -> list[Condition | None]:
    found: list[Condition | None] = [one.asked]
    if one.items is not None:
        for inner in one.items.fields:
            found += [inner.asked]
        for derived in one.items.derived:
            found += derived_conditions(derived)
    return found


def sort(needs: dict[tuple[str, int], tuple[str, set[str]]]) -> list[tuple[str, int]]:
    """Topological order that keeps file order where it can; ValueError names a circle."""
    owner = {name: key for key, (name, _reads) in needs.items()}
    done: list[tuple[str, int]] = []
    names: list[str] = []

    def place(key: tuple[str, int], path: tuple[str, ...]) -> None:
        name, wanted = needs[key]
        if name in path:
            raise ValueError(f"goes in a circle: {' -> '.join((*path[path.index(name):], name))}")
        if name in names:
            return
        for other in sorted(wanted & owner.keys(), key=lambda one: list(owner).index(one)):
            place(owner[other], (*path, name))
        names.append(name)
        done.append(key)

    for key in needs:
        place(key, ())
    return done


def order_form(form: Form) -> list[tuple[str, int]]:
    """("field", n) and ("derived", n): positions in form.answers and form.derived."""
    needs: dict[tuple[str, int], tuple[str, set[str]]] = {}
    for n, one in enumerate(form.answers):
        wanted = list_conditions(one) if one.items is not None else field_conditions(one)
        needs["field", n] = (one.name, read_names(wanted, "form"))
    for n, derived in enumerate(form.derived):
        needs["derived", n] = (derived.name, read_names(derived_conditions(derived), "form"))
    return sort(needs)


def order_items(items: Items) -> list[tuple[str, int]]:
    needs: dict[tuple[str, int], tuple[str, set[str]]] = {}
    for n, one in enumerate(items.fields):
        needs["field", n] = (one.name, read_names(field_conditions(one), "item"))
    for n, derived in enumerate(items.derived):
        needs["derived", n] = (derived.name, read_names(derived_conditions(derived), "item"))
    return sort(needs)
