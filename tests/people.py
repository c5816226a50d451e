"""The cast. Berit and Kari are nurses in different units, Solveig leads Berit's unit, Per has no access to anybody.
Stine reads numbers, Jorunn answers for the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from argon2 import PasswordHasher
from sqlalchemy import Engine

from webapp.db import open_session
from webapp.models import Episode, Membership, Municipality, Patient, Setting, Unit, User, Visit

NAMESPACE = UUID("5f1d9f0e-0000-4000-8000-7472796767aa")
PASSWORD = "correct horse battery staple"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def ident(name: str) -> UUID:
    """The same id for the same name, in every test."""
    return uuid5(NAMESPACE, name)


@dataclass(frozen=True)
class Actor:
    """Somebody who logs in."""

    username: str
    name: str
    title: str
    role: str
    units: tuple[str, ...]

    @property
    def id(self) -> UUID:
        return ident(self.username)


BERIT = Actor("berit", "Berit Nygård", "sykepleier", "nurse", ("Fjordsida",))
AMINA = Actor("amina", "Amina Warsame", "sykepleier", "nurse", ("Fjordsida",))
KARI = Actor("kari", "Kari Solheim", "sykepleier", "nurse", ("Sentrum",))
SOLVEIG = Actor("solveig", "Solveig Dahl", "avdelingsleder", "supervisor", ("Fjordsida",))
HANS = Actor("hans", "Hans Moen", "avdelingsleder", "supervisor", ("Sentrum",))
PER = Actor("per", "Per Utenfor", "konsulent", "admin", ())
STINE = Actor("stine", "Stine Lervik", "kvalitetsrådgiver", "statistics", ())
JORUNN = Actor("jorunn", "Jorunn Haga", "journalansvarlig", "journal", ())
CAST = (BERIT, AMINA, KARI, SOLVEIG, HANS, PER, STINE, JORUNN)
UNITS = ("Fjordsida", "Sentrum")

# name, born, unit, minute of visit
SERVICE_USERS = (
    ("Astrid Lunde", date(1941, 3, 2), "Fjordsida", "08:15"),
    ("Odd Brekke", date(1938, 11, 30), "Fjordsida", "09:00"),
    ("Inger Tangen", date(1949, 7, 14), "Fjordsida", "09:40"),
    ("Nils Vold", date(1930, 1, 5), "Sentrum", "08:30"),
)


def ref(name: str) -> UUID:
    """A service user's reference."""
    return ident("patient " + name)


def populate(engine: Engine, today: date) -> None:
    """Municipality, units, cast and four service users with a visit today, and one tomorrow: tests may run over midnight."""
    with open_session(engine, write=True) as session:
        session.add(Municipality(id=ident("kommune"), name="Prøvekommunen", language="nb", installation=ident("installation")))
        session.add_all(Unit(id=ident(name), name=name) for name in UNITS)
        session.flush()
        for actor in CAST:
            session.add(
                User(id=actor.id, username=actor.username, name=actor.name, title=actor.title, role=actor.role, password_hash=_HASH)
            )
        session.flush()
        session.add(Setting(version=1, data={}))
        session.add_all(Membership(user_id=actor.id, unit_id=ident(unit)) for actor in CAST for unit in actor.units)
        for name, born, unit, _at in SERVICE_USERS:
            session.add(Patient(id=ref(name), unit_id=ident(unit), name=name, name_key=name.casefold(), born=born, address="Fjordveien 1"))
        session.flush()
        for name, _born, unit, at in SERVICE_USERS:
            session.add(Episode(patient_id=ref(name), kind="service", start=date(2020, 1, 1), end=None))
            for on in (today, today + timedelta(days=1)):
                session.add(Visit(patient_id=ref(name), unit_id=ident(unit), on=on, at=at, shift="day"))
        session.commit()
