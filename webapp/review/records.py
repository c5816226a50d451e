"""A person's timeline and one check, as template context."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp import db
from webapp.accounts import log, policy
from webapp.bedside import says
from webapp.models import CheckRecord, Patient, User
from webapp.review import pages, photos, queries, refused
from webapp.review.needs import ident
from webapp.sync import hidden
from webapp.words import Translate

Context = dict[str, Any]


def timeline(person: Patient, before: str, t: Translate, lang: str, now: str) -> Context:
    """Checks newest first with their flags; `before` pages on."""
    log.seen(_reader(), "timeline", patient_id=person.id, unit_id=person.unit_id)
    session = db.session()
    found = queries.checks_of(session, person.id, _place(before))
    checks, more = found[: queries.PAGE], found[queries.PAGE :]
    corrected = queries.superseded_ids(session, [one.id for one in checks])
    flags = queries.flags_of(session, person.id)
    raised = {
        one.id: one for one in session.scalars(select(CheckRecord).where(CheckRecord.id.in_([flag.check_id for flag, _, _ in flags])))
    }
    older = f"/review/people/{person.id}?before={checks[-1].id}" if more else ""
    return {
        "who": pages.person_words(person, now[:10], t),
        "id_sticky": False,
        "checks": [pages.check_row(one, one.id in corrected, now[:10], t, lang) for one in checks],
        "older_url": older,
        "taken_out": taken_out_words(hidden.counts(session, person.id), t),
        "flags": [one | ({} if policy.belongs(_reader(), person) else {"follow_url": ""}) for one in
                  pages.flag_history(flags, raised, now[:10], t, lang)],
    }


TAKEN_OUT = {"move": "%(n)s flyttet til riktig bruker", "delete": "%(n)s slettet etter vedtak", "block": "%(n)s sperret"}


def taken_out_words(counts: dict[str, int], t: Translate) -> str:
    """That something is not shown, and why; never what."""
    said = [t(TAKEN_OUT[kind], n=counts[kind]) for kind in TAKEN_OUT if kind in counts]
    return t("Vises ikke her: %(what)s. Journalansvarlig har avgjort det.", what=", ".join(said)) if said else ""


def _reader() -> User:
    from flask_login import current_user

    user: User = current_user._get_current_object()
    return user


def moved_here_words(check_id: UUID, now: str, t: Translate) -> str:
    """That the journal-responsible moved it here: it was recorded about somebody else."""
    made = hidden.moved_here(db.session(), check_id)
    when = says.near_moment(made.at.isoformat(), now[:10], t) if made else ""
    return t("Registrert på feil bruker og flyttet hit av journalansvarlig %(when)s.", when=when) if made else ""


def _place(check_id: str) -> tuple[datetime, UUID] | None:
    """Where in time a check stands; None for what is none."""
    known = ident(check_id)
    check = db.session().get(CheckRecord, known) if known else None
    return (check.performed_at, check.id) if check else None


def one_check(check: CheckRecord, t: Translate, lang: str, now: str) -> Context:
    """A check, its flags, and the line of corrections it stands in."""
    session = db.session()
    person = session.get_one(Patient, check.patient_id)
    context = pages.check_page(queries.chain_of(session, check), check, t, lang, now[:10])
    flags = []
    for flag, closing in queries.flags_by_check(session, check.id):
        text, inputs = pages.flag_words(flag, check, lang)
        state = t(pages.CLOSED.get(closing.outcome, "Lukket")) if closing else t("Åpent")
        flags.append(
            {
                "tone": pages.TONES[flag.severity],
                "severity": t(pages.SEVERITY[flag.severity]),
                "icon": pages.ICON[flag.severity],
                "about": "",
                "text": text,
                "inputs": inputs,
                "meta": state,
                "follow_url": "" if closing or not policy.belongs(_reader(), person) else f"/review?flag={flag.id}",
            }
        )
    return {
        **context,
        "who": pages.person_words(person, now[:10], t),
        "who_rows": context["who"],
        "id_sticky": False,
        "who_url": f"/review/people/{person.id}",
        "flags": flags,
        "moved_here": moved_here_words(check.id, now, t),
        "taken_in": refused.taken_in(check.id, now, t),
        "photos": photos.of_check(session, check, t, lang, now[:10]),
    }
