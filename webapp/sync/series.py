"""Every record a key signs has the next number. Which numbers came, and which are missing though a later one came."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.models import SeriesGap, UserKey

HIGHEST = 2**31 - 1
MOST_GAPS = 100  # of one key; more is a device gone wrong, and what is missing is then told as fewer, longer ones


class Gap(NamedTuple):
    """Numbers that have not come, both ends included, and since when a later one has."""

    first: int
    last: int
    since: datetime


def filled(highest: int, gaps: Iterable[Gap], came: Iterable[int], now: datetime) -> tuple[int, list[Gap]]:
    """(the highest number now, what is missing) after these numbers came, in whatever order and however often."""
    left = sorted(gaps)
    for number in sorted(set(came)):
        if number > highest:
            if number > highest + 1:
                left.append(Gap(highest + 1, number - 1, now))
            highest = number
            continue
        around = next((gap for gap in left if gap.first <= number <= gap.last), None)
        if around:
            n = left.index(around)
            parts = (around._replace(last=number - 1), around._replace(first=number + 1))
            left[n : n + 1] = [part for part in parts if part.first <= part.last]
    while len(left) > MOST_GAPS:
        left[:2] = [Gap(left[0].first, left[1].last, left[0].since)]
    return highest, left


def advance(session: Session, numbers: Mapping[UUID, set[int]], now: datetime) -> None:
    """These numbers of these keys are here, whatever the verdict. In nearly every batch they are the next ones: one statement a key."""
    for key in sorted(numbers, key=str):
        came = {number for number in numbers[key] if 1 <= number <= HIGHEST}
        if not came or (len(came) == max(came) - min(came) + 1 and _next_ones(session, key, min(came), max(came))):
            continue
        highest = session.scalar(select(UserKey.last_series).where(UserKey.id == key).with_for_update())
        if highest is not None:
            _settle(session, key, highest, came, now)


def _next_ones(session: Session, key: UUID, first: int, last: int) -> bool:
    fits = update(UserKey).where(UserKey.id == key, UserKey.last_series == first - 1).values(last_series=last)
    return cast(CursorResult[None], session.execute(fits.execution_options(synchronize_session=False))).rowcount == 1


def _settle(session: Session, key: UUID, highest: int, came: set[int], now: datetime) -> None:
    columns = select(SeriesGap.first, SeriesGap.last, SeriesGap.since)
    before = [Gap(*row) for row in session.execute(columns.where(SeriesGap.key_id == key))]
    after, left = filled(highest, before, came, now)
    if after != highest:
        later = update(UserKey).where(UserKey.id == key).values(last_series=after)
        session.execute(later.execution_options(synchronize_session=False))
    if gone := [gap.first for gap in before if gap not in left]:
        closed = delete(SeriesGap).where(SeriesGap.key_id == key, SeriesGap.first.in_(gone))
        session.execute(closed.execution_options(synchronize_session=False))
    if new := [{"key_id": key, **gap._asdict()} for gap in left if gap not in before]:
        session.execute(insert(SeriesGap), new)
