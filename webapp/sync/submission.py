"""A check on its way in: from an envelope's payload, or from an office PC's form. The same shape for both."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from webapp.bundles import Registry, codec
from webapp.bundles.model import Bundle, Form
from webapp.sync import payload

REASONS = frozenset({"declined", "not_home", "acute", "no_time", "not_relevant", "other"})
ACTIONS = frozenset(
    {
        "gp_contacted", "ooh_contacted", "emergency_113", "manager_informed", "kin_informed", "user_informed",
        "fixed_now", "planned", "none",
    }
)  # fmt: skip


class Unfit(Exception):
    """Why a payload cannot become a check; `reason` is the code a quarantine shows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Author:
    id: UUID
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Source:
    """How a check came: an envelope's proof, or nothing for an office PC (its session is the author)."""

    key_id: UUID | None = None
    device_id: UUID | None = None
    series: int | None = None
    payload: bytes | None = None
    signature: bytes | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """One check, decoded and in the words of pages and rules."""

    id: UUID
    patient_id: UUID
    unit_id: UUID
    bundle: Bundle
    form: Form
    settings_version: int
    performed_at: datetime
    recorded_at: datetime
    answers: dict[str, Any]
    common: dict[str, Any]
    warned: list[str]
    all_ok: list[str]
    supersedes: UUID | None
    reason: str | None
    prior: dict[str, Any] | None
    device_flags: list[list[str]] | None
    app_version: str
    clock: dict[str, Any]
    author: Author
    source: Source = field(default_factory=Source)
    moved: bool = False  # to another person than was signed: the history its author saw is not hers

    @property
    def order(self) -> datetime:
        return self.performed_at.astimezone(UTC)


def from_envelope(check: payload.Check, author: Author, source: Source, registry: Registry) -> Submission:
    """Decode a checked payload by its own bundle version; Unfit when it does not fit."""
    bundle, form = _form(check, registry)
    common = {
        "context": check.c.x,
        "outcome": check.c.o,
        "not_done_reason": check.c.r,
        "not_done_text": check.c.t,
        "actions": list(check.c.ac),
        "note": check.c.nt,
        "performed_at": check.at.isoformat(),
    }
    refuse_common(form, common)
    try:
        answers = codec.decode(form, check.a)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as wrong:
        raise Unfit("answers") from wrong
    return Submission(
        id=check.id, patient_id=check.p, unit_id=check.u, bundle=bundle, form=form, settings_version=check.sv,
        performed_at=check.at, recorded_at=check.rec, answers=answers, common=common, warned=list(check.c.w),
        all_ok=list(check.c.ok), supersedes=check.sup[0] if check.sup else None,
        reason=check.sup[1] if check.sup else None, prior=msgspec.to_builtins(check.prior),
        device_flags=[list(pair) for pair in check.fl], app_version=check.app,
        clock=clock(check.clk), author=author, source=source,
    )  # fmt: skip


def _form(check: payload.Check, registry: Registry) -> tuple[Bundle, Form]:
    bundle = registry.by_version.get((check.b, check.bv))
    form = bundle.form(check.f) if bundle else None
    if bundle is None or form is None:
        raise Unfit("bundle_unknown")
    if bundle.hash != check.bh:
        raise Unfit("bundle_differs")
    return bundle, form


def refuse_common(form: Form, common: dict[str, Any]) -> None:
    """The part that every form shares must be in its own words."""
    actions = common["actions"]
    good = common["context"] in form.contexts and common["outcome"] in ("done", "partly_done", "not_done")
    good = good and (common["outcome"] == "done" or common["not_done_reason"] in REASONS)
    good = good and common["not_done_reason"] in {None, *REASONS} and len(set(actions)) == len(actions)
    if not good or set(actions) - ACTIONS - set(form.extra_actions):
        raise Unfit("common")


def clock(said: payload.Clock) -> dict[str, Any]:
    """What the device said, and what the server makes of it: an estimate of the true time of saving, and its bounds."""
    told: dict[str, Any] = {"s": said.s, "d": said.d, "n": said.n}
    times = [_instant(text) for text in (said.s, said.d, said.n)]
    if all(times):
        server, device, now = (time for time in times if time)
        told["estimate"] = (now + (server - device)).isoformat() if abs(now - device).days < 3650 else None
        told["after"] = server.isoformat()
    return told


def _instant(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def moved_to(submission: Submission, person: UUID, unit: UUID) -> Submission:
    """The same check about this person in this unit; what was signed stays as it was signed."""
    return replace(submission, patient_id=person, unit_id=unit, moved=submission.moved or person != submission.patient_id)


def with_source(submission: Submission, source: Source) -> Submission:
    return replace(submission, source=source)
