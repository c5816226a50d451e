"""The sentence of a flag, in the reader's language. Twin: flagText in sw/flagging.js."""

from __future__ import annotations

from typing import Any

from webapp.bundles.model import Bundle, Field, Flag, Form

Values = dict[str, Any]


def label(text: dict[str, str] | None, lang: str) -> str:
    return "" if text is None else text.get(lang) or text["nb"]


def entry_text(form: Form, entry: list[str], lang: str) -> str:
    field = form.field(entry[1])
    if field is None:
        return entry[1]
    name = label(field.short or field.label, lang)
    if entry[0] == "field":
        return name
    option = label(field.option_labels.get(entry[2]), lang)
    return option if entry[0] == "option" else f"{name.rstrip('?')}: {option}"


def site_text(form: Form, subject: str, answers: Values, lang: str) -> str:
    """The label of the card a flag is about."""
    for listed in form.lists:
        items = listed.items
        for card in answers.get(listed.name) or [] if items is not None and items.subject_label else []:
            if items is not None and card.get(items.key) == subject:
                return field_text(items.field(items.subject_label), card.get(items.subject_label), lang)
    return ""


def field_text(field: Field | None, value: Any, lang: str) -> str:
    if field is None or value is None:
        return ""
    return label(field.option_labels[value], lang) if value in field.option_labels else str(value)


def flag_text(bundle: Bundle, raised: Values, lang: str, answers: Values) -> str:
    """The sentence a reader sees for a raise, in her language. `raised` may name its form."""
    found = [(form, flag) for form in bundle.forms for flag in form.flags
             if flag.rule == raised["rule"] and flag.code == raised["code"]]
    entries = raised.get("list") or []
    for form, flag in found:
        if raised.get("form") == form.id or all(form.field(one[1]) is not None for one in entries):
            return sentence(form, flag, raised, lang, answers)
    return str(raised["code"])


def sentence(form: Form, flag: Flag, raised: Values, lang: str, answers: Values) -> str:
    entries = ", ".join(entry_text(form, one, lang) for one in raised.get("list") or [])
    marks = {"{list}": entries, "{n}": "" if raised.get("n") is None else str(raised["n"]),
             "{site}": site_text(form, raised.get("subject") or "", answers, lang)}
    text = label(flag.text, lang)
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text
