"""Where somebody is logged in, for her own page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from webapp import db
from webapp.accounts import sessions
from webapp.bundles.workdays import oslo_offset
from webapp.models import User, utc_now
from webapp.words import Translate


def context(user: User, t: Translate) -> dict[str, Any]:
    """This browser first, then the rest, the newest first."""
    session, now, here = db.session(), utc_now(), sessions.current()
    browsers = [
        {
            "id": str(one.id),
            "name": one.browser or t("Ukjent nettleser"),
            "since": moment(one.created_at),
            "here": one.id == here,
            "device": False,
        }
        for one in sessions.in_browsers(session, user, now)
    ]
    devices = [
        {"id": str(one.id), "name": name, "since": moment(one.created_at), "here": False, "device": True}
        for one, name in sessions.on_devices(session, user, now)
    ]
    return {"logged_in": sorted(browsers, key=lambda one: not one["here"]) + devices}


def moment(at: datetime) -> str:
    """Oslo's wall time."""
    wall = at + timedelta(minutes=oslo_offset(int(at.timestamp() * 1000)))
    return f"{wall:%d.%m.%Y %H:%M}"
