"""TOML tables -> fields, groups and lists of a form. Conditions stay text until link.py."""

from __future__ import annotations

import re

from webapp.bundles.kinds import Type
from webapp.bundles.model import Cases, Derived, Field, Items, Points, Text, Validation
from webapp.bundles.tables import Table

PLAIN = ("choice", "multi", "int", "decimal", "date", "partial_date", "datetime", "text", "uuid", "photos")
TYPES = (*PLAIN, "list", "group")
WORDY = ("int", "decimal", "date", "partial_date", "datetime")
MAX_TEXT = 500
MAX_PHOTOS = 4


def read_field(table: Table, labels: dict[str, Text], sections: tuple[str, ...], in_item: bool = False) -> Field:
    """One [[form.field]] or [[form.field.item]]."""
    kind = table.choice("type", PLAIN if in_item else TYPES)
    field = Field(table.name(), table.text("label") if kind != "uuid" or "label" in table.data else {}, kind,
                  place=table.place)
    field.hint, field.short = table.opt_text("hint", "n"), table.opt_text("short")
    field.section = table.string("section", "")
    if field.section and field.section not in sections:
        table.fail(f"unknown section {field.section!r}", "section")
    field.option_labels = {**table.texts("option_labels")}
    field.option_hints = table.texts("option_hints")
    read_conditions(table, field)
    read_limits(table, field)
    if kind in ("choice", "multi", "group"):
        field.options = table.words("options", ...)
        if len(field.options) < 2:
            table.fail("needs at least two options", "options")
    field.words = table.words("words") if kind in WORDY else ()
    if kind == "int":
        read_chips(table, field)
    if kind == "multi":
        read_multi(table, field)
    if kind == "uuid" and not field.auto:
        read_points(table, field, in_item)
    if kind == "group":
        read_group(table, field, labels)
    if kind == "list":
        field.items = read_items(table, labels, field)
    label_options(table, field, labels)
    table.done()
    return field


def read_conditions(table: Table, field: Field) -> None:
    field.optional = table.truth("optional")
    field.asked, field.required = table.condition("asked"), table.condition("required")
    field.opened = table.condition("opened")
    field.hint_n, field.hint_when = table.condition("hint_n"), table.condition("hint_when")
    field.prefill = table.truth("prefill")
    field.prefill_from = table.condition("prefill_from")
    field.confirm = table.truth("confirm", field.prefill or field.prefill_from is not None)
    field.slow = table.truth("slow", field.confirm)
    field.auto = table.choice("auto", ("", "uuid"), "")
    if field.optional and field.required:
        table.fail("is optional and required")
    if field.hint and field.hint_n is None and any("{n}" in one for one in field.hint.values()):
        table.fail("{n} needs `hint_n`", "hint")


def read_limits(table: Table, field: Field) -> None:
    kind = field.type
    if kind in ("int", "decimal"):
        for key in ("min", "max", "warn_below", "warn_above"):
            setattr(field, key, table.number(key, kind == "decimal"))
        if field.min is None or field.max is None or field.min > field.max:
            table.fail("needs min and max, min not above max")
    if kind in ("date", "partial_date", "datetime"):
        field.not_future = table.truth("not_future")
    if kind == "photos":
        field.max = table.integer("max", MAX_PHOTOS)
        if not 0 < (field.max or 0) <= MAX_PHOTOS or not field.optional:
            table.fail(f"is optional, and max lies between 1 and {MAX_PHOTOS}")
    if kind == "text":
        field.min_len, field.max_len = table.integer("min_len", 1), table.integer("max_len", MAX_TEXT)
        field.pattern = table.string("pattern", "")
        if not 0 < field.min_len <= field.max_len <= MAX_TEXT:
            table.fail(f"min_len and max_len must lie between 1 and {MAX_TEXT}")
        try:
            re.compile(field.pattern, re.ASCII)
        except re.error as problem:
            table.fail(f"is no regular expression: {problem}", "pattern")


def read_chips(table: Table, field: Field) -> None:
    field.chips = tuple(table.take("chips", list, []))
    field.more_chip = table.integer("more_chip", None)
    if any(type(one) is not int for one in field.chips) or (field.more_chip is not None and not field.chips):
        table.fail("must be whole numbers; more_chip needs them", "chips")


def read_points(table: Table, field: Field, in_item: bool) -> None:
    """A uuid that nobody makes must say what it may name."""
    at = table.table("points_at")
    field.points_at = Points(at.name("form", "") if in_item else at.name("form"), at.string("key", ""), at.words("shows", ...))
    if bool(field.points_at.form) != bool(field.points_at.key) or not field.points_at.shows:
        at.fail("needs form and key, or neither for finished cards, and what it shows")
    at.done()


def read_multi(table: Table, field: Field) -> None:
    alone = tuple(one for one in ("none", "unknown") if one in field.options)
    field.exclusive = table.words("exclusive", alone)
    field.exactly = table.integer("exactly", 0)
    if set(field.exclusive) - set(field.options):
        table.fail("names something that is no option", "exclusive")
    if field.exactly > len(field.options):
        table.fail("is more than there are options", "exactly")


def read_group(table: Table, field: Field, labels: dict[str, Text]) -> None:
    field.all_ok = table.string("all_ok")
    if field.all_ok not in field.options:
        table.fail(f"{field.all_ok!r} is no option", "all_ok")
    for one in table.tables("members", "member", "name"):
        member = Field(one.name(), one.text("label"), "choice", one.place, one.opt_text("hint"), one.opt_text("short"), field.section,
                       field.options, option_labels={**field.option_labels, **one.texts("option_labels")},
                       asked=field.asked, required=field.required, optional=field.optional, prefill=field.prefill,
                       confirm=field.confirm, slow=field.slow, group=field.name)
        label_options(one, member, labels)
        one.done()
        field.members.append(member)
    if not field.members:
        table.fail("needs members")


def read_items(table: Table, labels: dict[str, Text], field: Field) -> Items:
    items = Items(
        key=table.name("key"), state=table.name("state"), final=table.words("final", ...), fresh=table.string("fresh", ""),
        identity=table.name("identity", field.name), item_title=table.text("item_title"),
        subject_label=table.string("subject_label", ""), min_items=table.integer("min_items", 0),
        max_items=table.integer("max_items"),
        fields=[read_field(one, labels, (), in_item=True) for one in table.tables("item", by="name")],
        derived=[read_derived(one, labels) for one in table.tables("derived", by="name")],
        validations=[read_validation(one, f"{field.name}.v{n}")
                     for n, one in enumerate(table.tables("validation"), 1)])
    key, state = items.field(items.key), items.field(items.state)
    if key is None or key.type != "uuid" or key.auto != "uuid":
        table.fail("must name a card field of type uuid with auto = \"uuid\"", "key")
    if state is None or state.type != "choice":
        table.fail("must name a card field of type choice", "state")
    for word in (*items.final, *((items.fresh,) if items.fresh else ())):
        if word not in state.options:
            table.fail(f"{word!r} is no option of {items.state}", "final")
    if items.subject_label and items.field(items.subject_label) is None:
        table.fail(f"no card field {items.subject_label!r}", "subject_label")
    if not 0 <= items.min_items <= items.max_items <= 100:
        table.fail("min_items and max_items must lie between 0 and 100")
    return items


def read_derived(table: Table, labels: dict[str, Text]) -> Derived:
    kind = table.choice("type", ("bool", "choice", "int", "decimal", "date"), "bool")
    options = table.words("options", ...) if kind == "choice" else ()
    cases = []
    if "when" in table.data:
        if kind != "bool" or "cases" in table.data:
            table.fail("`when` alone is for type bool without cases", "when")
        how = Cases([], table.condition("when"))
    else:
        for one in table.tables("cases", "case"):
            cases.append((one.needed("when"), one.needed("value")))
            one.done()
        how = Cases(cases, table.condition("otherwise"))
        if not cases and how.otherwise is None:
            table.fail("needs when, cases or otherwise")
    derived = Derived(table.name(), Type(kind, options), how, table.opt_text("label"), table.texts("option_labels"))
    for code in options:
        if code not in derived.option_labels and code in labels:
            derived.option_labels[code] = labels[code]
        if code not in derived.option_labels:
            table.fail(f"no label for {code!r}", "options")
    derived.place = table.place
    table.done()
    return derived


def read_validation(table: Table, ident: str) -> Validation:
    found = Validation(ident, table.choice("level", ("hard", "warn")), table.needed("when"), table.string("field"),
                       table.text("text"))
    table.done()
    return found


def label_options(table: Table, field: Field, labels: dict[str, Text]) -> None:
    """Every option and word has a label: the field's own, or the file's."""
    for code in (*field.options, *field.words):
        if code not in field.option_labels and code in labels:
            field.option_labels[code] = labels[code]
        if code not in field.option_labels:
            table.fail(f"no label for {code!r}", "options")
    unknown = set(field.option_labels) - {*field.options, *field.words}
    if unknown:
        table.fail(f"labels for something that is no option: {', '.join(sorted(unknown))}", "option_labels")
