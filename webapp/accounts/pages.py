"""Template context for the account page."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from webapp import db
from webapp.accounts.policy import ACCOUNTS, DEVICES, LOG, RECORD, REVIEW, STATISTICS, TOKENS, may, units_of
from webapp.models import User
from webapp.words import Translate

ROLES = {
    "nurse": "Helsepersonell", "supervisor": "Leder", "statistics": "Leser av statistikk", "journal": "Journalansvarlig",
    "admin": "Administrator",
}  # fmt: skip
MENU = (
    ("alert", "/review", "Trenger deg nå", REVIEW),
    ("list", "/review/coverage", "Dekning", STATISTICS),
    ("round", "/measures", "Målinger", STATISTICS),
    ("stop", "/review/quarantine", "Ikke godtatt", REVIEW),
    ("device", "/review/devices", "Enheter", DEVICES),
    ("people", "/staff", "Ansatte", ACCOUNTS),
    ("list", "/measure-tokens", "Nøkler for tall", ACCOUNTS),
    ("list", "/journal", "Tilgangslogg", LOG),
    ("people", "/journal/people", "Innsyn", LOG),
    ("alert", "/journal/unusual", "Uvanlige oppslag", LOG),
    ("round", "/round", "Min runde", RECORD),
)
PARTS = {
    "/measures": (
        ("/measures", "Målinger", STATISTICS), ("/summary", "Oppsummering av uka", REVIEW), ("/improvement", "Forbedringsarbeid", REVIEW),
        ("/leadership/board", "Tavlemøte", REVIEW), ("/leadership/cross", "Grønt kors", REVIEW), ("/network", "Læringsnettverk", REVIEW),
        ("/leadership/visits", "Visitter", REVIEW), ("/measure-tokens", "Nøkler for tall", TOKENS),
    ),
}  # the pages under an entry of the menu
SELDOM = ("/leadership/visits", "/measure-tokens")  # unfolded at the end: on a desktop the others then fit on one line
SHORT = {"/summary": "Uka"}  # as that line says it
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
        "parts": parts(user, t, here),
    }


def nav(user: User, t: Translate, here: str) -> list[dict[str, Any]]:
    """The main menu: what this person's role may open, the first page first."""
    mine = [entry for entry in MENU if may(user, entry[3])]
    return [{"icon": icon, "url": url, "text": t(text), "here": url == here, "count": ""} for icon, url, text, _wanted in mine]


def parts(user: User, t: Translate, here: str) -> list[dict[str, Any]]:
    """The pages under this entry of the menu that her role may open; nothing when it is one page only."""
    mine = [entry for entry in PARTS.get(here, ()) if may(user, entry[2])]
    current = max((url for url, _text, _wanted in mine if request.path.startswith(url)), key=len, default="")
    found = [{"url": url, "text": t(SHORT.get(url, text)), "here": url == current, "seldom": url in SELDOM}
             for url, text, _wanted in mine]  # fmt: skip
    return found if len(found) > 1 else []


def first_page(user: User) -> str:
    """Where somebody begins after the log-in."""
    return next((url for _icon, url, _text, wanted in MENU if may(user, wanted)), "/account")


def page_for(user: User, target: str) -> str:
    """The page somebody was on the way to, or her first one if it is not for her role."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(target.partition("?")[0], method="GET")
    except HTTPException:
        return target
    wanted = str(getattr(current_app.view_functions[endpoint], "access", ""))
    return target if ":" in wanted or may(user, wanted) else first_page(user)


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
        "looks_up": may(user, RECORD),
    }
