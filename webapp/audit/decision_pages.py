"""A service user's records, and one of them with what was decided about it, for the journal-responsible."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.bedside.pages_result import answer_rows
from webapp.models import CheckRecord, HiddenCheck, Patient, Unit, User
from webapp.sync import hidden, people, taken_out
from webapp.sync.hidden import MOVE
from webapp.sync.taken_out import BLOCK, DELETE, REFUSE, UNBLOCK
from webapp.sync.world import bundles
from webapp.words import Translate

Context = dict[str, Any]
PAGE = 60
WORDS = {
    MOVE: "Flytt til riktig bruker", DELETE: "Slett etter vedtak", BLOCK: "Sperr", UNBLOCK: "Opphev sperringen", REFUSE: "Avslå et krav",
}  # fmt: skip
DONE = {
    MOVE: "Flyttet til riktig bruker", DELETE: "Slettet etter vedtak", BLOCK: "Sperret", UNBLOCK: "Sperringen er opphevet",
    REFUSE: "Krav er avslått",
}  # fmt: skip
HIDDEN = {MOVE: "Flyttet", DELETE: "Slettet", BLOCK: "Sperret"}


def listing(session: Session, person: Patient, page: int, t: Translate, lang: str) -> Context:
    """Who recorded what and when, the newest first, also what is taken out: what was said in it stands on its own page."""
    query = select(CheckRecord, HiddenCheck.kind, Unit.name).outerjoin(HiddenCheck, HiddenCheck.check_id == CheckRecord.id)
    mine = query.join(Unit, Unit.id == CheckRecord.unit_id).where(CheckRecord.patient_id == person.id)
    ordered = mine.order_by(CheckRecord.performed_at.desc(), CheckRecord.id.desc())
    found = session.execute(ordered.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    total = session.scalar(select(func.count()).select_from(CheckRecord).where(CheckRecord.patient_id == person.id)) or 0
    return {
        **who(person, t), "count_text": says.many(t, total, "1 registrering", "%(n)s registreringer"),
        "checks": [row(one, kind, unit, t, lang) for one, kind, unit in found[:PAGE]],
        "older_url": f"/journal/people/{person.id}/checks?page={page + 1}" if len(found) > PAGE else "",
    }  # fmt: skip


def who(person: Patient, t: Translate) -> Context:
    return {"who": {"name": person.name, "born": says.day(person.born.isoformat()), "url": f"/journal/people/{person.id}/checks"}}


def row(check: CheckRecord, kind: str | None, unit: str, t: Translate, lang: str) -> Context:
    form = bundles().form(check.form, check.bundle_version)
    return {
        "url": f"/journal/checks/{check.id}", "title": says.text(form.title, lang), "icon": form.icon,
        "when": moment(check.performed_at.isoformat()), "by": f"{check.author_name}, {check.author_title}", "unit": unit,
        "correction": check.supersedes is not None, "hidden": t(HIDDEN[kind]) if kind else "",
    }  # fmt: skip


def moment(at: str) -> str:
    local = says.local(at)
    return says.day(local[:10]) + " " + local[11:16]


def one(session: Session, check: CheckRecord, t: Translate, lang: str) -> Context:
    """What it says, what was decided, and what can be decided."""
    form = bundles().form(check.form, check.bundle_version)
    person = session.get_one(Patient, check.patient_id)
    kind = session.scalar(select(HiddenCheck.kind).where(HiddenCheck.check_id == check.id))
    made = taken_out.decisions(session, check.id)
    gone = kind == DELETE
    return {
        **who(person, t), "title_text": says.text(form.title, lang), "url": f"/journal/checks/{check.id}", "gone": gone,
        "rows": [] if gone else answer_rows(form, people.check_json(check, None), check.prior, lang, t),
        "facts": [
            says.pair(t("Bruker"), f"{person.name}, {says.day(person.born.isoformat())}"),
            says.pair(t("Utført av"), f"{check.author_name}, {check.author_title}"),
            says.pair(t("Utført"), moment(check.performed_at.isoformat())), says.pair(t("Mottatt"), moment(check.received_at.isoformat())),
            says.pair(t("Enhet"), session.get_one(Unit, check.unit_id).name),
        ],
        "state": t(HIDDEN[kind]) if kind else "", "seen": len(made), "versions": len(taken_out.line(session, check)),
        "decisions": [decision(session, row, by, t) for row, by in made],
        "came_from": came_from(session, check, t),
        "choices": [{"value": one, "text": t(WORDS[one])} for one in taken_out.choices(kind)],
    }  # fmt: skip


def decision(session: Session, made: Any, by: str, t: Translate) -> Context:
    right = session.get(Patient, made.patient_id) if made.patient_id else None
    return {
        "text": t(DONE[made.kind]), "by": by, "at": moment(made.at.isoformat()), "reason": made.reason,
        "to": f"{right.name}, {says.day(right.born.isoformat())}" if right else "",
        "url": f"/journal/checks/{made.new_check_id}" if made.new_check_id else "",
    }  # fmt: skip


def came_from(session: Session, check: CheckRecord, t: Translate) -> str:
    """That it was first recorded about somebody else, and who decided."""
    found = hidden.moved_here(session, check.id)
    if found is None:
        return ""
    by = session.get_one(User, found.by).name
    return t("Registrert på feil bruker. Flyttet hit %(when)s av %(who)s.", when=moment(found.at.isoformat()), who=by)


def number(text: str) -> int:
    """A page's number."""
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
