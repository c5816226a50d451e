"""Passkeys on the account page."""

from __future__ import annotations

from typing import Any

from webapp import db
from webapp.accounts import passkey
from webapp.models import User
from webapp.words import Translate


def context(user: User, t: Translate, why: str) -> dict[str, Any]:
    """Somebody's own, and whether there can be one more here."""
    from webapp.accounts.passkey_routes import SAID

    return {
        "passkeys": [{"id": str(one.id), "name": one.name, "made": f"{one.created_at:%d.%m.%Y}",
                      "used": f"{one.used_at:%d.%m.%Y}" if one.used_at else ""} for one in passkey.of(db.session(), user)],
        "passkeys_here": passkey.host() is not None,
        "passkey_problem": t(SAID[why]) if why in SAID else "",
    }  # fmt: skip
