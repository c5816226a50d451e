"""The page that takes a browser into use: enrolment, a PIN, a vault. What it does is in static/js/enrol.js."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import func, select

from webapp import db, limits
from webapp.accounts.policy import ENROL, requires
from webapp.bedside import says
from webapp.language import reader
from webapp.models import CheckRecord, Device
from webapp.sync import tokens
from webapp.thin import smaller
from webapp.words import Translate

bp = Blueprint("enrol_page", __name__)


@bp.get("/enrol")
@requires(ENROL)
def enrol() -> Response:
    """The steps, all in one page; the script shows the one that is next."""
    lang, t = reader()
    device = tokens.welcome(db.session(), request)
    page = render_template(
        "device/enrol.html", lang=lang, title=t("Ta i bruk denne enheten"), home_url="/round",
        me_id=str(current_user.id), me_name=current_user.name, enrolled=device is not None,
        had=had(device, t) if device else "",
        phrase=limits.numbers(db.session(), "device")["passphrase"] == 1,
        coded=not current_app.config["ENROL_WITHOUT_CODE"],
    )
    return smaller(make_response(page))  # nothing a stranger can choose stands in it


def had(device: Device, t: Translate) -> str:
    """What came from a browser that is known here, for whoever takes it into use again because its storage was emptied."""
    mine = CheckRecord.device_id == device.id
    received, last = db.session().execute(select(func.count(), func.max(CheckRecord.received_at)).where(mine)).one()
    if not last:
        return t("Denne nettleseren har vært i bruk som «%(name)s». Serveren har ikke mottatt noen sjekk herfra.", name=device.name)
    at = says.near_moment(last.isoformat(), says.local(datetime.now(UTC).isoformat())[:10], t)
    said = {"name": device.name, "n": received, "at": at}
    told = t("Denne nettleseren har vært i bruk som «%(name)s». Serveren har mottatt %(n)s sjekker herfra, den siste %(at)s.", **said)
    waiting = int((device.reported or {}).get("waiting", 0))
    return " ".join([told, *([t("Ved siste kontakt hadde den %(n)s som ikke var sendt.", n=waiting)] if waiting else [])])
