"""A resolved expression as a sentence part a nurse can read, with labels instead of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.bundles.kinds import DATES, Expr
from webapp.bundles.model import Bundle, Derived, Field, Flag, Form
from webapp.bundles.phrases import knows, say
from webapp.bundles.scope import list_of_identity

_ORDER = {"lt": "before", "le": "until", "gt": "after", "ge": "from"}
_PAIRS = ("days_between", "after_workdays", "add", "subtract", "default", "lower", "higher", "surely_after")


class Plain:
    """Puts expressions of one form into words in one language."""

    def __init__(self, bundle: Bundle, form: Form, lang: str, find: Callable[[str], Form | None]) -> None:
        self.bundle, self.form, self.lang, self.find = bundle, form, lang, find
        self.timed = False  # due and timed rules run against now, not against the day of a check
        self.named = {one.name: one for one in form.named}

    def say(self, key: str, **parts: str) -> str:
        return say(key, self.lang, **parts)

    def text(self, value: dict[str, str] | None) -> str:
        return "" if value is None else value[self.lang]

    def quoted(self, text: str) -> str:
        return f"“{text}”" if self.lang == "en" else f"«{text}»"

    def words(self, expr: Expr) -> str:
        """The whole expression."""
        op, args = expr.op, expr.args
        if op in ("and", "or"):
            return self.say(op).join(self.part(one, op) for one in args[0])
        if op == "not":
            return self.negated(args[0])
        if op in ("eq", "ne", "lt", "le", "gt", "ge"):
            return self.compared(op, args[0], args[1])
        if op in ("is_in", "not_in", "includes", "set_is", "set_is_not"):
            chosen = self.joined([self.option(args[0], one) for one in args[1]])
            return self.say("eq" if op == "is_in" else op, a=self.words(args[0]), b=chosen)
        if op in ("any", "all", "count"):
            return self.quantified(op, args)
        if op in ("answered", "is_date"):
            return self.say(op, a=self.words(args[0]))
        if op in ("day", "day_or_word", "instant", "date"):
            return self.words(args[0])
        if op == "if":
            return self.say("if", a=self.words(args[0]), b=self.words(args[1]), c=self.words(args[2]))
        if op == "days_between" and args[1].op == "today":
            return self.say("days_since", a=self.words(args[0]))
        if op == "add_days":
            return self.shifted(args[0], args[1])
        if op in _PAIRS:
            return self.say(op, a=self.words(args[0]), b=self.words(args[1]))
        return self.leaf(expr)

    def part(self, expr: Expr, inside: str) -> str:
        text = self.words(expr)
        return f"({text})" if expr.op in ("and", "or") and expr.op != inside else text

    def negated(self, inner: Expr) -> str:
        for flag in self.form.flags:
            if flag.when.expr == inner:
                return self.say("not_fires", a=self.quoted(self.flag(flag.code)))
        if inner.op == "known":
            return self.say("not_known")
        if inner.op == "any" and inner.args[0].op != "group":
            what = self.source(inner.args[0])
            return self.say("not_any_plain", a=what) if inner.args[2].op == "const" \
                else self.say("not_any", a=what, b=self.words(inner.args[2]))
        if inner.op == "answered":
            return self.say("not_answered", a=self.words(inner.args[0]))
        if inner.op == "is_in":
            chosen = self.joined([self.option(inner.args[0], one) for one in inner.args[1]])
            return self.say("not_eq", a=self.words(inner.args[0]), b=chosen)
        if inner.op == "eq" and inner.args[1].op == "const":
            return self.say("not_eq", a=self.words(inner.args[0]), b=self.option(inner.args[0], inner.args[1].args[0]))
        simple = inner.op in ("fact", "get", "last", "prior")
        return self.say("not_plain" if simple else "not", a=self.words(inner))

    def compared(self, op: str, a: Expr, b: Expr) -> str:
        if a.type.kind == "uuid":
            return self.say("same_id" if op == "eq" else "other_id")
        left = self.numbered(a.args[0]) if a.op == "param" else self.words(a)
        right = self.option(a, b.args[0]) if b.op == "const" else self.words(b)
        dated = any(one.args and isinstance(one.args[0], Expr) and one.args[0].type.kind in DATES for one in (a, b)
                    if one.op in ("day", "instant"))
        return self.say(_ORDER[op] if dated and op in _ORDER else op, a=left, b=right)

    def shifted(self, when: Expr, days: Expr) -> str:
        if days.op == "subtract" and days.args[0].op == "const" and days.args[0].args[0] == 0:
            return self.say("subtract", a=self.words(when), b=self.words(days.args[1]))
        return self.say("add", a=self.words(when), b=self.words(days))

    def joined(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + self.say("one_of") + parts[-1]

    def option(self, of: Expr, value: Any) -> str:
        """The label of an option where it is used, or a number as people write it."""
        if isinstance(value, bool):
            return self.say("true" if value else "false")
        if isinstance(value, int):
            return self.number(value, of.type.kind)
        field = self.field_of(of)
        label = (field.option_labels if field is not None else {}).get(value) or self.bundle.labels.get(value)
        text = self.text(label) or (self.say(value) if knows(str(value)) else str(value))
        return self.quoted(text) if "," in text else text

    def numbered(self, name: str) -> str:
        """What a number of the municipality is called."""
        return self.quoted(self.text(self.bundle.parameters[name]["label"]))

    def number(self, value: int, kind: str) -> str:
        if kind != "decimal":
            return str(value)
        sign = "." if self.lang == "en" else ","
        return f"{value // 10}{sign}{value % 10}"

    def field_of(self, expr: Expr) -> Field | Derived | None:
        for step in expr.walk():
            if step.op in ("get", "last", "prior"):
                return self.lookup(step)
            if step.op == "element":
                return None
        return None

    def lookup(self, step: Expr) -> Field | Derived | None:
        """The field or derived value behind a name, wherever it lives."""
        name = step.args[1]
        if step.op == "last":
            return self.of_form(self.find(step.args[0]), name)
        if step.op == "prior":
            return self.of_items(step.args[2], name)
        origin = step.args[2]
        if origin[0] == "form":
            return self.named.get(name)
        if origin[0] == "past":
            return self.of_form(self.find(origin[1]), name)
        return self.of_items(origin[1], name) if origin[0] in ("item", "open", "earlier") else None

    def of_form(self, form: Form | None, name: str) -> Field | Derived | None:
        return None if form is None else next((one for one in form.named if one.name == name), None)

    def of_items(self, identity: str, name: str) -> Field | Derived | None:
        listed = list_of_identity(self.bundle, identity)
        part = listed.items if listed is not None else None
        return None if part is None else next((one for one in part.named if one.name == name), None)

    def called(self, step: Expr) -> str:
        """The label of a value in quotation marks; a derived yes/no without label is written out."""
        found = self.lookup(step)
        if found is None:
            return str(step.args[1]).replace("_", " ")
        if found.label:
            text = self.text(found.label)
            return text[0].lower() + text[1:] if isinstance(found, Derived) and found.type.kind == "bool" else self.quoted(text)
        if isinstance(found, Derived) and found.how.otherwise is not None and not found.how.cases and step.op == "get":
            text = self.words(found.how.otherwise.tree)
            return f"({text})" if found.how.otherwise.tree.op in ("and", "or") else text
        return self.quoted(found.name.replace("_", " "))

    def quantified(self, op: str, args: tuple[Any, ...]) -> str:
        source, _depth, test = args
        what = self.source(source)
        if test.op == "const":
            return self.say(f"{op}_plain", a=what)
        if source.op == "group":
            field = self.lookup(source.args[0][0])
            if op == "any" and field is not None and test.op in ("eq", "is_in"):
                return self.say("any_group", a=self.group_label(field), b=self.group_test(test, field))
            words = self.words(test) if field is None else self.group_test(test, field)
            return self.say(op, a=what, b=words)
        return self.say(op, a=what, b=self.words(test))

    def group_test(self, test: Expr, field: Field | Derived) -> str:
        """Options of a group have the group's labels."""
        chosen = test.args[1]
        codes = [chosen.args[0]] if isinstance(chosen, Expr) and chosen.op == "const" else list(chosen) \
            if isinstance(chosen, tuple) else []
        labels = [self.text(field.option_labels[code]) for code in codes if code in field.option_labels]
        if not labels:
            return self.words(test)
        chosen = self.joined(labels)
        return chosen if test.op in ("eq", "is_in") else self.say(test.op, a=self.say("element"), b=chosen)

    def group_label(self, member: Field | Derived) -> str:
        group = self.form.field(member.group) if isinstance(member, Field) else None
        return self.text(group.label) if group is not None else ""

    def source(self, source: Expr) -> str:
        if source.op == "past":
            form = self.find(source.args[0])
            return self.say("past", a=self.text(form.title) if form is not None else source.args[0])
        if source.op == "earlier":
            return self.say("earlier")
        if source.op == "group":
            first = self.lookup(source.args[0][0])
            return self.say("group", a=self.group_label(first) if first is not None else "")
        identity = source.args[0]
        listed = list_of_identity(self.bundle, identity) if source.op == "open" else self.form.field(identity)
        part = listed.items if listed is not None else None
        if source.op == "open":
            return self.say("open", a=self.text(part.item_title) if part is not None else identity)
        return self.say("card", a=self.text(listed.label) if listed is not None else identity)

    def leaf(self, expr: Expr) -> str:
        op, args = expr.op, expr.args
        if op == "const":
            return self.option(expr, args[0])
        if op == "get" and args[2][0] == "trigger":
            return self.say("trigger", a=self.trigger(args[2][1]))
        if op == "get":
            special = {"_on": "record_on", "_first": "opened_on"}.get(args[1])
            what = self.say(special) if special else self.called(expr)
            return self.say("then", a=what) if args[2][0] in ("past", "earlier") and not special else what
        if op == "prior":
            return self.say("prior", a=self.called(expr))
        if op == "last":
            return self.of_last(expr)
        if op == "param":
            return f"{{#{args[0]}}}"  # the municipality's own number, filled in where the page is made
        if op in ("raised", "open_code"):
            return self.say(op, a=self.joined([self.quoted(self.flag(code)) for code in args[0]]))
        if op == "trigger":
            return self.say("trigger", a=self.trigger(args[0]))
        if op == "today" and self.timed:
            return self.say("now")
        return self.say(args[0] if op in ("common", "fact") else op)

    def of_last(self, expr: Expr) -> str:
        form_id, name = expr.args
        special = {"_on": "performed_on", "_actions": "actions", "_outcome": "outcome"}.get(name)
        what = self.say(special) if special else self.called(expr)
        form = self.find(form_id)
        if special == "performed_on":
            return self.say("day_of", a=self.text((form or self.form).title))
        if form_id == self.form.id or form is None:
            return self.say("last", a=what)
        return self.say("last_of", a=what, b=self.text(form.title))

    def count(self, flag: Flag) -> str:
        """What stands for {n} in a flag's text before it is raised."""
        return self.words(flag.n.tree) if flag.n is not None and flag.n.tree.op == "param" else "…"

    def trigger(self, name: str) -> str:
        return self.say(name) if knows(name) else self.text(self.bundle.labels.get(name)) or name.replace("_", " ")

    def flag(self, code: str) -> str:
        """The first part of a flag's text."""
        for form in self.bundle.forms:
            for flag in form.flags:
                if flag.code == code:
                    return self.text(flag.text).partition(":")[0].partition(".")[0].replace("{n}", self.count(flag))
        return code
