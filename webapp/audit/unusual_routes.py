"""Unusual look-ups, and what is decided about each."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from webapp import db
from webapp.accounts import log
from webapp.accounts.policy import LOG, requires
from webapp.audit import reviews, rows, unusual
from webapp.audit.reviews import Refused
from webapp.audit.routes import bp, page, told
from webapp.audit.rows import Filter
from webapp.audit.unusual import Finding
from webapp.bedside import says
from webapp.language import reader
from webapp.models import utc_now
from webapp.words import Translate

PAGE = 40
WHY = {
    unusual.OWN: "Den ansatte og brukeren har samme navn. Det kan være den ansatte selv.",
    unusual.SURNAME: "Den ansatte og brukeren har samme etternavn. Det kan være tilfeldig.",
    unusual.NEAR: "Den ansatte og brukeren har adresse i samme gate. De kan være naboer.",
    unusual.STRANGER: "Brukeren var ikke på den ansattes rute og hørte ikke til den ansattes enhet da.",
    unusual.DENIED: "Den ansatte prøvde å se noe om brukeren, men har ikke tilgang.",
}


@bp.get("/unusual")
@requires(LOG)
def show_unusual() -> Response:
    """What should be looked at, and why."""
    asked = Filter.read(request.args, utc_now())
    log.seen(current_user, "unusual", detail=told(asked))
    return unusual_page(asked, request.args.get("all", "") == "1")


def unusual_page(asked: Filter, every: bool, problem: str = "", status: int = 200) -> Response:
    lang, t = reader()
    context = listing(db.session(), asked, every, t)
    whole = page(t("Uvanlige oppslag"), "/journal/unusual", lang, t, **context, problem=t(problem) if problem else "")
    return make_response(render_template("audit/unusual.html", **whole), status)


@bp.post("/unusual")
@requires(LOG)
def create_unusual_review() -> Response:
    """"Sett på, i orden" or "følges opp"; about something that is found when it is looked for again."""
    asked = Filter.read(request.form, utc_now())
    every = request.form.get("all", "") == "1"
    finding = next((one for one in unusual.find(db.session(), asked) if one.about == request.form.get("about")), None)
    if finding is None:
        return unusual_page(asked, every, Refused("Oppslaget er ikke i lista lenger. Ingenting er endret.").reason, 422)
    made = reviews.add(db.session(), current_user, finding.about, request.form)
    if isinstance(made, Refused):
        return unusual_page(asked, every, made.reason, 422)
    log.write(
        db.session(), current_user, "unusual_reviewed", patient_id=finding.person.id if finding.person else None, reason=made.note,
        detail={"about": finding.about, "verdict": made.verdict, "employee": str(finding.user.id), "kind": finding.kind},
    )  # fmt: skip
    db.session().commit()
    return redirect("/journal/unusual" + asked.query() + ("&all=1" if every else ""), 303)  # type: ignore[return-value]


def listing(session: Session, asked: Filter, every: bool, t: Translate) -> dict[str, Any]:
    """The findings: those nobody has decided about, or all."""
    found = unusual.find(session, asked)
    said = reviews.newest(session, [one.about for one in found])
    wanted = found if every else [one for one in found if one.about not in said]
    today, known = rows.today(utc_now()).isoformat(), rows.names(session, ())
    shown = wanted[(asked.page - 1) * PAGE : asked.page * PAGE]
    more = "&all=1" if every else ""
    return {
        "findings": [words(one, known, t) | {"review": reviews.words(said.get(one.about), today, t)} for one in shown],
        "choices": reviews.choices(t), "every": every, "first": asked.first.isoformat(), "last": asked.last.isoformat(), "page": asked.page,
        "count_text": says.many(t, len(wanted), "1 oppslag", "%(n)s oppslag"),
        "other_url": "/journal/unusual" + asked.query(page=1) + ("" if every else "&all=1"),
        "newer_url": "/journal/unusual" + asked.query(page=asked.page - 1) + more if asked.page > 1 else "",
        "older_url": "/journal/unusual" + asked.query(page=asked.page + 1) + more if asked.page * PAGE < len(wanted) else "",
        "unread": t("Noe i det du valgte, kunne ikke leses. Det er ikke brukt. Velg på nytt.") if asked.problem else "",
    }  # fmt: skip


def words(one: Finding, known: rows.Names, t: Translate) -> dict[str, Any]:
    """One finding, with why it is shown and what speaks for it."""
    if one.kind == unusual.MANY:
        why = t("Så på %(n)s brukere denne dagen. Kolleger med samme rolle ser vanligvis på %(usual)s.", n=one.n, usual=one.usual)
    else:
        why = t(WHY[one.kind])
    facts = []
    if one.planned:
        facts.append(t("Brukeren sto på ruta til den ansatte."))
    if one.reason:
        facts.append(t("Begrunnet oppslag: %(reason)s", reason=one.reason))
    if one.person is not None:
        facts.append(says.many(t, one.n, "1 rad i loggen", "%(n)s rader i loggen"))
    day = one.day.isoformat()
    units = ", ".join(sorted(known.units[unit] for unit in one.user.unit_ids if unit in known.units))
    asked = Filter(one.day, one.day, person=one.person.id if one.person else None, employee=one.user.id)
    return {
        "about": one.about, "day": says.day(day), "who": one.user.name, "title": one.user.title, "unit": units,
        "person": one.person.name if one.person else "", "born": says.day(one.person.born.isoformat()) if one.person else "",
        "why": why, "facts": facts, "log_url": "/journal" + asked.query(),
    }  # fmt: skip
