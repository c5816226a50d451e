"""Which flags and triggers a check gives. Twin: sw/flagging.js. Texts: flagtext.py."""

from __future__ import annotations

from typing import Any

from webapp.bundles.flagtext import flag_text
from webapp.bundles.kinds import Env
from webapp.bundles.model import Flag, Form
from webapp.bundles.ops import answered, date, open_items

Values = dict[str, Any]
__all__ = ["emitted", "flag_text", "raises", "timed_raises"]


def raises(form: Form, env: Env, items: dict[str, list[Values]]) -> list[Values]:
    """Flags of an evaluated check, in table order."""
    found: list[Values] = []
    c = env[0]
    for flag in form.flags:
        if flag.timed:
            continue
        if flag.each is None:
            if flag.when.true(env):
                found.append(flag_raise(form, flag, env, str(c.v.get(flag.subject) or "") if flag.subject else ""))
            continue
        for element in c.v.get(flag.each[1]) or ():
            inner: Env = (c, element)
            if flag.when.true(inner):
                found.append(flag_raise(form, flag, inner, str(element.get("_key") or "")))
    return found


def timed_raises(form: Form, env: Env, triggers: list[Values]) -> list[Values]:
    """Flags that time raises: one per code and subject."""
    found: dict[tuple[str, str], Values] = {}
    c = env[0]
    for flag in form.flags:
        if not flag.timed:
            continue
        elements: list[tuple[str, Any]] = [("", None)]
        if flag.each is not None and flag.each[0] == "trigger":
            elements = [("", one) for one in triggers if one["type"] == flag.each[1]]
        elif flag.each is not None:
            part = flag.listed.items if flag.listed is not None else None
            if part is not None:
                elements = [(one["_key"], one) for one in open_items(c.items.get(part.identity), part.state, part.final)]
        for subject, element in elements:
            inner: Env = (c, element)
            if flag.when.true(inner):
                found.setdefault((flag.code, subject), flag_raise(form, flag, inner, subject))
    return list(found.values())


def flag_raise(form: Form, flag: Flag, env: Env, subject: str) -> Values:
    entries = listed_entries(form, flag, env[0].v)
    n = flag.n.value(env) if flag.n is not None else len(entries) if entries else None
    inputs = [one for one in flag.inputs if input_value(one, env) is not None]
    return {"code": flag.code, "severity": flag.severity, "subject": subject, "rule": flag.rule, "list": entries,
            "n": n, "inputs": inputs}


def input_value(name: str, env: Env) -> Any:
    """The answer behind an input name: of the form, or of the card ("finding.site")."""
    listed, _, inner = name.partition(".")
    if not inner:
        return env[0].v.get(name)
    if env[1] is not None:
        return env[1].get(inner)
    return next((one[inner] for one in env[0].v.get(listed) or () if answered(one.get(inner))), None)


def listed_entries(form: Form, flag: Flag, v: Values) -> list[list[str]]:
    """What {list} names: [kind, field] or [kind, field, option]."""
    found: list[list[str]] = []
    for entry in flag.entries:
        kind, name = entry["kind"], entry["name"]
        if kind == "group":
            group = form.field(name)
            members = group.members if group is not None else []
            found += [["field", one.name] for one in members if v.get(one.name) == entry["equals"]]
        elif kind == "label":
            found += [["field", name]] if v.get(name) == entry["equals"] else []
        else:
            value = v.get(name)
            given = value if isinstance(value, list) else [] if value is None else [str(value)]
            among = entry["among"] or given
            mark = "option" if kind == "answer" else "both"
            found += [[mark, name, one] for one in given if one in among]
    return found


def emitted(form: Form, env: Env) -> list[dict[str, str]]:
    """Triggers of a check, each with its day."""
    found = []
    for one in form.emits:
        if one.when is None or one.when.true(env):
            on = date(one.on.value(env))
            if on is not None and on[:1].isdigit():
                found.append({"type": one.trigger, "on": on})
    return found
