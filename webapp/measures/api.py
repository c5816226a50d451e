"""A unit's measures as JSON for another system: aggregates as a reader of statistics sees them, by a token made for that unit."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.bedside import says
from webapp.measures import decide, few, lately, pages, points, verdicts
from webapp.measures.series import Series, series
from webapp.models import MeasureToken, Unit, User, utc_now
from webapp.sync.keys import token_hash
from webapp.words import Translate

PREFIX = "trm_"  # so that a leaked one is recognised for what it is
VERSION = 1


def make(session: Session, by: User, unit: Unit, name: str) -> str:
    """The token, said this once: what is kept is its hash."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = MeasureToken(unit_id=unit.id, name=name, token_hash=token_hash(token), by=by.id)
    session.add(row)
    session.flush()
    log.write(session, by, "measure_token_made", unit_id=unit.id, detail={"id": str(row.id)})
    return token


def revoke(session: Session, by: User, row: MeasureToken) -> None:
    row.revoked_at, row.revoked_by = utc_now(), by.id
    log.write(session, by, "measure_token_revoked", unit_id=row.unit_id, detail={"id": str(row.id)})


def known(session: Session, header: str) -> MeasureToken | None:
    """The token of an Authorization header, if it holds."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(PREFIX):
        return None
    return session.scalar(select(MeasureToken).where(MeasureToken.token_hash == token_hash(token), MeasureToken.revoked_at.is_(None)))


def of_unit(session: Session, unit: Unit, now: datetime, t: Translate, lang: str) -> dict[str, Any]:
    """Months of every measure of a unit; numbers of few people are null."""
    today, fresh = lately.of(session, unit.id, now)
    found, decisions = pages.read(session, unit.id, points.EVER, today, fresh, True), decide.of(session, unit.id)
    shown = [series(count, made, pages.visible(count, made, True), plan=decide.plan(decisions.get(count.id, []), "month"))
             for count in pages.order() if (made := found.get(count.id))]  # fmt: skip
    return {"version": VERSION, "made": now.isoformat(timespec="seconds"), "unit": {"id": str(unit.id), "name": unit.name},
            "measures": [measure(one, t, lang) for one in shown]}  # fmt: skip


def measure(shown: Series, t: Translate, lang: str) -> dict[str, Any]:
    text, (state, sentence) = shown.count.text, verdicts.verdict(shown, t)
    told = {name: says.text(text[name], lang) for name in ("title", "numerator", "denominator", "exclusions")}
    return {
        "id": shown.count.id, "definition": shown.count.bundle, **told, "type": text["type"], "direction": text["direction"],
        "target": shown.target, "unit": pages.unit_of(shown.count, t), "state": state, "verdict": sentence,
        "points": [point(shown, place) for place in range(len(shown.points))],
    }  # fmt: skip


def point(shown: Series, place: int) -> dict[str, Any]:
    one, made = shown.points[place], shown.chart.points[place]
    small = few.is_small(shown.count, one)
    share = None if pages.covered(one, True) == "–" or one.coverage is None else round(one.coverage, 2)
    num = None if small or one.middle is not None else one.num  # of a median there is no sum to tell
    return {"period": one.period.isoformat(), "num": num, "den": None if small else one.den,
            "value": shown.values[place], "centre": made.centre, "coverage": share,
            "late": None if pages.late(one, True) == "–" else one.late, "closed": one.closed, "counted": made.counted,
            "changed": one.changed, "imported": one.imported}  # fmt: skip
