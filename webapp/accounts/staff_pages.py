"""Accounts as template context: finished words, nothing of any service user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import second_pages, sessions, signin, staff, staff_form
from webapp.accounts.pages import ROLES
from webapp.accounts.session_pages import moment
from webapp.accounts.told import CHANGES
from webapp.audit.words import action_text
from webapp.models import AccessLog, Unit, User, WebSession
from webapp.words import Translate

Context = dict[str, Any]
MOST = 100  # of one answer; whoever is not among them is found by searching
STATES = {"used": "I bruk", "waiting": "Har engangspassord", "closed": "Stengt", "all": "Alle"}


def units_by_id(session: Session) -> dict[UUID, str]:
    return {one.id: one.name for one in session.scalars(select(Unit).order_by(Unit.name))}


def state(user: User) -> str:
    return "closed" if user.disabled_at else "waiting" if user.password_until else "used"


def tag(user: User, now: datetime, t: Translate) -> Context:
    """What is unusual about an account; nothing for most."""
    if user.disabled_at:
        return {"tone": "quiet", "icon": "stop", "text": t("Stengt")}
    if user.password_until and user.password_until <= now:
        return {"tone": "medium", "icon": "clock", "text": t("Engangspassordet er utløpt")}
    if user.password_until:
        return {"tone": "info", "icon": "key", "text": t("Har engangspassord")}
    return {}


def listing(session: Session, asked: Mapping[str, str], now: datetime, t: Translate) -> Context:
    """Who has an account, by the filter."""
    units = units_by_id(session)
    words = [one for one in asked.get("q", "").replace("\x00", "")[:60].casefold().split() if one]
    role, unit, which = asked.get("role", ""), staff_form.ident(asked.get("unit", "")), asked.get("state", "used")
    found = [
        one for one in session.scalars(select(User).order_by(func.lower(User.name), User.id))
        if (not role or one.role == role) and (unit is None or unit in one.unit_ids)
        and (which == "all" or (state(one) != "closed" if which == "used" else state(one) == which))
        and all(word in f"{one.name} {one.username} {one.title}".casefold() for word in words)
    ]  # fmt: skip
    last, n = last_log_ins(session), len(found)
    return {
        "q": asked.get("q", "")[:60], "people": [row(one, units, last.get(one.id), now, t) for one in found[:MOST]],
        "count_text": t("1 konto") if n == 1 else t("%(n)s kontoer", n=n),
        "more_text": t("De første %(n)s vises. Søk eller velg for å finne resten.", n=MOST) if n > MOST else "",
        "roles": choices(ROLES, role, t), "units": [{"value": str(i), "text": name, "chosen": i == unit} for i, name in units.items()],
        "states": choices(STATES, which, t),
    }  # fmt: skip


def last_log_ins(session: Session) -> dict[UUID, datetime]:
    """When each was last logged in in a browser."""
    query = select(WebSession.user_id, func.max(WebSession.created_at)).group_by(WebSession.user_id)
    return {one[0]: one[1] for one in session.execute(query)}


def choices(words: Mapping[str, str], chosen: str, t: Translate) -> list[Context]:
    return [{"value": value, "text": t(text), "chosen": value == chosen} for value, text in words.items()]


def row(user: User, units: dict[UUID, str], last: datetime | None, now: datetime, t: Translate) -> Context:
    return {
        "url": f"/staff/{user.id}", "name": user.name, "title": user.title, "username": user.username,
        "role": t(ROLES.get(user.role, user.role)),
        "units": ", ".join(sorted(units[one] for one in user.unit_ids if one in units)), "tag": tag(user, now, t),
        "last": t("Sist logget inn %(when)s", when=moment(last)) if last else t("Har aldri logget inn i en nettleser"),
    }  # fmt: skip


def form(session: Session, given: Mapping[str, Any], t: Translate) -> Context:
    """The fields, filled with what stands in them."""
    chosen = set(given.get("units", ()))
    return {
        "filled": {name: given.get(name, "") or "" for name in ("name", "title", "username", "hpr", "code", "way")},
        "roles": [one | {"with_units": staff.works_in_units(str(one["value"]))} for one in choices(ROLES, str(given.get("role", "")), t)],
        "units": [{"value": str(one), "text": name, "chosen": str(one) in chosen} for one, name in units_by_id(session).items()],
        "passwords": signin.by_password(), "provider": current_app.config["OIDC"].name if current_app.config["OIDC"] else "",
    }  # fmt: skip


def account(session: Session, user: User, me: User, now: datetime, t: Translate) -> Context:
    """One account: what it says, where she is logged in, what was changed."""
    units = units_by_id(session)
    mine = staff.of(user)
    given = {"name": mine.name, "title": mine.title, "role": mine.role, "hpr": mine.hpr, "units": [str(one) for one in mine.units]}
    browsers, devices = sessions.in_browsers(session, user, now), sessions.on_devices(session, user, now)
    where = [one.browser or t("Ukjent nettleser") for one in browsers] + [name for _one, name in devices]
    return {
        **form(session, given, t), **second_pages.of_other(user, t),
        "who": {"id": str(user.id), "name": user.name, "username": user.username},
        "account_tag": tag(user, now, t), "closed": user.disabled_at is not None, "own": user.id == me.id, "where": where,
        "has_password": bool(user.password_hash), "linked": user.oidc_subject is not None, "has_home": bool(user.home_street),
        "state": staff_form.state(user),
        "history": [change(one, user, units, t) | {"by": by or t("Kommandolinja")} for one, by in changes(session, user)],
    }  # fmt: skip


def changes(session: Session, user: User) -> list[tuple[AccessLog, str | None]]:
    """What administrators did to this account, the newest first, and who."""
    mine = AccessLog.detail["account"].as_string() == str(user.id)
    query = select(AccessLog, User.name).outerjoin(User, User.id == AccessLog.user_id).where(AccessLog.action.in_(CHANGES), mine)
    return [(one, by) for one, by in session.execute(query.order_by(AccessLog.at.desc(), AccessLog.id).limit(30))]


def change(one: AccessLog, user: User, units: dict[UUID, str], t: Translate) -> Context:
    said = []
    if isinstance(was := one.detail.get("was"), dict) and isinstance(now := one.detail.get("is"), dict):
        said = [f"{before} → {after}" for before, after in zip(_told(was, units, t), _told(now, units, t), strict=True) if before != after]
    return {"at": moment(one.at), "text": action_text(one.action, "", t), "reason": one.reason, "said": said}


def _told(one: Mapping[str, Any], units: dict[UUID, str], t: Translate) -> tuple[str, str]:
    names = sorted(units.get(ident, "?") for text in one["units"] if (ident := staff_form.ident(str(text))))
    return t(ROLES.get(str(one["role"]), str(one["role"]))), ", ".join(names) or t("Ingen")
