"""`webapp oidc …`: a key for the provider, and whose account is whose."""

from __future__ import annotations

import json
import os
import re
import sys

from joserfc.jwk import ECKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import db
from webapp.accounts import log
from webapp.accounts.oidc_people import CODE, stranger
from webapp.accounts.oidc_token import HPR
from webapp.config import ConfigProblem
from webapp.models import User


def new_key(path: str) -> int:
    """Write a private JWK that nobody else may read, and print the public half, to be registered at the provider."""
    key = ECKey.generate_key("P-256", private=True)
    key.ensure_kid()
    told = {"kid": key.kid, "use": "sig", "alg": "ES256"}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as wrong:
        raise ConfigProblem(f"{path} cannot be written ({wrong.strerror}). A key that is there is never replaced.") from wrong
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps({**key.as_dict(private=True), **told}) + "\n")
    sys.stdout.write(json.dumps({**key.as_dict(private=False), **told}) + "\n")
    return 0


def link(database_url: str, username: str, by: str) -> int:
    """Give an account its HPR number, or the person who was told this code; `none` takes both away."""
    engine = db.make_engine(database_url)
    try:
        with db.open_session(engine, write=True) as session:
            user = session.scalar(select(User).where(User.username == username.strip().casefold()))
            if user is None:
                raise ConfigProblem(f"There is no account {username!r}. Nothing was changed.")
            _give(session, user, by.strip().casefold())
            log.write(session, None, "account_linked", detail={"account": str(user.id), "by": "command", "gone": by == "none"})
            session.commit()
    finally:
        engine.dispose()
    sys.stdout.write(f"{username}: done.\n")
    return 0


def _give(session: Session, user: User, by: str) -> None:
    if by == "none":
        user.hpr = user.oidc_subject = None
    elif re.fullmatch(f"[0-9a-f]{{{CODE}}}", by) and (subject := stranger(session, by)):
        for other in session.scalars(select(User).where(User.oidc_subject == subject, User.id != user.id)):
            free(other)
            other.oidc_subject = None
        session.flush()
        user.oidc_subject = subject
    elif HPR.fullmatch(by):
        for other in session.scalars(select(User).where(User.hpr == by, User.id != user.id)):
            free(other)
        user.hpr = by
    else:
        raise ConfigProblem(f"{by!r} is no HPR number, and nobody was told this code in the last seven days. Nothing was changed.")


def free(other: User) -> None:
    """A number or subject is one person's; a closed account gives it up."""
    if other.is_active:
        raise ConfigProblem(f"The account {other.username!r} has it already. Nothing was changed.")
