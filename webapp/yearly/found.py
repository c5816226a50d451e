"""What the year's checks found, how it was followed up, and how complete the data is: flags, the green cross, refused records, devices."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.policy import FEWEST, too_small
from webapp.bedside import says
from webapp.improvement import work
from webapp.measures import pages, report, store
from webapp.models import Flag, FlagClosing, HiddenCheck, Patient, Quarantine, Unit
from webapp.sync.quarantine import FIRST, WAITS, unit_of
from webapp.words import Translate
from webapp.yearly.years import Year

Context = dict[str, Any]
HASTE = ("urgent", "high")
MISTAKEN = ("corrected", "withdrawn")  # the check that raised it was wrong or is taken out
COLOURS = ("green", "yellow", "red")
Finding = tuple[str, datetime, datetime | None, date | None]  # severity, found, closed, the day it was to be closed by


def findings(session: Session, unit: UUID, year: Year) -> list[Finding]:
    """Urgent and high flags that were found in the unit that year. One that was opened again is one."""
    query = select(Flag, FlagClosing.outcome).outerjoin(FlagClosing, FlagClosing.flag_id == Flag.id)
    query = query.where(Flag.unit_id == unit, Flag.severity.in_(HASTE), Flag.check_id.not_in(select(HiddenCheck.check_id)),
                        Flag.opened_at >= report.midnight(year.first), Flag.opened_at < report.midnight(year.end))  # fmt: skip
    found: dict[tuple[Any, ...], tuple[Flag, str | None]] = {}
    for flag, outcome in session.execute(query.order_by(Flag.closed_at.nulls_last(), Flag.id)):
        found[flag.patient_id, flag.code, flag.subject, flag.opened_at] = flag, outcome  # what is open, or was closed last, holds
    return [(flag.severity, flag.opened_at, flag.closed_at, flag.due_on) for flag, outcome in found.values() if outcome not in MISTAKEN]


def local(at: datetime) -> date:
    return at.astimezone(store.OSLO).date()


def flags(found: list[Finding], today: date, only: bool, t: Translate) -> list[Context]:
    """A row for each severity."""
    words = {"urgent": t("Nå"), "high": t("Høy")}
    counts = {name: sum(one[0] == name for one in found) for name in HASTE}
    hidden = too_small(counts) if only else set()
    return [{"text": words[name], "n": "–" if name in hidden else str(counts[name]), "tone": name,
             **closed([one for one in found if one[0] == name], today, only, t)} for name in HASTE]  # fmt: skip


def closed(found: list[Finding], today: date, only: bool, t: Translate) -> Context:
    """How many were closed, how many of those with a day by that day, and after how many days half of them were.

    One that is open before its day is not counted yet; one that was given no day cannot be judged, and is told of."""
    days = [(local(shut) - local(at)).days for _severity, at, shut, _due in found if shut]
    over = [(due, local(shut) if shut else None) for _severity, _at, shut, due in found if due and (shut or due < today)]
    none = sum(due is None for *_rest, due in found)
    kept = sum(shut is not None and shut <= due for due, shut in over)
    hide = only and bool(too_small({"kept": kept, "rest": len(over) - kept}))
    share = f"{round(100 * kept / len(over))} %" if over else "–"
    return {
        "closed": "–" if only and too_small({"closed": len(days), "open": len(found) - len(days)}) else str(len(days)),
        "share": "–" if hide else share if only or not over else t("%(n)s av %(all)s (%(share)s)", n=kept, all=len(over), share=share),
        "none": "–" if only and too_small({"none": none, "rest": len(found) - none}) else str(none), "has_none": none > 0,
        "median": "–" if not days or (only and len(days) < FEWEST) else says.many(t, days_of(days), "1 dag", "%(n)s dager"),
    }  # fmt: skip


def days_of(days: list[int]) -> int:
    """The median in whole days; between two the later."""
    return -int(-median(days) // 1)


def cross(session: Session, unit: UUID, year: Year, only: bool, t: Translate) -> Context:
    """The green cross's days by colour. A day that nobody decided is grey, and grey is not green."""
    begins = max(year.first, store.began(session, year.today))  # before anything was recorded there was no cross
    days = max(0, (year.end - begins).days)
    decided = [one for one in work.of_units(session, [unit], "cross") if begins.isoformat() <= one.get("day") < year.end.isoformat()]
    tally = Counter(one.get("colour") for one in decided)
    counts = {name: tally[name] for name in COLOURS} | {"grey": days - sum(tally.values())}
    hidden = too_small(counts) if only else set()
    words = {"green": t("Grønn"), "yellow": t("Gul"), "red": t("Rød"), "grey": t("Grå: ikke bestemt")}
    return {"rows": [{"colour": name, "text": words[name], "n": "–" if name in hidden else str(n)} for name, n in counts.items()],
            "says": t("Antall dager fra %(day)s: %(days)s.", days=days, day=says.day(begins.isoformat()))}  # fmt: skip


def quality(session: Session, unit: Unit, year: Year, only: bool, t: Translate) -> list[str]:
    """What the numbers may lack: records that were not accepted, and devices that have been silent."""
    when = Quarantine.received_at
    query = select(func.count()).select_from(Quarantine).where(unit_of() == unit.id, FIRST, when >= report.midnight(year.first),
                                                               when < report.midnight(year.end))  # fmt: skip
    every, waiting = session.scalar(query) or 0, session.scalar(query.where(WAITS)) or 0
    hide = only and every > 0 and bool(too_small({"waiting": waiting, "rest": every - waiting}))
    refused = t("Ingen registreringer ble holdt tilbake.") if not every else \
        t("Færre enn fem, eller tall som de kan regnes ut av, vises ikke.") if hide else \
        t("Registreringer som ble holdt tilbake: %(n)s, ikke avgjort: %(waiting)s.", n=every, waiting=waiting)  # fmt: skip
    return [refused, pages.quiet(pages.silent_devices(session, unit), t)]


def still_open(session: Session, unit: Unit, year: Year, only: bool, t: Translate) -> Context:
    """What is open now, and how much of it is past its day."""
    query = select(func.count()).select_from(Flag).join(Patient, Patient.id == Flag.patient_id)
    mine = query.where(Patient.unit_id == unit.id, Flag.closed_at.is_(None), Flag.severity.in_(report.SEVERITIES))
    every, late = session.scalar(mine) or 0, session.scalar(mine.where(Flag.due_on < year.today)) or 0
    hide = only and bool(too_small({"late": late, "rest": every - late}))
    return {"flags": report.open_flags(session, unit, only, t), "late": "–" if hide else str(late), "is_late": late > 0 and not hide}
