"""The numbers of a unit for who may see numbers only (REQ-17): nobody's name, no number of few people, and none that gives one away."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts.policy import FEWEST, too_small
from webapp.bedside import says
from webapp.models import Unit
from webapp.review import coverage, queries
from webapp.sync import world
from webapp.words import Translate

Context = dict[str, Any]


def unit_pages(session: Session, units: list[Unit], now: datetime, t: Translate, lang: str) -> list[Context]:
    """As coverage.unit_pages, without who waits longest."""
    months = coverage.months(now)
    counted = queries.checks_between(session, [unit.id for unit in units], [start for _, start in months])
    return [unit_page(session, unit, [counted.get((unit.id, n), 0) for n in range(len(months))], now, t, lang) for unit in units]


def unit_page(session: Session, unit: Unit, monthly: list[int], now: datetime, t: Translate, lang: str) -> Context:
    counted, few = coverage.count(coverage.states(session, unit, now)), t("færre enn %(n)s", n=FEWEST)
    months = [(name, n if n >= FEWEST else None) for (name, _), n in zip(coverage.months(now), monthly, strict=True)]
    return {
        "name": unit.name,
        "rows": [row(form_id, counted[form_id], few, t, lang) for form_id in coverage.form_order() if eligible(counted.get(form_id))],
        "months": [{"name": name, "n": few if n is None else str(n)} for name, n in months],
        "says": t("Tall under %(n)s vises ikke, og heller ikke tall som de kan regnes ut av.", n=FEWEST),
        "chart": coverage.chart([{"name": name, "n": str(n or 0)} for name, n in months], t("Sjekker")),
        "chart_says": t("Sjekker per måned. Tallene står i tabellen under."),
        "late": [],
    }


def eligible(counted: Counter[str] | None) -> int:
    """How many people a check applies to."""
    return sum(n for state, n in (counted or {}).items() if state != "not_applicable")


def row(form_id: str, counted: Counter[str], few: str, t: Translate, lang: str) -> Context:
    """One check: the three parts are counted up to how many it applies to, so what is hidden is hidden together."""
    parts = {"on_time": counted["done"] + counted["upcoming"], "due": counted["due"], "overdue": counted["overdue"]}
    whole, hidden = sum(parts.values()), too_small(parts)
    return {
        "title": says.text(world.bundles().form(form_id).title, lang),
        "eligible": str(whole) if whole >= FEWEST else few,
        "coverage": coverage_text(whole, parts["overdue"], "overdue" in hidden, t),
        "is_late": parts["overdue"] > 0 and "overdue" not in hidden,
        **{name: "–" if name in hidden else str(n) for name, n in parts.items()},
    }


def coverage_text(whole: int, overdue: int, hidden: bool, t: Translate) -> str:
    """How many are in time; that few are late says how many are at least, and not how few."""
    if not hidden:
        return f"{round(100 * (whole - overdue) / whole)} %" if whole else "–"
    if overdue >= FEWEST or whole < 2 * FEWEST:
        return "–"
    return t("minst %(n)s %%", n=100 * (whole - FEWEST + 1) // whole)
