"""Overdue and coverage per unit: of those a check applies to today, how many are in time. Counted from the due engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.models import Patient, Unit
from webapp.review import queries, standing
from webapp.sync import world
from webapp.words import Translate

Context = dict[str, Any]
OSLO = ZoneInfo("Europe/Oslo")
MONTHS = 12
LATEST = 12


def unit_pages(session: Session, units: list[Unit], now: datetime, t: Translate, lang: str) -> list[Context]:
    """One section per unit: a table of checks, bars per month, and who has waited longest."""
    counted = queries.checks_between(session, [unit.id for unit in units], [start for _, start in months(now)])
    return [unit_page(session, unit, [counted.get((unit.id, n), 0) for n in range(MONTHS)], now, t, lang) for unit in units]


def states(session: Session, unit: Unit, now: datetime) -> list[tuple[Row[UUID, str], standing.States]]:
    """(person, due state per form) of everybody in the unit's service today."""
    home = select(Patient.id, Patient.name).where(Patient.unit_id == unit.id).order_by(Patient.name_key, Patient.id)
    people = list(session.execute(home))
    found = standing.of(session, [person.id for person in people], now)
    return [(person, found[person.id]) for person in people if person.id in found]


def unit_page(session: Session, unit: Unit, monthly: list[int], now: datetime, t: Translate, lang: str) -> Context:
    """The words and numbers of one unit."""
    people_due = states(session, unit, now)
    counted = count(people_due)
    late = [
        (state["next_due_on"], person, form_id, state)
        for person, forms in people_due for form_id, state in forms.items() if state["state"] == "overdue"
    ]  # fmt: skip
    rows = [row(form_id, counted[form_id], lang) for form_id in form_order() if form_id in counted]
    rows = [one for one in rows if one["eligible"] != "0"]
    overdue = sum(int(one["overdue"]) for one in rows)
    per_month = [{"name": name, "n": str(count)} for (name, _), count in zip(months(now), monthly, strict=True)]
    return {
        "name": unit.name,
        "rows": rows,
        "months": per_month,
        "says": t("%(people)s brukere med tjeneste i dag, %(late)s sjekker over tiden.", people=len(people_due), late=overdue),
        "chart": chart(per_month, t("Sjekker")),
        "chart_says": t("Sjekker per måned. Tallene står i tabellen under."),
        "late": [late_row(person, form_id, state, t, lang) for _, person, form_id, state in sorted(late, key=lambda one: one[0])[:LATEST]],
    }


def count(people_due: list[tuple[Row[UUID, str], standing.States]]) -> dict[str, Counter[str]]:
    """Form -> how many people are in each state."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for _person, forms in people_due:
        for form_id, state in forms.items():
            counted[form_id][state["state"]] += 1
    return counted


def form_order() -> list[str]:
    """Form ids in the order of the bundle files."""
    return [form.id for bundle in world.bundles().bundles for form in bundle.forms]


def row(form_id: str, counted: Counter[str], lang: str) -> Context:
    """One check: how many it applies to, and how many of them are in time."""
    eligible = sum(count for state, count in counted.items() if state != "not_applicable")
    late = counted["overdue"]
    share = f"{round(100 * (eligible - late) / eligible)} %" if eligible else "–"
    title = says.text(world.bundles().form(form_id).title, lang)
    return {
        "title": title,
        "eligible": str(eligible),
        "on_time": str(counted["done"] + counted["upcoming"]),
        "due": str(counted["due"]),
        "overdue": str(late),
        "coverage": share,
        "is_late": late > 0,
    }


def late_row(person: Row[UUID, str], form_id: str, state: dict[str, Any], t: Translate, lang: str) -> Context:
    """Somebody whose check is past its time."""
    form = world.bundles().form(form_id)
    text = says.text(form.title, lang) + ": " + says.many(t, state["days_late"], "1 dag over tiden", "%(n)s dager over tiden")
    return {"url": f"/review/people/{person.id}", "icon": form.icon, "name": person.name, "text": text}


def months(now: datetime) -> list[tuple[str, datetime]]:
    """(name, first instant) of this calendar month in Oslo and those before it, oldest first."""
    today = now.astimezone(OSLO).date()
    last = today.year * 12 + today.month - 1
    firsts = [datetime(number // 12, number % 12 + 1, 1, tzinfo=OSLO) for number in range(last - MONTHS + 1, last + 1)]
    return [(first.strftime("%m.%Y"), first) for first in firsts]


def chart(months: list[Context], name: str) -> str:
    """What the chart script draws, as JSON."""
    from webapp.device.compiler import as_json

    return as_json({"labels": [one["name"] for one in months], "values": [int(one["n"]) for one in months], "name": name})
