"""Old series in the database: taken in as a whole, taken back as a whole. Where there is data of our own, that is what holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts import log
from webapp.bedside import says
from webapp.measures.old_series import Sum
from webapp.models import MeasureImport, MeasureImportPoint, Unit, User

Months = dict[date, tuple[int, int]]


def held(session: Session, unit: UUID, since: date, measures: Collection[str] | None = None) -> dict[str, Months]:
    """Measure -> month -> (numerator, denominator) of the imports that nobody has taken back; the newest holds where two have a month."""
    one, point, undo = MeasureImport, MeasureImportPoint, aliased(MeasureImport)
    query = select(one.measure, point.period, point.num, point.den).join(point, point.import_id == one.id)
    query = query.where(one.unit_id == unit, point.period >= since, ~exists().where(undo.undoes == one.id))
    if measures is not None:
        query = query.where(one.measure.in_(measures))
    found: dict[str, Months] = {}
    for measure, period, num, den in session.execute(query.order_by(one.at, one.id)):
        found.setdefault(measure, {})[period] = (num, den)
    return found


def store(session: Session, user: User, unit: Unit, measure: str, file: str, months: Mapping[date, Sum]) -> MeasureImport:
    """A whole file."""
    made = MeasureImport(unit_id=unit.id, measure=measure, file=file, by=user.id)
    session.add(made)
    session.flush()
    session.add_all(MeasureImportPoint(import_id=made.id, period=period, num=one.num, den=one.den) for period, one in months.items())
    log.write(session, user, "measure_import", unit_id=unit.id, detail={"measure": measure, "id": str(made.id), "months": len(months)})
    return made


def undo(session: Session, user: User, old: MeasureImport) -> MeasureImport:
    """The whole of it is taken back; what it was stays."""
    made = MeasureImport(unit_id=old.unit_id, measure=old.measure, file=old.file, undoes=old.id, by=user.id)
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
        {"id": str(one.id), "measure": one.measure, "file": one.file, "by": name, "at": day(one.at), "n": span[one.id][0],
         "first": span[one.id][1], "last": span[one.id][2], "undone_by": gone[one.id][0] if one.id in gone else "",
         "undone": day(gone[one.id][1]) if one.id in gone else ""}
        for one, name in rows if not one.undoes and one.id in span
    ]  # fmt: skip


def day(moment: Any) -> str:
    return says.day(says.local(moment.isoformat())[:10])
