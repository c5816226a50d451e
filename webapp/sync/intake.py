"""A batch of envelopes -> a verdict for each. One transaction; a bad record never stops the others."""

import errno
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from webapp import db, errors
from webapp.accounts import log
from webapp.models import AccessLog, Device
from webapp.sync import admission, ahead, enrol, feed, keys, opening, payload, quarantine, series, storing
from webapp.sync.opening import Arrived, Signer
from webapp.sync.submission import Submission, Unfit

ATTEMPTS = 4
Verdict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """What brought the batch: a device, or somebody's session on one."""

    device_id: UUID | None
    unit_id: UUID | None
    heard: bool = True  # False: its records came by hand


@dataclass(slots=True)
class Round:
    """One attempt at a batch, inside one transaction."""

    session: Session
    sender: Sender
    now: datetime
    prepared: ahead.Ahead | None = None
    units: dict[UUID, UUID] = field(default_factory=dict)
    kept: dict[quarantine.Record, str | None] = field(default_factory=dict)
    verdicts: dict[int, Callable[[], Verdict]] = field(default_factory=dict)


def receive(envelopes: list[bytes], papers: list[Any], sender: Sender, last_receipt: str, now: datetime) -> tuple[str, list[Verdict]]:
    """(epoch, verdicts in the order of the envelopes). Nothing is answered before the commit."""
    ring = keys.current()
    arrived = [opening.unseal(data, ring) for data in envelopes]
    unforeseen = False
    for attempt in range(ATTEMPTS):
        try:
            return _attempt(arrived, papers, sender, last_receipt, now, careful=attempt > 1 or unforeseen)
        except (storing.Raced, DBAPIError) as wrong:
            trouble: Exception = wrong
        except Exception as wrong:
            if unforeseen:
                raise  # it is not one record's
            trouble, unforeseen = wrong, True
    current_app.logger.error("intake: a batch of %s was put off (%s)", len(arrived), type(trouble).__name__)
    reason = "disk" if "full" in str(trouble) or errno.errorcode[errno.ENOSPC] in str(trouble) else "busy"
    return "", [_named(one, "later", reason=reason) for one in arrived]


def _attempt(
    arrived: list[Arrived], papers: list[Any], sender: Sender, last_receipt: str, now: datetime, *, careful: bool
) -> tuple[str, list[Verdict]]:
    prepared = _identify(arrived, papers, now)
    with db.open_session(db.engine(), write=True) as session:
        shown = feed.parse_seq_tag(last_receipt)
        if shown:
            feed.heed_receipt(session, *shown)
        if sender.device_id and sender.heard:
            heard = update(Device).where(Device.id == sender.device_id).values(last_contact=now)
            session.execute(heard.execution_options(synchronize_session=False))
        work = Round(session, sender, now, None if careful else prepared)
        groups = [[n] for n in range(len(arrived))] if careful else [list(range(len(arrived)))]
        for group in groups:
            _group(work, arrived, group, careful=careful)
        epoch = feed.place(session).epoch
        session.commit()
        return epoch, [work.verdicts[n]() for n in range(len(arrived))]


def _identify(arrived: list[Arrived], papers: list[Any], now: datetime) -> ahead.Ahead:
    """Authors, signatures and pasts, read before the writing transaction so that others may write meanwhile."""
    ring = keys.current()
    if papers:
        with db.open_session(db.engine(), write=True) as session:
            if opening.learn(session, papers, ring, enrol.installation(session)):
                session.commit()
    with db.open_session(db.engine(), write=False) as session:
        opening.verify(session, arrived, enrol.installation(session), ring)
        for one in arrived:
            if one.open and isinstance(one.content, payload.Check):
                with suppress(Unfit):  # said where the reason is kept
                    one.check = admission.submission(one)
        return ahead.prepare(session, [one.check for one in arrived if one.check], now)


def _group(work: Round, arrived: list[Arrived], group: list[int], *, careful: bool) -> None:
    """A savepoint around these envelopes. In careful mode each has its own, and one that database or program refuses is kept apart."""
    before = feed.queued(work.session)
    try:
        with work.session.begin_nested():
            _judge(work, arrived, group)
    except (storing.Raced, OperationalError):
        raise
    except Exception as wrong:
        if not careful:
            raise
        current_app.logger.error("intake: a record was not stored: %s\n%s", type(wrong).__name__, errors.places(wrong))
        feed.restore(work.session, before)
        for n in group:
            arrived[n].reasons = ["not_stored"]
            _set_aside(work, n, arrived[n])
        series.advance(work.session, _numbers([arrived[n] for n in group]), work.now)


def _judge(work: Round, arrived: list[Arrived], group: list[int]) -> None:
    session = work.session
    mine = [arrived[n] for n in group]
    patients = {it.content.p for it in mine if isinstance(it.content, payload.Check)}
    storing.lock_people(session, patients)
    work.kept = quarantine.known(session, {record for it in mine for record in (_record(it), (it.header.id, it.hash))})
    known = storing.recognise(session, {it.header.id: it.inside.content_hash for it in mine if it.signer and it.inside})
    work.units = admission.places(session, patients)
    fresh: list[tuple[int, Submission]] = []
    for n in group:
        one = arrived[n]
        if one.later:
            work.verdicts[n] = _later(one)
        elif one.signer and _recognised(work, n, one, known):
            continue
        elif quarantine.REJECT in (work.kept.get(_record(one)), work.kept.get((one.header.id, one.hash))):
            one.reasons = ["rejected"]
            _set_aside(work, n, one)
        elif one.reasons or _refused(work, one):
            _set_aside(work, n, one)
        elif isinstance(one.content, payload.View):
            _viewed(work, n, one, one.content)
        else:
            _submit(fresh, n, one)
            if one.reasons:
                _set_aside(work, n, one)
    stored = storing.store(session, [sub for _, sub in fresh], work.now, work.prepared)
    for (n, _), outcome in zip(fresh, stored, strict=True):
        _verdict(work, n, arrived[n], outcome)
    new = [(arrived[n], sub) for (n, sub), outcome in zip(fresh, stored, strict=True) if outcome.verdict == "accepted"]
    log.recorded(session, [_edit(work, one.signer, sub) for one, sub in new if one.signer])
    series.advance(session, _numbers(mine), work.now)


def _numbers(arrived: list[Arrived]) -> dict[UUID, set[int]]:
    """Which numbers of which keys are here, whatever became of each."""
    found: dict[UUID, set[int]] = {}
    for one in arrived:
        if one.signer and one.content and not one.later:
            found.setdefault(one.signer.key_id, set()).add(one.content.n)
    return found


def _record(one: Arrived) -> quarantine.Record:
    return one.header.id, one.content_hash or one.hash


def _recognised(work: Round, n: int, one: Arrived, known: dict[UUID, storing.Outcome]) -> bool:
    """The same payload under the same id was stored before: its receipt again, whatever became of the key since."""
    outcome = known.get(one.header.id)
    if outcome is None or one.inside is None:
        return False
    if outcome.receipt and outcome.receipt["content_hash"] != one.inside.content_hash:
        outcome = storing.Outcome("conflict", reason="id_conflict")
    _verdict(work, n, one, outcome)
    return True


def _verdict(work: Round, n: int, one: Arrived, outcome: storing.Outcome) -> None:
    if outcome.verdict in ("accepted", "duplicate"):
        for record in {_record(one), (one.header.id, one.hash)} & set(work.kept):
            quarantine.resolve(work.session, record, work.now)
        work.verdicts[n] = _taken(one, outcome)
    else:
        one.reasons = [outcome.reason]
        _set_aside(work, n, one)


def _refused(work: Round, one: Arrived) -> bool:
    """What the author may not record here is kept for a supervisor."""
    refusal = admission.refusal(one.signer, one.content, work.units)
    one.reasons = [refusal] if refusal else []
    return bool(refusal)


def _submit(fresh: list[tuple[int, Submission]], n: int, one: Arrived) -> None:
    try:
        fresh.append((n, one.check or admission.submission(one)))
    except Unfit as wrong:
        one.reasons = [wrong.reason]


def _viewed(work: Round, n: int, one: Arrived, content: payload.View) -> None:
    """Offline views into the access log, once."""
    signer, inside = one.signer, one.inside
    if signer is None or inside is None:
        raise Unfit("payload")
    owed = feed.owe(work.session, feed.Owed(content.id, inside.content_hash, work.now, None))
    for person, at, action in content.v:
        work.session.add(
            AccessLog(
                at=at, user_id=signer.user_id, role=signer.role, unit_id=content.u, patient_id=person, action=action,
                device_id=signer.device_id, detail=_told(work, signer) if person else _told(work),
            )
        )  # fmt: skip
    work.verdicts[n] = _taken(one, storing.Outcome("accepted", owed=owed))


def _edit(work: Round, signer: Signer, check: Submission) -> dict[str, Any]:
    """The access log's row of a check made on a device, as an office PC's has one."""
    return {
        "at": check.recorded_at, "user_id": signer.user_id, "role": signer.role, "unit_id": check.unit_id, "patient_id": check.patient_id,
        "action": "check_recorded", "device_id": signer.device_id, "detail": _told(work, signer) | {"check": str(check.id)},
    }  # fmt: skip


def _told(work: Round, signer: Signer | None = None) -> dict[str, Any]:
    """Of a row that a device brings: about somebody, it also says from which units, as they are when it comes."""
    told: dict[str, Any] = {"offline": True, "received": work.now.isoformat(timespec="seconds")}
    return told | ({"from": sorted(map(str, signer.units))} if signer else {})


def _set_aside(work: Round, n: int, one: Arrived) -> None:
    """Into quarantine, as received."""
    content, signer = one.content, one.signer
    unit = content.u if content and content.u in work.units else work.sender.unit_id
    if isinstance(content, payload.Check) and content.p in work.units:
        unit = work.units[content.p]
    quarantine.keep(
        work.session, envelope_hash=one.hash, claimed_id=one.header.id, content_hash=one.content_hash,
        about=content.p if isinstance(content, payload.Check) else None, device_id=work.sender.device_id,
        user_id=signer.user_id if signer else None, unit_id=unit, reasons=one.reasons, envelope=one.data,
        now=work.now,
    )  # fmt: skip
    work.verdicts[n] = _said(one, "quarantined", reasons=list(one.reasons))


def _taken(one: Arrived, outcome: storing.Outcome) -> Callable[[], Verdict]:
    flags = [[flag["code"], flag["subject"]] for flag in outcome.flags]
    return lambda: _named(one, outcome.verdict, receipt=outcome.receipt_json(), flags=flags)


def _later(one: Arrived) -> Callable[[], Verdict]:
    return _said(one, "later", reason=one.later)


def _said(one: Arrived, verdict: str, **more: Any) -> Callable[[], Verdict]:
    return lambda: _named(one, verdict, **more)


def _named(one: Arrived, verdict: str, **more: Any) -> Verdict:
    """A verdict names id and envelope hash; nothing else counts as one."""
    return {"id": str(one.header.id), "hash": one.hash, "verdict": verdict, **more}
