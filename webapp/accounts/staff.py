"""Accounts as an administrator makes and changes them. Every change leaves a row in the log; nothing is ever deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log, oidc_people, passkey, passwords, policy, second_factor, sessions
from webapp.accounts.policy import ACCOUNTS, PERMISSIONS, RECORD
from webapp.models import Membership, User


@dataclass(frozen=True)
class Refused:
    """Nothing was changed; the sentence says why."""

    reason: str


@dataclass(frozen=True)
class Wanted:
    """What an account is to say of somebody."""

    name: str
    title: str
    role: str
    units: tuple[UUID, ...]
    hpr: str | None

    def told(self) -> dict[str, Any]:
        """As the log has it; of the person herself only that something was changed."""
        return {"role": self.role, "units": sorted(str(one) for one in self.units)}


def of(user: User) -> Wanted:
    """What it says now."""
    return Wanted(user.name, user.title, user.role, tuple(sorted(user.unit_ids, key=str)), user.hpr)


def works_in_units(role: str) -> bool:
    """Whether a role is about the people of some units; the others have none."""
    return RECORD in PERMISSIONS[role]


def held(session: Session, me: User) -> bool:
    """Nobody else changes an administrator until this is committed; False when `me` is none any more.

    Without it two could close each other at the same moment, and nobody would be left; or take the same user name."""
    admins = select(User).where(User.role.in_(role for role, given in PERMISSIONS.items() if ACCOUNTS in given)).order_by(User.id)
    session.scalars(admins.with_for_update().execution_options(populate_existing=True)).all()
    session.refresh(me)
    return policy.may(me, ACCOUNTS)


def create(session: Session, me: User, username: str, wanted: Wanted, now: datetime, *, by_password: bool) -> tuple[User, str] | Refused:
    """A new account and its one-time password, if it is to have one. The caller commits."""
    if session.scalar(select(User.id).where(User.username == username)) is not None:
        return Refused("Brukernavnet er i bruk. Velg et annet. Ingenting er endret.")
    if (taken := _number_taken(session, wanted.hpr, None)) is not None:
        return taken
    made = User(id=uuid4(), username=username, name=wanted.name, title=wanted.title, hpr=wanted.hpr, role=wanted.role, password_hash="")
    password = passwords.give_one_time(made, now) if by_password else ""
    session.add(made)
    session.flush()
    session.add_all(Membership(user_id=made.id, unit_id=unit) for unit in wanted.units)
    log.write(session, me, "account_created", detail={"account": str(made.id), "password": by_password, **wanted.told()})
    session.flush()
    return made, password


def change(session: Session, me: User, user: User, wanted: Wanted, now: datetime) -> Refused | None:
    """What it says from now on. Another role begins with a new log-in. The caller commits."""
    before = of(user)
    if user.id == me.id and wanted.role != before.role:
        return Refused("Du kan ikke ta fra deg selv rollen som administrator. En annen administrator må gjøre det. Ingenting er endret.")
    if (taken := _number_taken(session, wanted.hpr, user)) is not None:
        return taken
    user.name, user.title, user.role, user.hpr = wanted.name, wanted.title, wanted.role, wanted.hpr
    _move(session, user, wanted.units)
    if wanted.role != before.role:
        sessions.end_all(session, user, now)
    same = [name for name in ("name", "title", "hpr") if getattr(before, name) == getattr(wanted, name)]
    detail = {"account": str(user.id), "was": before.told(), "is": wanted.told()}
    log.write(session, me, "account_changed", detail=detail | {"also": [one for one in ("name", "title", "hpr") if one not in same]})
    return None


def _move(session: Session, user: User, units: tuple[UUID, ...]) -> None:
    had = {one.unit_id: one for one in user.memberships}
    for unit, one in had.items():
        if unit not in units:
            session.delete(one)
    session.add_all(Membership(user_id=user.id, unit_id=unit) for unit in units if unit not in had)
    session.flush()
    session.expire(user, ["memberships"])


def close(session: Session, me: User, user: User, reason: str, now: datetime) -> Refused | None:
    """Nobody logs in to it from now on, and whoever is logged in is out. The caller commits."""
    if user.id == me.id:
        return Refused("Du kan ikke stenge din egen konto. En annen administrator må gjøre det. Ingenting er endret.")
    if user.disabled_at is not None:
        return Refused("Kontoen er allerede stengt. Ingenting er endret.")
    user.disabled_at = now
    ended = sessions.end_all(session, user, now)
    log.write(session, me, "account_closed", reason=reason, detail={"account": str(user.id), "ended": ended})
    return None


def reopen(session: Session, me: User, user: User, reason: str) -> Refused | None:
    """In use again, with the password it had. The caller commits."""
    if user.disabled_at is None:
        return Refused("Kontoen er allerede i bruk. Ingenting er endret.")
    if (taken := _number_taken(session, user.hpr, user)) is not None:
        return taken
    user.disabled_at = None
    log.write(session, me, "account_reopened", reason=reason, detail={"account": str(user.id)})
    return None


def reset_password(session: Session, me: User, user: User, reason: str, now: datetime) -> str | Refused:
    """A one-time password instead of the one she had; she is logged out everywhere. The caller commits."""
    if user.id == me.id:
        return Refused("Bytt ditt eget passord under «Min konto». Ingenting er endret.")
    if user.disabled_at is not None:
        return Refused("Kontoen er stengt. Åpne den først. Ingenting er endret.")
    made = passwords.give_one_time(user, now)
    ended = sessions.end_all(session, user, now)
    log.write(session, me, "password_reset", reason=reason, detail={"account": str(user.id), "ended": ended})
    return made


def remove_second_factor(session: Session, me: User, user: User, reason: str, now: datetime) -> Refused | None:
    """App, recovery codes and passkeys count no more, and she is logged out everywhere: whoever lost her phone sets up anew."""
    if user.id == me.id:
        return Refused("Endre din egen totrinnsinnlogging under «Min konto». Ingenting er endret.")
    keys = passkey.of(session, user)
    for key in keys:
        session.delete(key)
    second_factor.remove(session, user)
    ended = sessions.end_all(session, user, now)
    detail = {"account": str(user.id), "passkeys": len(keys), "ended": ended}
    log.write(session, me, "second_factor_removed", reason=reason, detail=detail)
    return None


def link(session: Session, me: User, user: User, code: str) -> Refused | None:
    """Whoever was told this code at the log-in page logs in to this account at the provider; without a code nobody does by a subject."""
    subject = oidc_people.stranger(session, code) if code else None
    if code and subject is None:
        return Refused("Ingen har fått denne koden på innloggingssiden de siste sju dagene. Ingenting er endret.")
    for other in session.scalars(select(User).where(User.oidc_subject == subject)) if subject else ():
        if other.is_active and other is not user:
            return Refused("Koden hører til en som alt har en annen konto i bruk. Ingenting er endret.")
        other.oidc_subject = None
    session.flush()
    user.oidc_subject = subject
    log.write(session, me, "account_linked", detail={"account": str(user.id), "by": "page", "gone": subject is None})
    return None


def log_out(session: Session, me: User, user: User, reason: str, now: datetime) -> int:
    """She is logged out everywhere but, if she is the one who asks, here; in how many places. The caller commits."""
    ended = sessions.end_all(session, user, now, but=sessions.current() if user.id == me.id else None)
    log.write(session, me, "account_logged_out", reason=reason, detail={"account": str(user.id), "ended": ended})
    return ended


def _number_taken(session: Session, hpr: str | None, but: User | None) -> Refused | None:
    """A number is one person's; a closed account gives it up."""
    if hpr is None:
        return None
    for other in session.scalars(select(User).where(User.hpr == hpr)):
        if other is but:
            continue
        if other.is_active:
            return Refused("En annen konto i bruk har dette HPR-nummeret. Ingenting er endret.")
        other.hpr = None
    session.flush()
    return None
