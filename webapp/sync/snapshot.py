"""What this user may hold on this device: everything, or what changed since a cursor."""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import FeedRow, Quarantine, QuarantineDecision, Receipt, User
from webapp.sync import feed, hidden, keys, people, quarantine, tokens, world

WIRE = 1
BACK = 2  # released versions of the wire that are still spoken beside the newest
CURSOR_MAX = 200
DECIDED_DAYS = 30
_D, _Decided = QuarantineDecision, aliased(Quarantine)


@dataclass(frozen=True, slots=True)
class Cursor:
    """epoch.seq.tag, and what the device was sent then: at which minute, within which scope."""

    place: feed.Place
    at: datetime
    scope: str

    def text(self) -> str:
        minute = int(self.at.timestamp()) // 60
        return f"{self.place.epoch}.{self.place.seq_tag}.{minute}.{self.scope}"


def read_cursor(text: str | None) -> Cursor | None:
    """A cursor this server gave out; anything else counts as none."""
    parts = (text or "")[:CURSOR_MAX].split(".")
    if len(parts) != 5 or not (parts[3].isascii() and parts[3].isdigit() and len(parts[3]) <= 9):
        return None
    true = feed.parse_seq_tag(f"{parts[1]}.{parts[2]}")
    if true is None:
        return None
    at = datetime.fromtimestamp(int(parts[3]) * 60, UTC)
    return Cursor(feed.Place(parts[0], *true), at, parts[4])


def is_spoken(wire: int) -> bool:
    """Whether a device that speaks this version of the wire can be given a snapshot."""
    return max(1, WIRE - BACK) <= wire <= WIRE


def build(session: Session, holder: tokens.Holder, cursor: Cursor | None, now: datetime, wire: int = WIRE) -> dict[str, Any]:
    """The answer of /sync/snapshot as this version of the wire has it. Changes nothing but, when time went backwards, the epoch."""
    place = feed.place(session)
    if cursor and cursor.place.epoch == place.epoch and feed.heed_cursor(session, cursor.place):
        place = feed.place(session)
    settings = world.settings(session)
    fresh = Cursor(place, now, scope_of(holder, settings))
    full = cursor is None or cursor.place.epoch != place.epoch or cursor.scope != fresh.scope
    route = world.route(session, holder.user, now)
    changed, gone = (route, []) if full or cursor is None else since(session, holder, cursor, route)
    held = people.load(session, changed, world.bundles(), now)
    units = list(holder.user.unit_ids)
    return {
        "wire": wire,
        "epoch": place.epoch,
        "cursor": fresh.text(),
        "server_time": now.isoformat(timespec="milliseconds"),
        "full": full,
        "me": world.me(session, holder.user),
        **settings,
        "bedside": world.back(session, holder.user, now, units),
        "route": [str(ref) for ref in route],
        "others": world.others(session, units, route, now),
        "people": list(held.values()),
        "gone": [str(ref) for ref in gone],
        "decided": decided(session, holder, cursor, now),
        "taken_out": list(taken := hidden.told(session, holder.user, now)),  # all that a shell from before `taken` knows of it
        "taken": taken,
        "until": holder.until(now).isoformat(timespec="seconds"),
        "lease": tokens.lease(holder, now),
        "key_list": keys.current().key_list(),
    }


def scope_of(holder: tokens.Holder, settings: dict[str, Any]) -> str:
    """Changes when this person's units, language of rules or bundles change: then everything is sent again."""
    parts = [holder.user.id, *sorted(holder.user.unit_ids), settings["settings_version"], settings["active"]]
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:12]


def since(
    session: Session, holder: tokens.Holder, cursor: Cursor, route: list[UUID]
) -> tuple[list[UUID], list[UUID]]:
    """(people to send, people to drop): touched since the cursor, or new on the route since its minute."""
    before = world.route(session, holder.user, cursor.at)
    touched = session.scalars(
        select(FeedRow.patient_id)
        .where(FeedRow.seq > cursor.place.seq, FeedRow.patient_id.is_not(None))
        .where(FeedRow.unit_id.in_(holder.user.unit_ids))
        .distinct()
    )
    stirred = {ref for ref in touched if ref is not None}
    changed = [ref for ref in route if ref in stirred or ref not in before]
    gone = sorted((stirred | set(before)) - set(route), key=str)
    return changed, gone


def decided(session: Session, holder: tokens.Holder, cursor: Cursor | None, now: datetime) -> list[dict[str, Any]]:
    """What was decided about this device's refused records, and about this person's: to her also by whom, why and for whom.

    Of a month, or since the device was last told."""
    since = min(now - timedelta(days=DECIDED_DAYS), cursor.at - timedelta(hours=1) if cursor else now)
    query = (
        select(_D, Quarantine.envelope_hash, Quarantine.claimed_id, Quarantine.user_id, User.name, Receipt.seq)
        .join(_Decided, _Decided.envelope_hash == _D.envelope_hash)
        .join(Quarantine, quarantine.same(_Decided, Quarantine))
        .outerjoin(User, User.id == _D.by)
        .outerjoin(Receipt, Receipt.check_id == _D.check_id)
        .where(_D.at > since, or_(Quarantine.user_id == holder.user.id, Quarantine.device_id == holder.device.id))
        .order_by(_D.at, Quarantine.envelope_hash, _D.number)
    )
    found: dict[str, dict[str, Any]] = {}
    for one, envelope, claimed, author, by, receipt in session.execute(query):
        told: dict[str, Any] = {"id": str(claimed), "hash": envelope, "decision": one.decision, "at": people.oslo(one.at)}
        if author == holder.user.id:
            person = str(one.patient_id) if one.patient_id else None
            told |= {"by": by or "", "reason": one.reason, "person": person, "receipt": str(receipt or "")}
        found[envelope] = told
    return list(found.values())


def packed(answer: dict[str, Any]) -> bytes:
    """Compressed JSON; the same bytes for the same answer."""
    return gzip.compress(msgspec.json.encode(answer), 6, mtime=0)
