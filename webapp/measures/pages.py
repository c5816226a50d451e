"""Template context: one card per measure, with its sentence, its data's quality and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.policy import too_small
from webapp.bedside import says
from webapp.measures import decide, few, months, points, recorded, unit_points, verdicts
from webapp.measures import marks as noted
from webapp.measures.declared import Measure, declared
from webapp.measures.facts import Fact
from webapp.measures.marks import Mark
from webapp.measures.points import SHARES, Point
from webapp.measures.series import Series, series
from webapp.measures.verdicts import number
from webapp.models import Device, Unit
from webapp.sync import world
from webapp.words import Translate

Context = dict[str, Any]
Fresh = dict[UUID, list[Fact]]
MONTHS = 24
SILENT = timedelta(days=3)


def order() -> list[Measure]:
    """What is shown with another measure stands right after it."""
    counts: dict[str, Measure] = {one.id: one for one in (*declared(world.bundles())[1], *recorded.measures())}
    found: dict[str, Measure] = {}
    for one in counts.values():
        for name in (one.id, *one.text["shown_with"]):
            if name in counts:
                found.setdefault(name, counts[name])
    return list(found.values())


def read(session: Session, unit: UUID, since: date, today: date, fresh: Fresh, only: bool, measures: Collection[str] | None = None
         ) -> dict[str, list[Point]]:  # fmt: skip
    """A unit's months; for who sees numbers only with those marked that tell of few, by themselves or beside another measure.

    An event is of one person: nothing of measures between events is for them, and no month while it still changes: who looked
    every day would see each of its events come."""
    if not only:
        return unit_points.of_unit(session, unit, since, today, fresh, measures)
    told = {one.id: one for one in order() if not one.is_between}
    found = few.marked(told, unit_points.of_unit(session, unit, since, today, fresh, told))
    shut = {name: [one for one in every if one.closed] for name, every in found.items()}
    return {name: every for name, every in shut.items() if every and (measures is None or name in measures)}


def unit_page(session: Session, unit: Unit, today: date, fresh: Fresh, numbers_only: bool, t: Translate, lang: str) -> Context:
    since = months.first_of(today - timedelta(days=30 * (MONTHS - 1)))
    found, decisions = read(session, unit.id, since, today, fresh, numbers_only), decide.of(session, unit.id)
    grains = {one.id: one.grain for one in order()}
    plans = {measure: decide.plan(made, grains.get(measure, "month")) for measure, made in decisions.items()}
    if older := [measure for measure, plan in plans.items() if plan.phases or plan.baselines]:
        found |= read(session, unit.id, points.EVER, today, fresh, numbers_only, older)  # their lines come from further back
    silent = silent_devices(session, unit)
    cards, marked = [], noted.of_unit(session, unit.id)
    for count in order():
        if of_it := found.get(count.id):
            shown = series(count, of_it, visible(count, of_it, numbers_only), plan=plans.get(count.id), of=found.get(count.of, ()))
            marks = decide.notes(decisions.get(count.id, []), t) + marked.get(count.id, [])
            cards.append(card(shown, unit, numbers_only, silent, t, lang, marks, points.EVER if count.is_between else since, None, today))
    return {"id": str(unit.id), "name": unit.name, "cards": cards, "quiet": quiet(silent, t), "is_silent": silent > 0}


def quiet(silent: int, t: Translate) -> str:
    return t("Alle enheter har vært i kontakt siste tre dager.") if not silent else says.many(
        t, silent, "1 enhet har ikke vært i kontakt siste tre dager: sjekker kan mangle.",
        "%(n)s enheter har ikke vært i kontakt siste tre dager: sjekker kan mangle.")  # fmt: skip


def silent_devices(session: Session, unit: Unit) -> int:
    heard = func.coalesce(Device.last_contact, Device.enrolled_at)
    query = select(func.count(Device.id)).where(Device.unit_id == unit.id, Device.revoked_at.is_(None))
    return session.scalar(query.where(heard < datetime.now(UTC) - SILENT)) or 0


def visible(count: Measure, found: Sequence[Point], numbers_only: bool) -> list[float | None]:
    return [None if numbers_only and few.is_small(count, one) else one.value(count) for one in found]


def card(shown: Series, unit: Unit, only: bool, silent: int, t: Translate, lang: str, marks: Sequence[Mark], since: date,
         url: Callable[[date], str] | None = None, today: date | None = None) -> Context:  # fmt: skip
    """Everything under one heading. `only`: for who sees numbers only; `url`: where the people behind a point are; `today`: to say
    how long ago the last event was."""
    count, silent = shown.count, 0 if shown.count.is_kept else silent
    state, sentence = verdicts.verdict(shown, t)
    counted = verdicts.verdict(shown.without_ghosts(), t)[1] if shown.plan.ghosts else ""
    shown = shown.since(since)
    urls = [url(one.period) if url else "" for one in shown.points]
    rows = [row(shown, place, only, t) | {"url": urls[place]} for place in range(len(shown.points))]
    title, found = says.text(count.text["title"], lang), noted.drawn(marks, shown.points, shown.grain, only, t)
    return {
        "id": count.id, "title": title, "state": state, "sentence": sentence, "word": word(shown, t), "blind": verdicts.blind(shown, t),
        "counted": t("Med punktene som er holdt utenfor: %(sentence)s", sentence=counted) if counted else "",
        "url": f"/measures/one?unit={unit.id}&m={count.id}", "rows": rows[::-1], "quality": quality(shown, only, silent, t),
        "is_thin": any(one.thin for one in shown.looked_at[-3:]) or silent > 0, "strip": strip(shown, only),
        "ago": ago(shown, today, t) if today else "", "lines": lines(shown, t), "chart": drawn(shown, found, urls, t), "marks": found,
        "limits": shown.kind != "run",
        "imported": told_imported(shown, t), "withheld": withheld(shown, only, t),
        "first": verdicts.grain_word(shown.grain, t),
        "chart_says": f"{title}. {sentence} " + t("Tallene står i tabellen under."),
    }  # fmt: skip


def notes(count: Measure, lang: str) -> str:
    """What its numbers must not be read without, and where the counting is not quite the definition."""
    return " ".join(says.text(text, lang) for text in (count.text["note"], count.told) if text)


def ago(shown: Series, today: date, t: Translate) -> str:
    """How long nothing has happened: not a point, because it is not over."""
    if not shown.count.is_between or not shown.points:
        return ""
    last = shown.points[-1].period
    return t("Dager siden sist: %(n)s (%(day)s).", n=(today - last).days, day=says.day(last.isoformat()))


def word(shown: Series, t: Translate) -> str:
    return t("tjenestedøgn siden forrige") if shown.by_service else unit_of(shown.count, t)


def unit_of(count: Measure, t: Translate) -> str:
    if count.is_between:
        return t("dager siden forrige")
    if count.kind in SHARES:
        return t("prosent")
    if count.kind == "lasted":
        return t("dager")
    if count.kind == "per":
        return t("per sjekk")
    return t("per %(n)s døgn", n=f"{count.factor:,}".replace(",", " ") if count.factor > 9999 else count.factor)


def lines(shown: Series, t: Translate) -> str:
    """The centre that holds now, and the target."""
    centre = next((one.centre for one in reversed(shown.chart.points) if one.centre is not None), None)
    said = f"{verdicts.centre_word(shown, t)} {number(centre)}."
    return said + " " + t("Mål %(n)s.", n=number(shown.target)) if shown.target is not None else said


def row(shown: Series, place: int, only: bool, t: Translate) -> Context:
    one, value, made = shown.points[place], shown.values[place], shown.chart.points[place]
    hide, between = only and few.is_small(shown.count, one), shown.count.is_between
    states = [t("importert fra en eldre liste")] * one.imported
    states += [t("ingenting å telle")] * (one.is_blank and not between) + [t("den første")] * (between and not one.den)
    states += [t("foreløpig")] * (not one.closed) + [t("for få sjekket")] * one.thin + [t("endret etter at den var lukket")] * one.changed
    states += [t("utenfor kontrollgrensene")] * (made.counted and made.outside)
    states += [t("holdt utenfor")] * (one.period in shown.plan.ghosts)
    limits = "–" if made.lower is None and made.upper is None else f"{number(made.lower)} – {number(made.upper)}"
    delayed = "–" if shown.count.is_kept else late(one, only)
    return {"month": months.named(one.period, shown.grain), "num": told_num(shown, place, hide),
            "den": "–" if hide or between else str(one.den), "value": number(value), "coverage": covered(one, only), "late": delayed,
            "limits": limits, "centre": number(made.centre), "state": ", ".join(states) or t("lukket"),
            "period": one.period.isoformat()}  # fmt: skip


def told_num(shown: Series, place: int, hide: bool) -> str:
    """Of a median there is no sum to tell; of an event, the days until it."""
    one = shown.points[place]
    if hide or (shown.count.is_between and not one.den):
        return "–"
    return number(one.value(shown.count)) if shown.count.kind == "lasted" else str(one.num)


def withheld(shown: Series, only: bool, t: Translate) -> str:
    """A gap that is there because the number could tell of few is said to be so."""
    n = sum(few.is_small(shown.count, one) and not one.is_blank for one in shown.points) if only else 0
    return "" if not n else says.many(
        t, n, "1 punkt vises ikke og er ikke med i vurderingen: det kan fortelle om få personer.",
        "%(n)s punkter vises ikke og er ikke med i vurderingen: de kan fortelle om få personer.")  # fmt: skip


def told_imported(shown: Series, t: Translate) -> str:
    """What was not counted here is said to be so."""
    n = sum(one.imported for one in shown.points)
    return "" if not n else says.many(
        t, n, "1 punkt (firkant) er importert fra en eldre liste og kan være målt på en annen måte.",
        "%(n)s punkter (firkanter) er importert fra en eldre liste og kan være målt på en annen måte.")  # fmt: skip


def covered(one: Point, only: bool) -> str:
    hide = only and too_small({"covered": one.covered, "rest": one.eligible - one.covered})
    return "–" if one.coverage is None or hide else f"{round(100 * one.coverage)} %"


def late(one: Point, only: bool) -> str:
    """How many's check came late. Of what was imported nobody knows."""
    hide = only and too_small({"late": one.late, "rest": one.eligible - one.late})
    return "–" if one.imported or hide else str(one.late)


def quality(shown: Series, only: bool, silent: int, t: Translate) -> str:
    """What is known about the newest period's data."""
    newest = shown.looked_at[-1]
    if shown.count.is_kept:
        return t("Telles av det som er ført, og regnes ut når det leses: endres det senere, endres også eldre punkter.")
    if newest.imported:
        return t("Det nyeste punktet er importert: ingen vet hvor fullstendig det er.")
    month, share = months.named(newest.period, shown.looked_by), covered(newest, only)
    said = [t("Ingenting å telle i %(month)s.", month=month) if newest.is_blank else
            t("Dekningen i %(month)s vises ikke: den kan fortelle om få personer.", month=month) if share == "–" else
            t("Dekning %(month)s: %(share)s av dem det gjelder er sjekket i tide.", month=month, share=share)]  # fmt: skip
    if newest.late and late(newest, only) != "–":
        said.append(t("%(n)s kom mer enn to dager etter.", n=newest.late))
    if not only and newest.unknown:
        said.append(t("%(n)s døgn er ukjente: for lenge siden siste sjekk.", n=newest.unknown))
    if not only and newest.declined:
        said.append(t("%(n)s ønsket ikke sjekk og er holdt utenfor.", n=newest.declined))
    if silent:
        said.append(quiet(silent, t))
    return " ".join(said)


def strip(shown: Series, only: bool) -> list[Context]:
    """A small bar per period: how many of those it applies to were checked in time. The same numbers stand in the table."""
    width = 100 / max(1, len(shown.points))
    bars = [(place, one, one.coverage) for place, one in enumerate(shown.points) if one.coverage is not None and covered(one, only) != "–"]
    return [{"x": f"{place * width:.2f}", "y": f"{12 - 12 * share:.1f}", "w": f"{width * 0.8:.2f}", "h": f"{12 * share:.1f}",
             "low": one.thin} for place, one, share in bars]  # fmt: skip


def drawn(shown: Series, marks: Sequence[Context], urls: Sequence[str], t: Translate) -> str:
    """What the chart script draws, as JSON."""
    from webapp.device.compiler import as_json

    made = shown.chart.points
    return as_json({
        "labels": [months.named(one.period, shown.grain) for one in shown.points], "values": list(shown.values),
        "centre": [one.centre for one in made], "lower": [one.lower for one in made], "upper": [one.upper for one in made],
        "target": shown.target, "hollow": [not one.counted for one in made], "outside": [one.counted and one.outside for one in made],
        "imported": [one.imported for one in shown.points],
        "urls": list(urls), "marks": [{"at": one["at"], "n": one["n"]} for one in marks],
        "names": [t("Måling"), verdicts.centre_word(shown, t), t("Mål"), t("Nedre kontrollgrense"), t("Øvre kontrollgrense")],
    })  # fmt: skip
