"""Checks into the database: recognise or judge and insert, with everything that follows from them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import AccessLog, CheckRecord, Flag, Patient, Receipt, Setting
from webapp.sync import feed, hidden, past, payload, quarantine, world
from webapp.sync.ahead import Ahead, people_now
from webapp.sync.dialect import insert_once, on_postgresql
from webapp.sync.follow import Follow
from webapp.sync.judge import Judgement, judge
from webapp.sync.people import Person
from webapp.sync.submission import Submission, Unfit


class Raced(Exception):
    """Another transaction inserted one of these ids meanwhile: start over and recognise it."""


@dataclass(slots=True)
class Outcome:
    """What became of one check."""

    verdict: str
    receipt: dict[str, str] | None = None
    flags: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    owed: feed.Owed | None = None

    def receipt_json(self) -> dict[str, str]:
        """After the commit."""
        if self.owed is None:
            return self.receipt or {}
        return _receipt(self.owed.check_id, self.owed.content_hash, self.owed.received_at, self.owed.seq_tag)


def _receipt(check_id: UUID, content_hash: str, received_at: datetime, seq_tag: str) -> dict[str, str]:
    return {
        "id": str(check_id),
        "content_hash": content_hash,
        "received_at": received_at.isoformat(timespec="milliseconds"),
        "seq_tag": seq_tag,
    }


def receipts(session: Session, ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    """What was promised about these ids."""
    rows = session.execute(
        select(Receipt.check_id, Receipt.content_hash, Receipt.received_at, Receipt.seq, Receipt.tag).where(
            Receipt.check_id.in_(ids)
        )
    )
    return {row.check_id: _receipt(row.check_id, row.content_hash, row.received_at, f"{row.seq}.{row.tag}") for row in rows}


def recognise(session: Session, ids: dict[UUID, str]) -> dict[UUID, Outcome]:
    """Ids that are stored already: duplicate when the content is the same, else a conflict."""
    known = receipts(session, list(ids))
    if not known:
        return {}
    stored = session.execute(select(CheckRecord.id, CheckRecord.flags).where(CheckRecord.id.in_(known)))
    flags: dict[UUID, list[Any]] = {row.id: row.flags for row in stored}
    return {
        ident: Outcome("duplicate", receipt, flags.get(ident, []))
        if receipt["content_hash"] == ids[ident]
        else Outcome("conflict", reason="id_conflict")
        for ident, receipt in known.items()
    }


def store(session: Session, subs: list[Submission], now: datetime, prepared: Ahead | None = None) -> list[Outcome]:
    """Judge and insert checks that `recognise` does not know, one outcome each, in order.

    The caller has locked the people, and commits."""
    batch = Batch(session, subs, now, prepared)
    outcomes = [batch.one(sub) for sub in subs]
    batch.write()
    return outcomes


class Batch:
    """What the checks of one batch share: people, settings, rows to write."""

    def __init__(self, session: Session, subs: list[Submission], now: datetime, prepared: Ahead | None = None) -> None:
        self.session, self.now = session, now
        refs = {sub.patient_id for sub in subs}
        self.people = people_now(session, prepared, refs, now)
        self.first = prepared.first if prepared else {}
        self.corrections = past.corrections_of(session, {sub.id for sub in subs}) if refs else {}
        corrected = {sub.supersedes for sub in subs if sub.supersedes}
        self.corrected = past.corrected_people(session, corrected) if corrected else {}
        self.undecided = quarantine.waiting(session, corrected - set(self.corrected))
        self.params = params_of(session, {sub.settings_version for sub in subs})
        self.follow = Follow()
        self.rows: dict[UUID, dict[str, Any]] = {}
        self.owed: dict[UUID, feed.Owed] = {}
        self.logs: list[AccessLog] = []

    def one(self, sub: Submission) -> Outcome:
        if sub.id in self.rows:
            same = self.rows[sub.id]["content_hash"] == sub.source.content_hash
            flags = self.rows[sub.id]["flags"]
            return Outcome("duplicate", flags=flags, owed=self.owed[sub.id]) if same else Outcome("conflict", reason="id_conflict")
        person = self.people.get(sub.patient_id)
        if person is None:
            return Outcome("unfit", reason="unknown_person")
        seen = hidden.corrects(self.session, sub)
        if isinstance(seen, str):
            return Outcome("unfit", reason=seen)
        sub = seen
        if sub.supersedes and self.corrected.get(sub.supersedes, sub.patient_id) != sub.patient_id:
            return Outcome("unfit", reason="corrects_other")
        if sub.supersedes in self.undecided:  # whom that one is about is not known yet, so neither is whom this one is about
            return Outcome("unfit", reason="corrects_waiting")
        if not past.reaches(person, sub):
            past.add_rest(self.session, person, world.bundles(), self.now)
        try:
            judged = judge(sub, person, self.params[sub.settings_version], self.now, self.first.get(sub.source.content_hash))
        except Unfit as wrong:
            return Outcome("unfit", reason=wrong.reason)
        except Exception as wrong:  # noqa: BLE001 - a record that breaks a rule is kept for a person, never lost
            return Outcome("unfit", reason=f"not_judged_{type(wrong).__name__}"[:60])
        row = record(sub, judged, self.now)
        self._follow(sub, judged, person)
        self._remember(sub, person, row)
        self.rows[sub.id] = row
        feed.touch(self.session, sub.patient_id, UUID(person["unit"]), "check")
        self.owed[sub.id] = feed.owe(
            self.session, feed.Owed(sub.id, sub.source.content_hash, self.now, sub.patient_id)
        )
        return Outcome("accepted", flags=row["flags"], owed=self.owed[sub.id])

    def _follow(self, sub: Submission, judged: Judgement, person: Person) -> None:
        if judged.mismatch:
            self.logs.append(mismatch_row(sub, judged.mismatch, self.now))
        if (sub.id, sub.patient_id) in self.corrections:
            return  # its correction came first and already says what holds
        self.follow.check(sub, judged, person, self.now, _is_newest(sub, person, self.now))

    def _remember(self, sub: Submission, person: Person, row: dict[str, Any]) -> None:
        """The check joins the person in memory: the next one of the batch has it in its history."""
        fresh = past.read([row[name] for name in past.READ], self.corrections.get((sub.id, sub.patient_id)))
        if sub.supersedes:
            self.corrections[sub.supersedes, sub.patient_id] = sub.id
            for check in person["checks"]:
                if check["id"] == fresh["supersedes"]:
                    check["superseded_by"] = fresh["id"]
        person["checks"].append(fresh)
        self.corrected[sub.id] = sub.patient_id

    def write(self) -> None:
        if len(insert_once(self.session, CheckRecord, list(self.rows.values()))) != len(self.rows):
            raise Raced
        self.follow.write(self.session)
        self.session.add_all(self.logs)


def lock_people(session: Session, people_ids: set[UUID]) -> None:
    """On PostgreSQL: two batches about one person take turns. SQLite has one writer anyway."""
    refs = sorted(people_ids, key=str)
    if on_postgresql(session) and refs:
        session.execute(select(Patient.id).where(Patient.id.in_(refs)).order_by(Patient.id).with_for_update(key_share=True))
        still_open = select(Flag.id).where(Flag.patient_id.in_(refs), Flag.closed_at.is_(None)).order_by(Flag.id)
        session.execute(still_open.with_for_update())


def params_of(session: Session, versions: set[int]) -> dict[int, dict[str, dict[str, int]]]:
    """The municipality's numbers as of each version; an unknown version is judged by the newest."""
    query = select(Setting.version, Setting.data).where(Setting.version.in_(versions))
    rows: dict[int, dict[str, Any]] = {row.version: row.data for row in session.execute(query)}
    newest: dict[str, Any] = world.settings(session)["params"]
    return {version: world.params(rows[version]) if version in rows else newest for version in versions}


def _is_newest(sub: Submission, person: Person, now: datetime) -> bool:
    mine = min(sub.order, now)
    same = [one for one in person["checks"] if one["form"] == sub.form.id and not one["superseded_by"]]
    return all(datetime.fromisoformat(one["performed_at"]) <= mine for one in same)


def record(sub: Submission, judged: Judgement, received_at: datetime) -> dict[str, Any]:
    """The row of a check."""
    return {
        "id": sub.id, "patient_id": sub.patient_id, "unit_id": sub.unit_id, "bundle_id": sub.bundle.id,
        "bundle_version": sub.bundle.version, "form": sub.form.id, "performed_at": sub.performed_at,
        "performed_offset_min": payload.offset_minutes(sub.performed_at), "recorded_at": sub.recorded_at,
        "received_at": received_at, "author_id": sub.author.id, "author_name": sub.author.name,
        "author_title": sub.author.title, "context": sub.common["context"], "outcome": sub.common["outcome"],
        "not_done_reason": sub.common["not_done_reason"], "not_done_text": sub.common["not_done_text"],
        "actions": sub.common["actions"], "note": sub.common["note"], "answers": judged.evaluation.answers,
        "derived": judged.evaluation.derived, "flags": judged.flags, "device_flags": sub.device_flags or [],
        "warned": sub.warned, "all_ok": sub.all_ok, "supersedes": sub.supersedes, "reason": sub.reason,
        "prior": judged.prior, "settings_version": sub.settings_version, "app_version": sub.app_version,
        "clock": sub.clock, "key_id": sub.source.key_id, "device_id": sub.source.device_id,
        "series": sub.source.series, "payload": sub.source.payload, "signature": sub.source.signature,
        "content_hash": sub.source.content_hash,
    }  # fmt: skip


def mismatch_row(sub: Submission, detail: dict[str, Any], now: datetime) -> AccessLog:
    return AccessLog(
        at=now, user_id=sub.author.id, unit_id=sub.unit_id, patient_id=sub.patient_id, action="rejudge_mismatch",
        device_id=sub.source.device_id, detail=detail,
    )  # fmt: skip

