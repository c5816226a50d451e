"""Resolve every condition of a bundle, order what depends on what, and note which history the rules read."""

from __future__ import annotations

from collections.abc import Callable

from webapp.bundles.kinds import BOOL, DATE, DATES, BundleError, Condition, Type
from webapp.bundles.language import SyntaxProblem
from webapp.bundles.model import Bundle, Derived, Field, Flag, Form
from webapp.bundles.order import order_form, order_items
from webapp.bundles.reads import conditions_of, due_conditions, inputs, reads, rule_conditions
from webapp.bundles.resolve import compile_condition
from webapp.bundles.scope import Frame, Scope, form_names, form_scope, item_names, list_named

FindForm = Callable[[str], Form | None]


class Linker:
    """Links one bundle; `find` gives forms of this and of other bundles."""

    def __init__(self, bundle: Bundle, file: str, find: FindForm) -> None:
        self.bundle, self.file, self.find = bundle, file, find

    def fail(self, place: str, reason: str) -> None:
        raise BundleError(self.file, place, reason)

    def one(self, condition: Condition | None, scope: Scope, *want: str, words: tuple[str, ...] = ()) -> Type:
        if condition is None:
            return BOOL
        try:
            return compile_condition(condition, scope, *want, words=words)
        except SyntaxProblem as problem:
            raise BundleError(self.file, condition.place, f"{problem} in: {condition.source}") from problem

    def link(self) -> None:
        for form in self.bundle.forms:
            form.siblings = self.bundle.forms
            self.link_derived(form)
        for form in self.bundle.forms:
            self.link_fields(form)
            self.link_rules(form)
            self.link_due(form)
            self.order(form)
            form.reads = reads(rule_conditions(form))
            for top in form.answers:
                self.points(form, top)
                for inner in top.items.fields if top.items is not None else ():
                    self.points(form, inner, top)
            form.due_reads = reads(due_conditions(form))
            form.prefill_reads = reads(one.prefill_from for one in form.answers)

    def order(self, form: Form) -> None:
        place = f"form {form.id}"
        try:
            form.order = order_form(form)
            for listed in form.lists:
                if listed.items is not None:
                    place = listed.place
                    listed.items.order = order_items(listed.items)
        except ValueError as problem:
            raise BundleError(self.file, place, str(problem)) from problem

    def scope(self, form: Form, stage: str) -> Scope:
        return form_scope(self.bundle, form, stage, self.find)

    def item_scope(self, form: Form, listed: Field, stage: str = "rules") -> Scope:
        scope = self.scope(form, stage)
        identity = listed.items.identity if listed.items else listed.name
        return scope.inside(Frame(("item", identity), 1, item_names(listed), listed))

    # derived values first: their types are read everywhere
    def link_derived(self, form: Form) -> None:
        for listed in form.lists:
            if listed.items is not None:
                for one in by_need(listed.items.derived):
                    self.derived(one, self.item_scope(form, listed))
        for one in by_need(form.derived):
            self.derived(one, self.scope(form, "rules"))

    def derived(self, one: Derived, scope: Scope) -> None:
        kind = one.type.kind
        want = ("date", "datetime", "partial_date") if kind == "date" else (kind,)
        words: list[str] = list(one.type.words)
        values = [value for _when, value in one.how.cases]
        if one.how.otherwise is not None:
            values.append(one.how.otherwise)
        for when, _value in one.how.cases:
            self.one(when, scope, "bool")
        for value in values:
            found = self.one(value, scope, *want, words=one.type.words if kind == "choice" else ())
            if kind == "choice" and set(found.words) - set(one.type.words):
                self.fail(value.place, f"may be something else than {', '.join(one.type.words)}")
            words.extend(found.words)
        one.type = Type(kind, tuple(dict.fromkeys(words)))

    def link_fields(self, form: Form) -> None:
        scope = self.scope(form, "rules")
        for top in form.fields:
            self.field(top, scope, self.scope(form, "prefill"))
            for member in top.members:
                self.field(member, scope, self.scope(form, "prefill"))
            if top.items is not None:
                inner = self.item_scope(form, top)
                for one in top.items.fields:
                    self.field(one, inner, self.item_scope(form, top, "prefill"))
                for check in top.items.validations:
                    self.one(check.when, inner, "bool")
        for check in form.validations:
            self.one(check.when, scope, "bool")
        self.one(form.applies, self.scope(form, "facts"), "bool")
        self.one(form.declined_soon, self.scope(form, "due"), "bool")
        for amount in (form.declined_days, form.declined_soon_days):
            self.one(amount, self.scope(form, "due"), "int")

    def points(self, form: Form, one: Field, listed: Field | None = None) -> None:
        """A chosen uuid must name what exists; what it shows travels with the check's history."""
        at = one.points_at
        if at is None:
            return
        other = form if not at.form else next((each for each in form.siblings if each.id == at.form), None)
        if other is None:
            self.fail(one.place, f"points_at: the bundle has no form {at.form!r}")
            return
        known = item_names(listed) if not at.form and listed is not None else form_names(other)
        for name in (*at.shows, *((at.key,) if at.key else ())):
            if name not in known:
                self.fail(one.place, f"points_at: no {name!r}")
        for derived in other.derived:
            if derived.name in at.shows and derived.type.kind != "date":
                self.fail(one.place, f"points_at: {derived.name!r} is worked out and no date, so it cannot be shown")
        if at.form:
            form.reads.past.setdefault(at.form, set()).update((at.key, *at.shows))
        elif listed is not None and listed.items is not None:
            form.reads.items.setdefault(listed.items.identity, set()).update(at.shows)

    def field(self, one: Field, scope: Scope, prefill: Scope) -> None:
        for condition in (one.asked, one.required, one.opened, one.hint_when):
            self.one(condition, scope, "bool")
        self.one(one.hint_n, scope, "int")
        if one.prefill_from is not None:
            kind = one.value_type.kind
            self.one(one.prefill_from, prefill, *(DATES if kind in DATES else (kind,)),
                     words=one.value_type.words if kind == "choice" else ())

    def link_rules(self, form: Form) -> None:
        for flag in form.flags:
            self.flag(form, flag)
        for one in form.emits:
            self.one(one.when, self.scope(form, "rules"), "bool")
            self.one(one.on, self.scope(form, "rules"), *DATES)

    def flag(self, form: Form, flag: Flag) -> None:
        scope = self.flag_scope(form, flag)
        self.one(flag.when, scope, "bool")
        self.one(flag.n, scope, "int")
        names = {one.name: one for one in (*form.answers, *form.fields)}
        for entry in flag.entries:
            field = names.get(entry["name"])
            if field is None or (entry["kind"] == "group") != (field.type == "group"):
                self.fail(flag.place, f"list: no {entry['kind']} {entry['name']!r}")
                return
            for code in (entry["equals"],) if "equals" in entry else entry["among"]:
                if code not in field.options:
                    self.fail(flag.place, f"list: {code!r} is no option of {field.name}")
        if flag.subject and flag.subject not in names:
            self.fail(flag.place, f"subject: no field {flag.subject!r}")
        if flag.closes_on_action and flag.closes_on_action not in ("fixed_now", "planned", *form.extra_actions):
            self.fail(flag.place, f"closes_on_action: unknown action {flag.closes_on_action!r}")
        if flag.closed_by is not None:
            other = self.find(flag.closed_by[0])
            if other is None or other.field(flag.closed_by[1]) is None:
                self.fail(flag.place, f"closed_by: no form {flag.closed_by[0]!r} with field {flag.closed_by[1]!r}")
        flag.inputs = flag.inputs or inputs(flag, form)

    def flag_scope(self, form: Form, flag: Flag) -> Scope:
        scope = self.scope(form, "timed" if flag.timed else "rules")
        if flag.each is None:
            return scope
        kind, name = flag.each
        if kind == "trigger":
            return scope.inside(Frame(("trigger", name), 1, {"on": DATE}))
        listed = list_named(scope, name)
        if listed is None or listed.items is None or (kind == "list" and listed not in form.lists):
            raise BundleError(self.file, flag.place, f"each: unknown list {name!r}")
        flag.listed = listed
        if kind == "list":
            return self.item_scope(form, listed)
        return scope.inside(open_frame(listed))

    def link_due(self, form: Form) -> None:
        codes = {flag.code for one in self.bundle.forms for flag in one.flags}
        for due in form.due:
            scope = self.scope(form, "due")
            if due.base == "open":
                listed = list_named(scope, due.each)
                if listed is None:
                    raise BundleError(self.file, due.place, f"each: unknown list {due.each!r}")
                due.listed = listed
                scope = scope.inside(open_frame(listed))
            if due.base == "flag" and due.each not in codes:
                self.fail(due.place, f"each: unknown flag {due.each!r}")
            self.one(due.when, scope, "bool")
            self.one(due.date, scope, *DATES)
            for amount in (due.days, due.workdays, due.offset):
                self.one(amount, scope, "int")


def open_frame(listed: Field) -> Frame:
    identity = listed.items.identity if listed.items else listed.name
    return Frame(("open", identity), 1, {**item_names(listed), "performed_on": DATE, "opened_on": DATE}, listed)


def by_need(derived: list[Derived]) -> list[Derived]:
    """Derived values so that each comes after those it names; circles are found later."""
    names = {one.name for one in derived}
    done: list[Derived] = []
    waiting = list(derived)
    while waiting:
        known = {one.name for one in done}
        ready = next((one for one in waiting if not (named(one) & names) - known - {one.name}), waiting[0])
        done.append(ready)
        waiting.remove(ready)
    return done


def named(one: Derived) -> set[str]:
    """Every word in a derived value's expressions (a superset of the names it reads)."""
    found: set[str] = set()
    for condition in conditions_of(one):
        found.update("".join(c if c.isalnum() or c == "_" else " " for c in condition.source).split())
    return found
