"""Passwords kept here: checked, made for one occasion, chosen by whose they are."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.models import User

hasher = PasswordHasher()
SHORTEST = 12
LONGEST = 1000  # argon2 hashes anything; nobody needs to make us hash megabytes
ONE_TIME_LASTS = timedelta(days=3)
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that is read as something else

WRONG = {
    "current": "Passordet du har nå, er ikke riktig. Ingenting er endret.",
    "short": "Det nye passordet må ha minst 12 tegn, for eksempel fire ord. Ingenting er endret.",
    "easy": "Det nye passordet er for lett å gjette: bruk flere ulike tegn, og ikke navnet ditt. Ingenting er endret.",
    "unlike": "De to nye passordene er ikke like. Ingenting er endret. Skriv dem på nytt.",
    "same": "Det nye passordet er det samme som før. Velg et annet. Ingenting er endret.",
}


@cache
def decoy_hash() -> str:
    """Checked when nobody can log in by a password under that name, so that both answers take as long."""
    return hasher.hash("nobody has this password")


def verify(stored: str, password: str) -> bool:
    """Is this the password behind the hash."""
    if len(password) > LONGEST:
        return False
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def opens(user: User | None, password: str) -> bool:
    """Whether somebody logs in to this account, in use, with this password; it takes as long when there is none."""
    has_one = user is not None and bool(user.password_hash)
    right = verify(user.password_hash if user and has_one else decoy_hash(), password)
    return right and has_one and user is not None and user.is_active


def ran_out(user: User, now: datetime) -> bool:
    """Whether hers is a one-time password that was not used in time."""
    return user.password_until is not None and user.password_until <= now


def give_one_time(user: User, now: datetime) -> str:
    """A password that an administrator tells her, shown once; she has to choose her own when she has logged in with it."""
    made = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    user.password_hash, user.password_until = hasher.hash(made), now + ONE_TIME_LASTS
    return made


def choose(user: User, password: str) -> None:
    """Hers from now on."""
    user.password_hash, user.password_until = hasher.hash(password), None


def problem(user: User, password: str, again: str) -> str:
    """The name in WRONG of why this cannot be her new password; empty when it can."""
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        return "short"
    if len(set(plain)) < 5 or user.username in plain or any(len(part) > 3 and part in plain for part in user.name.casefold().split()):
        return "easy"
    if password != again:
        return "unlike"
    return "same" if user.password_hash and verify(user.password_hash, password) else ""
