"""What may never change: the database itself refuses, whoever asks."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Executable, delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from tests.conftest import sign_in
from tests.people import JORUNN, KARI, SOLVEIG, ident
from tests.web import office
from tests.web.filled import Filled, contents
from tests.web.sync.reading import all_of, change
from webapp.models import (
    AccessLink,
    AccessLog,
    AccessReview,
    Base,
    CheckDecision,
    CheckRecord,
    DeviceChange,
    FeedRow,
    Flag,
    FlagClosing,
    Lookup,
    LookupEnd,
    MeasureDecision,
    MeasureImport,
    MeasureImportPoint,
    QuarantineDecision,
    Receipt,
    WorkVersion,
)

PROTECTED: list[type[Base]] = [
    CheckRecord, AccessLog, AccessLink, Receipt, FlagClosing, FeedRow, QuarantineDecision, Lookup, LookupEnd, AccessReview,
    CheckDecision, DeviceChange, MeasureDecision, MeasureImport, MeasureImportPoint, WorkVersion,
]  # fmt: skip


def decide(filled: Filled) -> None:
    """Something in every table that is protected."""
    solveig = sign_in(filled.app.test_client(), SOLVEIG)
    assert solveig.post(f"/review/flags/{filled.flag}/closing", data={"outcome": "done"}).status_code == 200
    left_out = {"decision": "reject", "reason": "Skrevet to ganger"}
    assert solveig.post(f"/review/quarantine/{filled.envelope}/decision", data=left_out).status_code == 303
    refused = {"kind": "refuse", "reason": "Opplysningen er riktig"}
    jorunn = sign_in(filled.app.test_client(), JORUNN)
    assert jorunn.post(f"/journal/checks/{filled.check}/decision", data=refused).status_code == 303
    assert solveig.post(f"/review/lookups/{filled.lookup}/review", data={"verdict": "ok"}).status_code == 303
    assert solveig.post(f"/devices/{filled.tablet.device_id}/name", data={"name": "Nettbrett 9"}).status_code == 303
    assert sign_in(filled.app.test_client(), KARI).post(f"/lookups/{filled.lookup}/end").status_code == 303
    told = {"measure": "F-P1", "kind": "note", "grain": "month", "period": date(2026, 1, 1), "reason": "Nytt skjema"}
    change(filled.app, lambda session: session.add(MeasureDecision(unit_id=ident("Fjordsida"), by=KARI.id, **told)))
    old = uuid4()
    change(filled.app, lambda session: session.add(MeasureImport(id=old, unit_id=ident("Fjordsida"), measure="F-P1", file="x", by=KARI.id)))
    change(filled.app, lambda session: session.add(MeasureImportPoint(import_id=old, period=date(2014, 1, 1), num=1, den=2)))


HAPPENED = decide


@pytest.fixture
def decided(filled: Filled) -> Filled:
    """The office in which that was done."""
    return filled


@pytest.mark.parametrize("model", PROTECTED, ids=lambda one: one.__tablename__)
def test_a_row_is_neither_changed_nor_deleted(decided: Filled, model: type[Base]) -> None:
    app = decided.app
    before = contents(app)[model.__tablename__]
    assert before
    columns = [column for column in model.__table__.columns if not column.primary_key]
    for column in columns:
        same = update(model).values({column.key: getattr(all_of(app, model)[0], column.key)})
        with pytest.raises(DBAPIError, match="append-only"):
            run(app, same)
    with pytest.raises(DBAPIError, match="append-only"):
        run(app, delete(model))
    assert contents(app)[model.__tablename__] == before


STATEMENTS = {
    "sqlite": ["DELETE FROM {} WHERE 1 = 1", 'UPDATE OR REPLACE {} SET "{}" = NULL', 'UPDATE OR IGNORE {} SET "{}" = NULL'],
    "postgresql": ['UPDATE {} SET "{}" = NULL', "DELETE FROM {} WHERE 1 = 1", "TRUNCATE {}", "TRUNCATE {} CASCADE"],
}


@pytest.mark.parametrize("model", PROTECTED, ids=lambda one: one.__tablename__)
def test_not_even_in_bulk_or_around_the_models(decided: Filled, model: type[Base]) -> None:
    app, name = decided.app, model.__tablename__
    before = contents(app)[name]
    column = next(one.key for one in model.__table__.columns if not one.primary_key)
    others = [table for table in Base.metadata.tables.values() if table is not model.__table__]  # what points at itself may be truncated
    pointed_at = any(key.column.table is model.__table__ for table in others for key in table.foreign_keys)
    for statement in STATEMENTS[app.config["DATABASE_URL"].partition(":")[0].partition("+")[0]]:
        with pytest.raises(DBAPIError, match="cannot truncate" if pointed_at and statement == "TRUNCATE {}" else "append-only"):
            run(app, text(statement.format(name, column)))
    assert contents(app)[name] == before


def run(app: Flask, statement: Executable) -> None:
    change(app, lambda session: session.execute(statement))


def test_a_check_is_not_replaced_by_one_with_the_same_id(app: Flask, berit: FlaskClient) -> None:
    check = office.record(berit, "Astrid Lunde")
    (row,) = all_of(app, CheckRecord)
    again = {column.key: getattr(row, column.key) for column in CheckRecord.__table__.columns} | {"note": "en annen"}
    with pytest.raises(DBAPIError):
        run(app, insert(CheckRecord).values(again))
    if app.config["DATABASE_URL"].startswith("sqlite"):
        with pytest.raises(DBAPIError, match="append-only"):
            run(app, insert(CheckRecord).prefix_with("OR REPLACE").values(again))
    assert [(one.id, one.note) for one in all_of(app, CheckRecord)] == [(check, "")]


def test_what_may_change_still_may(decided: Filled) -> None:
    change(decided.app, lambda session: session.execute(update(Flag).values(not_found_last=True)))
    assert {one.not_found_last for one in all_of(decided.app, Flag)} == {True}
