"""Whose account it is: by HPR number or by the provider's subject, both written there by an administrator. Nobody is made by logging in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.accounts.oidc_token import Identity, LogInTrouble
from webapp.models import AccessLog, User, utc_now

CODE = 8  # letters of the subject's hash that a stranger can give the administrator
RECENT = timedelta(days=7)


def account_of(session: Session, who: Identity) -> User:
    """The one account in use that is hers; LogInTrouble where there is none, or where number and subject are not of one person."""
    wanted = [User.oidc_subject == who.subject, *([User.hpr == who.hpr] if who.hpr else [])]
    found = list(session.scalars(select(User).where(or_(*wanted))))
    if not found:
        raise LogInTrouble("unknown", "no account", who.subject)
    used = [user for user in found if user.is_active]
    if not used:
        raise LogInTrouble("closed", "closed account", who.subject)
    if len(used) > 1 or not agrees(used[0], who):
        raise LogInTrouble("unclear", "number and subject are of different accounts", who.subject)
    return used[0]


def agrees(user: User, who: Identity) -> bool:
    """Nothing on the account says that it is somebody else's."""
    other_subject = user.oidc_subject is not None and user.oidc_subject != who.subject
    other_number = bool(user.hpr and who.hpr and user.hpr != who.hpr)
    return not other_subject and not other_number


def stranger(session: Session, code: str) -> str | None:
    """The subject of whoever was told this code, if that is one person."""
    rows = session.scalars(select(AccessLog).where(AccessLog.action == "login_failed", AccessLog.at > utc_now() - RECENT))
    found = {str(row.detail.get("subject", "")) for row in rows}
    matching = {one for one in found if one.startswith(code)}
    return matching.pop() if len(matching) == 1 else None
