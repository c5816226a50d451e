"""Is this draft ready to be saved, and if not, why not. Twin: sw/judging.js."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webapp.bedside.says import Translate, card_title, local, tenths, text
from webapp.bundles import history, rules
from webapp.bundles.model import Field, Form

Problem = dict[str, Any]  # path, level, code, text


@dataclass
class Judged:
    """What the rules say about a draft, and everything that stands between it and "Lagre"."""

    evaluation: Any
    prior: dict[str, Any]
    common: dict[str, Any]
    answers: dict[str, Any]
    problems: list[Problem]
    open_facts: list[str]

    @property
    def stops(self) -> list[Problem]:
        return [one for one in self.problems if one["level"] == "hard" or not one["confirmed"]]


def judge(draft: dict[str, Any], form: Form, person: dict[str, Any], now: str, params: dict[str, Any],
          lang: str, t: Translate) -> Judged:
    common = {**draft["common"], "performed_at": draft["common"]["performed_at"] or now}
    prior = history.prior(form, person, common["performed_at"], draft["supersedes"])
    today = local(common["performed_at"])[:10]
    evaluation = rules.evaluate(form, draft["answers"], common, prior, today, params)
    open_facts = [name for name in draft["prefilled"]
                  if name in evaluation.answers and name not in draft["confirmed"]]
    answers = evaluation.answers
    if common["outcome"] == "partly_done":
        answers = {name: value for name, value in answers.items() if name not in open_facts}
        evaluation = rules.evaluate(form, answers, common, prior, today, params)
        answers = evaluation.answers
    judged = Judged(evaluation, prior, common, answers, [], open_facts)
    judged.problems = [*correction_problems(draft, t), *outcome_problems(judged, t)]
    if common["outcome"] != "not_done":
        judged.problems += answer_problems(draft, form, judged, lang, t)
        judged.problems += action_problems(judged, t)
    if local(common["performed_at"]) > local(now):
        judged.problems.append(hard("common.performed_at", "future", t("Kan ikke være fram i tid.")))
    return judged


def hard(path: str, code: str, words: str) -> Problem:
    return {"path": path, "level": "hard", "code": code, "text": words, "confirmed": False}


def correction_problems(draft: dict[str, Any], t: Translate) -> list[Problem]:
    if draft["supersedes"] and not draft["reason"]:
        return [hard("reason", "required", t("Skriv hvorfor sjekken rettes."))]
    return []


def outcome_problems(judged: Judged, t: Translate) -> list[Problem]:
    common = judged.common
    found = []
    if common["outcome"] != "done" and not common["not_done_reason"]:
        found.append(hard("common.not_done_reason", "required", t("Velg en grunn.")))
    if common["outcome"] == "partly_done" and not judged.answers:
        found.append(hard("common.outcome", "empty", t("Ingen svar er gitt. Velg «Ikke gjort» eller svar på noe.")))
    return found


def answer_problems(draft: dict[str, Any], form: Form, judged: Judged, lang: str, t: Translate) -> list[Problem]:
    done = judged.common["outcome"] == "done"
    found = []
    if done and judged.open_facts:
        found.append(hard("facts", "confirm", t("Bekreft eller endre opplysningene fra sist.")))
    asked_raw = [path for path in sorted(draft["raw"]) if path.split(".")[0] in judged.evaluation.asked]
    found += [hard(path, "raw", raw_text(form, path, t)) for path in asked_raw]
    if done:
        found += [hard(path, "required", t("Svar mangler.")) for path in judged.evaluation.missing
                  if path not in draft["raw"]]
    for one in judged.evaluation.problems:
        found.append({"path": one["field"], "level": one["level"], "code": one["code"],
                      "text": problem_text(form, one, lang, t), "confirmed": one["field"] in draft["warned"]})
    return found


def action_problems(judged: Judged, t: Translate) -> list[Problem]:
    severities = [flag["severity"] for flag in judged.evaluation.flags]
    needs = [one for one in severities if one != "info"]
    actions = judged.common["actions"]
    if needs and not actions:
        return [hard("common.actions", "required", t("Velg hva du gjorde med varselet."))]
    if "urgent" in severities and actions == ["none"] and not judged.common["note"]:
        return [hard("common.note", "required", t("Skriv hvorfor ingenting ble gjort."))]
    return []


def field_at(form: Form, path: str) -> Field | None:
    parts = path.split(".")
    field = form.field(parts[0])
    if field is not None and field.items is not None and len(parts) == 3:
        return field.items.field(parts[2])
    return field


def raw_text(form: Form, path: str, t: Translate) -> str:
    field = field_at(form, path)
    if field is not None and field.type == "int":
        return t("Skriv et helt tall.")
    if field is not None and field.type == "decimal":
        return t("Skriv et tall med høyst én desimal, for eksempel 37,5.")
    return t("Skriv en dato som finnes.")


def limit(field: Field, value: int | None) -> str:
    if value is None:
        return ""
    return tenths(value) if field.type == "decimal" else str(value)


def problem_text(form: Form, problem: dict[str, Any], lang: str, t: Translate) -> str:
    code = problem["code"]
    field = field_at(form, problem["field"])
    if code == "validation":
        return validation_text(form, problem["rule"], lang)
    if field is None:
        return t("Svaret kan ikke brukes.")
    if code == "min":
        return t("Må være minst %(n)s.", n=limit(field, field.min))
    if code == "max":
        return t("Må være høyst %(n)s.", n=limit(field, field.max))
    if code == "warn_below":
        return t("Lavere enn ventet. Stemmer det?")
    if code == "warn_above":
        return t("Høyere enn ventet. Stemmer det?")
    if code == "length":
        return t("Skriv mellom %(least)s og %(most)s tegn.", least=field.min_len, most=field.max_len)
    if code == "exactly":
        return t("Velg %(n)s.", n=field.exactly)
    return t({
        "future": "Kan ikke være fram i tid.", "pattern": "Skriv koden slik den står i felleskatalogen.",
        "exclusive": "«Ingen» og «Vet ikke» kan ikke velges sammen med andre.", "items": "Legg til minst én.",
        "fresh": "«Nytt» brukes bare om det som ikke er registrert før.",
        "closed": "Denne er avsluttet. Legg til en ny.", "duplicate": "Er registrert to ganger.",
    }.get(code, "Svaret kan ikke brukes."))


def validation_text(form: Form, rule: str, lang: str) -> str:
    name, _, inner = rule.rpartition(".")
    field = form.field(name) if name else None
    validations = form.validations if field is None or field.items is None else field.items.validations
    for one in validations:
        if one.id in (rule, inner):
            return text(one.text, lang)
    return ""


def problem_label(form: Form, path: str, answers: dict[str, Any], lang: str, t: Translate) -> str:
    """Which question a problem is about, for the summary at the top."""
    named = {"facts": t("Fra sist"), "reason": t("Hvorfor rettes sjekken?"), "common.actions": t("Hva gjorde du?"),
             "common.note": t("Merknad"), "common.not_done_reason": t("Hvorfor?"),
             "common.outcome": t("Ble sjekken gjort?"), "common.performed_at": t("Tidspunkt")}
    if path in named:
        return named[path]
    field = field_at(form, path)
    if field is None:
        return path
    label = text(field.label, lang)
    parts = path.split(".")
    outer = form.field(parts[0])
    if len(parts) == 3 and outer is not None and outer.items is not None:
        items = answers.get(outer.name) or []
        item = items[int(parts[1])] if int(parts[1]) < len(items) else {}
        return card_title(outer, item, int(parts[1]), lang) + ", " + label
    return label
