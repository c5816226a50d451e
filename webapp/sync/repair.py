"""A refused record looked at again: what stands in its way now, and what a supervisor decides about it.

What was signed is never changed. A record that is taken in becomes a check with its author, its time and its hash."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.accounts import log, policy
from webapp.bundles import rules
from webapp.models import CheckRecord, HiddenCheck, Patient, Quarantine, QuarantineDecision, User, is_shown
from webapp.sync import admission, enrol, feed, hidden, keys, opening, payload, people, quarantine, series, storing
from webapp.sync.judge import on_own_history, refuse_wrong
from webapp.sync.quarantine import ACCEPT, ASSIGN, REJECT, UNIT
from webapp.sync.submission import Submission, Unfit, moved_to

OVERRULED = frozenset({"compromised", "no_access"})  # what a supervisor may accept in spite of
REHOUSED = frozenset({"unknown_unit"})  # what is put right by saying where it belongs
MENDED = REHOUSED | {"unknown_person", "corrects_other"}  # and what by saying whom it is about
REASON_MAX = 500


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken; nothing was changed."""

    reason: str


NO_REASON = Refused("Skriv en begrunnelse på høyst 500 tegn. Ingenting er endret.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a supervisor wants; `seen` = how many decisions there were on her screen."""

    decision: str
    reason: str
    person: UUID | None = None
    seen: int = 0


@dataclass(slots=True)
class Look:
    """A refused record as it is today. `against` = codes of what stands in its way; `sub` when it can be read as a check of
    a known author; `person` whom it is about, when she is known; `corrects` whom the check is about that it corrects, and
    `corrected` whom one is about that corrects this."""

    one: opening.Arrived
    against: list[str] = field(default_factory=list)
    sub: Submission | None = None
    person: Patient | None = None
    found: rules.Evaluation | None = None
    units: frozenset[UUID] = frozenset()
    corrects: Patient | None = None
    corrected: Patient | None = None

    def may(self, decision: str) -> bool:
        """Whether this would make it a check."""
        stands = set(self.against)
        if self.sub is None or decision not in (ACCEPT, ASSIGN, UNIT):
            return False
        if decision == ACCEPT:
            return stands <= OVERRULED and self.sub.unit_id in self.units
        if decision == UNIT:
            return stands <= OVERRULED | REHOUSED and self.person is not None and self.sub.unit_id != self.person.unit_id
        return stands <= OVERRULED | MENDED


def look(session: Session, data: bytes) -> Look:
    """Open, verify and judge again, under today's keys, accounts, people and bundles. Reads only."""
    ring = keys.current()
    one = opening.unseal(data, ring)
    if one.later:
        return Look(one, [one.later])
    opening.verify(session, [one], enrol.installation(session), ring)
    seen = Look(one, list(one.reasons))
    content, signer = one.content, one.signer
    if not isinstance(content, payload.Check):
        return seen
    seen.person = session.get(Patient, content.p, populate_existing=True)
    if signer is None:
        return seen
    refusal = admission.refusal(signer, content, admission.places(session, {content.p}))
    seen.against += [refusal] if refusal else []
    seen.units = signer.units | ({seen.person.unit_id} if seen.person else set())
    try:
        seen.sub = admission.submission(one)
    except Unfit as wrong:
        seen.against.append(wrong.reason)
        return seen
    _corrections(session, seen, seen.sub)
    seen.found, wrong_answers = _judged(session, seen.sub)
    seen.against += [wrong_answers] if wrong_answers else []
    known = storing.recognise(session, {seen.sub.id: seen.sub.source.content_hash}).get(seen.sub.id)
    seen.against += ["id_conflict"] if known and known.verdict == "conflict" else []
    return seen


def _corrections(session: Session, seen: Look, sub: Submission) -> None:
    """What it corrects, and what came before it and corrects it."""
    original = session.get(CheckRecord, sub.supersedes) if sub.supersedes else None
    stands = hidden.where_now(session, [original.id]).get(original.id) if original else None
    about = stands.patient_id if stands else original.patient_id if original else None
    seen.corrects = session.get(Patient, about, populate_existing=True) if about else None
    if original and stands is None and session.get(HiddenCheck, original.id) is not None:
        seen.against.append("corrects_hidden")
    elif about and about != sub.patient_id:
        seen.against.append("corrects_other")
    elif sub.supersedes and not original and quarantine.waiting(session, {sub.supersedes}):
        seen.against.append("corrects_waiting")
    hers = select(Patient).join(CheckRecord, CheckRecord.patient_id == Patient.id).where(CheckRecord.supersedes == sub.id, is_shown())
    seen.corrected = session.scalar(hers.order_by(CheckRecord.received_at.desc()).limit(1))


def is_reason(text: str) -> bool:
    return 0 < len(text.strip()) <= REASON_MAX and "\0" not in text


def read_again(session: Session) -> None:
    """Which record and whom, of what an earlier version kept without knowing. The caller commits."""
    ring = keys.current()
    unread = or_(Quarantine.content_hash.is_(None), Quarantine.about.is_(None))
    for row in session.scalars(select(Quarantine).where(unread)):
        one = opening.unseal(row.envelope, ring)
        opening.verify(session, [one], enrol.installation(session), ring)
        row.content_hash = one.content_hash
        row.about = one.content.p if isinstance(one.content, payload.Check) else None


def _judged(session: Session, sub: Submission) -> tuple[rules.Evaluation | None, str]:
    """(what the rules make of it on its author's history, why it cannot be taken in)."""
    params = storing.params_of(session, {sub.settings_version})[sub.settings_version]
    try:
        found = on_own_history(sub, sub.prior or {}, params)
        refuse_wrong(sub, found)
    except Unfit as wrong:
        return None, wrong.reason
    except Exception as wrong:  # noqa: BLE001 - a record that breaks a rule is shown as one, and stays
        return None, f"not_judged_{type(wrong).__name__}"
    return found, ""


def decide(
    session: Session, envelope_hash: str, wish: Wish, user: User, now: datetime | None = None
) -> QuarantineDecision | Refused:
    """A supervisor's word about a kept record. Every decision is a row that stays, with who, when and why.

    The caller has asked policy about the record, and commits."""
    now, reason = now or people.utc_now(), wish.reason.strip()
    if wish.decision not in (ACCEPT, ASSIGN, UNIT, REJECT):
        return Refused("Velg hva som skal gjøres med registreringen. Ingenting er endret.")
    if not is_reason(reason):
        return NO_REASON
    kept = session.get(Quarantine, envelope_hash)
    if kept is None:
        return Refused("Registreringen finnes ikke. Ingenting er endret.")
    content = opening.unseal(kept.envelope, keys.current()).content
    about = {content.p} if isinstance(content, payload.Check) else set()
    storing.lock_people(session, about | ({wish.person} if wish.person else set()))
    row = quarantine.lock(session, kept.claimed_id).get(envelope_hash)  # what it was when access was asked about is not what counts
    taken = quarantine.decisions(session, row) if row else []
    if row is None or (taken and _same(taken[-1], wish, reason, user)):
        return taken[-1] if row else Refused("Registreringen finnes ikke. Ingenting er endret.")
    if len(taken) != wish.seen or (taken and taken[-1].decision != REJECT):
        return Refused("Noen har allerede bestemt dette. Ingenting er endret.")
    return _take(session, row, wish, reason, user, now)


def _same(taken: QuarantineDecision, wish: Wish, reason: str, user: User) -> bool:
    """A second tap by the same person is the same decision."""
    person = taken.patient_id if wish.decision == ASSIGN else wish.person
    return (taken.by, taken.decision, taken.reason, person) == (user.id, wish.decision, reason, wish.person)


def _take(session: Session, row: Quarantine, wish: Wish, reason: str, user: User, now: datetime) -> QuarantineDecision | Refused:
    made: dict[str, Any] = {"against": [], "patient_id": None, "unit_id": row.unit_id, "check_id": None}
    seen = look(session, row.envelope)
    if not policy.reads_refused(user, row, seen.person):
        return Refused("Brukeren hører til en annen enhet. Ingenting er endret.")
    if wish.decision != REJECT:
        person = seen.person
        if wish.decision == ASSIGN:
            person = session.get(Patient, wish.person, populate_existing=True) if wish.person else None
        stored = _stored(session, row, seen, wish, person, user)
        if isinstance(stored, Refused):
            return stored
        made = {"against": seen.against, "patient_id": stored.patient_id, "unit_id": stored.unit_id, "check_id": stored.id}
    done = quarantine.add(session, row, at=now, by=user.id, decision=wish.decision, reason=reason, **made)
    feed.touch(session, None, row.unit_id, "quarantine")
    log.write(
        session, user, f"quarantine_{wish.decision}", patient_id=done.patient_id, unit_id=row.unit_id, device_id=row.device_id,
        reason=reason,
    )  # fmt: skip
    return done


def _stored(session: Session, row: Quarantine, seen: Look, wish: Wish, person: Patient | None, user: User) -> Submission | Refused:
    """The check it becomes. Received is when it came, not when somebody had time to decide."""
    if wish.decision == ASSIGN and not policy.belongs(user, person):
        return Refused("Velg hvem sjekken gjelder, blant brukerne i dine enheter. Ingenting er endret.")
    if not seen.may(wish.decision) or seen.sub is None:
        return Refused("Registreringen kan ikke legges inn slik. Den blir liggende. Ingenting er endret.")
    if person is None:
        return Refused("Brukeren er ukjent. Ingenting er endret.")
    sub = seen.sub if wish.decision == ACCEPT else moved_to(seen.sub, person.id, person.unit_id)
    known = storing.recognise(session, {sub.id: sub.source.content_hash}).get(sub.id)
    outcome = known or storing.store(session, [sub], row.received_at)[0]
    if outcome.verdict == "duplicate" and session.get_one(CheckRecord, sub.id).patient_id != sub.patient_id:
        return Refused("Sjekken er allerede lagt inn på en annen bruker. Ingenting er endret.")
    if sub.source.key_id and sub.source.series:  # of a key that was not known when it came
        series.advance(session, {sub.source.key_id: {sub.source.series}}, row.received_at)
    if outcome.verdict in ("accepted", "duplicate"):
        return sub
    if outcome.reason == "corrects_other":
        return Refused("Sjekken den retter, gjelder en annen bruker. Legg rettingen på den brukeren. Ingenting er endret.")
    return Refused("Registreringen kan ikke legges inn slik. Den blir liggende. Ingenting er endret.")
