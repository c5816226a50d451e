"""The two ways in that are no upload: an office PC's saved form, and a supervisor's decision about a kept record."""

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.models import Quarantine, User
from webapp.sync import enrol, feed, keys, opening, people, quarantine, storing
from webapp.sync.intake import submission
from webapp.sync.quarantine import Refused
from webapp.sync.storing import Outcome
from webapp.sync.submission import Source, Submission, Unfit, refuse_common, with_source


def store_check(session: Session, sub: Submission, now: datetime) -> Outcome:
    """Make an office PC's finished form a check, judged like an envelope's; its session is the author.

    Outcome.verdict: accepted, duplicate, conflict or unfit (with `reason`). The caller has asked policy, and commits."""
    if not sub.source.content_hash:
        sub = with_source(sub, Source(content_hash=_hash(sub)))
    try:
        refuse_common(sub.form, sub.common)
    except Unfit as wrong:
        return Outcome("unfit", reason=wrong.reason)
    storing.lock_people(session, {sub.patient_id})
    known = storing.recognise(session, {sub.id: sub.source.content_hash})
    return known[sub.id] if sub.id in known else storing.store(session, [sub], now)[0]


def _hash(sub: Submission) -> str:
    parts = [
        str(sub.id), str(sub.patient_id), sub.form.id, sub.form.version, sub.answers, sub.common, str(sub.supersedes),
        sub.reason,
    ]  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def decide_quarantine(
    session: Session, envelope_hash: str, decision: str, user: User, reason: str, now: datetime | None = None
) -> Outcome | Refused:
    """A supervisor's word about a kept record: 'accept' judges it again and stores it, 'reject' leaves it as it is.

    The row stays for ever, with who decided, when and why. The caller has asked policy, and commits."""
    now = now or people.utc_now()
    # Read again under the lock: another may have decided since access was asked for.
    row = session.get(Quarantine, envelope_hash, populate_existing=True, with_for_update=True)
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
