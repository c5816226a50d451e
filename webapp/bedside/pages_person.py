"""One person: what is due, what is open, the last results and what changed. Twin: sw/pages/person.js."""

from __future__ import annotations

from typing import Any

from webapp.bedside.drafts import is_begun
from webapp.bedside.due_rows import due_rows
from webapp.bedside.pages_frame import (
    SEVERITIES,
    SEVERITY,
    SEVERITY_ICON,
    Context,
    Page,
    Person,
    World,
    find_person,
    frame,
    missing,
    today_of,
    who,
)
from webapp.bedside.pages_round import in_order, open_flag_text
from webapp.bedside.says import Translate, answer, day, days_between, local, many, near_day, near_moment, tenths, text
from webapp.bundles import Registry
from webapp.bundles.model import Bundle, Derived, Form
from webapp.bundles.prefill import can_start

FIRST_ANSWERS = 4


def person_page(world: World, t: Translate, registry: Registry, ref: str) -> Page:
    person = find_person(world, ref)
    if person is None:
        return missing(world, t)
    rows = [due_card(row, person, world, t) for row in due_rows(person, world, registry, t)
            if can_start(registry.form(row["form"]), person, world["now"], world["params"])]
    pressing = [row for row in rows if row["tone"] in ("overdue", "due") or row["draft_url"]]
    context = frame(world, t, "round", t("Bruker"))
    context.update({
        "who": who(person, world, t), "history_missing": bool(person.get("history_missing")),
        "due": pressing, "other_forms": [quiet(row) for row in rows if row not in pressing],
        "flags": flag_rows(person, world, registry, t),
        "unit_note": "" if unit_told(person, world)
        else t("Tallene for hele enheten er ikke hentet ennå. De kommer ved neste kontakt med serveren."),
        "packages": [package(registry.bundle(one, world["active"][one]), person, world, registry, t)
                     for one in sorted(world["active"])],
    })
    return Page("bedside/person.html", context)


def due_card(row: Context, person: Person, world: World, t: Translate) -> Context:
    drafts = [one for one in world["drafts"]
              if one["person"] == person["ref"] and one["form"] == row["form"] and not one["supersedes"] and is_begun(one)]
    tone = row["tone"] if row["tone"] in ("overdue", "due") else "ok" if row["tone"] == "done" else "quiet"
    state = t("påbegynt") if drafts else row["state"]
    return {**row, "tone": row["tone"], "tag_tone": tone, "state": state, "quiet": False,
            "start_url": "/round/people/" + person["ref"] + "/checks",
            "draft_url": "/round/checks/" + drafts[0]["id"] if drafts else ""}


def quiet(row: Context) -> Context:
    return {**row, "quiet": True}


def flag_rows(person: Person, world: World, registry: Registry, t: Translate) -> list[Context]:
    lang = world["me"]["lang"]
    rows = []
    for flag in in_order(person["flags"]):
        form = registry.form(flag["form"], flag["version"])
        rows.append({
            "tone": flag["severity"], "severity": t(SEVERITY[flag["severity"]]),
            "icon": SEVERITY_ICON[flag["severity"]], "about": text(form.title, lang),
            "text": open_flag_text(flag, person, world, registry, t), "inputs": [], "meta": flag_meta(flag, t),
        })
    return rows


def flag_meta(flag: Context, t: Translate) -> str:
    parts = [t("Åpnet %(on)s.", on=day(local(flag["opened_at"])[:10]))]
    if flag["owner"]:
        parts.append(t("Ansvarlig: %(name)s.", name=flag["owner"]["name"]))
    else:
        parts.append(t("Ingen ansvarlig ennå."))
    if flag["due_on"]:
        parts.append(t("Frist %(on)s.", on=day(flag["due_on"])))
    if flag["not_found_last"]:
        parts.append(t("Ikke funnet ved siste sjekk."))
    return " ".join(parts)


def package(bundle: Bundle, person: Person, world: World, registry: Registry, t: Translate) -> Context:
    """The last three results of a package, newest first."""
    checks = [one for one in person["checks"] if one["bundle"] == bundle.id and not one["superseded_by"]]
    latest = list(reversed(checks))[:3]
    results = []
    for place, check in enumerate(latest):
        form = registry.form(check["form"], check["version"])
        before = earlier(check, checks)
        results.append(result(check, before, form, len(bundle.forms) > 1, place == 0, world, t))
    return {"title": text(bundle.title, world["me"]["lang"]), "about_url": "/round/about/" + bundle.id,
            "results": results, "trend": trend(bundle, person, world, registry, t), "lines": unit_lines(bundle, person, world, t)}


def trend(bundle: Bundle, person: Person, world: World, registry: Registry, t: Translate) -> list[Context]:
    """The declared values at the last three checks, oldest first; of one check alone there is nothing to compare."""
    rows = []
    for one in (world.get("bedside") or {"trend": {}})["trend"].get(bundle.id, []):
        label, said = "", []
        for check in person["checks"]:
            if check["form"] == one["form"] and not check["superseded_by"] and check["outcome"] != "not_done":
                label, words = trend_words(one, check, registry.form(check["form"], check["version"]), world["me"]["lang"], t)
                if words:
                    said.append(near_day(local(check["performed_at"])[:10], today_of(world), t) + ": " + words)
        if len(said) > 1:
            rows.append({"label": label, "value": " · ".join(said[-3:]), "changed": False, "was": ""})
    return rows


def trend_words(one: Context, check: Context, form: Form, lang: str, t: Translate) -> tuple[str, str]:
    if "days" not in one:
        return value_words(form, check, one["value"], lang, t)
    since = check["derived"].get(one["value"]) or ""
    whole = len(since) == len("2026-11-16")  # of a year alone nothing is counted
    days = days_between(since, local(check["performed_at"])[:10]) if whole else -1
    return text(one["days"], lang), many(t, days, "1 dag", "%(n)s dager") if days >= 0 else ""


def unit_told(person: Person, world: World) -> Context | None:
    """What the server last said of how her unit stands; None before it has."""
    found: Context | None = (world.get("bedside") or {"units": {}})["units"].get(person["unit"])
    return found


def unit_lines(bundle: Bundle, person: Person, world: World, t: Translate) -> list[str]:
    """How the unit stands, each sentence with the age of its numbers."""
    told, today = unit_told(person, world), today_of(world)
    if told is None:
        return []
    when = near_moment(told["at"], today, t)
    age = t("tall fra %(when)s", when=when) if days_between(local(told["at"])[:10], today) < 2 else t("gamle tall, fra %(when)s", when=when)
    return [text(one, world["me"]["lang"]) + " (" + age + ")" for one in told["lines"].get(bundle.id, [])]


def earlier(check: Context, checks: list[Context]) -> Context | None:
    same = [one for one in checks if one["form"] == check["form"] and one["outcome"] != "not_done"]
    before = [one for one in same if one["performed_at"] < check["performed_at"] and one["id"] != check["id"]]
    return before[-1] if before else None


def result(check: Context, before: Context | None, form: Form, many_forms: bool, newest: bool,
           world: World, t: Translate) -> Context:
    lang = world["me"]["lang"]
    line = [text(form.short, lang)] if many_forms else []
    line.append(check["author"]["name"])
    if check["outcome"] != "done":
        line.append(t("delvis gjort") if check["outcome"] == "partly_done" else t("ikke gjort"))
    if check["supersedes"]:
        line.append(t("rettet"))
    return {
        "url": "/round/checks/" + check["id"], "when": near_moment(check["performed_at"], today_of(world), t),
        "line": " · ".join(line), "tags": severity_tags(check, t), "changes": changes(check, before, form, newest, lang, t),
    }


def severity_tags(check: Context, t: Translate) -> list[Context]:
    rows = []
    for severity in SEVERITIES[:3]:
        count = len([one for one in check["flags"] if one["severity"] == severity])
        if count:
            words = t(SEVERITY[severity]) + (" × " + str(count) if count > 1 else "")
            rows.append({"tone": severity, "text": words, "icon": SEVERITY_ICON[severity]})
    return rows


def changes(check: Context, before: Context | None, form: Form, newest: bool, lang: str, t: Translate) -> list[Context]:
    """The form's summary: what differs from the one before, and for the newest result its first answers too."""
    rows: list[Context] = []
    plain = FIRST_ANSWERS if newest else 0
    for name in form.summary:
        now = value_words(form, check, name, lang, t)
        was = value_words(form, before, name, lang, t) if before is not None else ""
        changed = before is not None and now[1] != was[1]
        if now[1] and (changed or plain > 0):
            plain -= 0 if changed else 1
            rows.append({"label": now[0], "value": now[1],
                         "was": t("før: %(value)s", value=was[1] or t("ikke svart")) if changed else ""})
    return rows


def value_words(form: Form, check: Context, name: str, lang: str, t: Translate) -> tuple[str, str]:
    field = form.field(name)
    if field is not None:
        value = check["answers"].get(name)
        if field.items is not None:
            return text(field.label, lang), str(len(value)) if value else ""
        return text(field.label, lang), answer(field, value, lang)
    derived = next((one for one in form.derived if one.name == name), None)
    if derived is None:
        return name, ""
    return text(derived.label, lang) or name, derived_words(derived, check["derived"].get(name), lang, t)


def derived_words(derived: Derived, value: Any, lang: str, t: Translate) -> str:
    if value is None:
        return ""
    kind = derived.type.kind
    if kind == "bool":
        return t("Ja") if value else t("Nei")
    if kind == "choice":
        label = derived.option_labels.get(value)
        return str(value) if label is None else text(label, lang)
    if kind == "decimal":
        return tenths(value)
    return day(value) if kind == "date" else str(value)
