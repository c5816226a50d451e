"""Photos of a check's findings, each beside earlier ones of the same place, as template context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import reasons
from webapp.bedside import says
from webapp.bundles.photos import Named, named
from webapp.models import CheckDecision, CheckRecord, Device, Photo, is_shown
from webapp.sync import report
from webapp.sync.world import bundles
from webapp.words import Translate

Context = dict[str, Any]
MOST_EARLIER = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A photo without its bytes."""

    id: UUID
    name: str
    reason: str
    performed_at: datetime
    check_id: UUID


def of_check(session: Session, check: CheckRecord, t: Translate, lang: str, today: str) -> list[Context]:
    """One entry for each finding with photos."""
    found = list(named(bundles().form(check.form, check.bundle_version), check.answers))
    if not found:
        return []
    rows = _rows(session, check.patient_id)
    mine = {row.name: row for row in sorted(rows, key=lambda row: row.check_id == check.id)}  # a correction shows its original's too
    places = _places(session, {row.check_id for row in rows})
    shown = [_finding(one, mine, rows, places, check, t, lang, today) for one in found]
    for one, of in zip(shown, found, strict=True):
        one["missing"] = _missing(session, check, len([name for name in of.names if name not in mine]), len(of.names), t)
    return shown


def _missing(session: Session, check: CheckRecord, left: int, whole: int, t: Translate) -> str:
    """What has not come, and whether the device that took it still has it to send, as it said itself after the check had come."""
    told = (session.get_one(Device, check.device_id).reported or {}) if left and check.device_id and not check.supersedes else {}
    said = report.moment(told.get("at"))
    if left and said and said > check.received_at and told.get("photos") == 0:
        return t("%(n)s av %(all)s bilder kommer ikke: enheten har ikke flere bilder å sende.", n=left, all=whole)
    return t("%(n)s av %(all)s bilder er ikke mottatt ennå.", n=left, all=whole) if left else ""


def _rows(session: Session, patient_id: UUID) -> list[Row]:
    query = select(Photo.id, Photo.original_hash, Photo.reason, CheckRecord.performed_at, Photo.check_id)
    query = query.join(CheckRecord, CheckRecord.id == Photo.check_id)
    ordered = query.order_by(CheckRecord.performed_at.desc(), Photo.id)
    mine = [Row(*row) for row in session.execute(ordered.where(Photo.patient_id == patient_id, is_shown()))]
    moved = ordered.add_columns(CheckDecision.new_check_id).join(CheckDecision, CheckDecision.check_id == Photo.check_id)
    here = session.execute(moved.where(CheckDecision.patient_id == patient_id))
    return mine + [Row(row.id, row.original_hash, row.reason, row.performed_at, row.new_check_id) for row in here]


def _places(session: Session, checks: Iterable[UUID]) -> dict[tuple[UUID, str], set[tuple[str, str]]]:
    """(check, photo) -> what it shows."""
    places = {}
    for check in session.scalars(select(CheckRecord).where(CheckRecord.id.in_(list(checks)))):
        for one in named(bundles().form(check.form, check.bundle_version), check.answers):
            for name in one.names:
                places[check.id, name] = _place(one)
    return places


def _place(one: Named) -> set[tuple[str, str]]:
    """By which two photos show the same: the card's own number, or its subject; else the question."""
    if one.listed is None or one.listed.items is None or one.item is None:
        return {("field", one.field.name)}
    of = one.listed.items
    marks = {(of.identity, str(one.item.get(of.key)))}
    if of.subject_label and one.item.get(of.subject_label) is not None:
        marks.add((f"{of.identity}.{of.subject_label}", str(one.item[of.subject_label])))
    return marks


def _finding(
    one: Named, mine: dict[str, Row], rows: Sequence[Row], places: dict[tuple[UUID, str], set[tuple[str, str]]],
    check: CheckRecord, t: Translate, lang: str, today: str,
) -> Context:  # fmt: skip
    title = says.card_title(one.listed, one.item or {}, one.place, lang) if one.listed else says.text(one.field.label, lang)
    here = [mine[name] for name in one.names if name in mine]
    taken = [row for row in here if not row.reason]
    before = [
        row for row in rows
        if not row.reason and row.performed_at < check.performed_at and row.name not in one.names
        and places.get((row.check_id, row.name), set()) & _place(one)
    ][:MOST_EARLIER]  # fmt: skip
    words = "Bilde %(n)s: %(site)s, %(when)s"
    shown = [_shown(row, t(words, n=n, site=title, when=_when(row, today, t))) for n, row in enumerate(taken, 1)]
    return {
        "title": title,
        "shown": shown,
        "refused": [t("Et bilde ble ikke tatt imot.") + " " + reasons.sentence("refused", row.reason, t) for row in here if row.reason],
        "earlier": [_shown(row, t("Slik var det før: %(site)s, %(when)s", site=title, when=_when(row, today, t))) for row in before],
    }


def _when(row: Row, today: str, t: Translate) -> str:
    return says.near_moment(row.performed_at.isoformat(), today, t)


def _shown(row: Row, alt: str) -> Context:
    return {"url": f"/review/photos/{row.id}", "alt": alt, "check_url": f"/review/checks/{row.check_id}"}
