"""A flag that is still open is on the tablets as it was decided, however long ago the check and the decision were."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.device import Tablet, Vault, hours_ago
from tests.people import BERIT, SERVICE_USERS, ref
from tests.web import office
from tests.web.sync.reading import all_of, change
from webapp.models import Flag, FlagClosing

ASTRID = SERVICE_USERS[0][0]
YEARS = 24 * 800  # the snapshot looks a year back


def told(tablet: Tablet, vault: Vault) -> dict[str, Any]:
    """Astrid, as this pull sends her."""
    return next(one for one in tablet.pull(vault)["people"] if one["ref"] == str(ref(ASTRID)))


def long_ago(app: Flask) -> None:
    """What is open was opened, and due, two years ago."""
    then = datetime.fromisoformat(hours_ago(YEARS))
    change(app, lambda session: session.execute(update(Flag).values(opened_at=then, due_on=date.today() - timedelta(days=700))))


def test_an_old_owner_due_date_and_reopening_reach_tablets_with_the_check_behind_them(
    app: Flask, berit: FlaskClient, solveig: FlaskClient
) -> None:
    old = Tablet.enrol(app, berit, "Gammel")
    before = old.open_vault(berit)
    check = old.check(before, str(ref(ASTRID)), office.FORM, {"level": "urgent"}, at=hours_ago(YEARS), c_ac=["manager_informed"])
    assert [one["verdict"] for one in old.verdicts([old.seal(before, check)], papers=[before])] == ["accepted"]
    for _ in range(4):  # so that the old one is not among the latest
        office.record(berit, ASTRID)
    (flag,) = all_of(app, Flag)
    assert solveig.post(f"/review/flags/{flag.id}/closing", data={"outcome": "done"}).status_code == 200
    assert told(old, before)["flags"] == []
    assert solveig.post(f"/review/flags/{flag.id}/reopening").status_code == 200
    (again,) = all_of(app, Flag, Flag.closed_at.is_(None))
    data = {"owner": str(BERIT.id), "due_on": (date.today() + timedelta(days=3)).isoformat()}
    assert solveig.post(f"/review/flags/{again.id}/owner", data=data).status_code == 200
    assert [one["owner"]["name"] for one in told(old, before)["flags"]] == [BERIT.name]
    long_ago(app)
    fresh = Tablet.enrol(app, berit, "Ny")
    person = told(fresh, fresh.open_vault(berit))
    (shown,) = person["flags"]
    assert (shown["id"], shown["owner"]["id"], shown["due_on"]) == (
        str(again.id), str(BERIT.id), (date.today() - timedelta(days=700)).isoformat(),
    )  # fmt: skip
    assert shown["opened_at"][:4] == hours_ago(YEARS)[:4]
    assert shown["check_id"] == check["id"]
    assert check["id"] in [one["id"] for one in person["checks"]]
    assert len(all_of(app, FlagClosing)) == 1
