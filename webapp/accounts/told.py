"""What was done to an account, told to whoever it belongs to and to her leaders: an administrator who gives herself access by it, and
anybody who chooses a password or a second factor in its name, does not do so in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.session_pages import moment
from webapp.audit.words import action_text
from webapp.models import AccessLog, Membership, User
from webapp.words import Translate

CHANGES = (
    "account_created", "account_changed", "account_closed", "account_reopened", "account_logged_out", "account_linked", "password_reset",
    "second_factor_removed", "home_noted", "home_removed",
)  # fmt: skip
OWN = ("password_changed", "second_factor_added", "second_factor_removed", "recovery_codes_made", "passkey_added", "passkey_removed")
WAYS_IN = ("password_reset", "second_factor_removed", "account_linked")  # by which somebody else could log in as her
OF_OWN, OF_STAFF = timedelta(days=90), timedelta(days=7)
MOST = 10


def history(session: Session, user: User, now: datetime, t: Translate) -> list[dict[str, Any]]:
    """Of a quarter of a year, the newest first: what administrators did, and what was done in her own name."""
    by_others = and_(AccessLog.action.in_(CHANGES), AccessLog.detail["account"].as_string() == str(user.id))
    in_her_name = and_(AccessLog.action.in_(OWN), AccessLog.user_id == user.id)
    rows = select(AccessLog, User.name).outerjoin(User, User.id == AccessLog.user_id).where(or_(by_others, in_her_name))
    found = session.execute(rows.where(AccessLog.at > now - OF_OWN).order_by(AccessLog.at.desc(), AccessLog.id).limit(MOST))
    return [
        {"at": moment(row.at), "text": action_text(row.action, "", t), "by": by or t("Kommandolinja"), "reason": row.reason}
        for row, by in found
    ]


def ways_in(session: Session, units: Sequence[UUID], me: User, now: datetime, t: Translate) -> list[str]:
    """For a leader: whose account in her units was opened to another log-in in the last week, by whom and why."""
    members = select(User).join(Membership).where(Membership.unit_id.in_(units), User.id != me.id)
    staff = {str(one.id): one.name for one in session.scalars(members)}
    account = AccessLog.detail["account"].as_string()
    rows = select(AccessLog, User.name).outerjoin(User, User.id == AccessLog.user_id).where(AccessLog.action.in_(WAYS_IN))
    found = session.execute(rows.where(AccessLog.at > now - OF_STAFF, account.in_(staff)).order_by(AccessLog.at.desc()).limit(MOST))
    return [
        t("%(name)s: %(what)s. %(by)s, %(at)s.", name=staff[row.detail["account"]], what=action_text(row.action, "", t),
          by=by or t("Kommandolinja"), at=moment(row.at)) + (f" «{row.reason}»" if row.reason else "")
        for row, by in found
    ]  # fmt: skip
