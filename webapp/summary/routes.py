"""The week of a unit as a page, and whom it is sent to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import db
from webapp.accounts import log, policy_work
from webapp.accounts.policy import REVIEW, requires
from webapp.bedside import says
from webapp.improvement.routes import answer, today, unit_links
from webapp.language import reader
from webapp.models import SummaryAddress, SummaryMail, Unit
from webapp.summary import sending, smtp, week
from webapp.words import Translate

bp = Blueprint("summary", __name__, url_prefix="/summary")
ADDRESSES_MOST = 20
WHY = {
    smtp.DOWN: "E-postserveren svarte ikke. Det prøves igjen av seg selv.",
    smtp.LOG_IN: "E-postserveren godtok ikke innloggingen. Den som drifter TryggRunde må rette brukernavn eller passord.",
    smtp.CERTIFICATE: "E-postserverens kryptering kan ikke godtas, så ingenting ble sendt. Den som drifter TryggRunde må se på det.",
    smtp.SENDER: "E-postserveren godtok ikke avsenderen. Den som drifter TryggRunde må rette SMTP_FROM.",
    smtp.RECIPIENT: "E-postserveren sier at adressen ikke finnes eller ikke tar imot. Ta den bort, og legg inn den riktige.",
    smtp.OTHER: "E-postserveren tok ikke imot meldingen nå. Det prøves igjen av seg selv.",
}


def unit_asked(said: str) -> Unit:
    unit = policy_work.led_unit_or_404(current_user, said)
    if unit is None:
        abort(404)
    return unit


@bp.get("")
@requires(REVIEW)
def show_week() -> Response:
    """What changed this week, and what to do."""
    unit = unit_asked(request.args.get("unit", ""))
    log.seen(current_user, "coverage", unit_id=unit.id)
    return _page(unit)


@bp.post("/addresses")
@requires(REVIEW)
def create_address() -> Response:
    """Send the week of this unit to this address too."""
    unit, to, (_lang, t) = unit_asked(request.form.get("unit", "")), request.form.get("address", "").strip(), reader()
    every = sending.addresses(db.session(), unit.id)
    if len(to) > 254 or not to.isascii() or not smtp.ADDRESS.fullmatch(to):
        return _page(unit, 422, t("Skriv en e-postadresse, for eksempel navn@kommune.no. Ingenting er endret."), to)
    if to.lower() in {one.address.lower() for one in every} or len(every) >= ADDRESSES_MOST:
        return _page(unit, 422, t("Adressen er der fra før, eller det er mange nok. Ingenting er endret."), to)
    db.session().add(SummaryAddress(unit_id=unit.id, address=to, made_by=current_user.id))
    return _changed(unit)


@bp.post("/addresses/<uuid:address_id>/withdrawal")
@requires(REVIEW)
def withdraw_address(address_id: UUID) -> Response:
    """Send it there no more."""
    found = db.session().get(SummaryAddress, address_id)
    unit = next((one for one in policy_work.led_units(current_user) if found and one.id == found.unit_id), None)
    if found is None or unit is None or found.withdrawn_at:
        log.refused(current_user, request.endpoint or "", "summary_address")
        abort(404)
    found.withdrawn_at, found.withdrawn_by = datetime.now(UTC), current_user.id
    return _changed(unit)


def _changed(unit: Unit) -> Response:
    log.write(db.session(), current_user, "work_changed", unit_id=unit.id)
    db.session().commit()
    return redirect(f"/summary?unit={unit.id}", 303)  # type: ignore[return-value]


def _page(unit: Unit, status: int = 200, problem: str = "", said: str = "") -> Response:
    lang, t = reader()
    monday = week.monday(today())
    every = sending.addresses(db.session(), unit.id)
    rows = [{"id": str(one.id), "address": one.address, "text": _standing(one, t)} for one in every]
    title = t("Uke %(week)s", week=monday.isocalendar()[1])
    return answer("summary/week.html", t("Oppsummering av uka"), status, unit_id=str(unit.id), unit_name=unit.name, week=title,
                  items=week.of_unit(db.session(), unit, datetime.now(UTC), t, lang), addresses=rows, problem=problem, said=said,
                  on=current_app.config["SMTP"] is not None, unit_links=unit_links(unit))  # fmt: skip


def _standing(one: SummaryAddress, t: Translate) -> str:
    """What became of the newest message to this address."""
    newest = select(SummaryMail).where(SummaryMail.address_id == one.id).order_by(SummaryMail.week.desc()).limit(1)
    mail = db.session().scalars(newest).first()
    if mail is None:
        return t("Ingenting er sendt ennå.")
    when = says.near_moment(mail.at.isoformat(), today().isoformat(), t)
    if mail.state in ("sent", "quiet"):
        return t("Sendt %(when)s.", when=when) if mail.state == "sent" else t("Ingenting nytt %(when)s, så ingenting ble sendt.", when=when)
    return t(WHY.get(mail.why, "Sendes nå.")) + " " + t("Sist prøvd %(when)s.", when=when)


def trouble(session: Session, units: list[UUID], t: Translate) -> list[dict[str, Any]]:
    """What a supervisor is told where she begins: the way to the week, and addresses that got no message."""
    mail, address = SummaryMail, SummaryAddress
    query = select(address.unit_id, address.address, mail.why).join(mail, mail.address_id == address.id)
    query = query.where(address.unit_id.in_(units), address.withdrawn_at.is_(None), mail.week == week.monday(today()))
    rows = session.execute(query.where(mail.state.in_(("failed", "refused"))).order_by(address.address)).all()
    return [{"url": f"/summary?unit={unit}", "text": t("Oppsummeringen av uka nådde ikke %(to)s.", to=to) + " " + t(WHY[why])}
            for unit, to, why in rows]  # fmt: skip
