"""Fill an empty database: municipality, staff, residents with episodes, twelve months of checks, today's routes, leaders' work."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import db
from webapp.demo import cast, work
from webapp.demo.cast import Resident, uuid_from
from webapp.demo.simulate import Unit, Year
from webapp.models import Episode, Membership, Municipality, Patient, Setting, User, Visit
from webapp.models import Unit as UnitRow
from webapp.sync import feed

OSLO = ZoneInfo("Europe/Oslo")
ROUNDS = (("day", "07:45", 12), ("evening", "15:40", 8), ("night", "22:30", 3))


def fill_if_empty(now: datetime | None = None) -> str:
    """Seed when there is no municipality yet. Returns what to tell the person at the terminal."""
    now = now or datetime.now(UTC)
    with db.open_session(db.engine(), write=True) as session:
        if session.scalars(select(Municipality.id).limit(1)).first() is None:
            fill(session, now)
        elif session.scalars(select(User.id).where(User.username == "berit")).first() is None:
            return address()
        else:
            refresh_routes(session, now)
        session.commit()
    return address() + "\n" + logins()


def address() -> str:
    """Where the app is."""
    return f"TryggRunde: http://{current_app.config['HOST']}:{current_app.config['PORT']}"


def logins() -> str:
    """The demo log-ins."""
    return (
        f"Demo log-ins (password for all: {cast.PASSWORD})\n  berit, amina, jonas, ingunn: nurses, Fjordsida\n"
        "  kari, ole: nurses, Sentrum    torunn: nurse, Åsen (nynorsk)    emily: nurse, Åsen (English)\n"
        "  solveig, hans, ragnhild: supervisors    stine: statistics    jorunn: responsible for records    admin: administrator"
    )


def fill(session: Session, now: datetime) -> None:
    """Everything, the same for the same day."""
    today = now.astimezone(OSLO).date()
    rng = random.Random(f"tryggrunde {today.isoformat()}")
    rows = organisation(session, rng)
    people = cast.residents(rng, today)
    units = working_units(rows, session)
    for resident in people:
        keep(session, resident, units[resident.unit].id)
    session.flush()
    for resident in people:
        own = random.Random(f"{today.isoformat()} {resident.ref}")
        Year(session, resident, units[resident.unit], now, own).run()
    routes(session, people, units, today, random.Random(f"routes {today.isoformat()}"))
    session.flush()
    work.fill(session, units, today)


def organisation(session: Session, rng: random.Random) -> list[UnitRow]:
    """Municipality, units and staff."""
    session.add(Municipality(id=uuid_from(rng), name=cast.MUNICIPALITY, language="nb", installation=uuid_from(rng)))
    rows = [UnitRow(id=uuid_from(rng), name=name) for name in cast.UNITS]
    session.add_all(rows)
    hashed = PasswordHasher().hash(cast.PASSWORD)
    staff = [
        User(
            id=uuid_from(rng),
            username=one[0],
            name=one[1],
            title=one[2],
            role=one[3],
            password_hash=hashed,
            language=cast.LANGUAGES.get(one[0]),
        )
        for one in cast.STAFF
    ]
    session.add_all(staff)
    session.flush()
    session.add(Setting(version=1, data={}))
    for user, line in zip(staff, cast.STAFF, strict=True):
        session.add_all(Membership(user_id=user.id, unit_id=rows[number].id) for number in line[4])
    session.flush()
    return rows


def working_units(rows: list[UnitRow], session: Session) -> list[Unit]:
    """Units with their people; the first one improves."""
    found = []
    for number, row in enumerate(rows):
        staff = list(session.scalars(select(User).join(Membership).where(Membership.unit_id == row.id).order_by(User.username)))
        nurses = [one for one in staff if one.role == "nurse"]
        leader = next(one for one in staff if one.role == "supervisor")
        found.append(Unit(row.id, nurses, leader, improves=number == 0))
    return found


def keep(session: Session, resident: Resident, unit: UUID) -> None:
    """A resident and the episodes."""
    session.add(
        Patient(
            id=resident.ref,
            unit_id=unit,
            name=resident.name,
            name_key=resident.name.casefold(),
            born=resident.born,
            national_id=resident.national_id,
            address=resident.address,
            key_note="",
            fall_group_set=resident.fall_group_set,
            end_of_life=resident.end_of_life,
        )
    )
    session.flush()
    session.add(Episode(patient_id=resident.ref, kind="service", start=resident.start, end=resident.end))
    session.add_all(
        Episode(patient_id=resident.ref, kind="absence", start=begin, end=end, place="hospital") for begin, end in resident.stays
    )


def routes(session: Session, people: list[Resident], units: list[Unit], today: date, rng: random.Random) -> None:
    """Visits of yesterday, today and tomorrow for each nurse."""
    for number, unit in enumerate(units):
        home = [
            one
            for one in people
            if one.unit == number and one.end is None and not any(b <= today and (e is None or today < e) for b, e in one.stays)
        ]
        for offset in (-1, 0, 1):
            for shift, begin, count in ROUNDS:
                nurses = unit.nurses if shift == "day" else [rng.choice(unit.nurses)]
                for nurse in nurses:
                    route(
                        session, unit, nurse, rng.sample(home, k=min(count, len(home))), today + timedelta(days=offset), shift, begin, rng
                    )


def route(session: Session, unit: Unit, nurse: User, visited: list[Resident], on: date, shift: str, begin: str, rng: random.Random) -> None:
    """One nurse's visits, 20-40 minutes apart."""
    at = datetime.strptime(begin, "%H:%M")
    for resident in visited:
        session.add(Visit(patient_id=resident.ref, unit_id=unit.id, on=on, at=at.strftime("%H:%M"), shift=shift, user_id=nurse.id))
        at += timedelta(minutes=rng.randrange(20, 41))


def refresh_routes(session: Session, now: datetime) -> None:
    """A demo that is started on a later day gets routes for that day too."""
    today = now.astimezone(OSLO).date()
    if session.scalars(select(Visit.id).where(Visit.on == today).limit(1)).first() is not None:
        return
    newest = session.scalars(select(Visit.on).order_by(Visit.on.desc()).limit(1)).first()
    if newest is None:
        return
    source = session.scalars(select(Visit).where(Visit.on == newest)).all()
    for patient_id, unit_id in {(one.patient_id, one.unit_id) for one in source}:
        feed.touch(session, patient_id, unit_id, "visit")  # or a device that was here before is not sent them
    for offset in (0, 1):
        session.add_all(
            Visit(
                patient_id=one.patient_id,
                unit_id=one.unit_id,
                on=today + timedelta(days=offset),
                at=one.at,
                shift=one.shift,
                user_id=one.user_id,
            )
            for one in source
        )
