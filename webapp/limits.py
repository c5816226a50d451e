"""The municipality's own numbers that belong to no bundle: `webapp set device.contact_hours 8`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Setting

KNOWN: dict[str, dict[str, dict[str, int]]] = {
    "lookup": {"hours": {"min": 1, "max": 24, "default": 4}},  # how long a look-up across units lasts
    "device": {
        "contact_hours": {"min": 1, "max": 24, "default": 12},  # the lease: so long after the last contact a device may be read
        "log_in_hours": {"min": 4, "max": 24, "default": 16},  # and so long after a full log-in at most
        "passphrase": {"min": 0, "max": 1, "default": 0},  # 1: a PIN is too little to open what lies on a device
    },
}


def numbers(session: Session, group: str) -> dict[str, int]:
    """What holds now; a number outside its range counts as not set."""
    data: dict[str, Any] = session.scalar(select(Setting.data).order_by(Setting.version.desc()).limit(1)) or {}
    own = (data.get("params") or {}).get(group) or {}
    return {name: within(spec, own.get(name)) for name, spec in KNOWN[group].items()}


def within(spec: dict[str, int], own: Any) -> int:
    good = isinstance(own, int) and not isinstance(own, bool) and spec["min"] <= own <= spec["max"]
    return own if good else spec["default"]
