"""Evaluate one check: what is asked, what is missing, what is wrong, what is derived, which flags. Pure.

Twin: sw/rules.js."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webapp.bundles.answers import Problem, problem
from webapp.bundles.evaluate import Context
from webapp.bundles.fields import hint_shows, is_required, usable, work
from webapp.bundles.flagging import emitted, raises
from webapp.bundles.items import evaluate_list
from webapp.bundles.kinds import Env
from webapp.bundles.model import Field, Form
from webapp.bundles.workdays import day, instant

Values = dict[str, Any]


@dataclass(slots=True)
class Evaluation:
    """The judgement of one check. `answers` holds only what was asked; values are as sent."""

    outcome: str = "done"
    asked: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    hints: dict[str, int | None] = field(default_factory=dict)
    answers: Values = field(default_factory=dict)
    derived: Values = field(default_factory=dict)
    flags: list[Values] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    items: dict[str, list[Values]] = field(default_factory=dict)
    triggers: list[dict[str, str]] = field(default_factory=list)

    @property
    def hard(self) -> list[Problem]:
        return [one for one in self.problems if one["level"] == "hard"]

    @property
    def warnings(self) -> list[Problem]:
        return [one for one in self.problems if one["level"] == "warn"]


def parameters(form: Form, params: dict[str, Any]) -> dict[str, int]:
    """A form's parameters: the file's defaults, and what the municipality set (flat, or per bundle)."""
    own = params.get(form.bundle, params)
    return {name: own[name] if type(own.get(name)) is int else value for name, value in form.defaults.items()}


def context(form: Form, common: Values, prior: Values, today: str, params: dict[str, Any]) -> Context:
    """The facts that conditions read, besides the answers."""
    return Context({}, today, common, prior.get("last") or {}, prior.get("items") or {}, prior.get("past") or {},
                   prior.get("facts") or {}, parameters(form, params))


def evaluate(form: Form, answers: Values, common: Values, prior: Values, today: str,
             params: dict[str, Any] | None = None) -> Evaluation:
    """Judge a check's answers with the facts of history it names. A check that was not done has nothing to judge."""
    result = Evaluation(str(common.get("outcome") or "done"))
    if result.outcome == "not_done":
        return result
    c = context(form, common, prior, today, params or {})
    env: Env = (c, None)
    work_out(form, answers, c, env, result)
    for one in form.answers:
        if one.name in result.asked:
            note_field(one, env, result)
    for check in form.validations:
        if check.when.true(env):
            result.problems.append(problem(check.field, check.level, "validation", check.id))
    result.flags = raises(form, env, result.items)
    result.triggers = emitted(form, env)
    return result


def work_out(form: Form, answers: Values, c: Context, env: Env, result: Evaluation) -> None:
    """Fields, lists and derived values in the order they need each other; `c.v` fills as it goes."""
    today, now = day(c.today) or 0, instant(str(c.common.get("performed_at") or "")) or 2**53
    fields = form.answers
    for kind, n in form.order:
        if kind == "derived":
            derived = form.derived[n]
            value = work(derived.how, env, derived.type.kind)
            if value is not None:
                c.v[derived.name] = result.derived[derived.name] = value
            continue
        one = fields[n]
        if one.asked is not None and not one.asked.true(env):
            continue
        result.asked.add(one.name)
        if one.items is not None:
            evaluate_list(one, answers.get(one.name), env, result, today, now)
            continue
        value = usable(one, one.name, answers.get(one.name), result.problems, today, now)
        if value is not None:
            c.v[one.name] = result.answers[one.name] = value


def note_field(one: Field, env: Env, result: Evaluation) -> None:
    """Required, missing, opened and hints of an asked field."""
    if is_required(one, env):
        result.required.add(one.name)
        value = env[0].v.get(one.name)
        if (value is None or value == []) and one.name not in result.missing:
            result.missing.append(one.name)
    if one.opened is not None and one.opened.true(env):
        result.opened.add(one.name)
    if one.hint is not None and hint_shows(one, env):
        result.hints[one.name] = one.hint_n.value(env) if one.hint_n is not None else None
