"""What a bedside form does on an office PC: start, autosave, save, correct, discard. Twin: sw/actions.js."""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.bedside import drafts, second_tab
from webapp.bedside.judging import Judged
from webapp.bedside.pages_frame import World
from webapp.bedside.reading import Body
from webapp.bedside.says import local
from webapp.bundles import Registry
from webapp.bundles.model import Form
from webapp.models import ServerDraft, User
from webapp.sync import office, storing
from webapp.sync.submission import Author, Submission

APP = "office"


def new_id() -> str:
    """UUIDv7: sorts by the time it was made, as the device's ids do."""
    stamp = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (stamp & (2**48 - 1)) << 80 | 7 << 76 | (tail >> 68 & 0xFFF) << 64 | 2 << 62 | tail & (2**62 - 1)
    return str(UUID(int=value))


def find(session: Session, user: User, draft_id: UUID, *, lock: bool = False) -> ServerDraft | None:
    """This user's own draft; nobody else's. With `lock`, None also when another tab has just saved it."""
    asked = select(ServerDraft).where(ServerDraft.id == draft_id, ServerDraft.user_id == user.id)
    return session.scalar(asked.with_for_update() if lock else asked)


def start(session: Session, user: User, world: World, person: dict[str, Any], form: Form, now: datetime) -> str:
    """Begin a check, or go on with the one begun."""
    today = local(world["now"])[:10]
    if draft := drafts.to_go_on_with(world["drafts"], form, person, today):
        return str(draft["id"])
    for left in drafts.stale(world["drafts"], today):
        session.execute(delete(ServerDraft).where(ServerDraft.id == UUID(left["id"])))
    params = world["params"].get(form.bundle, {})
    return keep(session, user, drafts.start(form, person, world["now"], params, new_id), now)


def correction(session: Session, user: User, world: World, person: dict[str, Any], check: dict[str, Any], form: Form,
               now: datetime) -> str:
    """A correction is a new check that names the one it corrects."""
    for draft in world["drafts"]:
        if draft["supersedes"] == check["id"]:
            return str(draft["id"])
    return keep(session, user, drafts.correction(form, person, check, world["now"], new_id), now)


def other_content(world: World, check_id: str, registry: Registry, body: Body) -> dict[str, Any] | None:
    """What a tab holds that came after the check was saved, as a correction not yet kept; None when it says nothing else."""
    for person in world["people"]:
        for check in person["checks"]:
            if check["id"] == check_id and check["author"]["id"] == world["me"]["id"]:
                form = registry.form(check["form"], check["version"])
                told = second_tab.correction(form, person, person["checks"], check, body, world["now"], new_id)
                return told and next((one for one in world["drafts"] if second_tab.same(one, told)), told)
    return None


def keep(session: Session, user: User, draft: dict[str, Any], now: datetime) -> str:
    """Write the draft, new or changed. The caller commits."""
    row = session.get(ServerDraft, UUID(draft["id"]))
    if row is None:
        session.add(ServerDraft(
            id=UUID(draft["id"]), user_id=user.id, patient_id=UUID(draft["person"]), form=draft["form"],
            bundle_id=draft["bundle"], bundle_version=draft["version"], data=draft, updated_at=now,
        ))
    else:
        row.data, row.updated_at = draft, now
    return str(draft["id"])


def apply(session: Session, user: User, row: ServerDraft, registry: Registry, body: Body, world: World,
          now: datetime) -> dict[str, Any]:
    """The draft as the form now has it, kept."""
    form = registry.form(row.form, row.bundle_version)
    changed = drafts.apply(row.data, form, body, world["now"], new_id)
    keep(session, user, changed, now)
    return changed


def save(session: Session, user: User, row: ServerDraft, registry: Registry, world: World, judged: Judged,
         now: datetime) -> storing.Outcome:
    """The finished check, through the same door as an envelope's; the draft goes with it. The caller commits."""
    draft = row.data
    form = registry.form(draft["form"], draft["version"])
    person = next(one for one in world["people"] if one["ref"] == draft["person"])
    submission = Submission(
        id=row.id, patient_id=row.patient_id, unit_id=UUID(person["unit"]), bundle=registry.bundle_of(form), form=form,
        settings_version=world["settings_version"], performed_at=datetime.fromisoformat(judged.common["performed_at"]),
        recorded_at=now, answers=judged.answers, common=judged.common, warned=draft["warned"], all_ok=draft["all_ok"],
        supersedes=UUID(draft["supersedes"]) if draft["supersedes"] else None, reason=draft["reason"] or None,
        prior=None, device_flags=None, app_version=APP, clock={}, author=Author(user.id, user.name, user.title),
    )
    outcome = office.store_check(session, submission, now)
    if outcome.verdict in ("accepted", "duplicate"):
        session.execute(delete(ServerDraft).where(ServerDraft.id == row.id))  # a second tap may have done it already
    return outcome
