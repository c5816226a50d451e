"""Walk-rounds and what was agreed on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.improvement import pages, work
from webapp.improvement.kinds import PERSON
from webapp.improvement.work import Item
from webapp.models import Unit
from webapp.words import Translate

Context = dict[str, Any]
YEAR = timedelta(days=365)


def closed(actions: Iterable[Item], today: date) -> list[tuple[date, bool]]:
    """The day of each action that is due, and whether it was closed by it: due is what has passed its day, or was closed before it."""
    due = [one for one in actions if one.get("due") < today.isoformat() or one.get("done")]
    return [(date.fromisoformat(one.get("due")), bool(one.get("done")) and one.get("done") <= one.get("due")) for one in due]


def gone(visits: Iterable[Item], today: date) -> list[tuple[date, bool]]:
    """The day that each walk-round was planned for, up to today, and whether it was held."""
    planned = [one for one in visits if one.get("planned") <= today.isoformat() or one.get("held")]
    return [(date.fromisoformat(one.get("planned")), bool(one.get("held"))) for one in planned]


def in_time(actions: Iterable[Item], today: date, since: date, until: date = date.max) -> tuple[int, int]:
    """(closed by their day, due) of the days from `since` to before `until`."""
    return within(closed(actions, today), since, until)


def held(visits: Iterable[Item], today: date, since: date, until: date = date.max) -> tuple[int, int]:
    """(held, planned) of the days from `since` to before `until`."""
    return within(gone(visits, today), since, until)


def within(judged: Iterable[tuple[date, bool]], since: date, until: date) -> tuple[int, int]:
    mine = [met for day, met in judged if since <= day < until]
    return sum(mine), len(mine)


def listing(session: Session, unit: Unit, today: date, t: Translate, lang: str) -> Context:
    """The walk-rounds, newest first, what is not done yet, and how much was done in time."""
    every = work.of_units(session, [unit.id], "visit", "action")
    visits = sorted((one for one in every if one.kind == "visit"), key=lambda one: one.get("planned"), reverse=True)
    here = {one.id for one in visits}
    actions = [one for one in every if one.kind == "action" and one.parent in here]
    known = pages.names(session, unit.id, None, lang)
    done, due = in_time(actions, today, today - YEAR)
    went, planned = held(visits, today, today - YEAR)
    waiting = sorted((one for one in actions if not one.get("done")), key=lambda one: one.get("due"))
    return {
        "visits": [row(one, actions, today, t) for one in visits],
        "waiting": [action(one, known, today, t) for one in waiting],
        "in_time": t("%(n)s av %(all)s", n=done, all=due) if due else "–",
        "held": t("%(n)s av %(all)s", n=went, all=planned) if planned else "–",
        "late": sum(one.get("due") < today.isoformat() for one in waiting),
    }  # fmt: skip


def row(visit: Item, actions: list[Item], today: date, t: Translate) -> Context:
    mine = [one for one in actions if one.parent == visit.id]
    open_ones = sum(not one.get("done") for one in mine)
    state = t("Gjennomført %(day)s", day=says.day(visit.get("held"))) if visit.get("held") else \
        t("Ikke gjennomført") if visit.get("planned") < today.isoformat() else t("Planlagt")  # fmt: skip
    text = says.many(t, len(mine), "1 tiltak", "%(n)s tiltak") + (t(", %(n)s ikke gjort ennå", n=open_ones) if open_ones else "")
    return {"url": f"/leadership/visits/{visit.id}", "day": says.day(visit.get("planned")), "state": state, "text": text,
            "tone": "ok" if visit.get("held") else "overdue" if visit.get("planned") < today.isoformat() else "quiet"}  # fmt: skip


def action(item: Item, known: pages.Names, today: date, t: Translate) -> Context:
    late = not item.get("done") and item.get("due") < today.isoformat()
    state = t("Gjort %(day)s", day=says.day(item.get("done"))) if item.get("done") else t("Over fristen") if late else t("Ikke gjort ennå")
    owner = known[PERSON].get(item.get("owner"), "–") if item.get("owner") else t("Ingen ansvarlig")
    return {"id": str(item.id), "text": item.get("text"), "owner": owner, "due": says.day(item.get("due")), "state": state,
            "tone": "ok" if item.get("done") else "overdue" if late else "quiet", "visit_url": f"/leadership/visits/{item.parent}",
            "by": pages.said_by(item, today, t)}  # fmt: skip


def one(session: Session, visit: Item, today: date, t: Translate, lang: str) -> Context:
    """One walk-round with what was agreed."""
    known = pages.names(session, visit.unit_id, None, lang)
    actions = [each for each in work.under(session, visit.id) if each.kind == "action"]
    return {
        "id": str(visit.id), "day": says.day(visit.get("planned")), "facts": pages.rows(visit, known, t, "planned"),
        "actions": [action(each, known, today, t) for each in sorted(actions, key=lambda it: it.get("due"))],
        "by": pages.said_by(visit, today, t), "history": pages.history(visit, known, today, t),
    }  # fmt: skip
