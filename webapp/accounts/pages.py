"""Template context for the account page."""

from __future__ import annotations

from typing import Any

from webapp import db
from webapp.accounts.policy import RESCUE, REVIEW, may, units_of
from webapp.models import User
from webapp.words import Translate

ROLES = {"nurse": "Helsepersonell", "supervisor": "Leder", "admin": "Administrator"}
LANGUAGES = (("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English"))


def initials(name: str) -> str:
    """First letters of first and last name."""
    words = name.split() or ["?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def frame(user: User, lang: str, t: Translate, title: str, here: str) -> dict[str, Any]:
    """What pages answered only by the server have around their content."""
    return {
        "lang": lang,
        "title": title,
        "home_url": "/",
        "me_name": user.name,
        "me_initials": initials(user.name),
        "nav": nav(user, t, here),
    }


def nav(user: User, t: Translate, here: str) -> list[dict[str, Any]]:
    """The main menu of a supervisor; nurses get a way back to their round."""
    if may(user, REVIEW):
        entries = [
            ("alert", "/review", t("Trenger deg nå")),
            ("list", "/review/coverage", t("Dekning")),
            ("stop", "/review/quarantine", t("Ikke godtatt")),
            ("device", "/review/devices", t("Enheter")),
            ("round", "/round", t("Min runde")),
        ]
    elif user.role == "nurse":
        entries = [("round", "/round", t("Min runde"))]
    else:
        entries = [("device", "/rescue", t("Redningsfil"))] if may(user, RESCUE) else []
    return [{"icon": icon, "url": url, "text": text, "here": url == here, "count": ""} for icon, url, text in entries]


def account_context(user: User, lang: str, t: Translate) -> dict[str, Any]:
    """Name, role, units and the language choice."""
    chosen = user.language or ""
    return {
        **frame(user, lang, t, t("Min konto"), "/account"),
        "username": user.username,
        "role": t(ROLES.get(user.role, user.role)),
        "user_title": user.title,
        "units": ", ".join(unit.name for unit in units_of(db.session(), user)) or t("Ingen"),
        "languages": [{"code": code, "name": name, "chosen": code == chosen} for code, name in LANGUAGES],
        "follows": chosen == "",
    }
