"""A draft as the form on the screen: sections of flat controls. Twin: sw/form_view.js."""

from __future__ import annotations

from typing import Any

from webapp.bedside.controls import Control, View, base, cards, chip, chips, control, dom_id, group
from webapp.bedside.drafts import OUTCOMES, REASONS, actions_of, is_begun
from webapp.bedside.judging import Judged, problem_label
from webapp.bedside.pages_frame import SEVERITIES, SEVERITY, SEVERITY_ICON, flag_words
from webapp.bedside.says import Translate, answer, clock, local, many, pair, text
from webapp.bundles.model import Bundle, Field, Form

WORDS = {
    "done": "Gjort", "partly_done": "Delvis gjort", "not_done": "Ikke gjort", "declined": "Ønsker ikke",
    "not_home": "Ikke hjemme", "acute": "Akutt situasjon", "no_time": "Ikke tid", "not_relevant": "Ikke aktuelt",
    "other": "Annet", "none": "Ingen", "gp_contacted": "Kontaktet fastlege", "ooh_contacted": "Kontaktet legevakt",
    "emergency_113": "Ringt 113", "manager_informed": "Informert leder", "kin_informed": "Informert pårørende",
    "user_informed": "Informert bruker", "fixed_now": "Rettet nå", "planned": "Satt i plan",
    "planned_visit": "Planlagt besøk", "service_start": "Oppstart av tjeneste",
    "after_hospital": "Etter sykehus eller korttid", "after_event": "Etter hendelse", "by_phone": "Per telefon",
}


def form_view(bundle: Bundle, form: Form, draft: dict[str, Any], judged: Judged, world: dict[str, Any],
              t: Translate, tried: bool) -> dict[str, Any]:
    lang = world["me"]["lang"]
    view = View(bundle, form, draft, judged, lang, t, local(judged.common["performed_at"])[:10], tried)
    recorded = judged.common["outcome"] != "not_done"
    fact_fields = facts_of(view) if recorded else []
    flags = live_flags(view) if recorded else []
    left = {place_of(form, one["path"]) for one in judged.problems if one["code"] == "required"}
    return {
        "action": "/round/checks/" + draft["id"],
        "answers_url": "/round/checks/" + draft["id"] + "/answers",
        "tried": tried,
        "head": head(view),
        "facts_title": t("Fra sist. Stemmer det fortsatt?"),
        "facts": [pair(text(one.label, lang), answer(one, draft["answers"].get(one.name), lang)) for one in fact_fields],
        "facts_confirmed": not judged.open_facts,
        "facts_error": error_at(view, "facts"),
        "facts_open": False,
        "fact_controls": [control(view, one, one.name, draft["answers"]) for one in fact_fields],
        "sections": sections(view, fact_fields) if recorded else [],
        "live_flags": flags,
        "ending": ending(view, bool(flags)),
        "progress_text": many(t, len(left), "1 svar mangler", "%(n)s svar mangler") if left else t("Klar til å lagres"),
        "draft_text": t("Utkast lagret %(at)s", at=clock(draft["updated_at"])) if is_begun(draft) else "",
        "save_text": t("Lagre rettingen") if draft["supersedes"] else t("Lagre"),
        **summary(view),
    }


def place_of(form: Form, path: str) -> str:
    """Where on the screen a problem is: a group's members share one place."""
    field = form.field(path)
    return path if field is None else field.group or path


def error_at(view: View, path: str) -> str:
    problem = view.problem(path)
    return "" if problem is None else str(problem["text"])


def summary(view: View) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for one in view.judged.stops if view.tried else []:
        place = place_of(view.form, one["path"])
        label = problem_label(view.form, place, view.draft["answers"], view.lang, view.t)
        row = {"id": "facts" if place == "facts" else dom_id(place), "text": label + ": " + one["text"]}
        if row not in rows:
            rows.append(row)
    return {"problems": rows,
            "problems_title": many(view.t, len(rows), "Ikke lagret: 1 ting må rettes",
                                   "Ikke lagret: %(n)s ting må rettes")}


def word(form: Form, code: str, lang: str, t: Translate) -> str:
    """The label of a code every form has, or of an action this form adds."""
    if code in WORDS:
        return t(WORDS[code])
    return text(form.action_labels.get(code), lang) or code


def common_control(view: View, path: str, label: str, optional: bool) -> Control:
    return {**base(view, path, label, "", optional), "name": path}


def word_chips(view: View, path: str, label: str, kind: str, codes: list[str], chosen: list[str]) -> Control:
    optional = kind == "checkbox" and path != "common.actions"
    made = common_control(view, path, label, optional)
    hints = view.form.action_hints if path == "common.actions" else {}
    return chips(made, kind, [{**chip(path, code, word(view.form, code, view.lang, view.t), code in chosen),
                               "hint": text(hints.get(code), view.lang)} for code in codes])


def text_box(view: View, path: str, label: str, value: str, hint: str, optional: bool) -> Control:
    made = common_control(view, path, label, optional)
    return {**made, "kind": "area", "value": value, "maxlength": "500", "hint": hint}


def head(view: View) -> list[Control]:
    t, draft = view.t, view.draft
    rows = []
    if draft["supersedes"]:
        rows.append(text_box(view, "reason", t("Hvorfor rettes sjekken?"), draft["reason"], "", False))
    return rows if view.form.quick else [*rows, *outcome(view)]


def outcome(view: View) -> list[Control]:
    """Done, partly or not, and why: on top, but last for what is recorded because it happened."""
    t, common = view.t, view.draft["common"]
    rows = [word_chips(view, "common.outcome", t("Ble sjekken gjort?"), "radio", OUTCOMES, [common["outcome"]])]
    if common["outcome"] != "done":
        chosen = [common["not_done_reason"]] if common["not_done_reason"] else []
        rows.append(word_chips(view, "common.not_done_reason", t("Hvorfor?"), "radio", REASONS, chosen))
    if common["not_done_reason"] == "other":
        hint = t("Ikke skriv navn eller fødselsnummer.")
        rows.append(text_box(view, "common.not_done_text", t("Hvilken grunn?"), common["not_done_text"], hint, True))
    return rows


def facts_of(view: View) -> list[Field]:
    """Slow facts that came from last time and are still asked."""
    draft, asked = view.draft, view.judged.evaluation.asked
    return [one for one in view.form.answers if one.name in draft["prefilled"] and one.name in asked
            and one.name in draft["answers"]]


def sections(view: View, fact_fields: list[Field]) -> list[Control]:
    done = [one.name for one in fact_fields]
    rows = []
    named = [("", None), *view.form.sections]
    for section_id, title in named:
        fields = [one for one in view.form.fields if one.section == section_id and one.name not in done]
        direct, folded = split(view, fields)
        if direct or folded:
            more = view.t("Fyll ut") if not direct else ", ".join(one["label"] for one in folded[:2])
            more += " …" if direct and len(folded) > 2 else ""
            rows.append(section("s-" + (section_id or "first"), text(title, view.lang), direct, folded, more))
    return rows


def section(section_id: str, title: str, direct: list[Control], folded: list[Control], more: str) -> Control:
    return {"id": section_id, "title": title, "controls": direct, "more": folded, "more_text": more,
            "open": any(one["error"] or one["warn"] for one in folded)}


def split(view: View, fields: list[Field]) -> tuple[list[Control], list[Control]]:
    """Questions that stand open, and optional ones folded away until asked for or answered."""
    evaluation = view.judged.evaluation
    direct: list[Control] = []
    folded: list[Control] = []
    for field in fields:
        names = [one.name for one in field.members] if field.type == "group" else [field.name]
        if field.auto or not any(name in evaluation.asked for name in names):
            continue
        made = one_control(view, field)
        needed = field.name in evaluation.required or field.name in evaluation.opened or not field.optional
        (direct if needed or made["error"] or made["warn"] else folded).append(made)
    return direct, folded


def one_control(view: View, field: Field) -> Control:
    if field.type == "group":
        return group(view, field)
    if field.items is not None:
        return cards(view, field, field.items)
    return control(view, field, field.name, view.draft["answers"])


def live_flags(view: View) -> list[Control]:
    rows = []
    for severity in SEVERITIES:
        for raised in view.judged.evaluation.flags:
            if raised["severity"] == severity:
                words = flag_words(view.bundle, {**raised, "form": view.form.id}, view.lang, view.judged.answers, view.t)
                rows.append({"tone": severity, "severity": view.t(SEVERITY[severity]),
                             "icon": SEVERITY_ICON[severity], "text": words})
    return rows


def ending(view: View, flagged: bool) -> list[Control]:
    """What was done about it, and what is seldom needed folded away."""
    t, common = view.t, view.draft["common"]
    codes = actions_of(view.form)
    actions = word_chips(view, "common.actions", t("Hva gjorde du?"), "checkbox", codes, common["actions"])
    note = text_box(view, "common.note", t("Merknad"), common["note"], t("Ikke skriv navn eller fødselsnummer."), True)
    where = word_chips(view, "common.context", t("Anledning"), "radio", list(view.form.contexts), [common["context"]])
    at = local(common["performed_at"]) if common["performed_at"] else ""
    when = {**common_control(view, "common.performed_at", t("Gjort tidligere enn nå?"), True), "kind": "datetime",
            "date": at[:10], "time": at[11:16], "max": view.today, "now_do": ""}
    needed = flagged and view.judged.common["outcome"] != "not_done"
    direct = ([actions] if needed else []) + ([note] if note["error"] else [])
    folded = ([] if needed else [actions]) + ([] if note["error"] else [note]) + [where, when]
    if view.form.quick:
        folded += outcome(view)
    more = t("Merknad, anledning, tidspunkt") if needed else t("Tiltak, merknad, tidspunkt")
    return [section("ending", "", direct, folded, more)]
