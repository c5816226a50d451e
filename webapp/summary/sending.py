"""Each unit's week to each of its addresses, once, however often this is run."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from webapp import db
from webapp.models import SummaryAddress, SummaryMail, Unit
from webapp.summary import smtp, week
from webapp.summary.smtp import Smtp
from webapp.sync import world
from webapp.sync.dialect import insert_once
from webapp.words import translator

STUCK = timedelta(hours=1)  # whoever took it in hand was killed: a message twice is better than none


def run(engine: Engine, settings: Smtp, now: datetime) -> tuple[int, int]:
    """(sent, not sent and worth a look). What fails is tried again by the next run."""
    monday, sent, failed = week.monday(now.astimezone(week.OSLO).date()), 0, 0
    with db.open_session(engine, write=False) as session:
        wanted = [(one.id, one.unit_id, one.address) for one in addresses(session)]
    for address_id, unit_id, to in wanted:
        if not take(engine, address_id, monday, now):
            continue
        with db.open_session(engine, write=False) as session:
            made = text(session, unit_id, monday, settings.app_url, now)
        why = smtp.send(settings, to, *made) if made else ""
        state = ("refused" if why in smtp.REFUSED else "failed") if why else "sent" if made else "quiet"
        note(engine, address_id, monday, state, why, now)
        sent, failed = sent + (state == "sent"), failed + bool(why)
    return sent, failed


def addresses(session: Session, unit: UUID | None = None) -> list[SummaryAddress]:
    """Those that are in use, of a unit or of all."""
    query = select(SummaryAddress).where(SummaryAddress.withdrawn_at.is_(None)).order_by(SummaryAddress.made_at, SummaryAddress.id)
    return list(session.scalars(query if unit is None else query.where(SummaryAddress.unit_id == unit)))


def text(session: Session, unit_id: UUID, monday: date, app_url: str, now: datetime) -> tuple[str, str] | None:
    """Subject and text; None when nothing changed."""
    unit, lang = session.get_one(Unit, unit_id), world.municipality_language(session)
    items = week.of_unit(session, unit, now, translator(lang), lang)
    return week.message(unit, items, monday, app_url, translator(lang)) if items else None


def take(engine: Engine, address_id: UUID, monday: date, now: datetime) -> bool:
    """Whether this run sends it. Written down before anything is sent: of two runs at once, one gets it."""
    with db.open_session(engine, write=True) as session:
        row = {"id": uuid4(), "address_id": address_id, "week": monday, "state": "sending", "tries": 1, "at": now, "why": ""}
        mine = bool(insert_once(session, SummaryMail, [row]))
        if not mine:
            mail = SummaryMail
            again = or_(mail.state == "failed", (mail.state == "sending") & (mail.at < now - STUCK))
            taken = update(mail).where(mail.address_id == address_id, mail.week == monday, again)
            taken = taken.values(state="sending", tries=mail.tries + 1, at=now).returning(mail.tries)
            mine = session.execute(taken.execution_options(synchronize_session=False)).scalar() is not None
        session.commit()
    return mine


def note(engine: Engine, address_id: UUID, monday: date, state: str, why: str, now: datetime) -> None:
    with db.open_session(engine, write=True) as session:
        mine = update(SummaryMail).where(SummaryMail.address_id == address_id, SummaryMail.week == monday)
        session.execute(mine.values(state=state, why=why, at=now).execution_options(synchronize_session=False))
        session.commit()
