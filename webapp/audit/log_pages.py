"""The access log as template context: finished words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import chain
from webapp.accounts.pages import ROLES
from webapp.audit import rows, words
from webapp.audit.rows import Filter, Names
from webapp.bedside import says
from webapp.models import AccessLink, AccessLog, Patient, User
from webapp.words import Translate

Context = dict[str, Any]
WHOLE_AT_ONCE = 2000  # so many rows are checked each time the page is shown; more of them only when somebody asks


def moment(row: AccessLog) -> str:
    at = says.local(row.at.isoformat())
    return says.day(at[:10]) + " " + at[11:16]


def line(row: AccessLog, known: Names, t: Translate) -> Context:
    """One row, in words."""
    user, person = known.users.get(row.user_id or UUID(int=0)), known.people.get(row.patient_id or UUID(int=0))
    account = known.users.get(rows.account_of(row) or UUID(int=0))
    received = str(row.detail.get("received", "")) if row.detail.get("offline") else ""
    return {
        "at": moment(row),
        "who": user.name if user else t("Ukjent eller ingen"),
        "role": ", ".join(one for one in (t(ROLES.get(row.role, row.role)) if row.role else "", known.units_text(row)) if one),
        "text": words.action_text(row.action, str(row.detail.get("what", "")), t) + (f": {account.name}" if account else ""),
        "person": person.name if person else "",
        "born": says.day(person.born.isoformat()) if person else "",
        "device": known.devices.get(row.device_id, "") if row.device_id else "",
        "offline": t("På enheten, meldt hit %(at)s", at=received_text(received)) if received else "",
        "reason": row.reason,
        "refused": row.action in words.REFUSALS,
        "lookup": "lookup" in row.detail or row.action == "lookup_begun",
    }


def received_text(received: str) -> str:
    at = says.local(received)
    return says.day(at[:10]) + " " + at[11:16]


def listing(session: Session, asked: Filter, t: Translate) -> Context:
    """A page of the log with its filter."""
    found, total = rows.page_of(session, asked), rows.count(session, asked)
    known = rows.names(session, found)
    last = max(1, -(-total // rows.PAGE))
    person = session.get(Patient, asked.person) if asked.person else None
    return {
        "rows": [line(row, known, t) for row in found],
        "count_text": says.many(t, total, "1 rad", "%(n)s rader"),
        "page_text": t("Side %(page)s av %(last)s", page=asked.page, last=last) if last > 1 else "",
        "newer_url": "/journal" + asked.query(page=min(asked.page, last + 1) - 1) if asked.page > 1 else "",
        "older_url": "/journal" + asked.query(page=asked.page + 1) if asked.page < last else "",
        "csv_url": "/journal/log.csv" + asked.query(page=1),
        "print_url": f"/journal/people/{person.id}" if person else "",
        "without_url": "/journal" + asked.query(person=None, page=1),
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "person_id": str(person.id) if person else "",
        "person_text": f"{person.name}, {says.day(person.born.isoformat())}" if person else "",
        "kinds": [{"value": code, "text": t(words.LABELS[code]), "chosen": code == asked.kind} for code in words.KINDS],
        "employees": employees(session, asked.employee),
        "problem": t("Noe i det du valgte, kunne ikke leses. Det er ikke brukt. Velg på nytt.") if asked.problem else "",
    }


def employees(session: Session, chosen: UUID | None) -> list[Context]:
    everybody = session.execute(select(User.id, User.name, User.title).order_by(User.name, User.id))
    return [{"value": str(one.id), "text": f"{one.name}, {one.title}" if one.title else one.name, "chosen": one.id == chosen}
            for one in everybody]


def whole(session: Session, t: Translate, *, at_any_length: bool) -> Context:
    """Whether the chain holds, as `webapp audit verify` says it; empty text when the log is long and nobody asked."""
    links = session.scalar(select(func.count()).select_from(AccessLink)) or 0
    if links > WHOLE_AT_ONCE and not at_any_length:
        return {"tone": "info", "icon": "info", "text": "", "wrong": [], "again": "", "many": links}
    told = chain.verify(session)
    if told.wrong:
        return {"tone": "danger", "icon": "alert", "wrong": told.wrong, "again": "", "many": links,
                "text": t("Loggen er IKKE hel: noe er fjernet, endret eller satt inn utenom programmet. Meld fra til den som har ansvar "
                          "for informasjonssikkerhet, og rør ikke databasen.")}
    return {"tone": "ok", "icon": "check", "wrong": [], "again": f"webapp audit verify {told.links} {told.hash}", "many": links,
            "text": t("Loggen er hel: %(n)s rader, hver lenket til den forrige.", n=told.links)}


def people(session: Session, said: str, t: Translate) -> Context:
    """Service users of the whole municipality whose name or birth date has all the words; nobody until something is asked."""
    said = said.replace("\x00", "")[:60]
    asked = [one for one in said.casefold().split() if one]
    found: list[Context] = []
    for one in session.scalars(select(Patient).order_by(Patient.name_key, Patient.id)) if asked else ():
        born = says.day(one.born.isoformat())
        if all(word in f"{one.name} {born}".casefold() for word in asked):
            here = f"/journal/people/{one.id}"
            found.append({"name": one.name, "born": born, "log_url": f"/journal?person={one.id}", "print_url": here,
                          "checks_url": here + "/checks"})
    return {"q": said, "people": found[:100], "count_text": says.many(t, len(found), "1 bruker", "%(n)s brukere") if asked else ""}
