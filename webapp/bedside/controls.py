"""One question as one flat control: finished words and booleans. Twin: sw/controls.js."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webapp.bedside.judging import Judged, Problem
from webapp.bedside.says import Translate, answer, card_title, local, named_ids, option, tenths, text
from webapp.bundles.model import Bundle, Field, Form, Items

Control = dict[str, Any]


@dataclass
class View:
    """What every control needs to know about the form it stands in."""

    bundle: Bundle
    form: Form
    draft: dict[str, Any]
    judged: Judged
    lang: str
    t: Translate
    today: str
    tried: bool  # a save was tried: missing answers are shown too

    def problem(self, path: str) -> Problem | None:
        for one in self.judged.problems:
            if one["path"] == path and one["level"] == "hard" and (self.tried or shown_at_once(one)):
                return one
        return None

    def doubt(self, path: str) -> Problem | None:
        for one in self.judged.problems:
            if one["path"] == path and one["level"] == "warn" and not one["confirmed"]:
                return one
        return None


def shown_at_once(problem: Problem) -> bool:
    return problem["code"] in ("raw", "min", "max", "future", "length", "pattern", "fresh", "closed", "duplicate")


def dom_id(path: str) -> str:
    return "q-" + path.replace(".", "-")


def base(view: View, path: str, label: str, hint: str, optional: bool) -> Control:
    problem, doubt = view.problem(path), view.doubt(path)
    return {
        "kind": "", "id": dom_id(path), "path": path, "name": "a." + path, "label": label, "hint": hint,
        "optional": optional, "error": "" if problem is None else problem["text"],
        "warn": "" if doubt is None else doubt["text"], "warn_do": "warned:" + path,
        "unit": "", "words": [], "word_name": "a." + path + ".word",
    }


def chip(path: str, code: str, words: str, on: bool) -> Control:
    return {"id": dom_id(path) + "-" + code, "value": code, "text": words, "on": on, "hint": "",
            "tone": "gap" if code == "gap" else ""}


def options_of(view: View, field: Field, path: str, codes: tuple[str, ...], chosen: list[Any]) -> list[Control]:
    return [{**chip(path, code, option(field, code, view.lang), code in chosen),
             "hint": text(field.option_hints.get(code), view.lang)} for code in codes]


def is_even(options: list[Control]) -> bool:
    return len(options) <= 3 and all(len(one["text"]) <= 12 and not one["hint"] for one in options)


def chips(control: Control, kind: str, options: list[Control]) -> Control:
    return {**control, "kind": "chips", "type": kind, "options": options, "even": is_even(options)}


def hint_of(view: View, field: Field, item: dict[str, Any] | None = None) -> str:
    """A group's hint always stands; another's only when the rules show it, with its number filled in."""
    if field.hint is None or field.type == "group":
        return text(field.hint, view.lang)
    hints = view.judged.evaluation.hints if item is None else item["hints"]
    if field.name not in hints:
        return ""
    number = hints[field.name]
    return text(field.hint, view.lang).replace("{n}", "" if number is None else str(number))


def control(view: View, field: Field, path: str, answers: dict[str, Any],
            item: dict[str, Any] | None = None) -> Control:
    """The control of one scalar field; groups and lists have their own."""
    made = base(view, path, text(field.label, view.lang), hint_of(view, field, item), field.optional)
    value = answers.get(field.name)
    if field.type == "choice":
        return chips(made, "radio", options_of(view, field, path, field.options, [value]))
    if field.type == "multi":
        return chips(made, "checkbox", options_of(view, field, path, field.options, value or []))
    if field.type == "photos":
        return photos(view, made, field, value or [])
    if field.points_at is not None:
        listed = view.form.field(path.partition(".")[0]) if item is not None else None
        named = named_ids(view.form, field, listed, view.judged.prior, view.lang)
        return chips(made, "radio", [chip(path, key, words, key == value) for key, words in named])
    made["words"] = number_chips(field, path, value) + options_of(view, field, path, field.words, [value])
    plain = None if value in field.words else value
    raw = view.draft["raw"].get(path, "")
    if field.type in ("int", "decimal"):
        return number(made, field, plain, raw)
    if field.type == "text":
        long = (field.max_len or 80) > 120
        return {**made, "kind": "area" if long else "text", "value": plain or raw, "maxlength": str(field.max_len or 80)}
    return dated(made, field, plain, raw, view)


def photos(view: View, made: Control, field: Field, names: list[str]) -> Control:
    """What was taken, each with a way to take it back, and the camera; where nothing is enrolled, a sentence."""
    t = view.t
    shown = [{
        "hash": name, "alt": t("Bilde %(n)s av %(most)s", n=place, most=field.max), "remove_do": "unphoto:" + made["path"] + ":" + name,
        "remove_text": t("Fjern bilde %(n)s", n=place),
    } for place, name in enumerate(names, 1)]
    return {**made, "kind": "photos", "photos": shown, "can_add": len(names) < (field.max or 0), "most": str(field.max or 0),
            "add_text": t("Ta bilde"), "add_do": "photo:" + made["path"] + ":",
            "full_text": t("Det er plass til %(n)s bilder.", n=field.max)}


def number_chips(field: Field, path: str, value: Any) -> list[Control]:
    """Numbers that are one tap, the last of them "more than"."""
    made = [chip(path, str(one), str(one), value == one) for one in field.chips]
    if field.more_chip is not None:
        made.append(chip(path, str(field.more_chip), ">" + str(field.chips[-1]), value == field.more_chip))
    return made


def number(made: Control, field: Field, value: Any, raw: str) -> Control:
    words = raw if value is None else tenths(value) if field.type == "decimal" else str(value)
    return {**made, "kind": "number", "value": words,
            "inputmode": "decimal" if field.type == "decimal" else "numeric"}


def dated(made: Control, field: Field, value: Any, raw: str, view: View) -> Control:
    latest = view.today if field.not_future else "2199-12-31"
    if field.type == "partial_date":
        parts = (value.split("-") if value is not None else list(reversed(raw.split(".")))) + ["", ""]
        return {**made, "kind": "partial", "y": parts[0], "m": parts[1], "d": parts[2]}
    if field.type == "datetime":
        at = local(value) if value is not None else ""
        return {**made, "kind": "datetime", "date": at[:10], "time": at[11:16], "max": latest, "now_do": now_do(made, value)}
    return {**made, "kind": "date", "value": value or "", "max": latest}


def now_do(made: Control, value: Any) -> str:
    """One tap for what happens now; not on cards, and not once it is answered."""
    return "now:" + made["path"] if value is None and "." not in made["path"] else ""


def group(view: View, field: Field) -> Control:
    answers = view.draft["answers"]
    made = base(view, field.name, text(field.label, view.lang), hint_of(view, field), field.optional)
    rows = []
    for member in field.members:
        chosen = answers.get(member.name)
        rows.append({
            "id": dom_id(member.name), "path": member.name, "name": "a." + member.name,
            "label": text(member.label, view.lang),
            "options": options_of(view, field, member.name, field.options, [chosen]),
        })
        problem = view.problem(member.name)
        made["error"] = made["error"] or ("" if problem is None else problem["text"])
    answered = all(answers.get(member.name) is not None for member in field.members)
    return {**made, "kind": "group", "rows": rows, "all_do": "all_ok:" + field.name,
            "all_text": view.t("Alt på plass"), "all_variant": "secondary" if answered else "primary"}


def cards(view: View, field: Field, of: Items) -> Control:
    """A list field: one card per known open item and per new one."""
    made = base(view, field.name, text(field.label, view.lang), hint_of(view, field), field.optional)
    items = view.draft["answers"].get(field.name) or []
    known = view.judged.prior["items"].get(of.identity) or {}
    shown = [card(view, field, of, place, item, item.get(of.key) in known) for place, item in enumerate(items)]
    room = len(items) < (of.max_items or 40)
    title = text(of.item_title, view.lang)
    return {**made, "kind": "list", "cards": shown, "can_add": room, "add_do": "add:" + field.name,
            "add_text": view.t("Legg til: %(what)s", what=title)}


def card(view: View, field: Field, of: Items, place: int, item: dict[str, Any], known: bool) -> Control:
    verdict = verdict_of(view, field, place)
    direct, folded, facts = [], [], []
    for one in of.fields:
        if one.auto or one.name not in verdict["asked"]:
            continue
        made = control(view, one, field.name + "." + str(place) + "." + one.name, item, verdict)
        if one.points_at is not None and one.optional and not made["options"]:
            continue  # nothing there to point at
        slow = known and one.prefill and item.get(one.name) is not None
        needed = one.name in verdict["required"] or one.name in verdict["opened"]
        if slow:
            facts.append(answer(one, item[one.name], view.lang))
        if made["error"] or made["warn"] or (needed and not slow):
            direct.append(made)
        else:
            folded.append(made)
    return {
        "id": dom_id(field.name + "." + str(place)), "title": card_title(field, item, place, view.lang),
        "facts": ", ".join(one for one in facts if one), "controls": direct, "more": folded,
        "more_text": view.t("Endre eller legg til"), "removable": not known,
        "remove_do": "remove:" + field.name + ":" + str(place),
    }


def verdict_of(view: View, field: Field, place: int) -> dict[str, Any]:
    """What the rules say about one card."""
    judged = view.judged.evaluation.items.get(field.name) or []
    nothing: dict[str, Any] = {"asked": [], "required": [], "opened": [], "hints": {}}
    return judged[place] if place < len(judged) else nothing
