"""What people decide about a chart: a frozen baseline, a new phase, a point left out, a note, a target. Each with reason, person and time;
what takes it back is another decision, and all of them stay."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.bedside import says
from webapp.measures import months
from webapp.measures.marks import Mark
from webapp.measures.series import Plan, Series, left_out
from webapp.models import MeasureDecision, Unit, User
from webapp.words import Translate

KINDS = ("freeze", "phase", "ghost", "note", "target")
UNDO = "undo"
FEWEST_BASE, BETTER_BASE = 12, 20  # points of a baseline: with fewer it detects little, with more it is surer
REASON_MAX = 500


def of(session: Session, unit: UUID, measures: Iterable[str] | None = None) -> dict[str, list[MeasureDecision]]:
    """Measure -> everything ever decided about it here, oldest first."""
    query = select(MeasureDecision).where(MeasureDecision.unit_id == unit)
    if measures is not None:
        query = query.where(MeasureDecision.measure.in_(list(measures)))
    found: dict[str, list[MeasureDecision]] = {}
    for one in session.scalars(query.order_by(MeasureDecision.at, MeasureDecision.id)):
        found.setdefault(one.measure, []).append(one)
    return found


def holding(decisions: Sequence[MeasureDecision]) -> list[MeasureDecision]:
    """Those that nobody has taken back."""
    gone = {one.undoes for one in decisions if one.undoes}
    return [one for one in decisions if one.kind != UNDO and one.id not in gone]


def plan(decisions: Sequence[MeasureDecision], grain: months.Grain) -> Plan:
    """What the chart follows. A baseline lasts to the end of its last period; a point left out is one of the same subgroups only."""
    held, lines = holding(decisions), grain != "day"  # days are looked at, and not judged
    targets = [one.value for one in held if one.kind == "target"]
    return Plan(
        phases=tuple(one.period for one in held if one.kind == "phase" and lines),
        baselines=tuple(one.period for one in held if one.kind == "freeze" and lines),
        ghosts=frozenset(one.period for one in held if one.kind == "ghost" and one.grain == grain),
        target=targets[-1] if targets else None,
    )


def notes(decisions: Sequence[MeasureDecision], t: Translate) -> list[Mark]:
    """Marks on the chart: notes and new phases, in the words of who decided."""
    words = {"note": "", "phase": t("Ny fase: ")}
    return [Mark(one.period, words[one.kind] + one.reason) for one in holding(decisions) if one.kind in words]


def base_of(shown: Series, period: date | None = None) -> int:
    """How many usable points the newest phase has (until and with that period)."""
    start = max((one for one in shown.plan.phases if shown.points and one <= shown.points[-1].period), default=date.min)
    out = set(left_out(shown.points, shown.plan))
    usable = (one for n, one in enumerate(shown.points) if n not in out and shown.values[n] is not None)
    return sum(start <= one.period and (period is None or one.period <= period) for one in usable)


def wrong(shown: Series, form: Mapping[str, str], t: Translate) -> str:
    """What keeps this from being decided, as a sentence; nothing when it can be."""
    kind, reason = form.get("kind", ""), form.get("reason", "").strip()
    period = next((one.period for one in shown.points if one.period.isoformat() == form.get("period")), None)
    if shown.grain == "day" and kind != "note":
        return t("Døgn vurderes ikke: bestem det per uke, måned eller kvartal. Ingenting er endret.")
    if kind not in KINDS or period is None:
        return t("Velg et punkt i diagrammet. Ingenting er endret.")
    if not reason or len(reason) > REASON_MAX or "\0" in reason:
        return t("Skriv hvorfor, høyst 500 tegn. Ingenting er endret.")
    if kind == "freeze" and (n := base_of(shown, period)) < FEWEST_BASE:
        return t("En grunnlinje trenger minst %(least)s brukbare punkter; her er det %(n)s. Ingenting er endret.", least=FEWEST_BASE, n=n)
    if kind == "phase" and period == shown.points[0].period:
        return t("En ny fase begynner etter det første punktet. Ingenting er endret.")
    if kind == "target" and number(form.get("value", "")) is None:
        return t("Skriv målet som et tall fra 0. Ingenting er endret.")
    return ""


def number(said: str) -> float | None:
    try:
        value = float(said.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1e6 else None


def decide(session: Session, user: User, shown: Series, unit: Unit, form: Mapping[str, str]) -> MeasureDecision:
    """A decision that `wrong` had nothing to say about."""
    kind = form["kind"]
    made = MeasureDecision(
        unit_id=unit.id, measure=shown.count.id, kind=kind, grain=shown.grain, period=date.fromisoformat(form["period"]),
        value=number(form.get("value", "")) if kind == "target" else None, reason=form["reason"].strip(), by=user.id,
    )  # fmt: skip
    return stored(session, user, made)


def undo(session: Session, user: User, old: MeasureDecision, reason: str) -> MeasureDecision:
    """The counter-decision."""
    made = MeasureDecision(unit_id=old.unit_id, measure=old.measure, kind=UNDO, grain=old.grain, period=old.period, value=None,
                           reason=reason, undoes=old.id, by=user.id)  # fmt: skip
    return stored(session, user, made)


def stored(session: Session, user: User, made: MeasureDecision) -> MeasureDecision:
    session.add(made)
    session.flush()
    detail = {"measure": made.measure, "kind": made.kind, "id": str(made.id)}
    log.write(session, user, "measure_decided", unit_id=made.unit_id, detail=detail)
    return made


def history(session: Session, decisions: Sequence[MeasureDecision], t: Translate) -> list[dict[str, Any]]:
    """Everything decided, newest first; what holds can be taken back."""
    held = {one.id for one in holding(decisions)}
    whose = {one.by: session.get(User, one.by) for one in decisions}
    return [
        {"id": str(one.id), "text": worded(one, t), "reason": one.reason, "by": who.name if (who := whose[one.by]) else "",
         "at": says.day(says.local(one.at.isoformat())[:10]), "holds": one.id in held, "undone": one.kind != UNDO and one.id not in held}
        for one in reversed(decisions)
    ]  # fmt: skip


def worded(one: MeasureDecision, t: Translate) -> str:
    grain: Any = one.grain
    period, value = months.named(one.period, grain), f"{one.value or 0:g}".replace(".", ",")
    return {
        "freeze": t("Grunnlinjen er låst til og med %(period)s", period=period),
        "phase": t("Ny fase fra %(period)s", period=period),
        "ghost": t("Punktet %(period)s teller ikke med", period=period),
        "note": t("Merknad ved %(period)s", period=period),
        "target": t("Målet er %(value)s", value=value),
        UNDO: t("Opphevet en bestemmelse"),
    }[one.kind]


def prompt(shown: Series, t: Translate) -> str:
    """At 12 and at 20 points: now a baseline can be frozen, before something is changed."""
    n = base_of(shown)
    if shown.frozen or shown.grain == "day" or n < FEWEST_BASE:
        return ""
    said = t("%(n)s brukbare punkter er samlet. Lås grunnlinjen før dere begynner en endring: da vises den tydeligere.", n=n)
    return said if n >= BETTER_BASE else said + " " + t("20 punkter er sikrere.")
