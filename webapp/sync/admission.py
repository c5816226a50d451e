"""Whether a verified record may be taken in here: by its author's role, and by the unit where the person is."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import policy
from webapp.models import Patient, Unit
from webapp.sync import payload, world
from webapp.sync.opening import Arrived, Signer
from webapp.sync.submission import Author, Source, Submission, Unfit, from_envelope


def places(session: Session, patients: set[UUID]) -> dict[UUID, UUID]:
    """person -> her unit, and every unit -> itself: what of a batch is known here."""
    query = select(Patient.id, Patient.unit_id).where(Patient.id.in_(patients))
    found = {row.id: row.unit_id for row in session.execute(query)}
    return found | {unit: unit for unit in session.scalars(select(Unit.id))}


def refusal(signer: Signer | None, content: payload.Payload | None, units: dict[UUID, UUID]) -> str:
    """Why the author may not record this here; empty when she may. `units` as of `places`."""
    if signer is None or content is None:
        return "unknown_key"
    if isinstance(content, payload.Check) and content.p not in units:
        return "unknown_person"
    if content.u not in units:
        return "unknown_unit"
    return "" if _may_record(signer, content, units) else "no_access"


def _may_record(signer: Signer, content: payload.Payload, units: dict[UUID, UUID]) -> bool:
    """What an envelope claims of units is only a claim. A closed account's own work still counts."""
    if policy.RECORD not in policy.PERMISSIONS.get(signer.role, frozenset()):
        return False
    if isinstance(content, payload.View):
        return True
    return units[content.p] in signer.units and content.u in {units[content.p], *signer.units}


def submission(one: Arrived) -> Submission:
    """A verified envelope as a check to judge."""
    signer, content, inside = one.signer, one.content, one.inside
    if signer is None or inside is None or not isinstance(content, payload.Check):
        raise Unfit("payload")
    source = Source(
        key_id=signer.key_id, device_id=signer.device_id, series=content.n, payload=inside.payload,
        signature=inside.signature, content_hash=inside.content_hash,
    )  # fmt: skip
    author = Author(signer.user_id, signer.name, signer.title)
    return from_envelope(content, author, source, world.bundles())
