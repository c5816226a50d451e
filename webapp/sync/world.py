"""Database -> the world of SPEC: the same JSON for Flask's bedside pages and, in parts, for snapshots."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.accounts import lookup
from webapp.bundles import Registry, registry
from webapp.models import Episode, Lookup, Municipality, Patient, ServerDraft, Setting, Unit, User, Visit
from webapp.sync import hidden, people
from webapp.sync.people import OSLO, Person

World = dict[str, Any]
LATE_DAYS = 3


def bundles() -> Registry:
    """The running app's bundles."""
    return registry(current_app.config.get("BUNDLE_DIRS") or ())


def for_user(session: Session, user: User, now: datetime, *, also: Iterable[UUID] = (), only: bool = False) -> World:
    """Everything an office PC's bedside page is made from, but for what it gives back (`back`); `also` = people to hold in full
    besides the route, or, with `only`, without the route and the rest of the unit: a page that is about one person.

    Only here a look-up counts: what a device holds is its own units' (snapshot.py)."""
    units = list(user.unit_ids)
    looked_up = set(session.scalars(lookup.of(user, now).with_only_columns(Lookup.patient_id))) if also else set()
    held = [*([] if only else route(session, user, now)), *also]
    full = people.load(session, list(dict.fromkeys(held)), bundles(), now)
    allowed = {ref: person for ref, person in full.items() if UUID(person["unit"]) in units or ref in looked_up}
    return {
        "now": people.oslo(now),
        "me": me(session, user),
        **settings(session),
        "people": list(allowed.values()),
        "others": [] if only else others(session, units, allowed, now),
        "aside": [],
        "drafts": drafts(session, user),
        "device": False,
        "unspoken": False,  # a server has every language
        "sync": {"waiting": 0, "last_contact": None, "paused": None, "by_id": hidden.told(session, user, now)},
    }


def person(session: Session, ref: UUID, now: datetime) -> Person | None:
    """One person in full. Access is the caller's question."""
    return people.load(session, [ref], bundles(), now).get(ref)


def me(session: Session, user: User) -> dict[str, Any]:
    unit = session.scalar(select(Unit).where(Unit.id.in_(user.unit_ids)).order_by(Unit.name).limit(1))
    return {
        "id": str(user.id),
        "name": user.name,
        "title": user.title,
        "lang": user.language or municipality_language(session),
        "unit": {"id": str(unit.id), "name": unit.name} if unit else {"id": "", "name": ""},
    }


def back(session: Session, user: User, now: datetime, units: Iterable[UUID]) -> dict[str, Any]:
    """What nurses get back of what they record: webapp/measures/bedside.py."""
    lang = user.language or municipality_language(session)
    told: dict[str, Any] = current_app.extensions["bedside"](session, sorted(units), lang, now)
    return told


def given_back(session: Session, user: User, now: datetime, persons: Iterable[Person]) -> dict[str, Any]:
    """The same for a page about these people: of those of her own units."""
    return back(session, user, now, {UUID(one["unit"]) for one in persons} & set(user.unit_ids))


def municipality_language(session: Session) -> str:
    return session.scalar(select(Municipality.language).limit(1)) or "nb"


def settings(session: Session) -> dict[str, Any]:
    """{params, settings_version, active}: bundle defaults under the municipality's own numbers."""
    row = session.execute(
        select(Setting.version, Setting.data).order_by(Setting.version.desc()).limit(1)
    ).one_or_none()
    version, data = (row.version, row.data) if row else (1, {})
    return {"params": params(data), "settings_version": version, "active": active(data)}


def params(data: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Parameters of every bundle: a number outside the bundle's own range counts as not set."""
    own = data.get("params") or {}
    return {
        bundle.id: {
            name: _within(spec, (own.get(bundle.id) or {}).get(name)) for name, spec in bundle.parameters.items()
        }
        for bundle in bundles().bundles
    }


def _within(spec: dict[str, Any], own: Any) -> int:
    good = isinstance(own, int) and not isinstance(own, bool) and spec.get("min", own) <= own <= spec.get("max", own)
    return own if good else int(spec["default"])


def active(data: dict[str, Any]) -> dict[str, int]:
    known = bundles()
    chosen = data.get("active") or {}
    return {
        bundle: chosen[bundle] if (bundle, chosen.get(bundle)) in known.by_version else newest
        for bundle, newest in known.active.items()
    }


def route(session: Session, user: User, now: datetime) -> list[UUID]:
    """Who this user holds in full: today's visits and the next shift's, her own and those given to nobody."""
    mine = or_(Visit.user_id == user.id, Visit.user_id.is_(None))
    query = (
        select(Visit.patient_id, Visit.on, Visit.shift)
        .join(Patient, Patient.id == Visit.patient_id)
        .where(Visit.unit_id.in_(user.unit_ids), Patient.unit_id == Visit.unit_id, mine, _near(now), _served(now))
        .order_by(Visit.on, Visit.at, Visit.id)
    )
    return list(dict.fromkeys(row.patient_id for row in session.execute(query)))


def _near(now: datetime) -> Any:
    """Today; from 15:00 also tomorrow's night and day; until 08:00 also the night that began yesterday."""
    local = now.astimezone(OSLO)
    today = local.date()
    near = [Visit.on == today]
    if local.hour >= 15:
        near.append((Visit.on == today + timedelta(days=1)) & Visit.shift.in_(("night", "day")))
    if local.hour < 8:
        near.append((Visit.on == today - timedelta(days=1)) & (Visit.shift == "night"))
    return or_(*near)


def _served(now: datetime) -> Any:
    """Whose service has not ended, or ended so lately that the last visit may still have to be written down."""
    latest = now.astimezone(OSLO).date() - timedelta(days=LATE_DAYS)
    service = select(Episode.id).where(Episode.patient_id == Patient.id, Episode.kind == "service")
    lasting = service.where(or_(Episode.end.is_(None), Episode.end > latest))
    return or_(~service.exists(), lasting.exists())


def others(session: Session, units: Iterable[UUID], held: Iterable[UUID], now: datetime) -> list[dict[str, str]]:
    """The rest of the unit: only what finding a person takes."""
    skip = set(held)
    query = select(Patient.id, Patient.unit_id, Patient.name, Patient.born, Patient.address)
    query = query.where(Patient.unit_id.in_(units), _served(now))
    return [
        {"ref": str(row.id), "unit": str(row.unit_id), "name": row.name, "born": row.born.isoformat(), "address": row.address}
        for row in session.execute(query.order_by(Patient.name_key, Patient.id))
        if row.id not in skip
    ]


def drafts(session: Session, user: User) -> list[dict[str, Any]]:
    """This user's half-filled forms on the server, in the order she began them, as on a device; also about who left her unit."""
    mine = select(ServerDraft).where(ServerDraft.user_id == user.id)
    return [draft.data for draft in session.scalars(mine.order_by(ServerDraft.id))]
