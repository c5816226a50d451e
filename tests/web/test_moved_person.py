"""Somebody moves to another unit: the open flag is the new supervisor's, and no longer the old one's."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.people import SERVICE_USERS, ref
from tests.web import office
from tests.web.sync.reading import all_of, change
from webapp.models import Flag, Patient

ASTRID, _, _, NILS = (name for name, *_ in SERVICE_USERS)


def test_an_open_flag_leaves_the_supervisor_whose_unit_the_person_left(
    app: Flask, berit: FlaskClient, solveig: FlaskClient
) -> None:
    office.record(berit, ASTRID, "urgent")
    (other,) = all_of(app, Patient, Patient.id == ref(NILS))
    change(app, lambda session: session.execute(update(Patient).where(Patient.id == ref(ASTRID)).values(unit_id=other.unit_id)))
    assert f">{ASTRID}<" not in solveig.get("/review").text
    (flag,) = all_of(app, Flag)
    assert solveig.post(f"/review/flags/{flag.id}/closing", data={"outcome": "done"}).status_code == 404


def test_an_open_flag_comes_with_the_person_to_the_new_supervisor(app: Flask, kari: FlaskClient, solveig: FlaskClient) -> None:
    office.record(kari, NILS, "urgent")
    (other,) = all_of(app, Patient, Patient.id == ref(ASTRID))
    change(app, lambda session: session.execute(update(Patient).where(Patient.id == ref(NILS)).values(unit_id=other.unit_id)))
    assert f">{NILS}<" in solveig.get("/review").text
    (flag,) = all_of(app, Flag)
    assert solveig.post(f"/review/flags/{flag.id}/closing", data={"outcome": "done"}).status_code == 200
