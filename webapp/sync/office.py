"""The two ways in that are no upload: an office PC's saved form, and a supervisor's decision about a kept record."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.models import Patient, Quarantine, User
from webapp.sync import enrol, feed, keys, opening, people, quarantine, storing, world
from webapp.sync.intake import submission
from webapp.sync.quarantine import Refused
from webapp.sync.storing import Outcome
from webapp.sync.submission import Author, Source, Submission, Unfit, refuse_common


def store_check(session: Session, draft: dict[str, Any], *, author: User, now: datetime | None = None) -> Outcome:
    """Make a finished draft (the SPEC's shape) a check, judged like an envelope's. The session is the author.

    Outcome.verdict: accepted, duplicate, conflict or unfit (with `reason`). The caller has asked policy, and commits."""
    now = now or people.utc_now()
    try:
        sub = _from_draft(session, draft, author, now)
    except Unfit as wrong:
        return Outcome("unfit", reason=wrong.reason)
    storing.lock_people(session, {sub.patient_id})
    known = storing.recognise(session, {sub.id: sub.source.content_hash})
    if sub.id in known:
        return known[sub.id]
    (outcome,) = storing.store(session, [sub], now)
    return outcome


def _from_draft(session: Session, draft: dict[str, Any], author: User, now: datetime) -> Submission:
    bundle = world.bundles().by_version.get((draft["bundle"], draft["version"]))
    form = bundle.form(draft["form"]) if bundle else None
    patient = session.get(Patient, UUID(draft["person"]))
    if bundle is None or form is None or patient is None:
        raise Unfit("bundle_unknown" if patient else "unknown_person")
    performed = draft["common"].get("performed_at") or people.oslo(now)
    common = {**draft["common"], "performed_at": performed}
    refuse_common(form, common)
    return Submission(
        id=UUID(draft["id"]), patient_id=patient.id, unit_id=patient.unit_id, bundle=bundle, form=form,
        settings_version=world.settings(session)["settings_version"], performed_at=datetime.fromisoformat(performed),
        recorded_at=now, answers=draft["answers"], common=common, warned=draft.get("warned", []),
        all_ok=draft.get("all_ok", []), supersedes=UUID(draft["supersedes"]) if draft.get("supersedes") else None,
        reason=draft.get("reason") or None, prior=None, device_flags=None, app_version="", clock={},
        author=Author(author.id, author.name, author.title), source=Source(content_hash=_hash(draft)),
    )  # fmt: skip


def _hash(draft: dict[str, Any]) -> str:
    names = ("id", "person", "form", "bundle", "version", "answers", "common", "supersedes", "reason")
    canonical = msgspec.json.encode({name: draft.get(name) for name in names}, order="sorted")
    return hashlib.sha256(canonical).hexdigest()


def decide_quarantine(
    session: Session, envelope_hash: str, decision: str, user: User, reason: str, now: datetime | None = None
) -> Outcome | Refused:
    """A supervisor's word about a kept record: 'accept' judges it again and stores it, 'reject' leaves it as it is.

    The row stays for ever, with who decided, when and why. The caller has asked policy, and commits."""
    now = now or people.utc_now()
    row = session.scalar(select(Quarantine).where(Quarantine.envelope_hash == envelope_hash).with_for_update())
    if row is None or row.decided_at is not None:
        return Refused("Noen har allerede bestemt dette. Ingenting er endret.")
    if decision not in (quarantine.ACCEPT, quarantine.REJECT):
        return Refused("Velg om registreringen skal godtas eller avvises. Ingenting er endret.")
    if not 0 < len(reason.strip()) <= 500 or "\0" in reason:
        return Refused("Skriv en begrunnelse på høyst 500 tegn. Ingenting er endret.")
    outcome: Outcome | Refused = Outcome("rejected")
    if decision == quarantine.ACCEPT:
        outcome = _accepted(session, row.envelope, now)
    if isinstance(outcome, Refused):
        return outcome
    row.decided_at, row.decided_by, row.decision, row.decision_reason = now, user.id, decision, reason.strip()
    feed.touch(session, None, row.unit_id, "quarantine")
    log.write(session, user, f"quarantine_{decision}", unit_id=row.unit_id, device_id=row.device_id, reason=reason.strip())
    return outcome


def _accepted(session: Session, data: bytes, now: datetime) -> Outcome | Refused:
    ring = keys.current()
    one = opening.unseal(data, ring)
    opening.verify(session, [one], enrol.installation(session), ring)
    if one.signer is None or one.inside is None or set(one.reasons) - quarantine.MAY_ACCEPT:
        return Refused("Registreringen kan ikke leses eller knyttes til noen. Den blir liggende. Ingenting er endret.")
    try:
        sub = submission(one)
    except Unfit:
        return Refused("Svarene passer ikke med sjekken. Registreringen blir liggende. Ingenting er endret.")
    storing.lock_people(session, {sub.patient_id})
    known = storing.recognise(session, {sub.id: sub.source.content_hash}).get(sub.id)
    outcome = known or storing.store(session, [sub], now)[0]
    if outcome.verdict in ("accepted", "duplicate"):
        return outcome
    return Refused("Registreringen kan ikke godtas slik den er. Den blir liggende. Ingenting er endret.")
