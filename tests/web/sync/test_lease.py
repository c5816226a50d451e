"""How long a device may be read without a contact: the municipality's own hours, for log-ins that are there already too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import update

from tests.device import Tablet, Vault
from tests.web.sync.reading import all_of, change
from webapp.models import DeviceSession, Setting
from webapp.sync import crypto


def own(app: Flask, **hours: Any) -> None:
    change(app, lambda session: session.add(Setting(version=2, data={"params": {"device": hours}})))


def logged_in(app: Flask, hours_ago: float) -> None:
    """She did so long ago; what was written then is what stood in the settings then."""

    def back(session: Any) -> None:
        (row,) = session.query(DeviceSession).all()
        moved = timedelta(hours=hours_ago)
        session.execute(update(DeviceSession).values(created_at=row.created_at - moved, expires_at=row.expires_at - moved))

    change(app, back)


def hours_left(tablet: Tablet, vault: Vault) -> float:
    told = tablet.pull(vault)
    return (datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["server_time"])) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "ago", "left"),
    [
        ({}, 0, 12), ({}, 6, 10), ({"contact_hours": 8}, 0, 8), ({"log_in_hours": 10}, 4, 6),
        ({"contact_hours": 0, "log_in_hours": "x"}, 6, 10),
    ],
)
def test_it_ends_at_the_earlier_of_contact_and_log_in_by_the_municipalitys_hours(
    app: Flask, tablet: Tablet, vault: Vault, hours: dict[str, Any], ago: float, left: float
) -> None:
    if hours:
        own(app, **hours)
    logged_in(app, ago)
    assert hours_left(tablet, vault) == pytest.approx(left, abs=0.01)


def test_a_shorter_shift_ends_a_log_in_that_is_there_already_and_a_longer_one_lengthens_none(
    app: Flask, tablet: Tablet, vault: Vault
) -> None:
    logged_in(app, 5)
    assert tablet.snapshot(vault).status_code == 200
    own(app, log_in_hours=4)
    assert tablet.snapshot(vault).status_code == 401
    change(app, lambda session: session.add(Setting(version=3, data={"params": {"device": {"log_in_hours": 24}}})))
    logged_in(app, 12)
    assert tablet.snapshot(vault).status_code == 401
    assert len(all_of(app, DeviceSession)) == 1


@pytest.mark.parametrize(("said", "asked"), [(None, False), (0, False), (1, True), (2, False), ("1", False)])
def test_it_says_whether_the_municipality_asks_for_a_passphrase(app: Flask, tablet: Tablet, vault: Vault, said: Any, asked: bool) -> None:
    if said is not None:
        own(app, passphrase=said)
    lease = msgspec.json.decode(crypto.unb64(tablet.pull(vault)["lease"]["body"]))
    assert lease["passphrase"] is asked
