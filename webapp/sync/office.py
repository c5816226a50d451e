"""An office PC's saved form on its way in: its session is the author."""

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from webapp.sync import storing
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
