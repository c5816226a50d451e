"""What somebody thought of a look-up or an unusual view when she had looked at it: a row, and the newest holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.models import AccessReview, User
from webapp.words import Translate

OK, FOLLOW = "ok", "follow"
VERDICTS = {OK: "Sett på, i orden", FOLLOW: "Følges opp"}
LONGEST = 500


@dataclass(frozen=True)
class Refused:
    """Why nothing was changed."""

    reason: str


def newest(session: Session, abouts: Iterable[str]) -> dict[str, tuple[AccessReview, str]]:
    """The review that holds, with the name of who made it, of each that has one."""
    query = select(AccessReview, User.name).join(User, User.id == AccessReview.by).where(AccessReview.about.in_(list(abouts)))
    return {one.about: (one, name) for one, name in session.execute(query.order_by(AccessReview.at, AccessReview.id))}


def add(session: Session, user: User, about: str, form: Mapping[str, str]) -> AccessReview | Refused:
    """A review by this person. The caller commits."""
    verdict, note = form.get("verdict", ""), form.get("note", "").replace("\x00", "").strip()
    if verdict not in VERDICTS:
        return Refused("Velg om det er i orden eller skal følges opp. Ingenting er endret.")
    if len(note) > LONGEST:
        return Refused("Merknaden er for lang. Ingenting er endret.")
    if verdict == FOLLOW and not note:
        return Refused("Skriv hva som skal følges opp. Ingenting er endret.")
    made = AccessReview(about=about, verdict=verdict, note=note, by=user.id)
    session.add(made)
    return made


def words(found: tuple[AccessReview, str] | None, today: str, t: Translate) -> dict[str, Any] | None:
    """A review for a page."""
    if found is None:
        return None
    one, name = found
    at = says.near_moment(one.at.isoformat(), today, t)
    return {
        "text": t(VERDICTS[one.verdict]),
        "tone": "ok" if one.verdict == OK else "medium", "icon": "check" if one.verdict == OK else "clock",
        "note": one.note, "by": t("%(name)s, %(when)s", name=name, when=at),
    }  # fmt: skip


def choices(t: Translate) -> list[dict[str, str]]:
    return [{"value": value, "text": t(label)} for value, label in VERDICTS.items()]
