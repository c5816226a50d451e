"""A unit's month on paper: each measure with chart, verdict and coverage, what changed, and by which definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.policy import too_small
from webapp.bedside import says
from webapp.measures import decide, marks, months, pages, picture, points, store, verdicts
from webapp.measures.declared import Measure
from webapp.measures.points import Point
from webapp.measures.series import Series, series
from webapp.models import Flag, MeasureChange, MeasureDecision, Patient, Unit
from webapp.words import Translate

Context = dict[str, Any]
MONTHS = 24
SEVERITIES = ("urgent", "high", "medium")


def month_of(said: str, today: date) -> date:
    """The month asked for, else the newest that is over."""
    try:
        asked = date.fromisoformat(f"{said}-01")
    except ValueError:
        asked = today
    return min(asked, months.first_of(today.replace(day=1) - timedelta(days=1)))


def page(session: Session, unit: Unit, month: date, fresh: pages.Fresh, now: datetime, only: bool, t: Translate, lang: str) -> Context:
    today = now.astimezone(store.OSLO).date()
    found, decisions = pages.read(session, unit.id, points.EVER, today, fresh, only), decide.of(session, unit.id)
    marked = marks.of_unit(session, unit.id)
    shown, changed = [], []
    for count in pages.order():
        made = decisions.get(count.id, [])
        it, before = (drawn(count, found, day, only, made) for day in (month, months.first_of(month - timedelta(days=1))))
        if it is None or not (count.is_between or it.points[-1].period == month):
            continue
        noted = decide.notes(made, t) + marked.get(count.id, [])
        shown.append(part(it, noted, only, min(months.after(month) - timedelta(days=1), today), t, lang))
        changed += news(it, before, noted, month, t, lang)
    changed += later_changes(session, unit, month, only, t)
    last = month == months.first_of(today.replace(day=1) - timedelta(days=1))
    return {
        "month": months.named(month), "measures": shown, "changed": changed, "flags": open_flags(session, unit, only, t),
        "provisional": t("Tallene er foreløpige til og med %(day)s: sjekker kan være på vei.",
                         day=says.day((months.after(month) + timedelta(days=months.CLOSES_AFTER - 1)).isoformat()))
        if not months.closed(month, today) else "",
        "quiet": pages.quiet(pages.silent_devices(session, unit), t) if last else "",
        "printed": says.day(today.isoformat()), "months": choices(unit, month, today),
    }  # fmt: skip


def drawn(count: Measure, found: Mapping[str, Sequence[Point]], month: date, only: bool, made: Sequence[MeasureDecision]) -> Series | None:
    """As it was at the end of that month; nothing when there was nothing yet."""
    until, of = ([one for one in found.get(name, ()) if one.period < months.after(month)] for name in (count.id, count.of))
    return series(count, until, pages.visible(count, until, only), plan=decide.plan(made, count.grain), of=of) if until else None


def part(it: Series, noted: Sequence[marks.Mark], only: bool, day: date, t: Translate, lang: str) -> Context:
    """One measure: the newest 24 points of it, with the verdict of all of it, as it was on that day."""
    state, sentence = verdicts.verdict(it, t)
    newest, text = it.points[-1], it.count.text
    seen = it.since(it.points[max(0, len(it.points) - MONTHS)].period)
    found = marks.drawn(noted, seen.points, it.grain, only, t)
    names = [t("Måling"), verdicts.centre_word(it, t), t("Mål"), t("Nedre kontrollgrense"), t("Øvre kontrollgrense"), t("Importert"),
             t("Teller ikke med")]  # fmt: skip
    title = says.text(text["title"], lang)
    row = pages.row(it, len(it.points) - 1, only, t)
    row["said"] = f"{row['month']}: {row['value']}. {pages.ago(it, day, t)}" if it.count.is_between else \
        f"{row['month']}: {row['num']} / {row['den']} = {row['value']}."  # fmt: skip
    return {
        "id": it.count.id, "title": title, "sentence": sentence, "word": pages.word(it, t), **row,
        "state": state, "state_text": row["state"] if newest.closed else "",
        "svg": Markup(picture.svg(seen, title, sentence, [(one["at"], one["n"]) for one in found], names, told=False)),  # noqa: S704
        "strip": pages.strip(seen, only), "lines": pages.lines(it, t), "marks": found, "is_open": not newest.closed,
        "definition": it.count.bundle, "numerator": says.text(text["numerator"], lang), "denominator": says.text(text["denominator"], lang),
        "exclusions": says.text(text["exclusions"], lang), "note": pages.notes(it.count, lang), "span": "",
    }  # fmt: skip


def news(it: Series, before: Series | None, noted: Sequence[marks.Mark], month: date, t: Translate, lang: str) -> list[str]:
    """What is otherwise than a month ago: the verdict, and what somebody did or decided."""
    title, end = says.text(it.count.text["title"], lang), months.after(month)
    told = []
    if before and (was := verdicts.verdict(before, t)[0]) != (now := verdicts.verdict(it, t)[0]):
        told.append(t("%(what)s: fra «%(was)s» til «%(now)s».", what=title, was=word(was, t), now=word(now, t)))
    return told + [f"{title}: {says.day(one.day.isoformat())} {one.said(t)}" for one in noted if month <= one.day < end]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=store.OSLO)


def later_changes(session: Session, unit: Unit, month: date, only: bool, t: Translate) -> list[str]:
    """Months that were closed, and changed during this one."""
    untold = {one.id for one in pages.order() if one.is_between} if only else set()
    query = select(MeasureChange.measure, MeasureChange.period).where(
        MeasureChange.unit_id == unit.id, MeasureChange.at >= midnight(month), MeasureChange.at < midnight(months.after(month)))
    every = session.execute(query).all()
    found = sorted({(months.first_of(period), measure) for measure, period in every if measure not in untold})  # an event's month
    return [t("%(what)s for %(month)s er endret etter at måneden var lukket.", what=measure, month=months.named(period))
            for period, measure in found]  # fmt: skip


def word(state: str, t: Translate) -> str:
    return {"better": t("Bedre"), "worse": t("Verre"), "changed": t("Endring"), "none": t("Stabilt"), "few": t("For få brukbare punkter"),
            "missing": t("Data mangler")}[state]  # fmt: skip


def open_flags(session: Session, unit: Unit, only: bool, t: Translate) -> list[Context]:
    """How many there are now, of each severity."""
    query = select(Flag.severity, func.count()).join(Patient, Patient.id == Flag.patient_id)
    query = query.where(Patient.unit_id == unit.id, Flag.closed_at.is_(None), Flag.severity.in_(SEVERITIES)).group_by(Flag.severity)
    counts = dict.fromkeys(SEVERITIES, 0)
    for severity, n in session.execute(query):
        counts[severity] = n
    hidden = too_small(counts) if only else set()
    words = {"urgent": t("Nå"), "high": t("Høy"), "medium": t("Middels")}
    return [{"text": words[one], "n": "–" if one in hidden else str(n)} for one, n in counts.items()]


def choices(unit: Unit, month: date, today: date) -> list[Context]:
    """The newest twelve months."""
    found, at = [], months.first_of(today)
    for _ in range(12):
        at = months.first_of(at - timedelta(days=1))
        found.append({"text": months.named(at), "url": f"/measures/report?unit={unit.id}&month={at:%Y-%m}", "here": at == month})
    return found
