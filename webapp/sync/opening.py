"""From the bytes of a batch to verified payloads with an author, before any writing transaction begins."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.models import Device, Membership, Unit, User, UserKey
from webapp.models.base import utc_now
from webapp.sync import crypto, envelope, keys, packed, payload, world
from webapp.sync.submission import Submission

FORGOTTEN = "forgotten "  # in place of a token's hash: a device known by its papers only


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose key signed: the author, and where she works now."""

    key_id: UUID
    user_id: UUID
    device_id: UUID
    public_key: bytes
    status: str
    name: str
    title: str
    role: str
    units: frozenset[UUID]


@dataclass(slots=True)
class Arrived:
    """One envelope of a batch on its way to a verdict."""

    data: bytes
    hash: str
    header: envelope.Header
    inside: envelope.Opened | None = None
    content: payload.Payload | None = None
    signer: Signer | None = None
    check: Submission | None = None
    later: str = ""
    damage: str = ""
    reasons: list[str] = field(default_factory=list)

    @property
    def content_hash(self) -> str | None:
        """Of what was signed; nothing where that cannot be read, or where the signature is another's."""
        return self.inside.content_hash if self.inside and "signature" not in self.reasons else None

    @property
    def open(self) -> bool:
        """Still without a verdict."""
        return not (self.later or self.reasons)


def split(body: bytes) -> tuple[list[bytes], list[Any]]:
    """(envelopes, papers) of a batch; ValueError when it is no batch."""
    envelopes, papers = [], []
    for part in envelope.frames(body):
        if part[0] == envelope.PAPERS:
            papers.append(_paper(part))
        else:
            envelope.read_header(part)
            envelopes.append(part)
    return envelopes, papers


def _paper(part: bytes) -> Any:
    if len(part) > 4096:
        raise ValueError("papers of that size do not exist")
    try:
        return msgspec.json.decode(part[1:])
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as wrong:
        raise ValueError("papers are JSON") from wrong


def unseal(data: bytes, ring: keys.KeyRing) -> Arrived:
    """Open and read one envelope; what is wrong with it stands in `later` or `reasons`."""
    one = Arrived(data, envelope.envelope_hash(data), envelope.read_header(data))
    try:
        one.inside = envelope.open_envelope(data, ring.private_for)
        if one.header.kind == envelope.PHOTO:
            one.later = "kind_not_taken"
            return one
        one.content = _read(one.inside)
    except envelope.UnknownKid:
        one.later = "unknown_kid"
    except envelope.Newer:
        one.later = "newer_app"
    except envelope.Damaged as wrong:
        one.damage = wrong.reason
    except payload.Refused:
        one.damage = "payload"
    if one.content and one.content.id != one.header.id:
        one.damage = "id_mismatch"
    elif one.content and (one.header.kind == envelope.VIEW) != isinstance(one.content, payload.View):
        one.damage = "kind_mismatch"
    return one


def _read(inside: envelope.Opened) -> payload.Payload:
    if inside.header.version == envelope.V2:
        return packed.read(inside.header, inside.body, world.bundles())
    return payload.read(inside.payload)


def verify(session: Session, arrived: list[Arrived], installation: UUID, ring: keys.KeyRing) -> None:
    """Find each author by her key and check the signature. Reads only."""
    known = signers(session, {one.content.key for one in arrived if one.content})
    revoked = ring.keys().revoked
    for one in arrived:
        one.signer, one.check, one.reasons = None, None, [one.damage] if one.damage else []
        if one.content is None or one.inside is None or not one.open:
            continue
        signer = known.get(one.content.key)
        if signer is None:
            one.reasons = ["unknown_key"]
        elif not one.inside.signed_by(public_key(signer.public_key)):
            one.reasons = ["signature"]
        elif {one.header.installation, one.content.inst} != {installation}:
            one.reasons = ["installation"]
        else:
            one.signer = signer
            lost = str(signer.key_id) in revoked.keys or str(signer.device_id) in revoked.devices
            if lost or signer.status == "compromised":
                one.reasons = ["compromised"]


def signers(session: Session, wanted: set[UUID]) -> dict[UUID, Signer]:
    if not wanted:
        return {}
    rows = session.execute(
        select(
            UserKey.id, UserKey.user_id, UserKey.device_id, UserKey.public_key, UserKey.status,
            User.name, User.title, User.role,
        )
        .join(User, User.id == UserKey.user_id)
        .where(UserKey.id.in_(wanted))
    ).all()  # fmt: skip
    units: dict[UUID, set[UUID]] = {}
    places = select(Membership.user_id, Membership.unit_id).where(Membership.user_id.in_({row.user_id for row in rows}))
    for place in session.execute(places):
        units.setdefault(place.user_id, set()).add(place.unit_id)
    return {row.id: Signer(*row, frozenset(units.get(row.user_id, ()))) for row in rows}


@lru_cache(maxsize=4096)
def public_key(raw: bytes) -> crypto.PublicKey:
    return crypto.public_from(raw)


def learn(session: Session, papers: list[Any], ring: keys.KeyRing, installation: UUID) -> bool:
    """Register keys that papers prove and this database does not know: it was restored from before the enrolment."""
    learnt = False
    for body in proven(papers, ring, installation):
        key_id, user_id, device_id = UUID(body["key_id"]), UUID(body["user"]), UUID(body["device"])
        user = session.get(User, user_id)
        if user is None or session.get(UserKey, key_id) is not None:
            continue
        if not _device_known(session, device_id, user):
            continue
        session.add(UserKey(id=key_id, user_id=user_id, device_id=device_id, public_key=crypto.unb64(body["public_key"])))
        session.flush()
        learnt = True
    return learnt


def proven(papers: list[Any], ring: keys.KeyRing, installation: UUID) -> list[dict[str, Any]]:
    """What papers say that this server signed for this installation."""
    found = (ring.verified("papers", document) for document in papers)
    return [body for body in found if body and body.get("installation") == str(installation)]


def readmit(session: Session, papers: list[Any], token: str, ring: keys.KeyRing, installation: UUID) -> Device | None:
    """The device that papers name and this database had forgotten: from now on the cookie it shows counts again.

    A cookie lets a device append, and nothing else; whoever has its papers has read its disk, where the cookie lies too."""
    learn(session, papers, ring, installation)
    for body in proven(papers, ring, installation):
        device = session.get(Device, UUID(body["device"]))
        if device is not None and device.token_hash.startswith(FORGOTTEN):
            device.token_hash = keys.token_hash(token)
            log.write(session, None, "device_readmitted", unit_id=device.unit_id, device_id=device.id)
            return device
    return None


def _device_known(session: Session, device_id: UUID, user: User) -> bool:
    if session.get(Device, device_id) is not None:
        return True
    unit = session.scalar(select(Unit).where(Unit.id.in_(user.unit_ids)).order_by(Unit.name).limit(1))
    if unit is None:
        return False
    session.add(
        Device(
            id=device_id, name="(før gjenoppretting)", unit_id=unit.id, enrolled_by=user.id, enrolled_at=utc_now(),
            token_hash=FORGOTTEN + str(uuid4()),
        )
    )  # fmt: skip
    session.flush()
    return True
