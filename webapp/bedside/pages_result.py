"""What a finished check led to: flags, where it is, what comes next. Twin: sw/pages/result.js."""

from __future__ import annotations

from webapp.bedside import photo_lines
from webapp.bedside.form_view import word
from webapp.bedside.pages_frame import (
    SEVERITIES,
    SEVERITY,
    SEVERITY_ICON,
    Context,
    Page,
    Person,
    World,
    find_person,
    flag_words,
    frame,
    missing,
    saved_line,
    today_of,
    who,
)
from webapp.bedside.pages_person import derived_words
from webapp.bedside.pages_round import visits_on
from webapp.bedside.says import Translate, inputs, near_day, near_moment, pair, pairs, text
from webapp.bundles import Registry, due, history
from webapp.bundles.model import Bundle, Form
from webapp.reasons import said_by, sentence


def find_check(world: World, check_id: str) -> tuple[Person, Context] | None:
    for person in world["people"]:
        for check in person["checks"]:
            if check["id"] == check_id:
                return person, check
    one = find_aside(world, check_id)
    person = find_person(world, one["person"]) if one else None
    return (person, one["check"]) if one and person else None


def find_aside(world: World, check_id: str) -> Context | None:
    """A check of hers that counts for nobody here, and whom she made it about: left out by a supervisor, or of somebody not held."""
    return next((one for one in world.get("aside", []) if one["check"]["id"] == check_id), None)


def result_page(world: World, t: Translate, registry: Registry, check_id: str) -> Page:
    found = find_check(world, check_id)
    if found is None:
        return missing(world, t)
    person, check = found
    lang, today = world["me"]["lang"], today_of(world)
    form = registry.form(check["form"], check["version"])
    bundle = registry.bundle(check["bundle"], check["version"])
    prior = history.prior(form, person, check["performed_at"], check["supersedes"], check["id"])
    saved = saved_line(world, check_id, check, t)
    urgent = any(one["severity"] == "urgent" for one in check["flags"])
    waiting = saved["state"] in ("waiting", "quarantined")
    context = frame(world, t, "round", t("Resultat"))
    context.update({
        "who": who(person, world, t), "form_title": text(form.title, lang),
        "when_text": near_moment(check["performed_at"], today, t), "urgent": urgent,
        "call_title": t("Ikke sendt. Ring.") if waiting else t("Haster. Ring hvis det ikke er gjort."),
        "call_text": t("Ingen har fått varselet før sjekken er mottatt.") if waiting else "",
        "saved_text": saved["text"], "saved_tone": saved["tone"],
        "saved_icon": "alert" if saved["tone"] == "stopped" else "check",
        "saved_more": saved_more(world, check_id, saved["state"], t),
        "photos_text": photo_lines.of_check(world, check_id, t),
        "flags": flag_rows(bundle, form, check, lang, t), "flags_title": flags_title(check, t),
        "next_due_text": next_due(form, person, world, t), "next_person": next_person(person, world, t),
        "answers": answer_rows(form, check, prior, lang, t), "open_answers": not check["flags"],
        "author_text": author_text(check, today, t), **correction_links(check, saved["state"], t),
    })
    return Page("bedside/result.html", context)


def saved_more(world: World, check_id: str, state: str, t: Translate) -> str:
    """What happens by itself, or what was decided and why."""
    if state == "waiting":
        return t("Sendes av seg selv når det er nett.")
    known = world["sync"]["by_id"].get(check_id) or {"state": state, "reasons": []}
    return " ".join(one for one in (*(sentence(known["state"], code, t) for code in known["reasons"]), said_by(known, t)) if one)


def flags_title(check: Context, t: Translate) -> str:
    if check["outcome"] == "not_done":
        return t("Ikke gjort")
    return t("Varsler") if check["flags"] else t("Ingen varsler")


def flag_rows(bundle: Bundle, form: Form, check: Context, lang: str, t: Translate) -> list[Context]:
    rows = []
    for severity in SEVERITIES:
        for flag in check["flags"]:
            if flag["severity"] == severity:
                rows.append({
                    "tone": severity, "severity": t(SEVERITY[severity]), "icon": SEVERITY_ICON[severity], "about": "",
                    "text": flag_words(bundle, {**flag, "form": form.id}, lang, check["answers"], t), "meta": "",
                    "inputs": inputs(form, flag, check["answers"], lang),
                })
    return rows


def next_due(form: Form, person: Person, world: World, t: Translate) -> str:
    one = due.due(form, person, world["now"], world["params"].get(form.bundle, {}))
    if one["state"] == "not_applicable" or one["next_due_on"] is None:
        return t("Ingen ny sjekk er planlagt.")
    on = near_day(one["next_due_on"], today_of(world), t)
    reason = text(one["reason"], world["me"]["lang"]) if one["reason"] else ""
    visit = " " + t("eller ved neste besøk") if one["at_next_visit"] else ""
    return on + visit + (". " + reason if reason else "")


def next_person(person: Person, world: World, t: Translate) -> Context | None:
    route = visits_on(world, today_of(world))
    places = [place for place, (_, one) in enumerate(route) if one["ref"] == person["ref"]]
    if not places or places[-1] + 1 >= len(route):
        return None
    at, after = route[places[-1] + 1]
    return {"url": "/round/people/" + after["ref"], "text": t("Neste: %(name)s %(at)s", name=after["name"], at=at)}


def answer_rows(form: Form, check: Context, prior: Context, lang: str, t: Translate) -> list[Context]:
    rows = [pair(t("Ble sjekken gjort?"), word(form, check["outcome"], lang, t))]
    if check["not_done_reason"]:
        rows.append(pair(t("Hvorfor?"), word(form, check["not_done_reason"], lang, t)))
    if check["not_done_text"]:
        rows.append(pair(t("Hvilken grunn?"), check["not_done_text"]))
    rows += pairs(form, check["answers"], lang, prior)
    for derived in form.derived:
        words = derived_words(derived, check["derived"].get(derived.name), lang, t)
        if derived.label is not None and words:
            rows.append(pair(text(derived.label, lang), words))
    if check["actions"]:
        rows.append(pair(t("Hva gjorde du?"), ", ".join(word(form, one, lang, t) for one in check["actions"])))
    if check["note"]:
        rows.append(pair(t("Merknad"), check["note"]))
    rows.append(pair(t("Anledning"), word(form, check["context"], lang, t)))
    return rows


def author_text(check: Context, today: str, t: Translate) -> str:
    author = check["author"]
    by = author["name"] + (", " + author["title"] if author["title"] else "")
    return t("%(by)s. Utført %(at)s, registrert %(recorded)s.", by=by,
             at=near_moment(check["performed_at"], today, t), recorded=near_moment(check["recorded_at"], today, t))


def correction_links(check: Context, state: str, t: Translate) -> Context:
    """Both records stay visible: each points at the other."""
    return {
        "replaced_url": "/round/checks/" + check["superseded_by"] if check["superseded_by"] else "",
        "replaces_url": "/round/checks/" + check["supersedes"] if check["supersedes"] else "",
        "reason_text": t("Dette er en retting. Grunn: %(reason)s", reason=check["reason"] or ""),
        "can_correct": not check["superseded_by"] and state != "rejected",
        "correct_url": "/round/checks/" + check["id"] + "/correction",
    }
