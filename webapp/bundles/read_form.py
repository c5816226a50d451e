"""TOML tables -> a bundle and its forms with flags, due rules and triggers. Conditions stay text until link.py."""

from __future__ import annotations

from typing import Any

from webapp.bundles.model import Bundle, Due, Emits, Flag, Form, Text
from webapp.bundles.read_fields import read_derived, read_field, read_validation
from webapp.bundles.read_measures import read_measures
from webapp.bundles.scope import CONTEXTS, SEVERITIES
from webapp.bundles.tables import NAME, Table

_BASES = ("trigger", "on", "from", "each")


def read_bundle(data: dict[str, Any], file: str, digest: str, path: str) -> Bundle:
    """A whole file; every unknown key is refused."""
    top = Table(data, file, "")
    head = top.table("bundle")
    labels = top.texts("labels")
    sources = [read_source(one) for one in head.tables("source")]
    bundle = Bundle(
        id=head.name("id"), version=head.integer("version"), released=head.truth("released"), title=head.text("title"),
        short=head.text("short"), intro=head.text("intro"), icon=head.string("icon", ""),
        guidance_version=head.string("guidance_version"), sources=sources, parameters=read_parameters(top), labels=labels,
        forms=[], measures=read_measures(top), hash=digest, path=path)
    if bundle.version < 1:
        head.fail("must be 1 or more", "version")
    if not sources:
        head.fail("needs at least one [[bundle.source]]")
    head.done()
    for table in top.tables("form", by="id"):
        bundle.forms.append(read_form(table, bundle))
    if not bundle.forms:
        top.fail("needs at least one [[form]]")
    top.done()
    unique(top, [form.id for form in bundle.forms], "form")
    check_severities(top, bundle)
    return bundle


def check_severities(top: Table, bundle: Bundle) -> None:
    """A flag that several forms raise is one flag: equally severe everywhere."""
    known: dict[str, str] = {}
    for form in bundle.forms:
        for flag in form.flags:
            if known.setdefault(flag.code, flag.severity) != flag.severity:
                top.fail(f"{flag.code} is {known[flag.code]} in another form", f"form {form.id}, {flag.place.rpartition(', ')[2]}")


def unique(table: Table, names: list[str], what: str) -> None:
    twice = {one for one in names if names.count(one) > 1}
    if twice:
        table.fail(f"{what} {', '.join(sorted(twice))} is there twice")


def read_source(table: Table) -> dict[str, Any]:
    found = {"title": table.string("title"), "publisher": table.string("publisher"), "year": table.integer("year", None),
             "url": table.string("url", ""), "note": table.opt_text("note")}
    table.done()
    return found


def read_parameters(top: Table) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    table = top.table("parameters", {})
    for name in list(table.data):
        if not NAME.fullmatch(name):
            table.fail(f"{name!r} must be small letters, digits and _")
        one = table.table(name)
        limits = {"default": one.integer("default"), "min": one.integer("min"), "max": one.integer("max"),
                  "label": one.text("label")}
        if not limits["min"] <= limits["default"] <= limits["max"]:
            one.fail("default must lie between min and max")
        one.done()
        found[name] = limits
    return found


def read_form(table: Table, bundle: Bundle) -> Form:
    labels = bundle.labels
    form = Form(table.name("id"), bundle.id, bundle.version, table.text("title"), table.text("short"),
                icon=table.string("icon", ""), intro=table.opt_text("intro"), quick=table.truth("quick"),
                contexts=table.words("contexts", tuple(one for one in CONTEXTS if one != "by_phone")),
                extra_actions=table.words("extra_actions"), per_subject=table.string("per_subject", ""),
                applies=table.condition("applies"), declined_soon=table.condition("declined_soon"),
                declined_days=table.amount("declined_days"), declined_soon_days=table.amount("declined_soon_days"))
    form.defaults = {name: one["default"] for name, one in bundle.parameters.items()}
    if set(form.contexts) - set(CONTEXTS) or not form.contexts:
        table.fail(f"must be some of {', '.join(CONTEXTS)}", "contexts")
    form.action_labels = {code: labels[code] for code in form.extra_actions if code in labels}
    if set(form.extra_actions) - set(labels):
        table.fail("needs a label for each", "extra_actions")
    form.action_hints = table.texts("action_hints")
    if set(form.action_hints) - set(form.extra_actions):
        table.fail("names something that is no extra action", "action_hints")
    for one in table.tables("section", by="id"):
        form.sections.append((one.name("id"), one.text("title")))
        one.done()
    sections = tuple(name for name, _title in form.sections)
    form.fields = [read_field(one, labels, sections) for one in table.tables("field", by="name")]
    form.derived = [read_derived(one, labels) for one in table.tables("derived", by="name")]
    form.validations = [read_validation(one, f"v{n}") for n, one in enumerate(table.tables("validation"), 1)]
    form.flags = [read_flag(one) for one in table.tables("flag", by="rule")]
    form.emits = [read_emits(one) for one in table.tables("emits", by="trigger")]
    form.due = [read_due(one) for one in table.tables("due")]
    summary = table.tables("summary")
    form.summary = tuple(name for one in summary for name in one.words("fields", ...))
    for one in summary:
        one.done()
    check_names(table, form)
    table.done()
    return form


def check_names(table: Table, form: Form) -> None:
    """One name, one thing."""
    if not form.fields:
        table.fail("needs at least one field")
    groups = [one.name for one in form.fields if one.type == "group"]
    names = [one.name for one in form.named] + groups
    unique(table, names, "name")
    for listed in form.lists:
        if listed.items is not None:
            unique(table, [one.name for one in listed.items.named], f"{listed.name}: name")
            check_targets(table, [one.field for one in listed.items.validations],
                          {one.name for one in listed.items.fields}, f"{listed.name}, validation")
    answers = {one.name for one in form.named} | set(groups)
    check_targets(table, [one.field for one in form.validations], answers, "validation")
    check_targets(table, list(form.summary), answers, "summary")
    if form.per_subject and form.per_subject not in answers:
        table.fail(f"no field {form.per_subject!r}", "per_subject")
    unique(table, [one.rule for one in form.flags], "rule")
    unique(table, [one.code for one in form.flags], "flag")


def check_targets(table: Table, names: list[str], known: set[str], where: str) -> None:
    for name in names:
        if name not in known:
            table.fail(f"no field {name!r}", where)


def read_flag(table: Table) -> Flag:
    each = table.string("each", "")
    kind, _, name = each.rpartition(" ")
    flag = Flag(table.string("rule"), table.code(), table.choice("severity", SEVERITIES), table.needed("when"),
                table.text("text", "list", "n", "site"), (kind or "list", name) if each else None, table.string("subject", ""),
                table.truth("timed"), [read_entry(one) for one in table.tables("list")], table.condition("n"),
                list(table.take("inputs", list, [])), table.string("closes_on_action", ""), None, table.place)
    if kind not in ("", "open", "trigger") or (kind and not flag.timed) or (not kind and each and flag.timed):
        table.fail("is a list field, or for timed rules `open LIST` or `trigger TYPE`", "each")
    if "closed_by" in table.data:
        by = table.table("closed_by")
        flag.closed_by = (by.name("form"), by.name("subject"))
        by.done()
    if flag.subject and flag.each:
        table.fail("is given by `each` already", "subject")
    check_marks(table, flag)
    table.done()
    return flag


def check_marks(table: Table, flag: Flag) -> None:
    for text in flag.text.values():
        if "{list}" in text and not flag.entries:
            table.fail("{list} needs `list`", "text")
        if "{n}" in text and flag.n is None and not flag.entries:
            table.fail("{n} needs `n`", "text")
        if "{site}" in text and flag.each is None:
            table.fail("{site} needs `each`", "text")


def read_entry(table: Table) -> dict[str, Any]:
    """One entry of a flag's list: group, answer, label or both."""
    kinds = [one for one in ("group", "answer", "label", "both") if one in table.data]
    if len(kinds) != 1:
        table.fail("needs one of group, answer, label, both")
    kind = kinds[0]
    entry: dict[str, Any] = {"kind": kind, "name": table.name(kind)}
    if kind in ("group", "label"):
        entry["equals"] = table.string("equals")
    else:
        entry["among"] = list(table.words("among"))
    table.done()
    return entry


def read_emits(table: Table) -> Emits:
    found = Emits(table.name("trigger"), table.needed("on"), table.condition("when"))
    table.done()
    return found


def read_due(table: Table) -> Due:
    reason: Text = table.text("reason", "days")
    bases = [one for one in _BASES if one in table.data]
    each = table.string("each", "")
    due = Due(reason, base_of(table, bases, each), table.condition("when"), table.amount("days"),
              table.amount("workdays"), table.amount("offset"), table.words("trigger"),
              table.condition("on") or table.condition("from"), each.partition(" ")[2], table.truth("next_visit"),
              table.truth("otherwise"), table.place)
    if (due.days is None) == (due.workdays is None) and due.base != "on":
        table.fail("needs either days or workdays")
    if (due.base == "on" and (due.days or due.workdays)) or (due.base != "on" and due.offset):
        table.fail("`offset` belongs to `on`, days and workdays to the others")
    if due.base == "open" and due.date is None:
        table.fail("`each = \"open …\"` needs from")
    table.done()
    return due


def base_of(table: Table, bases: list[str], each: str) -> str:
    """latest, trigger, on, from, open or flag."""
    if "each" in bases:
        kind = each.partition(" ")[0]
        if kind not in ("open", "flag") or not each.partition(" ")[2] or set(bases) - {"each", "from"}:
            table.fail("must be `open LIST` with from, or `flag CODE`", "each")
        return kind
    if len(bases) > 1:
        table.fail(f"has {' and '.join(bases)}; only one may be there")
    return bases[0] if bases else "latest"
