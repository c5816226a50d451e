"""What a device says of itself at a contact, for supervisors: counts, times and settings, nothing of a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from webapp.models import Device

MOST = 10**6
MOST_SECONDS = 10**9


def heard(device: Device, user: UUID | None, holds: dict[str, Any], shell: str, now: datetime) -> None:
    """The device was here now, and this is what it says it holds."""
    device.last_contact = now
    device.reported = {
        **{name: _count(holds.get(name)) for name in ("waiting", "drafts", "quarantined", "photos", "aside")},
        **{name: holds[name] for name in ("kept", "installed", "wiped", "emptied") if isinstance(holds.get(name), bool)},
        **{name: _iso(holds.get(name)) for name in ("oldest", "photos_oldest")},
        "clock": _ahead(holds.get("now"), now),
        "shell": shell[:80].replace("\0", ""),
        "user": str(user) if user else None,
        "at": now.isoformat(),
    }


def _count(value: Any) -> int:
    return min(max(value, 0), MOST) if isinstance(value, int) and not isinstance(value, bool) else 0


def moment(value: Any) -> datetime | None:
    """An instant with an offset, or None: a device may say anything."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        return found if found is not None and found.utcoffset() is not None else None
    except ValueError:
        return None


def _iso(value: Any) -> str | None:
    found = moment(value)
    return found.isoformat(timespec="seconds") if found else None


def _ahead(value: Any, now: datetime) -> int | None:
    """Seconds the device's clock is ahead of ours; minutes are what counts, so the way here may be in it."""
    found = moment(value)
    return max(-MOST_SECONDS, min(MOST_SECONDS, round((found - now).total_seconds()))) if found else None
