"""What an administrator wrote about an account, read as strictly as it is kept."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import staff
from webapp.accounts.oidc_people import CODE
from webapp.accounts.oidc_token import HPR
from webapp.accounts.policy import PERMISSIONS
from webapp.accounts.staff import Refused, Wanted
from webapp.models import Unit, User

USERNAME = re.compile(r"[\w][\w.@-]{1,79}")
SUBJECT_CODE = re.compile(f"[0-9a-f]{{{CODE}}}")
SHORTEST, LONGEST = 3, 500


def line(text: str) -> str:
    """One line, without what no name has in it."""
    return " ".join("".join(one for one in text if unicodedata.category(one)[0] != "C" or one.isspace()).split())


def wanted(session: Session, form: Mapping[str, str], units: Sequence[str]) -> Wanted | Refused:
    """The account as the form says it is to be."""
    name, title, role, hpr = line(form.get("name", "")), line(form.get("title", "")), form.get("role", ""), line(form.get("hpr", ""))
    if not 0 < len(name) <= 160 or len(title) > 80:
        return Refused("Skriv hele navnet, høyst 160 tegn, og en stilling på høyst 80 tegn. Ingenting er endret.")
    if role not in PERMISSIONS:
        return Refused("Velg en rolle. Ingenting er endret.")
    if hpr and not HPR.fullmatch(hpr):
        return Refused("HPR-nummeret er bare tall, høyst ni. La feltet stå tomt hvis det ikke finnes. Ingenting er endret.")
    known = {str(one): one for one in session.scalars(select(Unit.id))}
    chosen = tuple(sorted({known[one] for one in units if one in known}, key=str)) if staff.works_in_units(role) else ()
    if staff.works_in_units(role) and not chosen:
        return Refused("Velg minst én enhet for denne rollen. Ingenting er endret.")
    return Wanted(name, title, role, chosen, hpr or None)


def username(form: Mapping[str, str]) -> str | Refused:
    """As the log-in page reads it."""
    said = unicodedata.normalize("NFC", form.get("username", "")).strip().casefold()
    if USERNAME.fullmatch(said):
        return said
    return Refused("Skriv et brukernavn på 2 til 80 tegn: bokstaver, tall, punktum, bindestrek, understrek eller @. Ingenting er endret.")


def reason(form: Mapping[str, str]) -> str | Refused:
    """Why; it stands in the log."""
    said = line(form.get("reason", ""))
    if SHORTEST <= len(said) <= LONGEST:
        return said
    return Refused("Skriv hvorfor, med minst tre tegn. Det står i loggen. Ingenting er endret.")


def code(form: Mapping[str, str]) -> str | Refused:
    """The code somebody was told at the log-in page, or none."""
    said = line(form.get("code", "")).casefold()
    if not said or SUBJECT_CODE.fullmatch(said):
        return said
    return Refused("Koden fra innloggingssiden er åtte tall og bokstaver fra a til f. Ingenting er endret.")


def new(session: Session, form: Mapping[str, str], units: Sequence[str], *, by_password: bool) -> tuple[Wanted, str, str] | Refused:
    """(what a new account says, its user name, the code of who logs in to it at the provider)."""
    account, name, subject = wanted(session, form, units), username(form), code(form)
    if isinstance(account, Refused) or isinstance(name, Refused) or isinstance(subject, Refused):
        return next(one for one in (account, name, subject) if isinstance(one, Refused))
    if not by_password and not subject and not account.hpr:
        return Refused("Skriv HPR-nummeret eller koden, ellers kan ingen logge inn. Ingenting er endret.")
    return account, name, subject


def state(user: User) -> str:
    """What a form was made from: another as soon as somebody else has changed the account."""
    one = staff.of(user)
    said = [one.name, one.title, one.role, *map(str, one.units), one.hpr or "", str(user.disabled_at), user.oidc_subject or ""]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def ident(text: str) -> UUID | None:
    """An id, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
