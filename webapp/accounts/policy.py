"""The only access rules: what a role may do, and whose data a person may see. Everything refused is logged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, request, session
from flask_login import current_user
from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, object_session

from webapp import db
from webapp.accounts import log, lookup
from webapp.models import CheckRecord, Device, Flag, HiddenCheck, Lookup, Membership, Patient, Photo, Quarantine, ServerDraft, Unit, User
from webapp.sync import hidden, quarantine

View = TypeVar("View", bound=Callable[..., Any])

HASH = re.compile("[0-9a-f]{64}")
RECORD = "record"  # bedside pages: nurses, and supervisors who also see service users
REVIEW = "review"  # follow up, see history, decide about refused records
ENROL = "enrol"  # take a tablet into use
RESCUE = "rescue"  # take in a file of sealed records that was carried here
STATISTICS = "statistics"  # numbers about units
IMPROVE = "improve"  # decide about a unit's charts
TOKENS = "tokens"  # let another system read a unit's aggregates
DEVICES = "devices"  # the devices there are; nothing clinical
JOURNAL = "journal"  # decide about records of somebody else, deleted by law, or blocked
LOG = "log"  # the access log: who looked at whom, its printout, unusual look-ups
ACCOUNT = "account"  # one's own account
ACCOUNTS = "accounts"  # everybody's account: who works here, in what role and unit
PERMISSIONS: dict[str, frozenset[str]] = {
    "nurse": frozenset({RECORD, ENROL, ACCOUNT}),
    "supervisor": frozenset({RECORD, REVIEW, STATISTICS, IMPROVE, TOKENS, DEVICES, ENROL, RESCUE, ACCOUNT}),
    "statistics": frozenset({STATISTICS, ACCOUNT}),
    "journal": frozenset({LOG, JOURNAL, ACCOUNT}),
    "admin": frozenset({DEVICES, RESCUE, ACCOUNT, ACCOUNTS, TOKENS}),
}
TWO_FACTORS = frozenset({"supervisor", "admin", "journal"})  # roles that reach far: a password alone is too little (SECOND_FACTOR)
FEWEST = 5  # REQ-17: a number of fewer than this is not shown to who may see numbers only


FRESH = 10 * 60


def has_just_logged_in(now: float) -> bool:
    """A full log-in minutes ago: what gives a vault back needs the password, not a session somebody left in the browser."""
    return 0 <= now - float(session.get("logged_in_at", 0)) <= FRESH


def may(user: User, permission: str) -> bool:
    """Does this person's role include the permission (and is the account in use)."""
    return user.is_active and permission in PERMISSIONS.get(user.role, frozenset())


def requires(permission: str) -> Callable[[View], View]:
    """Only logged-in people whose role has the permission. Others get the log-in page or 403, and a row in the log."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                from flask import current_app

                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if not may(current_user, permission):
                log.refused(current_user, request.endpoint or "", permission)
                abort(403)
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def public(reason: str) -> Callable[[View], View]:
    """Anybody may call this; `reason` says why that is safe."""

    def mark(view: View) -> View:
        view.access = f"public: {reason}"  # type: ignore[attr-defined]
        return view

    return mark


def by_token(reason: str) -> Callable[[View], View]:
    """The view itself checks a device or session token; `reason` says which."""

    def mark(view: View) -> View:
        view.access = f"token: {reason}"  # type: ignore[attr-defined]
        return view

    return mark


def units_of(session: Session, user: User) -> list[Unit]:
    """The units a nurse works in or a supervisor leads; an administrator has none."""
    if not may(user, RECORD):
        return []
    return list(session.scalars(select(Unit).where(Unit.id.in_(user.unit_ids)).order_by(Unit.name)))


def unit_ids(user: User) -> list[UUID]:
    """As `units_of`, without asking the database."""
    return user.unit_ids if may(user, RECORD) else []


def _every_unit(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).order_by(Unit.name)))


def sees_numbers_only(user: User) -> bool:
    """Who reads statistics without seeing anybody: no names, no small numbers."""
    return may(user, STATISTICS) and not may(user, RECORD)


def counted_units(session: Session, user: User) -> list[Unit]:
    """The units whose numbers this person may see: those she leads; all of them for who sees numbers only."""
    if sees_numbers_only(user):
        return _every_unit(session)
    return units_of(session, user) if may(user, STATISTICS) else []


def fleet_units(session: Session, user: User) -> list[UUID]:
    """The units whose devices this person looks after: those she leads; all of them for an administrator."""
    if not may(user, DEVICES):
        return []
    return unit_ids(user) if may(user, RECORD) else [unit.id for unit in _every_unit(session)]


def too_small(parts: Mapping[str, int]) -> set[str]:
    """Which parts of a whole must not be shown: those under the least, and so many more that what is hidden is at least that,
    and never one alone: it would be the whole less the others."""
    hidden = {name for name, n in parts.items() if n < FEWEST}
    for name in sorted(parts, key=lambda one: (parts[one], one)):
        if hidden and (len(hidden) == 1 or sum(parts[one] for one in hidden) < FEWEST):
            hidden.add(name)
    return hidden


def people_of(user: User) -> Select[Patient]:
    """A query for the service users this person may see: her units', and those she has a look-up on."""
    mine = Patient.unit_id.in_(unit_ids(user))
    if not may(user, RECORD):
        return select(Patient).where(mine)
    looked_up = lookup.of(user).with_only_columns(Lookup.patient_id).order_by(None)
    return select(Patient).where(or_(mine, Patient.id.in_(looked_up)))


def belongs(user: User, person: Patient | None) -> bool:
    """Whether this service user exists and belongs to the units this person works in now."""
    return person is not None and person.unit_id in unit_ids(user)


def sees(user: User, person: Patient | None) -> bool:
    """As `belongs`, or there is an open look-up with a reason (REQ-10); what is logged then names it."""
    if person is None or belongs(user, person):
        return person is not None
    return may(user, RECORD) and lookup.open_on(db.session(), user, person.id) is not None


def account_or_404(user: User, account_id: UUID) -> User:
    """Anybody's account, for an administrator."""
    account = db.session().get(User, account_id) if may(user, ACCOUNTS) else None
    if account is None:
        log.refused(user, request.endpoint or "", "account")
        abort(404)
    return account


def lookups_to_review(user: User) -> Select[Lookup]:
    """A query for the look-ups that others had on people of the units this person leads."""
    return select(Lookup).where(Lookup.unit_id.in_(unit_ids(user) if may(user, REVIEW) else []), Lookup.user_id != user.id)


def lookup_or_404(user: User, lookup_id: UUID, *, to_review: bool) -> Lookup:
    """Her own look-up, or one to look at as leader of that unit."""
    wanted = lookups_to_review(user) if to_review else select(Lookup).where(Lookup.user_id == user.id)
    found = db.session().scalar(wanted.where(Lookup.id == lookup_id))
    if found is None:
        log.refused(user, request.endpoint or "", "lookup")
        abort(404)
    return found


def person_or_404(user: User, ref: UUID) -> Patient:
    """The service user, or 404 and a row in the log: whoever may not see does not learn that it exists."""
    person = db.session().get(Patient, ref)
    if person is None or not sees(user, person):
        log.refused(user, request.endpoint or "", "person", patient_id=ref if person else None)
        abort(404)
    return person


def check_or_404(user: User, check_id: UUID) -> CheckRecord:
    """A check of somebody this person may see, unless it was taken out (REQ-04)."""
    check = db.session().get(CheckRecord, check_id)
    if check is None or db.session().get(HiddenCheck, check_id) is not None:
        log.refused(user, request.endpoint or "", "check")
        abort(404)
    person_or_404(user, check.patient_id)
    return check


def photo_or_404(user: User, photo_id: UUID) -> Photo:
    """A photo of somebody in the units this person leads."""
    photo = db.session().get(Photo, photo_id)
    whose = hidden.of_photo(db.session(), photo) if photo is not None else None
    if photo is None or whose is None or not may(user, REVIEW):
        log.refused(user, request.endpoint or "", "photo", patient_id=whose)
        abort(404)
    person_or_404(user, whose)
    return photo


def record_or_404(user: User, check_id: UUID) -> CheckRecord:
    """Anybody's record, shown or taken out, for whoever answers for them."""
    check = db.session().get(CheckRecord, check_id) if may(user, JOURNAL) else None
    if check is None:
        log.refused(user, request.endpoint or "", "check")
        abort(404)
    return check


def draft_or_404(user: User, draft_id: UUID) -> ServerDraft:
    """This person's own half-filled form, locked until it is changed. Whom it is about may have left her unit: see person_or_404."""
    draft = db.session().get(ServerDraft, draft_id, populate_existing=True, with_for_update=True)
    if draft is None or draft.user_id != user.id:
        log.refused(user, request.endpoint or "", "draft", patient_id=draft.patient_id if draft else None)
        abort(404)
    return draft


def may_open(user: User, draft: ServerDraft) -> bool:
    """Whether her own draft is about somebody she still may see; a refusal is logged."""
    hers = sees(user, db.session().get(Patient, draft.patient_id))
    if not hers:
        log.refused(user, request.endpoint or "", "person", patient_id=draft.patient_id)
    return hers


def flag_or_404(user: User, flag_id: UUID) -> Flag:
    """A flag about somebody in the units this person leads now; she stays there until the decision is committed.

    A look-up does not open it: it is for reading, and what was found is followed up by those who lead the unit."""
    found = db.session().get(Flag, flag_id)
    # The person's lock comes before the flag's, as at intake, or the two could wait for each other.
    person = db.session().get(Patient, found.patient_id, populate_existing=True, with_for_update={"read": True}) if found else None
    flag = db.session().get(Flag, flag_id, populate_existing=True, with_for_update=True)
    if flag is None or not may(user, REVIEW) or not belongs(user, person):
        log.refused(user, request.endpoint or "", "flag", patient_id=flag.patient_id if flag else None)
        abort(404)
    return flag


def refused_of(user: User) -> Select[Quarantine]:
    """A query for the refused records this person may read and decide about: those of the units she leads.

    A record's unit is where the person it is about is now, if she is known, else the one it came with. One without a unit is for
    whoever leads a unit its author works in; if nobody does, for every supervisor: somebody has to."""
    units = unit_ids(user) if may(user, REVIEW) else []
    if not units:
        return select(Quarantine).where(false())
    unit = quarantine.unit_of()
    works = select(Membership.user_id).where(Membership.user_id == Quarantine.user_id).correlate(Quarantine)
    authors = or_(exists(works.where(Membership.unit_id.in_(units))), ~exists(works))
    return select(Quarantine).where(or_(unit.in_(units), and_(unit.is_(None), authors)))


def quarantined_or_404(user: User, envelope_hash: str) -> Quarantine:
    """A refused record that this person may decide about."""
    wanted = refused_of(user).where(Quarantine.envelope_hash == envelope_hash)
    record = db.session().scalar(wanted) if HASH.fullmatch(envelope_hash) else None
    if record is None:
        log.refused(user, request.endpoint or "", "quarantine")
        abort(404)
    return record


def reads_refused(user: User, record: Quarantine, person: Patient | None) -> bool:
    """Whether she may read and decide about a refused record now; `person` whom it turns out to be about, if she is known."""
    session = object_session(record) or db.session()
    mine = refused_of(user).where(Quarantine.envelope_hash == record.envelope_hash)
    return session.scalar(mine) is not None and (person is None or belongs(user, person))


def device_or_404(user: User, device_id: UUID, *, change: bool = False) -> Device:
    """A device of the units this person looks after; with `change` it stays there until what is decided is committed."""
    device = db.session().get(Device, device_id, populate_existing=change, with_for_update=change)
    if device is None or device.unit_id not in fleet_units(db.session(), user):
        log.refused(user, request.endpoint or "", "device")
        abort(404)
    return device
