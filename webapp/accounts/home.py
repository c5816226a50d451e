"""In which street an employee lives, so that look-ups of neighbours can be followed up. Of the address only a mark of the street is
kept, made with a key that the database does not have: nobody reads it there, and streets are compared by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.accounts.staff import Refused
from webapp.models import Patient, User
from webapp.sync import keys

LONGEST = 200
NUMBER = re.compile(r"(?<=\S)\s+\d.*|(?<=[^\W\d_])\d.*")  # a number that something stands before, and what comes after it
GATE = re.compile("(gaten|gata|gate|gt)$")
VEI = re.compile("(veien|vegen|vei|veg|vn)$")


def street(address: str) -> str:
    """A street's name, the same however it is written; empty when there is none. In one municipality a name is one street's."""
    name = NUMBER.sub("", unicodedata.normalize("NFKC", address).casefold().partition(",")[0])
    plain = "".join(one for one in name if one.isalnum())
    return VEI.sub("vei", GATE.sub("gate", plain)) if any(one.isalpha() for one in plain) else ""


def note(session: Session, me: User, user: User, form: Mapping[str, str]) -> Refused | None:
    """Keep a mark of her street, or none any more. The caller commits."""
    said = form.get("address", "").strip()
    name = street(said)
    if (said and not name) or len(said) > LONGEST or "\x00" in form.get("address", ""):
        return Refused("Skriv gatenavn og husnummer. Ingenting er endret.")
    user.home_street = _marks(name)[0] if name else ""
    log.write(session, me, "home_noted" if name else "home_removed", detail={"account": str(user.id)})
    return None


def is_near(user: User, person: Patient) -> bool:
    """Whether both live in one street, as far as it is known."""
    name = street(person.address) if user.home_street else ""
    return bool(name) and user.home_street in _marks(name)


def _marks(name: str) -> list[str]:
    return keys.current().code_hashes(name, "home")
