"""The shared cases hold every rule in place: each flag true and false, each limit on its border, each option named.

A rule is bent a little (>= becomes >, an option is left out); at least one case must then not get what it expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.contract.casework import code_of, job_of, load_cases, run
from tests.contract.expected import differences
from webapp.bundles import registry
from webapp.bundles.evaluate import closure
from webapp.bundles.kinds import Condition, Expr
from webapp.bundles.model import Form
from webapp.bundles.reads import conditions_of

FORMS = [form.id for form in registry().forms]
BENT = {"ge": "gt", "gt": "ge", "le": "lt", "lt": "le"}
SAME_DAY = {("actions includes removed or (cat_removed and void_ok in (no, unknown))", "without {'no'}")}  # CAT-16 is due then too


@pytest.fixture(scope="module")
def told() -> dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Jobs and results of the shared cases, by form."""
    found: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {form: [] for form in FORMS}
    for case in load_cases():
        job = job_of(case, registry())
        found[case["form"]].append((job, run(job, registry())))
    return found


def satisfied(job: dict[str, Any]) -> bool:
    return differences(job, run(job, registry())) == []


def raised(result: dict[str, Any]) -> set[str]:
    return {code_of(one).partition(":")[0] for one in (*result["flags"], *result["timed"])}


@pytest.mark.parametrize("form_id", FORMS)
def test_every_flag_is_raised_by_one_case_and_not_by_another(told: Any, form_id: str) -> None:
    expected = [raised(result) for job, result in told[form_id] if {"flags", "timed"} & set(job["expect"])]
    for flag in registry().form(form_id).flags:
        assert any(flag.code in codes for codes in expected), f"{flag.code} is never raised"
        assert any(flag.code not in codes for codes in expected), f"{flag.code} is always raised"


def conditions(form: Form) -> Iterator[tuple[str, Condition]]:
    """Everything that decides what a check says."""
    cards = [one.items for one in form.lists if one.items is not None]
    for field in [*form.answers, *(one for items in cards for one in items.fields)]:
        yield from ((field.name, one) for one in (field.asked, field.required) if one is not None)
    for derived in [*form.derived, *(one for items in cards for one in items.derived)]:
        yield from ((derived.name, one) for one in conditions_of(derived))
    for check in [*form.validations, *(one for items in cards for one in items.validations)]:
        yield check.field, check.when
    yield from ((flag.rule, flag.when) for flag in form.flags)
    yield from (("due", one.when) for one in form.due if one.when is not None)


def bends(expr: Expr, others: list[Expr]) -> Iterator[Expr]:
    """The same condition with one limit moved or one option left out."""
    if expr in others:  # another rule's condition is bent in its own place
        return
    if expr.op in BENT:
        yield replace(expr, op=BENT[expr.op])
    if expr.op in ("is_in", "not_in", "includes", "set_is", "set_is_not") and len(expr.args[1]) > 1:
        yield from (replace(expr, args=(expr.args[0], tuple(one for one in expr.args[1] if one != gone))) for gone in expr.args[1])
    for place, arg in enumerate(expr.args):
        for inner, part in enumerate(arg if isinstance(arg, tuple) else (arg,)):
            if isinstance(part, Expr):
                for bent in bends(part, others):
                    whole = (*arg[:inner], bent, *arg[inner + 1:]) if isinstance(arg, tuple) else bent
                    yield replace(expr, args=(*expr.args[:place], whole, *expr.args[place + 1:]))


def changed(one: Expr, two: Expr) -> str:
    """Where two trees part: the smallest step that differs."""
    apart = [(a, b) for a, b in zip(one.walk(), two.walk(), strict=False) if a != b]
    a, b = apart[-1]
    return f"{a.op} -> {b.op}" if a.op != b.op else f"without {set(a.args[1]) - set(b.args[1])}"


@pytest.mark.parametrize("form_id", FORMS)
def test_no_limit_moves_and_no_option_is_lost_unnoticed(told: Any, form_id: str) -> None:
    unnoticed = []
    for name, condition in conditions(registry().form(form_id)):
        straight = condition.value
        others = [flag.when.tree for flag in registry().form(form_id).flags if flag.when is not condition]
        for bent in bends(condition.tree, others):
            condition.value = closure(bent)
            if (condition.source, changed(condition.tree, bent)) not in SAME_DAY and all(satisfied(job) for job, _ in told[form_id]):
                unnoticed.append((name, condition.source, changed(condition.tree, bent)))
        condition.value = straight
    assert unnoticed == []
