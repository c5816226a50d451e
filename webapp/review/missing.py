"""What is missing in the numbers a device gives its records: a later one came, an earlier one did not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.models import SeriesGap, User, UserKey
from webapp.words import Translate

SOON = timedelta(minutes=10)  # two batches are on their way at once, and the later one may be taken in first


class Missing(NamedTuple):
    """Of one key: whose it is, how many records, the first one's number, and since when a later one has been here."""

    name: str
    records: int
    first: int
    since: datetime


def missing(session: Session, devices: Sequence[UUID], now: datetime) -> dict[UUID, list[Missing]]:
    """Of each device that something is missing from, the longest missing first. Of a vault that was replaced too."""
    count, since = func.sum(SeriesGap.last - SeriesGap.first + 1), func.min(SeriesGap.since)
    columns = select(UserKey.device_id, User.name, count, func.min(SeriesGap.first), since)
    rows = columns.join(UserKey, UserKey.id == SeriesGap.key_id).join(User, User.id == UserKey.user_id)
    mine = rows.where(UserKey.device_id.in_(devices), SeriesGap.since <= now - SOON)
    found: dict[UUID, list[Missing]] = {}
    for row in session.execute(mine.group_by(UserKey.device_id, UserKey.id, User.name).order_by(since)):
        found.setdefault(row[0], []).append(Missing(row[1], int(row[2]), row[3], row[4]))
    return found


def texts(found: Sequence[Missing], now: datetime, t: Translate) -> list[str]:
    """One sentence for each person."""
    return [_text(one, now, t) for one in found]


def _text(one: Missing, now: datetime, t: Translate) -> str:
    told: dict[str, Any] = {
        "name": one.name, "first": one.first, "since": says.near_moment(one.since.isoformat(), says.local(now.isoformat())[:10], t),
    }  # fmt: skip
    if one.records == 1:
        return t("1 registrering fra %(name)s mangler siden %(since)s: nummer %(first)s i rekka. Senere har kommet.", **told)
    told["n"] = one.records
    return t("%(n)s registreringer fra %(name)s mangler siden %(since)s, fra nummer %(first)s i rekka. Senere har kommet.", **told)


def advice(holds: int, t: Translate) -> str:
    """What to do; `holds` = what the device says it has not sent."""
    if holds:
        return t("De kan ligge igjen på enheten. Åpne «Sendt og ikke sendt» på den: der står hva hver av dem venter på.")
    return t("Enheten sier at den ikke har noe igjen. Spør om det finnes en redningsfil, og meld fra til den som drifter TryggRunde.")
