"""Template context for improvement work: finished words and booleans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.improvement import attached, drawing, measured, work
from webapp.improvement.drawing import number
from webapp.improvement.kinds import (
    CHOICE,
    CHOSEN,
    CYCLE,
    DAY,
    FORMS,
    IDEA,
    KIND_NAMES,
    LABELS,
    MEASURE,
    NUMBER,
    OPTIONS,
    PERSON,
    Entry,
    missing,
)
from webapp.improvement.work import Item, Version
from webapp.models import Membership, Unit, User
from webapp.words import Translate

Context = dict[str, Any]
Names = Mapping[str, Mapping[str, str]]  # people, measures and ideas: id -> name
NEAR = timedelta(days=14)
NO_FILES: Context = {"shown": [], "gone": []}


def names(session: Session, unit: UUID, parent: UUID | None, lang: str) -> dict[str, dict[str, str]]:
    """What a form about something of this unit may name."""
    from sqlalchemy import select

    query = select(User.id, User.name).join(Membership).where(Membership.unit_id == unit, User.disabled_at.is_(None)).order_by(User.name)
    ideas = [one for one in work.under(session, parent) if one.kind == "idea"] if parent else []
    return {PERSON: {str(who.id): who.name for who in session.execute(query)}, MEASURE: measured.titles(lang),
            IDEA: {str(one.id): one.get("text") for one in ideas},
            CYCLE: {str(one.id): one.get("title") for one in work.of_units(session, [unit], "cycle")}}  # fmt: skip


def form(kind: str, given: Mapping[str, Any], known: Names, kept: Mapping[str, Any], t: Translate) -> list[Context]:
    """The boxes of a form, filled in. Who or what is `kept` there already may stay, though it cannot be chosen any more."""
    return [box(entry, given.get(entry.name, ""), known, kept.get(entry.name, ""), t) for entry in FORMS[kind]]


def box(entry: Entry, value: Any, known: Names, kept: Any, t: Translate) -> Context:
    said = number(value) if isinstance(value, float) else str(value or "")
    options = [{"value": one, "text": t(OPTIONS[one]), "chosen": one == said} for one in entry.options]
    if entry.kind in CHOSEN:
        every = dict(known[entry.kind]) | ({kept: t("Valgt før, finnes ikke i lista nå")} if kept and kept not in known[entry.kind] else {})
        options = [{"value": "", "text": t("Ingen valgt"), "chosen": not said}]
        options += [{"value": one, "text": text, "chosen": one == said} for one, text in every.items()]
    return {"name": entry.name, "label": t(LABELS[entry.name]), "kind": entry.kind, "value": said, "required": entry.required,
            "options": options, "chips": entry.kind == CHOICE}  # fmt: skip


def value_text(entry: Entry, value: Any, known: Names, t: Translate) -> str:
    """A value as it is read."""
    if value in (None, ""):
        return ""
    if entry.kind == CHOICE:
        return t(OPTIONS[str(value)])
    if entry.kind == DAY:
        return says.day(str(value))
    if entry.kind == NUMBER:
        return number(float(value))
    if entry.kind in CHOSEN:
        return known[entry.kind].get(str(value), "–")
    return str(value)


def rows(item: Item, known: Names, t: Translate, *but: str) -> list[Context]:
    """What is said about a thing, but for what is empty or stands elsewhere."""
    found = [(entry, value_text(entry, item.data.get(entry.name), known, t)) for entry in FORMS[item.kind] if entry.name not in but]
    return [{"name": entry.name, "label": t(LABELS[entry.name]), "value": text} for entry, text in found if text]


def history(item: Item, known: Names, today: date, t: Translate) -> list[Context]:
    """Every version, newest first: who, when, and what it changed."""
    found = []
    for before, now in zip((None, *item.versions), item.versions, strict=False):
        found.append({"by": now.by, "when": near(now.at, today, t),
                      "text": what_changed(item.kind, before, now, known, t)})  # fmt: skip
    return found[::-1]


def what_changed(kind: str, before: Version | None, now: Version, known: Names, t: Translate) -> str:
    if now.gone:
        return t("Tatt bort.")
    if before is None or before.gone:
        return t("Laget.") if before is None else t("Hentet tilbake.")
    parts = [t("%(what)s: %(text)s", what=t(LABELS[entry.name]), text=value_text(entry, now.data.get(entry.name), known, t) or t("tomt"))
             for entry in FORMS[kind] if before.data.get(entry.name) != now.data.get(entry.name)]  # fmt: skip
    return "; ".join(parts) or t("Ingen endring.")


def listing(session: Session, unit: Unit, today: date, t: Translate) -> list[Context]:
    """The projects of a unit: what is going on first."""
    every = work.of_units(session, [unit.id], "project", "aim", "cycle")
    found = []
    for one in (one for one in every if one.kind == "project"):
        below = [each for each in every if each.parent == one.id]
        found.append(project_card(one, below, today, t))
    return sorted(found, key=lambda card: (not card["active"], card["title"].casefold()))


def project_card(one: Item, below: Sequence[Item], today: date, t: Translate) -> Context:
    aims, cycles = [each for each in below if each.kind == "aim"], [each for each in below if each.kind == "cycle"]
    running = [each for each in cycles if not each.get("end")]
    incomplete = sum(bool(missing(each.data)) for each in aims)
    said = [says.many(t, len(aims), "1 mål", "%(n)s mål"), says.many(t, len(cycles), "1 PDSA-runde", "%(n)s PDSA-runder")]
    if running:
        said.append(says.many(t, len(running), "1 pågår nå", "%(n)s pågår nå"))
    lacks = says.many(t, incomplete, "1 mål er ikke ferdig beskrevet", "%(n)s mål er ikke ferdig beskrevet") if incomplete else ""
    return {"url": f"/improvement/{one.id}", "title": one.get("title"), "active": one.get("state") == "active",
            "state": t(OPTIONS[one.get("state")]), "text": " · ".join(said),
            "incomplete": lacks if aims else t("Har ikke noe mål ennå")}  # fmt: skip


def project(session: Session, item: Item, today: date, t: Translate, lang: str) -> Context:
    """One project: aims, the line of time, ideas and cycles."""
    below, known = work.under(session, item.id), names(session, item.unit_id, item.id, lang)
    aims = [one for one in below if one.kind == "aim"]
    ideas, cycles = [one for one in below if one.kind == "idea"], [one for one in below if one.kind == "cycle"]
    wanted = {one.get("measure") for one in aims if one.get("measure")}
    since = today.replace(day=1) - timedelta(days=760)
    found = measured.series(session, item.unit_id, wanted, since, lang)
    main = next((found[one.get("measure")] for one in aims if one.get("measure") in found), None)
    cycles.sort(key=lambda one: one.get("start"))
    drawn = drawing.of(aims, [*ideas, *cycles], main, today)
    return {
        "id": str(item.id), "title": item.get("title"), "why": item.get("why"), "number": item.number,
        "state": t(OPTIONS[item.get("state")]), "active": item.get("state") == "active",
        "facts": rows(item, known, t, "title", "why", "state"), "history": history(item, known, today, t),
        "aims": [aim(one, found, known, today, t) for one in aims],
        "drawing": drawn, "drawn_measure": main.title if main else "", "drawn_rows": drawn_rows(drawn, t),
        "drawing_says": drawing_says(main, ideas, cycles, today, t),
        "ideas": [thing(one, "text", known, today, t) for one in ideas],
        "cycles": [thing(one, "title", known, today, t) for one in cycles],
    }  # fmt: skip


def drawn_rows(drawn: Context | None, t: Translate) -> list[Context]:
    """What the bars are of, in full."""
    return [{"n": str(one["n"]), "text": one["whole"], "kind": kind_name(one["kind"], t), "start": says.day(one["start"]),
             "end": says.day(one["end"]) if one["end"] else t("Pågår") if one["open"] else "–"}
            for one in (drawn["rows"] if drawn else ())]  # fmt: skip


def thing(item: Item, name: str, known: Names, today: date, t: Translate) -> Context:
    """An idea or a cycle with what is said about it, who said it last and how it has been."""
    act = item.get("act")
    state = t(OPTIONS[item.get("idea_state")]) if item.kind == "idea" else t(OPTIONS[act]) if act else \
        t("Avsluttet, ikke bestemt") if item.get("end") else t("Pågår")  # fmt: skip
    tones = {"adopt": "ok", "kept": "ok", "adapt": "due", "tried": "due"}
    spans = [says.day(item.get(one)) for one in ("start", "end") if item.get(one)]
    return {
        "id": str(item.id), "title": item.get(name), "state": state, "tone": tones.get(act or item.get("idea_state"), "quiet"),
        "when": " – ".join(spans), "rows": rows(item, known, t, name, "start", "end", "act", "idea_state"), "number": item.number,
        "by": said_by(item, today, t), "history": history(item, known, today, t),
    }  # fmt: skip


def said_by(item: Item, today: date, t: Translate) -> str:
    newest = item.newest
    return t("Sist endret av %(name)s, %(when)s", name=newest.by, when=near(newest.at, today, t))


def aim(item: Item, found: Mapping[str, measured.Series], known: Names, today: date, t: Translate) -> Context:
    """An aim: from where to where by when, where it stands now, and what it lacks."""
    lacks = [t(LABELS[name]).lower() for name in missing(item.data)]
    series = found.get(item.get("measure"))
    newest = series.latest() if series else None
    now = t("Nå: %(value)s (%(month)s).", value=number(newest[1]), month=newest[0].strftime("%m.%Y")) if newest else ""
    late = bool(item.get("deadline")) and item.get("deadline") < today.isoformat()
    span = {name: value_text(entry, item.data.get(name), known, t) for entry in FORMS["aim"] if (name := entry.name)}
    return {
        "id": str(item.id), "text": item.get("text"), "number": item.number, **span, "now": now, "late": late,
        "measure_name": known[MEASURE].get(item.get("measure"), ""), "measure": item.get("measure"),
        "lacks": t("Mangler: %(what)s.", what=", ".join(lacks)) if lacks else "", "by": said_by(item, today, t),
        "history": history(item, known, today, t),
    }  # fmt: skip


def drawing_says(series: measured.Series | None, ideas: Iterable[Item], cycles: Sequence[Item], today: date, t: Translate) -> str:
    """The same as the picture, for who cannot see it."""
    told = [f"{says.day(one.get('start'))} {one.get('title') or one.get('text')}" for one in [*ideas, *cycles] if one.get("start")]
    what = t("Tidslinje med %(name)s.", name=series.title) if series else t("Tidslinje.")
    return what + " " + "; ".join(told)


def files(every: Iterable[Item], post: Item, today: date, t: Translate) -> Context:
    """What can be fetched with a post, and that something was taken away. What that was called is not told: its name may be why."""
    shown = [{"url": f"/network/{post.parent}/files/{one.id}", "name": one.get("name"), "size": attached.size_text(one.data["size"])}
             for one in every if not one.gone]  # fmt: skip
    gone = [t("En fil er tatt bort av %(name)s, %(when)s", name=one.newest.by, when=near(one.newest.at, today, t))
            for one in every if one.gone]  # fmt: skip
    return {"shown": shown, "gone": gone}


def near(at: datetime, today: date, t: Translate) -> str:
    return says.near_moment(at.isoformat(), today.isoformat(), t)


def kind_name(kind: str, t: Translate) -> str:
    return t(KIND_NAMES[kind])
