"""Dates, times and answers as the nurse reads them. Twin: sw/pages/says.js."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from webapp.bundles.model import Derived, Field, Form
from webapp.bundles.workdays import instant, oslo_offset

Translate = Callable[..., str]
Text = dict[str, str]


def local(moment: str) -> str:
    """An instant as Oslo wall time, YYYY-MM-DDTHH:MM."""
    millis = instant(moment) or 0
    wall = datetime(1970, 1, 1) + timedelta(milliseconds=millis + oslo_offset(millis) * 60_000)
    return wall.strftime("%Y-%m-%dT%H:%M")


def clock(moment: str) -> str:
    return local(moment)[11:16]


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def day(iso: str) -> str:
    """2026-11-16 -> 16.11.2026, and 2026-11 -> 11.2026."""
    return ".".join(reversed(iso.split("-")))


def near_day(iso: str, today: str, t: Translate) -> str:
    """Today, yesterday and tomorrow by name, other days by date."""
    away = days_between(today, iso)
    if away == 0:
        return t("i dag")
    if away == -1:
        return t("i går")
    if away == 1:
        return t("i morgen")
    return day(iso)


def near_moment(moment: str, today: str, t: Translate) -> str:
    at = local(moment)
    return near_day(at[:10], today, t) + " " + at[11:16]


def age(born: str, today: str) -> int:
    return int(today[:4]) - int(born[:4]) - (1 if today[5:] < born[5:] else 0)


def many(t: Translate, count: int, one: str, more: str) -> str:
    return t(one) if count == 1 else t(more, n=count)


def long_day(iso: str, t: Translate) -> str:
    weekdays = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
    months = ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september"]
    months += ["oktober", "november", "desember"]
    that = date.fromisoformat(iso)
    return t(weekdays[that.weekday()]) + " " + str(that.day) + ". " + t(months[that.month - 1])


def text(table: Text | None, lang: str) -> str:
    return "" if table is None else table.get(lang) or table["nb"]


def option(field: Field, code: str, lang: str) -> str:
    label = field.option_labels.get(code)
    return code if label is None else text(label, lang)


def tenths(value: int) -> str:
    whole = str(abs(value) // 10) + "," + str(abs(value) % 10)
    return "-" + whole if value < 0 else whole


def answer(field: Field, value: Any, lang: str) -> str:
    """One stored answer in words; empty for what only the machine reads."""
    if value is None or field.auto or field.type == "uuid":
        return ""
    if field.type == "multi":
        return ", ".join(option(field, code, lang) for code in value)
    if field.type == "photos":
        return str(len(value))
    if field.type == "choice" or value in field.words:
        return option(field, value, lang)
    if field.type == "decimal":
        return tenths(value)
    if field.type in ("date", "partial_date"):
        return day(value)
    if field.type == "datetime":
        at = local(value)
        return day(at[:10]) + " " + at[11:16]
    return str(value)


def card_title(field: Field, item: dict[str, Any], place: int, lang: str) -> str:
    """What a list card is called: its subject, or the list's word and a number."""
    if field.items is None:
        return ""
    of = field.items.field(field.items.subject_label)
    subject = "" if of is None else answer(of, item.get(of.name), lang)
    return subject or text(field.items.item_title, lang) + " " + str(place + 1)


def pair(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value, "was": "", "changed": False}


def named_ids(form: Form, field: Field, listed: Field | None, prior: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """What a chosen id may name, newest first, in words: earlier checks, or finished cards of the same list."""
    at, of = field.points_at, None if listed is None else listed.items
    if at is not None and at.form:
        other = next(one for one in form.siblings if one.id == at.form)
        past = reversed((prior.get("past") or {}).get(at.form) or [])
        return [(one[at.key], shown(other.named, at.shows, one, lang)) for one in past if at.key in one]
    if at is None or of is None:
        return []
    known = (prior.get("items") or {}).get(of.identity) or {}
    ended = [(found[-1]["_on"], key, found[-1]) for key, found in known.items() if found[-1].get(of.state) in of.final]
    return [(key, shown(of.named, at.shows, one, lang) + ", " + day(on))
            for on, key, one in sorted(ended, key=lambda one: one[:2], reverse=True)]


def shown(named: list[Field | Derived], names: tuple[str, ...], record: dict[str, Any], lang: str) -> str:
    """Some values of an earlier record in words."""
    by_name = {one.name: one for one in named}
    found = [(by_name[name], record[name]) for name in names if record.get(name) is not None]
    return ", ".join(answer(one, value, lang) if isinstance(one, Field) else day(str(value)) for one, value in found)


def pairs(form: Form, answers: dict[str, Any], lang: str, prior: dict[str, Any]) -> list[dict[str, Any]]:
    """Every answer of a check as label and words, cards included, in the form's order. `prior`: the history it was made with."""
    def said(field: Field, value: Any, listed: Field | None = None) -> str:
        if field.points_at is None or value is None:
            return answer(field, value, lang)
        return dict(named_ids(form, field, listed, prior, lang)).get(value, "")

    rows = []
    for field in form.answers:
        value = answers.get(field.name)
        if value is None:
            continue
        if field.items is None:
            words = said(field, value)
            if words:
                rows.append(pair(text(field.label, lang), words))
            continue
        for place, item in enumerate(value):
            told = [(text(one.label, lang), said(one, item.get(one.name), field)) for one in field.items.fields]
            parts = [label + ": " + words for label, words in told if words]
            rows.append(pair(card_title(field, item, place, lang), "; ".join(parts)))
    return rows


def inputs(form: Form, flag: dict[str, Any], answers: dict[str, Any], lang: str) -> list[dict[str, Any]]:
    """The answers that made a flag true: `finding.category` from the card of its subject, of a group those it lists."""
    rows = []
    subject = flag["subject"]
    listed = [entry[1] for entry in flag["list"] or [] if entry[0] == "field"]
    for name in flag["inputs"]:
        outer, _, inner = name.partition(".")
        field = form.field(outer)
        if field is None or (listed and field.group and outer not in listed):
            continue
        if field.items is not None:
            key = field.items.key
            of = field.items.field(inner) if inner else None
            for item in answers.get(outer) or []:
                if of is not None and (not subject or item.get(key) == subject):
                    words = answer(of, item.get(of.name), lang)
                    if words:
                        rows.append(pair(text(of.label, lang), words))
            continue
        words = answer(field, answers.get(outer), lang)
        if words:
            rows.append(pair(text(field.label, lang), words))
    return rows
