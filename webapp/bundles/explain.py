"""A bundle explained to a nurse, made from the file: questions, values, flags, due rules, numbers and sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from webapp.bundles.kinds import Condition
from webapp.bundles.model import Bundle, Derived, Due, Field, Flag, Form, Validation
from webapp.bundles.phrases import say
from webapp.bundles.plain_words import Plain

Line = dict[str, Any]
_NUMBER = re.compile(r"\{#(\w+)\}")
_ONE = re.compile(r"(?<![\d,.])1 (dag|virkedag|yrkedag|day|working day)(?:er|ar|s)\b")
_TONES = {"urgent": "urgent", "high": "high", "medium": "medium", "info": "info"}


def explain(bundle: Bundle, lang: str, find: Callable[[str], Form | None] | None = None) -> list[dict[str, Any]]:
    """Sections of {title, open, lines}; a line is {title, texts, tone, tag}. Finished words, but for the
    municipality's numbers ({#name}), which `numbered` fills in."""
    forms = find or bundle.find
    sections: list[dict[str, Any]] = []
    for form in bundle.forms:
        plain = Plain(bundle, form, lang, forms)
        title = form.title[lang]
        for key, lines in (("questions", questions(form, plain)), ("values", values(form, plain)),
                           ("checks", checks(form, plain)), ("flags", flags(form, plain)), ("due", dues(form, plain))):
            if lines:
                sections.append({"title": say(key, lang, a=title), "open": False, "lines": lines})
    if bundle.parameters:
        sections.append({"title": say("parameters", lang), "open": False, "lines": [
            line(one["label"][lang], [say(
                "param_line", lang, a=f"{{#{name}}}", b=str(one["min"]), c=str(one["max"]), d=str(one["default"]))])
            for name, one in bundle.parameters.items()]})
    sections.append({"title": say("sources", lang), "open": True, "lines": [source(one, lang) for one in bundle.sources]})
    return sections


def numbered(sections: list[dict[str, Any]], numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The explanation with the municipality's own numbers. Twin: sw/pages/about.js."""
    def filled(text: str) -> str:
        return _ONE.sub(r"1 \1", _NUMBER.sub(lambda found: str(numbers[found.group(1)]), text))

    return [{**section, "lines": [{**one, "title": filled(one["title"]), "texts": [filled(text) for text in one["texts"]]}
                                  for one in section["lines"]]} for section in sections]


def line(title: str, texts: list[str], tone: str = "", tag: str = "") -> Line:
    return {"title": title, "texts": [text for text in texts if text], "tone": tone, "tag": tag}


def source(one: dict[str, Any], lang: str) -> Line:
    year = f", {one['year']}" if one["year"] else ""
    return line(one["title"], [f"{one['publisher']}{year}.", one["note"][lang] if one["note"] else "", one["url"]])


def questions(form: Form, plain: Plain) -> list[Line]:
    found = []
    for one in form.fields:
        if one.auto:
            continue
        found.append(line(plain.text(one.label), field_texts(one, plain)))
        if one.items is not None:
            found += [line(f"{plain.text(one.items.item_title)}: {plain.text(inner.label)}", field_texts(inner, plain))
                      for inner in one.items.fields if not inner.auto]
    return found


def field_texts(one: Field, plain: Plain) -> list[str]:
    """What a question takes, and when it is asked."""
    texts = [hinted(one, plain)]
    if one.members:
        texts.append("; ".join(noted(plain.text(member.label), plain.text(member.hint)) for member in one.members) + ".")
    if one.options:
        texts.append(plain.say("several" if one.type == "multi" else "options", a=listed(one, one.options, plain)))
    if one.type in ("date", "partial_date", "datetime", "text"):
        texts.append(plain.say(f"{one.type}_type", a=str(one.min_len), b=str(one.max_len)))
    if one.type == "photos":
        texts.append(plain.say("photos_type", a=str(one.max)))
    texts += limits(one, plain)
    if one.words:
        texts.append(plain.say("words", a=listed(one, one.words, plain)))
    if one.points_at is not None:
        other = plain.find(one.points_at.form) if one.points_at.form else None
        texts.append(plain.say("points_form", a=plain.text(other.title)) if other is not None
                     else plain.say("points_card", a=plain.text(plain.form.lists[0].label)))
    if one.asked is not None:
        texts.append(plain.say("asked", a=plain.words(one.asked.tree)))
    if one.required is not None:
        texts.append(plain.say("required", a=plain.words(one.required.tree)))
    if one.optional:
        texts.append(plain.say("optional"))
    if one.prefill or one.prefill_from is not None:
        texts.append(plain.say("prefilled" if one.prefill else "suggested"))
    return texts


def hinted(one: Field, plain: Plain) -> str:
    """The hint as a sentence, with the number the rules give when it is a fixed one."""
    if one.hint is None:
        return ""
    fixed = one.hint_n is not None and one.hint_n.tree.op == "param"
    text = plain.text(one.hint).replace("{n}", plain.words(one.hint_n.tree) if fixed and one.hint_n is not None else "…")
    return text if text[-1] in ".!?…" else text + "."


def noted(label: str, hint: str) -> str:
    return f"{label} ({hint.rstrip('.')})" if hint else label


def listed(one: Field, codes: tuple[str, ...], plain: Plain) -> str:
    return "; ".join(noted(plain.text(one.option_labels[code]), plain.text(one.option_hints.get(code))) for code in codes)


def limits(one: Field, plain: Plain) -> list[str]:
    texts = []
    if one.min is not None and one.max is not None:
        texts.append(plain.say("range", a=plain.number(one.min, one.type), b=plain.number(one.max, one.type)))
    below, above = one.warn_below, one.warn_above
    if below is not None and above is not None:
        texts.append(plain.say("warns", a=plain.number(below, one.type), b=plain.number(above, one.type)))
    elif below is not None:
        texts.append(plain.say("warns_below", a=plain.number(below, one.type)))
    elif above is not None:
        texts.append(plain.say("warns_above", a=plain.number(above, one.type)))
    return texts


def values(form: Form, plain: Plain) -> list[Line]:
    inner = [one for listed in form.lists if listed.items is not None for one in listed.items.derived]
    return [line(plain.text(one.label), derived_texts(one, plain)) for one in (*form.derived, *inner) if one.label]


def derived_texts(one: Derived, plain: Plain) -> list[str]:
    texts = [plain.say("case", a=plain.words(when.tree), b=outcome(one, value.tree.args[0], plain)
             if value.tree.op == "const" else plain.words(value.tree)) for when, value in one.how.cases]
    rest = one.how.otherwise
    if rest is not None:
        said = outcome(one, rest.tree.args[0], plain) if rest.tree.op == "const" else plain.words(rest.tree)
        texts.append(plain.say("else" if one.how.cases else "is", a=said))
    return texts


def outcome(one: Derived, value: Any, plain: Plain) -> str:
    label = one.option_labels.get(value) if isinstance(value, str) else None
    return plain.text(label) if label else plain.number(value, one.type.kind) if isinstance(value, int) else str(value)


def checks(form: Form, plain: Plain) -> list[Line]:
    inner = [one for listed in form.lists if listed.items is not None for one in listed.items.validations]
    return [checked(one, plain) for one in (*form.validations, *inner)]


def checked(one: Validation, plain: Plain) -> Line:
    tone, tag = ("medium", "stop") if one.level == "hard" else ("info", "warn")
    return line(plain.text(one.text), [plain.say("when", a=plain.words(one.when.tree))], tone, plain.say(tag))


def flags(form: Form, plain: Plain) -> list[Line]:
    return [flagged(form, one, plain) for one in form.flags]


def flagged(form: Form, one: Flag, plain: Plain) -> Line:
    plain.timed = one.timed
    card = form.field(one.each[1]) if one.each is not None and one.each[0] == "list" else None
    texts = [plain.say("when", a=plain.words(one.when.tree)),
             plain.say("per_card", a=plain.text(card.label)) if card is not None else "",
             plain.say("timed") if one.timed else "", *closing(one, card, plain), plain.say("rule", a=one.rule)]
    title = plain.text(one.text).replace("{list}.", "…").replace("{n}.", "…")
    title = title.replace("{list}", "…").replace("{n}", plain.count(one)).replace("{site}", "…")
    return line(title, texts, _TONES[one.severity], plain.say(one.severity))


def closing(one: Flag, card: Field | None, plain: Plain) -> list[str]:
    """Which of the nurse's taps close the flag."""
    texts = []
    if one.closes_on_action:
        texts.append(plain.say("closes_action", a=plain.option(one.when.tree, one.closes_on_action)))
    if one.closed_by is not None:
        other = plain.find(one.closed_by[0])
        texts.append(plain.say("closes_form", a=plain.text(other.title) if other is not None else one.closed_by[0]))
    if card is not None and card.items is not None:
        state = card.items.field(card.items.state)
        labels = [plain.text(state.option_labels[code]) for code in card.items.final] if state is not None else []
        texts.append(plain.say("closes_card", a=plain.joined(labels)))
    return texts


def dues(form: Form, plain: Plain) -> list[Line]:
    plain.timed = True
    found = [] if form.applies is None else [
        line(plain.text(form.title), [plain.say("applies", a=plain.words(form.applies.tree))])]
    return found + [due_line(one, plain) for one in form.due] + ([declined(form, plain)] if form.due else [])


def declined(form: Form, plain: Plain) -> Line:
    """What a refusal does to the date."""
    later, soon = (plain.words(one.tree) if one is not None else usual for one, usual in
                   ((form.declined_days, "30"), (form.declined_soon_days, "7")))
    also = plain.words(form.declined_soon.tree) if form.declined_soon is not None else ""
    return line(plain.say("declined_title"), [plain.say("declined", a=later),
                                              plain.say("declined_soon_or" if also else "declined_soon", a=soon, b=also)])


def due_line(one: Due, plain: Plain) -> Line:
    count = one.workdays or one.days or one.offset
    number, back = amount(count, plain)
    texts = [plain.say("when", a=plain.words(one.when.tree)) if one.when is not None else "", counted(one, number, back, plain),
             plain.say("next_visit") if one.next_visit else "", plain.say("otherwise") if one.otherwise else ""]
    return line(plain.text(one.reason).replace("{days}", number), texts)


def amount(count: Condition | None, plain: Plain) -> tuple[str, bool]:
    """A number of days in words, and whether it counts back."""
    if count is None:
        return "0", False
    tree = count.tree
    back = tree.op == "subtract" and tree.args[0].op == "const" and tree.args[0].args[0] == 0
    return plain.words(tree.args[1] if back else tree), back


def counted(one: Due, number: str, back: bool, plain: Plain) -> str:
    """From which day, and how many days."""
    if one.base == "latest":
        return plain.say("latest_days", a=number)
    if one.base == "on" and one.date is not None:
        text = plain.words(one.date.tree)
        return plain.say("on_day", a=text if one.offset is None else f"{text} {'−' if back else '+'} {number}")
    if one.base == "trigger":
        what = ", ".join(plain.trigger(name) for name in one.trigger)
    elif one.base == "flag":
        what = plain.quoted(plain.flag(one.each))
    else:
        what = plain.words(one.date.tree) if one.date is not None else ""
    if back:
        return plain.say("days_before", a=number, b=what)
    return plain.say("trigger_workdays" if one.workdays is not None else "trigger_days", a=number, b=what)
