"""Template context: one card per measure, with its sentence, its data's quality and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.policy import FEWEST, too_small
from webapp.bedside import says
from webapp.measures import months, points
from webapp.measures.declared import Count, declared
from webapp.measures.facts import Fact
from webapp.measures.points import FEWEST_USEFUL, SHARES, Point
from webapp.measures.spc.chart import Chart
from webapp.models import Device, MeasureFact, Patient, Unit
from webapp.sync import world
from webapp.words import Translate

Context = dict[str, Any]
Fresh = dict[UUID, list[Fact]]
MONTHS = 24
SILENT = timedelta(days=3)


def order() -> list[Count]:
    """What is shown with another measure stands right after it."""
    counts = {one.id: one for one in declared(world.bundles())[1]}
    found: dict[str, Count] = {}
    for one in counts.values():
        for name in (one.id, *one.text["shown_with"]):
            if name in counts:
                found.setdefault(name, counts[name])
    return list(found.values())


def unit_page(session: Session, unit: Unit, today: date, fresh: Fresh, numbers_only: bool, t: Translate, lang: str) -> Context:
    since = months.first_of(today - timedelta(days=30 * (MONTHS - 1)))
    found = points.of_unit(session, unit.id, since, today, fresh)
    silent = silent_devices(session, unit)
    cards = [card(one, found.get(one.id, []), unit, numbers_only, t, lang) for one in order() if found.get(one.id)]
    quiet = t("Alle enheter har vært i kontakt siste tre dager.") if not silent else says.many(
        t, silent, "1 enhet har ikke vært i kontakt siste tre dager: sjekker kan mangle.",
        "%(n)s enheter har ikke vært i kontakt siste tre dager: sjekker kan mangle.")  # fmt: skip
    return {"id": str(unit.id), "name": unit.name, "cards": cards, "quiet": quiet, "is_silent": silent > 0}


def silent_devices(session: Session, unit: Unit) -> int:
    heard = func.coalesce(Device.last_contact, Device.enrolled_at)
    query = select(func.count(Device.id)).where(Device.unit_id == unit.id, Device.revoked_at.is_(None))
    return session.scalar(query.where(heard < datetime.now(UTC) - SILENT)) or 0


def card(count: Count, found: list[Point], unit: Unit, numbers_only: bool, t: Translate, lang: str) -> Context:
    hidden = [numbers_only and is_small(count, one) for one in found]
    values = [None if hide else one.value(count) for one, hide in zip(found, hidden, strict=True)]
    made, word = points.run_chart(found, values), unit_of(count, t)
    state, sentence = verdict(count, found, made, t)
    rows = [row(one, value, hide, numbers_only, t) for one, value, hide in zip(found, values, hidden, strict=True)]
    centre = next((one.centre for one in made.points if one.centre is not None), None)
    target = count.text["target"]
    return {
        "id": count.id, "title": says.text(count.text["title"], lang), "state": state, "sentence": sentence, "word": word,
        "url": f"/measures/one?unit={unit.id}&m={count.id}", "rows": rows[::-1], "quality": quality(found, numbers_only, t),
        "is_thin": any(one.thin for one in found[-3:]),
        "lines": lines(centre, target, t), "chart": drawn(found, values, centre, target, t),
        "chart_says": f"{says.text(count.text['title'], lang)}. {sentence} " + t("Tallene står i tabellen under."),
    }  # fmt: skip


def is_small(count: Count, one: Point) -> bool:
    """What may not be shown to who sees numbers only: of few people, or what tells of few by subtraction."""
    parts = {"met": one.num, "rest": one.den - one.num} if count.kind in SHARES else {"met": one.num}
    return bool(too_small(parts)) or one.eligible < FEWEST


def unit_of(count: Count, t: Translate) -> str:
    if count.kind in SHARES:
        return t("prosent")
    return t("per %(n)s døgn", n=count.factor)


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def lines(centre: float | None, target: int | None, t: Translate) -> str:
    said = t("Median %(n)s.", n=number(centre))
    return said + " " + t("Mål %(n)s.", n=target) if target is not None else said


def row(one: Point, value: float | None, hide: bool, numbers_only: bool, t: Translate) -> Context:
    states = [t("foreløpig")] * (not one.closed) + [t("for få sjekket")] * one.thin + [t("endret etter at den var lukket")] * one.changed
    parts = {"covered": one.covered, "rest": one.eligible - one.covered}
    covered = "–" if one.coverage is None or (numbers_only and too_small(parts)) else f"{round(100 * one.coverage)} %"
    return {"month": one.period.strftime("%m.%Y"), "num": "–" if hide else str(one.num), "den": "–" if hide else str(one.den),
            "value": number(value), "coverage": covered, "late": "–" if numbers_only else str(one.late),
            "state": ", ".join(states) or t("lukket"), "period": one.period.isoformat()}  # fmt: skip


def quality(found: Sequence[Point], numbers_only: bool, t: Translate) -> str:
    """What is known about the newest month's data."""
    newest = row(found[-1], None, True, numbers_only, t)
    said = t("Dekning %(month)s: %(share)s av dem det gjelder er sjekket i tide.", month=newest["month"], share=newest["coverage"])
    if not numbers_only and found[-1].late:
        said += " " + t("%(n)s kom mer enn to dager etter.", n=found[-1].late)
    if not numbers_only and found[-1].unknown:
        said += " " + t("%(n)s døgn er ukjente: for lenge siden siste sjekk.", n=found[-1].unknown)
    return said


def verdict(count: Count, found: Sequence[Point], made: Chart, t: Translate) -> tuple[str, str]:
    """(state, sentence). Missing data comes first: it must never look like improvement."""
    thin = [one for one in found[-3:] if one.thin]
    if thin:
        return "missing", t("Kan ikke vurderes nå: i %(months)s er langt færre sjekket enn ellers, så tallene sier lite om praksis.",
                            months=", ".join(one.period.strftime("%m.%Y") for one in thin))  # fmt: skip
    (runs,) = made.phases
    if runs.useful < FEWEST_USEFUL or runs.longest is None or runs.crossings is None:
        return "few", t("For få brukbare punkter: %(n)s, minst %(least)s trengs.", n=runs.useful, least=FEWEST_USEFUL)
    numbers = t("lengste serie %(run)s, grense %(most)s; %(cross)s kryssinger av medianen, minst %(least)s",
                run=runs.longest, most=runs.longest_max, cross=runs.crossings, least=runs.crossings_min)  # fmt: skip
    if not runs.signal:
        return "none", t("Ingen signal etter Anhøj-reglene (%(numbers)s).", numbers=numbers)
    tested = [one for one in made.points if one.counted and one.y is not None and one.y != one.centre]
    rises = sum(one.y or 0 for one in tested[len(tested) // 2 :]) / max(1, len(tested[len(tested) // 2 :])) > (tested[0].centre or 0)
    if count.text["direction"] == "neutral":
        return "changed", t("Signal om endring etter Anhøj-reglene (%(numbers)s).", numbers=numbers)
    wanted = rises == (count.text["direction"] == "up")
    if wanted:
        return "better", t("Signal i ønsket retning etter Anhøj-reglene (%(numbers)s).", numbers=numbers)
    return "worse", t("Signal i uønsket retning etter Anhøj-reglene (%(numbers)s).", numbers=numbers)


def drawn(found: Sequence[Point], values: Sequence[float | None], centre: float | None, target: int | None, t: Translate) -> str:
    """What the chart script draws, as JSON."""
    from webapp.device.compiler import as_json

    return as_json({
        "labels": [one.period.strftime("%m.%Y") for one in found], "values": list(values), "centre": centre, "target": target,
        "hollow": [not one.closed or one.thin for one in found], "names": [t("Måling"), t("Median"), t("Mål")],
    })  # fmt: skip


def behind(session: Session, unit: Unit, count: Count, period: date, fresh: Fresh, t: Translate) -> Context:
    """The people of a month who are not in the numerator, of those who are in the unit now."""
    fact = MeasureFact
    stored = select(fact).where(fact.unit_id == unit.id, fact.measure == count.id, fact.period == period)
    facts: dict[UUID, MeasureFact | Fact] = {one.patient_id: one for one in session.scalars(stored) if one.patient_id not in fresh}
    facts |= {ref: one for ref, made in fresh.items() for one in made
              if (one.measure, one.period, one.unit) == (count.id, period, str(unit.id))}  # fmt: skip
    home = select(Patient.id, Patient.name).where(Patient.unit_id == unit.id).order_by(Patient.name_key, Patient.id)
    everyone = [(one, facts[one.id]) for one in session.execute(home) if one.id in facts]
    missing = sum(not one.covered for _, one in everyone)
    if count.kind in ("share", "start"):
        wanted = count.text["direction"] == "up"
        shown = [(who, one) for who, one in everyone if one.den and (not one.num if wanted else one.num)]
    else:
        shown = [(who, one) for who, one in everyone if one.num]
    people = [{"name": who.name, "url": f"/review/people/{who.id}", "text": "" if one.covered else t("uten sjekk i tide")}
              for who, one in shown]  # fmt: skip
    return {"people": people, "unchecked": says.many(t, missing, "1 uten sjekk i tide.", "%(n)s uten sjekk i tide.")}
