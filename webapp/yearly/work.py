"""Improvement work and walk-rounds of a year: what was aimed at, tried, decided and agreed. Finished words and booleans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.improvement import measured, pages, work
from webapp.improvement.kinds import missing
from webapp.improvement.work import Item
from webapp.leadership import visits
from webapp.models import Unit
from webapp.words import Translate
from webapp.yearly import found
from webapp.yearly.years import Year

Context = dict[str, Any]
ACTS = ("adopt", "adapt", "abandon")


@dataclass(frozen=True, slots=True)
class Work:
    """What of a unit's work belongs to a year, as it stands when it is read."""

    aims: list[Item]
    ideas: list[Item]
    cycles: list[Item]
    visits: list[Item]
    actions: list[Item]  # agreed on any walk-round of the unit


def of_year(session: Session, unit: UUID, year: Year) -> Work:
    """An aim belongs to the years in which its project went on, a cycle to those it ran in."""
    every = work.of_units(session, [unit], "project", "aim", "idea", "cycle", "visit", "action")
    projects, rounds = ({one.id: one for one in every if one.kind == kind} for kind in ("project", "visit"))
    mine: dict[str, list[Item]] = {}
    for one in every:
        if one.kind == "action" and one.parent in rounds:
            mine.setdefault("action", []).append(one)
        elif one.parent in projects or one.kind == "visit":
            begins, ends = span(one, projects.get(one.parent) if one.parent else None)
            if begins and year.meets(begins, ends):
                mine.setdefault(one.kind, []).append(one)
    for name in ("idea", "cycle"):
        mine.get(name, []).sort(key=lambda one: one.get("start"))
    return Work(*(mine.get(kind, []) for kind in ("aim", "idea", "cycle", "visit", "action")))


def span(one: Item, project: Item | None) -> tuple[str, str]:
    """(first day, last day) of a thing; nothing for a last day that is not known yet, or of what has not begun."""
    if one.kind == "aim" and project:
        return project.get("start") or found.local(project.versions[0].at).isoformat(), ended(project)
    if one.kind == "visit":
        return one.get("planned"), one.get("held") or one.get("planned")
    return one.get("start"), one.get("end") if one.kind == "cycle" else one.get("start")


def ended(project: Item) -> str:
    """The day it was said to be over, if it still is."""
    last = [*takewhile(lambda one: one.data.get("state") == "ended", reversed(project.versions))]
    return found.local(last[-1].at).isoformat() if last else ""


def planned(session: Session, it: Work, unit: Unit, year: Year, names: pages.Names, t: Translate, lang: str) -> Context:
    """The aims, with where their measures stand and what they lack."""
    wanted = {one.get("measure") for one in it.aims if one.get("measure")}
    series = measured.series(session, unit.id, wanted, year.first, lang)
    lacking = sum(bool(missing(one.data)) for one in it.aims)
    said = says.many(t, len(it.aims), "1 mål", "%(n)s mål")
    if lacking:
        said += "; " + says.many(t, lacking, "1 mål er ikke ferdig beskrevet", "%(n)s mål er ikke ferdig beskrevet")
    return {"aims": [pages.aim(one, series, names, year.today, t) for one in it.aims], "says": said}


def done(it: Work, year: Year, names: pages.Names, t: Translate) -> Context:
    """Ideas, cycles and walk-rounds in short, with what was agreed."""
    tried = [thing(one, "do", names, year, t) for one in sorted([*it.ideas, *it.cycles], key=lambda one: one.get("start"))]
    listed = [visits.row(one, it.actions, year.today, t) | {"risks": one.get("risks"), "agreed": agreed(one, it.actions)}
              for one in sorted(it.visits, key=lambda one: one.get("planned"))]  # fmt: skip
    said = [says.many(t, len(it.ideas), "1 endringsidé", "%(n)s endringsideer"),
            says.many(t, len(it.cycles), "1 PDSA-runde", "%(n)s PDSA-runder")]  # fmt: skip
    return {"tried": tried, "visits": listed, "says": ", ".join(said)}


def agreed(visit: Item, actions: Sequence[Item]) -> str:
    return "; ".join(one.get("text") for one in sorted(actions, key=lambda one: one.get("due")) if one.parent == visit.id)


def thing(one: Item, told: str, names: pages.Names, year: Year, t: Translate) -> Context:
    """An idea or a cycle with one thing that is said about it."""
    shown = pages.thing(one, "text" if one.kind == "idea" else "title", names, year.today, t)
    return {name: shown[name] for name in ("title", "state", "tone", "when")} | {
        "kind": pages.kind_name(one.kind, t), "told": next((row["value"] for row in shown["rows"] if row["name"] == told), ""),
        "url": f"/improvement/{one.parent}"}  # fmt: skip


def studied(it: Work, year: Year, t: Translate) -> list[str]:
    """How many of the walk-rounds were held, and of what was agreed closed in time."""
    (went, due), (closed, over) = (counted(it, year) for counted in (visits_held, actions_closed))
    held = t("%(n)s av %(all)s planlagte visitter er gjennomført.", n=went, all=due) if due else t("Ingen visitter var planlagt.")
    share = t("%(n)s av %(all)s avtalte tiltak ble lukket i tide (%(share)s %%).", n=closed, all=over, share=round(100 * closed / over)) \
        if over else t("Ingen avtalte tiltak hadde frist.")  # fmt: skip
    return [held, share]


def visits_held(it: Work, year: Year) -> tuple[int, int]:
    return visits.held(it.visits, year.today, year.first, year.after)


def actions_closed(it: Work, year: Year) -> tuple[int, int]:
    return visits.in_time(it.actions, year.today, year.first, year.after)


def corrected(it: Work, year: Year, names: pages.Names, t: Translate) -> Context:
    """What was decided after the cycles that ended, and what is agreed and not done."""
    ended = [one for one in it.cycles if year.has(one.get("end"))]
    tally = Counter(one.get("act") for one in ended)
    waiting = sorted((one for one in it.actions if not one.get("done")), key=lambda one: one.get("due"))
    late = sum(one.get("due") < year.today.isoformat() for one in waiting)
    said = t("Innført: %(adopt)s. Tilpasset: %(adapt)s. Forkastet: %(abandon)s. Ikke bestemt: %(none)s.",
             **{one: tally[one] for one in ACTS}, none=tally[""])  # fmt: skip
    still = t("Avtalte tiltak som ikke er gjort: %(n)s, over fristen: %(late)s.", n=len(waiting), late=late)
    return {"acts": [thing(one, "act_text", names, year, t) for one in ended], "says": said, "still": still,
            "waiting": [visits.action(one, names, year.today, t) for one in waiting], "is_late": late > 0}  # fmt: skip
