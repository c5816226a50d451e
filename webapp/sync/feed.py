"""The feed: what changed, numbered in the order of commits, so that a cursor never skips a row."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, func, insert, inspect, select, update
from sqlalchemy.orm import Session

from webapp.models import FeedHead, FeedRow, Patient, Receipt
from webapp.sync import keys
from webapp.sync.dialect import insert_once

EPOCH = "epoch"
_PENDING = "feed"


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the feed as a device knows it."""

    epoch: str
    seq: int
    tag: str

    @property
    def seq_tag(self) -> str:
        return f"{self.seq}.{self.tag}"


@dataclass(slots=True)
class Owed:
    """A receipt that gets its number when the transaction commits."""

    check_id: UUID
    content_hash: str
    received_at: datetime
    patient_id: UUID | None
    seq_tag: str = ""


@dataclass(slots=True)
class _Pending:
    touched: dict[tuple[UUID | None, UUID | None, str], None]
    owed: list[Owed]


def _pending(session: Session) -> _Pending:
    found: _Pending = session.info.setdefault(_PENDING, _Pending({}, []))
    return found


def touch(session: Session, patient_id: UUID | None, unit_id: UUID | None, kind: str) -> None:
    """Say that something about this person changed; without a unit, in the one she is in when this is committed.

    The row is written as the transaction's last act."""
    _pending(session).touched[patient_id, unit_id, kind] = None


def owe(session: Session, receipt: Owed) -> Owed:
    """Write a receipt with this transaction's number. The caller has touched the person."""
    _pending(session).owed.append(receipt)
    return receipt


def queued(session: Session) -> object:
    """What is queued now; `restore` goes back to it after a savepoint was rolled back."""
    pending = _pending(session)
    return dict(pending.touched), list(pending.owed)


def restore(session: Session, before: Any) -> None:
    touched, owed = before
    session.info[_PENDING] = _Pending(dict(touched), list(owed))


def forget(session: Session) -> None:
    """The work behind the queued rows was rolled back."""
    session.info.pop(_PENDING, None)


@event.listens_for(Session, "before_commit")
def _last_act(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if _PENDING not in session.info:
        return
    pending: _Pending = session.info.pop(_PENDING)
    if pending.touched or pending.owed:
        _number(session, pending)


@event.listens_for(Session, "before_flush")
def _moves(session: Session, *_: Any) -> None:
    """Whoever changes a person's unit tells both: here she is new, there she is gone."""
    for one in session.dirty:
        if isinstance(one, Patient) and (left := inspect(one).attrs.unit_id.history.deleted):
            touch(session, one.id, left[0], "moved")
            touch(session, one.id, None, "moved")


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    forget(session)


def _number(session: Session, pending: _Pending) -> None:
    """Under the one lock of the head row: numbers are given in the order in which transactions commit."""
    wanted = list(pending.touched) or [(None, None, "receipt")]
    _, last = _advance(session, len(wanted))
    now, units = datetime.now(UTC), _units_now(session, wanted)
    rows: list[dict[str, Any]] = []
    for seq, (patient_id, unit_id, kind) in enumerate(wanted, last - len(wanted) + 1):
        unit_id = unit_id or units.get(patient_id)
        rows.append(
            {"seq": seq, "tag": new_tag(seq), "patient_id": patient_id, "unit_id": unit_id, "kind": kind, "at": now}
        )
    session.execute(insert(FeedRow), rows)
    if not pending.owed:
        return
    by_person = {row["patient_id"]: row for row in rows}
    receipts = []
    for owed in pending.owed:
        row = by_person.get(owed.patient_id, rows[-1])
        owed.seq_tag = f"{row['seq']}.{row['tag']}"
        receipts.append(
            {
                "check_id": owed.check_id,
                "content_hash": owed.content_hash,
                "received_at": owed.received_at,
                "seq": row["seq"],
                "tag": row["tag"],
            }
        )
    session.execute(insert(Receipt), receipts)


def _units_now(session: Session, wanted: list[tuple[UUID | None, UUID | None, str]]) -> dict[UUID | None, UUID]:
    """person -> her unit. Read under the head's lock: a move is either seen here, or gets a later number than this."""
    refs = {patient_id for patient_id, unit_id, _ in wanted if patient_id and unit_id is None}
    query = select(Patient.id, Patient.unit_id).where(Patient.id.in_(refs))
    return {row.id: row.unit_id for row in session.execute(query)} if refs else {}


def _advance(session: Session, by: int) -> tuple[str, int]:
    """Take `by` numbers; (epoch, the last of them). Holds the head row until the commit."""
    taking = update(FeedHead).where(FeedHead.id == 1).values(seq=FeedHead.seq + by)
    taking = taking.returning(FeedHead.epoch, FeedHead.seq).execution_options(synchronize_session=False)
    head = session.execute(taking).one_or_none()
    if head is None:
        ensure_head(session)
        head = session.execute(taking).one()
    return head.epoch, head.seq


def ensure_head(session: Session) -> None:
    """Start the feed of a new database. Two processes may try; one row results."""
    if insert_once(session, FeedHead, [{"id": 1, "epoch": new_epoch_name(), "seq": 1}]):
        now = datetime.now(UTC)
        session.execute(insert(FeedRow), [{"seq": 1, "tag": new_tag(1), "kind": EPOCH, "at": now}])


def new_epoch_name() -> str:
    return secrets.token_hex(6)


def new_tag(seq: int) -> str:
    """A random tag that carries its own MAC: nobody can invent one for a row that never was."""
    random = secrets.token_urlsafe(6)
    return random + keys.current().tag(f"{seq}.{random}")


def is_ours(seq: int, tag: str) -> bool:
    """Whether this server (with this key file) once gave out this number with this tag."""
    return len(tag) == 16 and keys.current().tag_is_ours(f"{seq}.{tag[:8]}", tag[8:])


def place(session: Session) -> Place:
    """Where the feed stands. Read it before the data it stands for."""
    query = select(FeedHead.epoch, FeedRow.seq, FeedRow.tag).join(FeedRow, FeedRow.seq == FeedHead.seq)
    row = session.execute(query).one_or_none()
    if row is None:
        ensure_head(session)
        row = session.execute(query).one()
    return Place(row.epoch, row.seq, row.tag)


def epoch(session: Session) -> str:
    """The timeline's name; empty before anything was ever received."""
    return session.scalar(select(FeedHead.epoch)) or ""


def parse_seq_tag(text: str) -> tuple[int, str] | None:
    """A shown `seq.tag` that this server once gave out, or None."""
    number, _, tag = text.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        return None
    seq = int(number)
    return (seq, tag) if is_ours(seq, tag) else None


def still_known(session: Session, seq: int, tag: str) -> bool:
    """False = the row that this true tag names is gone: the database went back in time."""
    return session.scalar(select(FeedRow.tag).where(FeedRow.seq == seq)) == tag


def heed_receipt(session: Session, seq: int, tag: str) -> bool:
    """A true seq.tag of a receipt: a new epoch if its row is gone, unless an epoch since has answered for that."""
    if still_known(session, seq, tag):
        return False
    _advance(session, 0)
    answered = session.scalar(select(func.max(FeedRow.seq)).where(FeedRow.kind == EPOCH)) or 0
    if still_known(session, seq, tag) or seq <= answered:
        return False
    start_epoch(session, seq)
    return True


def heed_cursor(session: Session, shown: Place) -> bool:
    """A true cursor of the current epoch whose row is gone: a new epoch. Of another epoch: it is told already."""
    if still_known(session, shown.seq, shown.tag):
        return False
    current, _ = _advance(session, 0)
    if current != shown.epoch or still_known(session, shown.seq, shown.tag):
        return False
    start_epoch(session, shown.seq)
    return True


def start_epoch(session: Session, beyond: int) -> None:
    """A new epoch, numbered beyond everything that was shown."""
    head = session.execute(select(FeedHead.seq).where(FeedHead.id == 1)).one()
    seq = max(head.seq, beyond) + 1
    session.execute(
        update(FeedHead)
        .where(FeedHead.id == 1)
        .values(epoch=new_epoch_name(), seq=seq)
        .execution_options(synchronize_session=False)
    )
    session.execute(insert(FeedRow), [{"seq": seq, "tag": new_tag(seq), "kind": EPOCH, "at": datetime.now(UTC)}])
