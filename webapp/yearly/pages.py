"""The yearly review as template context: what the data says under each of the four parts, beside what the leader writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts.policy import too_small
from webapp.bedside import says
from webapp.improvement import pages as improvement
from webapp.measures import decide, marks, months, pages, points, report, store, verdicts
from webapp.measures.pages import Fresh, order, read
from webapp.measures.points import Point
from webapp.measures.series import Series
from webapp.models import Unit
from webapp.words import Translate
from webapp.yearly import found, texts, years
from webapp.yearly import work as done
from webapp.yearly.years import Year

Context = dict[str, Any]


def page(session: Session, unit: Unit, year: Year, fresh: Fresh, only: bool, said: Mapping[str, str], t: Translate, lang: str) -> Context:
    """Everything of one unit and year. `only`: for who sees numbers only; `said`: a text that could not be kept."""
    measures = measured(session, unit, year, fresh, only, t, lang)
    names, its = improvement.names(session, unit.id, None, lang), done.of_year(session, unit.id, year)
    return {
        "year": year.number, "printed": says.day(year.today.isoformat()), "years": choices(session, unit, year),
        "so_far": "" if year.is_over else so_far(year, t),
        "plan": done.planned(session, its, unit, year, names, t, lang), "measures": measures, "do": done.done(its, year, names, t),
        "study": {"visits": done.studied(its, year, t), "cross": found.cross(session, unit.id, year, only, t),
                  "flags": found.flags(found.findings(session, unit.id, year), year.today, only, t),
                  "quality": found.quality(session, unit, year, only, t)},
        "act": done.corrected(its, year, names, t) | {"open": found.still_open(session, unit, year, only, t)},
        "texts": {} if only else texts.shown(texts.of(session, unit.id, year.number), year, said, t),
    }  # fmt: skip


def so_far(year: Year, t: Translate) -> str:
    day = says.day(year.today.isoformat())
    if year.last_month < year.first:
        return t("Hittil i år: til og med %(day)s. Ingen måned er over ennå.", day=day)
    return t("Hittil i år: til og med %(day)s. Målingene er til og med %(month)s.", day=day, month=months.named(year.last_month))


def choices(session: Session, unit: Unit, year: Year) -> list[Context]:
    return [{"text": str(one), "url": f"/measures/year?unit={unit.id}&year={one}", "here": one == year.number}
            for one in years.offered(store.began(session, year.today), year.today)]  # fmt: skip


def measured(session: Session, unit: Unit, year: Year, fresh: Fresh, only: bool, t: Translate, lang: str) -> list[Context]:
    """Each measure with its chart and verdict at the end of the year, and what of the year was measured at all."""
    every, decisions = read(session, unit.id, points.EVER, year.today, fresh, only), decide.of(session, unit.id)
    marked, shown = marks.of_unit(session, unit.id), []
    for count in order():
        made = decisions.get(count.id, [])
        it = report.drawn(count, every, year.last_month, only, made)
        if it is None or (it.points[-1].period < year.first and not count.is_between):
            continue
        noted = decide.notes(made, t) + marked.get(count.id, [])
        last = min(months.after(year.last_month) - timedelta(days=1), year.today)
        shown.append(report.part(it, noted, only, last, t, lang) | of_year(it, year, only, t))
    return shown


def of_year(it: Series, year: Year, only: bool, t: Translate) -> Context:
    """From where to where the measure went, in how many months there is a number, and how complete they are."""
    inside = [(one, value) for one, value in zip(it.points, it.values, strict=True) if one.period >= year.first]
    complete = [one for one in it.of if one.period >= year.first] or [one for one, _value in inside]
    counted = sum(one.den > 0 for one, _value in inside)
    told = [(one.period, value) for one, value in inside if value is not None]
    thin = [months.named(one.period) for one in complete if one.thin]
    of_months = t("%(n)s av %(all)s", n=counted, all=year.last_month.month)
    events = says.many(t, len(inside), "1 hendelse", "%(n)s hendelser")
    ends = (told[0], told[-1]) if len(told) > 1 else None
    return {
        "span": t("Fra %(was)s (%(first)s) til %(now)s (%(last)s).",
                  first=months.named(ends[0][0], it.grain), was=verdicts.number(ends[0][1]),
                  last=months.named(ends[1][0], it.grain), now=verdicts.number(ends[1][1])) if ends else "",
        "months": events if it.count.is_between else of_months, "covered": covered(complete, only),
        "thin": ", ".join(thin) or t("ingen"), "is_thin": bool(thin),
    }  # fmt: skip


def covered(inside: Sequence[Point], only: bool) -> str:
    """The share of the year's person-months in which somebody the measure is about was checked in time."""
    if only:  # or a month that is hidden would be the year less the others
        inside = [one for one in inside if pages.covered(one, True) != "–" and not one.few]
    eligible, checked = sum(one.eligible for one in inside), sum(one.covered for one in inside)
    hide = only and too_small({"covered": checked, "rest": eligible - checked})
    return "–" if not eligible or hide else f"{round(100 * checked / eligible)} %"
