"""A person's timeline, one check, refused records and devices, as template context."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp import db, reasons
from webapp.accounts import log, policy
from webapp.bedside import says
from webapp.models import CheckRecord, Device, Patient, Quarantine, User
from webapp.review import pages, photos, queries
from webapp.review.decide import Refused
from webapp.review.needs import ident
from webapp.sync import keys, office, opening, quarantine
from webapp.sync.payload import Check
from webapp.sync.world import bundles
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
        "flags": pages.flag_history(flags, raised, now[:10], t, lang),
    }


def _reader() -> User:
    from flask_login import current_user

    user: User = current_user._get_current_object()
    return user


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
                "follow_url": "" if closing else f"/review?flag={flag.id}",
            }
        )
    return {
        **context,
        "who": pages.person_words(person, now[:10], t),
        "who_rows": context["who"],
        "id_sticky": False,
        "who_url": f"/review/people/{person.id}",
        "flags": flags,
        "photos": photos.of_check(session, check, t, lang, now[:10]),
    }


def quarantined(user: User, page: int, t: Translate, now: str, lang: str) -> Context:
    """Refused records, those waiting for a decision first, with what can be read of them."""
    session, ring = db.session(), keys.current()
    found = queries.quarantined(session, policy.unit_ids(user), page)
    listed = []
    for record in found[: queries.PAGE]:
        author = session.get(User, record.user_id) if record.user_id else None
        device = session.get(Device, record.device_id) if record.device_id else None
        listed.append(
            {
                "hash": record.envelope_hash,
                "who": author.name if author else t("Ukjent forfatter"),
                "device": device.name if device else t("Ukjent enhet"),
                "received": t("Mottatt %(when)s", when=says.near_moment(record.received_at.isoformat(), now[:10], t)),
                "reasons": [reasons.sentence("quarantined", code, t) for code in record.reasons],
                "inside": inside(user, record, ring, t, now, lang),
                "may_accept": not set(record.reasons) - quarantine.MAY_ACCEPT,
                "decided": decided(record, session.get(User, record.decided_by) if record.decided_by else None, now, t),
            }
        )
    more = len(found) > queries.PAGE
    return {"records": listed, "older_url": f"/review/quarantine?page={page + 1}" if more else ""}


def inside(user: User, record: Quarantine, ring: keys.KeyRing, t: Translate, now: str, lang: str) -> list[Context]:
    """Whom a refused record says it is about, which form and when: nothing of a person this supervisor may not see."""
    try:
        content = opening.unseal(record.envelope, ring).content
    except ValueError:
        return []
    if not isinstance(content, Check):
        return []
    person = db.session().get(Patient, content.p)
    if person is None or not policy.sees(user, person):
        return [says.pair(t("Gjelder"), t("Ingen i dine enheter"))]
    forms = {form.id: form for form in bundles().forms}
    title = says.text(forms[content.f].title, lang) if content.f in forms else content.f
    return [
        says.pair(t("Gjelder"), person.name),
        says.pair(t("Skjema"), title),
        says.pair(t("Utført"), says.near_moment(content.at.isoformat(), now[:10], t)),
    ]


def decided(record: Quarantine, by: User | None, now: str, t: Translate) -> str:
    """What was decided, by whom and why; empty while it waits."""
    if record.decided_at is None:
        return ""
    how = {"accept": "Lagt inn", "reject": "Ikke lagt inn"}.get(record.decision or "", "Løst av seg selv")
    when = says.near_moment(record.decided_at.isoformat(), now[:10], t)
    return t(
        "%(how)s av %(who)s, %(when)s. %(reason)s",
        how=t(how),
        who=by.name if by else t("systemet"),
        when=when,
        reason=record.decision_reason or "",
    )


def decide(record: Quarantine, by: User, decision: str, reason: str) -> Refused | None:
    """Pass the decision on; None when it was taken."""
    done = office.decide_quarantine(db.session(), record.envelope_hash, decision, by, reason)
    return Refused(done.reason) if isinstance(done, quarantine.Refused) else None
