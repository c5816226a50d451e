"""The page that takes a browser into use: enrolment, a PIN, a vault. What it does is in static/js/enrol.js."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask_login import current_user

from webapp import db
from webapp.accounts.policy import ENROL, requires
from webapp.language import reader
from webapp.sync import tokens
from webapp.thin import smaller

bp = Blueprint("enrol_page", __name__)


@bp.get("/enrol")
@requires(ENROL)
def enrol() -> Response:
    """The steps, all in one page; the script shows the one that is next."""
    lang, t = reader()
    page = render_template(
        "device/enrol.html", lang=lang, title=t("Ta i bruk denne enheten"), home_url="/round",
        me_id=str(current_user.id), me_name=current_user.name, enrolled=tokens.welcome(db.session(), request) is not None,
        coded=not current_app.config["ENROL_WITHOUT_CODE"],
    )
    return smaller(make_response(page))  # nothing a stranger can choose stands in it
