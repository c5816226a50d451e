"""Old series in the database: taken in as a whole, taken back as a whole. Where there is data of our own, that is what holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts import log
from webapp.bedside import says
from webapp.measures import months
from webapp.measures.months import Grain, Per
from webapp.measures.old_series import Sum
from webapp.models import MeasureImport, MeasureImportPoint, Unit, User

Periods = dict[date, tuple[int, int]]
LONGEST = timedelta(days=7)  # a week of the month before may belong to this one
FROM: dict[Grain, tuple[Per, ...]] = {"day": ("day",), "week": ("day", "week"), "month": ("day", "week", "month"), "quarter": ("quarter",)}
ADDED: tuple[Per, ...] = ("day", "week", "month")  # to a quarter too, when nobody is counted in each of them


def held(
    session: Session, unit: UUID, since: date, measures: Collection[str] | None = None, grain: Grain = "month", *, adds: bool = False
) -> dict[str, Periods]:
    """Measure -> period -> (numerator, denominator) of the imports that nobody has taken back; the newest holds where two have a period.

    `adds`: nobody is counted once a period, so that a quarter is the sum of its months."""
    found: dict[str, Periods] = {}
    per = FROM[grain] + (ADDED if adds and grain == "quarter" else ())
    for (measure, of), points in _each(session, unit, since, measures, per):
        sums: Periods = {}
        for first, num, den in points:
            period = months.within(first, of, grain)
            before = sums.get(period, (0, 0))
            sums[period] = before[0] + num, before[1] + den
        found.setdefault(measure, {}).update({period: both for period, both in sums.items() if period >= since})
    return found


def kept(session: Session, unit: UUID, measure: str) -> dict[Per, Periods]:
    """The same as it was taken in: what its points are of -> periods."""
    found: dict[Per, Periods] = {}
    for (_, of), points in _each(session, unit, date.min + LONGEST, [measure], (*ADDED, "quarter")):
        found.setdefault(of, {}).update({first: (num, den) for first, num, den in points})
    return found


def _each(
    session: Session, unit: UUID, since: date, measures: Collection[str] | None, per: Collection[Per]
) -> list[tuple[tuple[str, Per], list[tuple[date, int, int]]]]:
    """((measure, what its points are of), points) of each import, oldest first."""
    one, point, undo = MeasureImport, MeasureImportPoint, aliased(MeasureImport)
    query = select(one.id, one.measure, one.per, point.period, point.num, point.den).join(point, point.import_id == one.id)
    query = query.where(one.unit_id == unit, one.per.in_(per), point.period >= since - LONGEST, ~exists().where(undo.undoes == one.id))
    if measures is not None:
        query = query.where(one.measure.in_(measures))
    rows: Any = session.execute(query.order_by(one.at, one.id)).all()
    return [(what[1:], [tuple(row[3:]) for row in points]) for what, points in groupby(rows, key=lambda row: tuple(row[:3]))]


def store(session: Session, user: User, unit: Unit, measure: str, file: str, per: Per, periods: Mapping[date, Sum]) -> MeasureImport:
    """A whole file."""
    made = MeasureImport(unit_id=unit.id, measure=measure, file=file, per=per, by=user.id)
    session.add(made)
    session.flush()
    session.add_all(MeasureImportPoint(import_id=made.id, period=period, num=one.num, den=one.den) for period, one in periods.items())
    log.write(session, user, "measure_import", unit_id=unit.id,
              detail={"measure": measure, "id": str(made.id), "per": per, "periods": len(periods)})  # fmt: skip
    return made


def undo(session: Session, user: User, old: MeasureImport) -> MeasureImport:
    """The whole of it is taken back; what it was stays."""
    made = MeasureImport(unit_id=old.unit_id, measure=old.measure, file=old.file, per=old.per, undoes=old.id, by=user.id)
    session.add(made)
    session.flush()
    log.write(session, user, "measure_import_undone", unit_id=old.unit_id, detail={"measure": old.measure, "id": str(old.id)})
    return made


def history(session: Session, unit: UUID) -> list[dict[str, Any]]:
    """Every import ever, newest first."""
    query = select(MeasureImport, User.name).join(User, User.id == MeasureImport.by).where(MeasureImport.unit_id == unit)
    rows = session.execute(query.order_by(MeasureImport.at.desc(), MeasureImport.id)).all()
    gone = {one.undoes: (name, one.at) for one, name in rows if one.undoes}
    count = select(MeasureImportPoint.import_id, func.count(), func.min(MeasureImportPoint.period), func.max(MeasureImportPoint.period))
    span = {one: (n, first, last) for one, n, first, last in session.execute(
        count.where(MeasureImportPoint.import_id.in_([one.id for one, _ in rows])).group_by(MeasureImportPoint.import_id))}  # fmt: skip
    return [
        {"id": str(one.id), "measure": one.measure, "file": one.file, "per": one.per, "by": name, "at": day(one.at), "n": span[one.id][0],
         "first": span[one.id][1], "last": span[one.id][2], "undone_by": gone[one.id][0] if one.id in gone else "",
         "undone": day(gone[one.id][1]) if one.id in gone else ""}
        for one, name in rows if not one.undoes and one.id in span
    ]  # fmt: skip


def day(moment: Any) -> str:
    return says.day(says.local(moment.isoformat())[:10])
