"""The board of the daily meeting: open flags by urgency on a screen that others than the leader can see.

People are initials until the viewer asks for names, and again ten minutes later: a meeting is over by then, and the screen hangs on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.pages import initials
from webapp.bedside import says
from webapp.measures.pages import quiet, silent_devices
from webapp.models import CheckRecord, Unit
from webapp.review import needs, pages, queries
from webapp.review.queries import OpenFlag
from webapp.words import Translate

Context = dict[str, Any]
NAMES_FOR = timedelta(minutes=10)
ROWS = 9  # what can be read from the back of a room on 1920 x 1080


def state(session: Session, unit: Unit, names: bool, now: str) -> str:
    """What the list on the screen depends on; the screen asks again only when it is another."""
    return f"{needs.newest_change(session, [unit.id])}.{int(names)}.{now[:10]}.{silent_devices(session, unit)}"


def listing(session: Session, unit: Unit, names: bool, now: str, t: Translate, lang: str, *, strangers: bool = False) -> Context:
    """`strangers`: nobody is logged in, so those who are responsible are initials too."""
    since = state(session, unit, names, now)
    numbers, rows = queries.open_counts(session, [unit.id]), queries.open_flags(session, [unit.id], now[:10])
    shown = rows[:ROWS]
    asked = select(CheckRecord).where(CheckRecord.id.in_([row.flag.check_id for row in shown]))
    checks = {one.id: one for one in session.scalars(asked)}
    more = sum(numbers.values()) - len(shown)
    return {
        "since": since, "unit_id": str(unit.id), "unit_name": unit.name, "names": names, "counts": pages.counts(numbers, t),
        "rows": [card(row, checks.get(row.flag.check_id), names, now[:10], t, lang, strangers) for row in shown],
        "more": says.many(t, more, "og 1 til i «Trenger deg nå»", "og %(n)s til i «Trenger deg nå»") if more > 0 else "",
        "quiet": quiet(silent, t) if (silent := silent_devices(session, unit)) else "", "asks": not strangers,
        "list_url": "/screen/list?" if strangers else f"/leadership/board/list?unit={unit.id}&",
        "clock": now[11:16], "day": says.long_day(now[:10], t),
    }  # fmt: skip


def card(row: OpenFlag, check: CheckRecord | None, names: bool, today: str, t: Translate, lang: str, strangers: bool) -> Context:
    """Who, what, whose it is and by when; nothing of what was answered."""
    flag = row.flag
    text, _inputs = pages.flag_words(flag, check, lang)
    owner = row.owner.name if row.owner else t("Ingen ennå")
    overdue = flag.due_on is not None and flag.due_on.isoformat() < today
    return {
        "tone": pages.TONES[flag.severity], "severity": t(pages.SEVERITY[flag.severity]), "icon": pages.ICON[flag.severity],
        "who": row.patient.name if names else initials(row.patient.name), "text": text, "overdue": overdue,
        "owner": initials(owner) if row.owner and strangers else owner, "alone": row.owner is None,
        "due": says.near_day(flag.due_on.isoformat(), today, t) if flag.due_on else "–",
    }  # fmt: skip
