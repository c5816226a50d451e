"""Whether a text that others will read seems to be about a service user: a national identity number or a name she may look up.

Only names of service users the writer sees herself: otherwise the refusal would tell who gets services elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.accounts import policy
from webapp.improvement import work
from webapp.improvement.kinds import FORMS, LINE, TEXT
from webapp.improvement.work import Refused
from webapp.models import Patient, User

DIGITS = re.compile(r"(?<!\d)(?:\d[ .\-]?){10}\d(?!\d)")
FIRST, SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
WORD = re.compile(r"[^\W\d_]+")
NUMBER = Refused("Teksten ser ut til å ha et fødselsnummer. Ingenting er lagret. Andre leser dette: ta det bort.")
NAME = Refused("Teksten har navnet til en som får tjenester her. Ingenting er lagret. Andre leser dette: ta det bort.")


def problem(session: Session, user: User, kind: str, data: Mapping[str, Any]) -> Refused | None:
    """Why this may not be shared, if it may not; with the cycle that goes along."""
    shared = [*written(kind, data)]
    if data.get("cycle") and (cycle := work.one(session, UUID(data["cycle"]))):
        shared += written("cycle", cycle.data)
    return in_text(session, user, "\n".join(shared))


def in_text(session: Session, user: User, text: str) -> Refused | None:
    """The same of a text that is not one of a form's."""
    if has_number(text):
        return NUMBER
    said = f" {' '.join(words(text))} "
    names = session.scalars(policy.people_of(user).with_only_columns(Patient.name))
    return NAME if any(f" {' '.join(found)} " in said for name in names if len(found := words(name)) > 1) else None


def written(kind: str, data: Mapping[str, Any]) -> list[str]:
    return [str(data[one.name]) for one in FORMS[kind] if one.kind in (LINE, TEXT) and data.get(one.name)]


def words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def has_number(text: str) -> bool:
    """Eleven digits whose two last ones fit the others; also of somebody without a permanent number (day + 40, month + 40 or + 80)."""
    return any(fits([int(one) for one in found if one.isdigit()]) for found in DIGITS.findall(text))


def fits(digits: list[int]) -> bool:
    return not any(sum(a * b for a, b in zip(weights, digits, strict=False)) % 11 for weights in (FIRST, SECOND))
