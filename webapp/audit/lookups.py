"""To begin, end and look at a "begrunnet oppslag" (REQ-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.accounts import lookup, policy
from webapp.audit import reviews, rows
from webapp.audit.reviews import Refused
from webapp.audit.words import CHANGES, VIEWS
from webapp.bedside import says
from webapp.models import AccessLog, Lookup, LookupEnd, Patient, Unit, User
from webapp.words import Translate

Context = dict[str, Any]
SHORTEST, LONGEST = 10, 500
PAGE = 40


def find(session: Session, form: Mapping[str, str]) -> Patient | Refused:
    """Exactly the one who has this whole name and was born that day: there is no list to look through."""
    name = " ".join(form.get("name", "").replace("\x00", "").split()).casefold()[:160]
    try:
        born = date.fromisoformat(form.get("born", ""))
    except ValueError:
        return Refused("Skriv hele navnet og fødselsdatoen. Ingenting er åpnet.")
    if not name:
        return Refused("Skriv hele navnet og fødselsdatoen. Ingenting er åpnet.")
    found = session.scalars(select(Patient).where(Patient.name_key == name, Patient.born == born).limit(2)).all()
    if len(found) == 1:
        return found[0]
    return Refused("Fant ingen bruker med dette navnet og denne fødselsdatoen. Ingenting er åpnet. Forsøket er logget.")


def begin(session: Session, user: User, person: Patient, reason: str, now: datetime) -> Lookup | Refused:
    """Open it. The caller logs and commits."""
    reason = reason.replace("\x00", "").strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        return Refused("Skriv hvorfor du må se på opplysningene, med minst ti tegn. Ingenting er åpnet.")
    if policy.belongs(user, person):
        return Refused("Brukeren hører til enheten din. Du trenger ikke noe begrunnet oppslag. Ingenting er åpnet.")
    if session.scalar(lookup.of(user, now).where(Lookup.patient_id == person.id)) is not None:
        return Refused("Du har alt et åpent oppslag på denne brukeren. Ingenting er endret.")
    made = Lookup(id=uuid4(), user_id=user.id, patient_id=person.id, unit_id=person.unit_id, reason=reason, begun_at=now,
                  until=now + timedelta(hours=lookup.hours(session)))
    session.add(made)
    return made


def end(session: Session, user: User, one: Lookup, now: datetime) -> bool:
    """End it by hand; False when it had ended already. The caller logs and commits."""
    if one.until <= now or session.get(LookupEnd, one.id) is not None:
        return False
    session.add(LookupEnd(lookup_id=one.id, at=now, by=user.id))
    return True


def about(one: Lookup) -> str:
    """Its name among what is reviewed."""
    return one.id.hex


def own(session: Session, user: User, now: datetime, t: Translate) -> Context:
    """This person's look-ups: those that are open, and the latest others."""
    latest = session.scalars(select(Lookup).where(Lookup.user_id == user.id).order_by(Lookup.begun_at.desc(), Lookup.id).limit(12)).all()
    told = [line(one, now, t) for one in Lines(session, latest)]
    return {"open": [one for one in told if one["open"]], "past": [one for one in told if not one["open"]], "hours": lookup.hours(session)}


class Lines:
    """Look-ups with what stands beside them."""

    def __init__(self, session: Session, found: Sequence[Lookup]) -> None:
        ids = [one.id for one in found]
        self.found = found
        self.ends = {one.lookup_id: one for one in session.scalars(select(LookupEnd).where(LookupEnd.lookup_id.in_(ids)))}
        self.people = _by_id(session, Patient, (one.patient_id for one in found))
        self.users = _by_id(session, User, (one.user_id for one in found))
        self.units = {one.id: one.name for one in session.scalars(select(Unit))}

    def __iter__(self) -> Any:
        for one in self.found:
            ended = self.ends[one.id].at if one.id in self.ends else None
            yield one, ended, self.people[one.patient_id], self.users[one.user_id], self.units


def _by_id(session: Session, model: Any, ids: Iterable[UUID]) -> dict[UUID, Any]:
    return {one.id: one for one in session.scalars(select(model).where(model.id.in_(set(ids))))}


def line(found: tuple[Lookup, datetime | None, Patient, User, dict[UUID, str]], now: datetime, t: Translate) -> Context:
    one, ended, person, user, units = found
    today = rows.today(now).isoformat()

    def near(moment: datetime) -> str:
        return says.near_moment(moment.isoformat(), today, t)

    is_open = ended is None and one.until > now
    until = t("Åpent til %(at)s", at=near(one.until)) if is_open else t("Avsluttet %(at)s", at=near(ended or one.until))
    return {
        "id": str(one.id), "open": is_open, "person": person.name, "born": says.day(person.born.isoformat()), "reason": one.reason,
        "unit": units[one.unit_id], "begun": near(one.begun_at), "until": until, "who": user.name, "title": user.title,
        "from": ", ".join(sorted(units[unit] for unit in user.unit_ids)), "person_url": f"/round/people/{person.id}",
        "timeline_url": f"/review/people/{person.id}",
    }  # fmt: skip


def used(session: Session, one: Lookup) -> int:
    """How many times somebody was looked at or written about under it."""
    query = select(func.count()).select_from(AccessLog).where(
        AccessLog.user_id == one.user_id, AccessLog.patient_id == one.patient_id, AccessLog.at >= one.begun_at, AccessLog.at <= one.until,
        AccessLog.action.in_([*VIEWS, *CHANGES]),
    )  # fmt: skip
    return session.scalar(query) or 0


def to_review(session: Session, mine: Select[Lookup], page: int, now: datetime, t: Translate) -> Context:
    """The look-ups others had on people of these units, the newest first, with what was thought of them."""
    found = session.scalars(mine.order_by(Lookup.begun_at.desc(), Lookup.id).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    listed, today = found[:PAGE], rows.today(now).isoformat()
    said = reviews.newest(session, [about(one) for one in listed])
    told = []
    for found_line, one in zip(Lines(session, listed), listed, strict=True):
        n = used(session, one)
        told.append({
            **line(found_line, now, t), "review": reviews.words(said.get(about(one)), today, t),
            "used": says.many(t, n, "Så på eller skrev 1 gang", "Så på eller skrev %(n)s ganger") if n else t("Så ikke på noe"),
        })  # fmt: skip
    return {
        "lookups": told, "choices": reviews.choices(t), "waiting": lookup.waiting(session, mine),
        "older_url": f"/review/lookups?page={page + 1}" if len(found) > PAGE else "",
    }  # fmt: skip
