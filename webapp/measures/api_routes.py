"""The JSON of measures, and the page where its tokens are made and revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import select

from webapp import db
from webapp.accounts import log, policy_work
from webapp.accounts.pages import frame
from webapp.accounts.policy import TOKENS, by_token, requires
from webapp.language import reader
from webapp.measures import api, imported
from webapp.models import MeasureToken, Unit, User
from webapp.security import limiter

bp = Blueprint("measure_api", __name__)
NAME_MAX = 80


@bp.get("/api/measures")
@by_token("a token for one unit's aggregates, made by who leads it or an administrator; the view compares its hash")
@limiter.limit("60 per minute")
def aggregates() -> Response:
    """The measures of the token's unit."""
    row = api.known(db.session(), request.headers.get("Authorization", ""))
    if row is None:
        log.nobody("measure_api_refused", {})
        answer = make_response(jsonify({"error": "A valid token is needed: Authorization: Bearer trm_…"}), 401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    lang, t = reader()
    found = api.of_unit(db.session(), db.session().get_one(Unit, row.unit_id), datetime.now(UTC), t, lang)
    log.nobody("measure_api", {"token": str(row.id), "unit": str(row.unit_id)})
    answer = make_response(jsonify(found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/measure-tokens")
@requires(TOKENS)
def tokens() -> Response:
    """Those there are."""
    return _page()


@bp.post("/measure-tokens")
@requires(TOKENS)
@limiter.limit("30 per minute")
def create_token() -> Response:
    """A token is shown once, on the page that answers."""
    _lang, t = reader()
    name = request.form.get("name", "").strip()
    unit = next((one for one in policy_work.token_units(current_user) if str(one.id) == request.form.get("unit")), None)
    if unit is None or not name or len(name) > NAME_MAX or not name.isprintable():
        return _page(422, problem=t("Velg en enhet og skriv hva nøkkelen skal brukes til, høyst 80 tegn. Ingenting er endret."))
    token = api.make(db.session(), current_user, unit, name)
    db.session().commit()
    return _page(201, token=token)


@bp.post("/measure-tokens/<uuid:token_id>/revocation")
@requires(TOKENS)
def create_revocation(token_id: UUID) -> Response:
    """From now on it opens nothing."""
    row = db.session().get(MeasureToken, token_id, with_for_update=True)
    if row is None or row.unit_id not in {one.id for one in policy_work.token_units(current_user)}:
        log.refused(current_user, request.endpoint or "", "token")
        abort(404)
    if row.revoked_at is None:
        api.revoke(db.session(), current_user, row)
        db.session().commit()
    return _page()


def _page(status: int = 200, *, problem: str = "", token: str = "") -> Response:
    lang, t = reader()
    units = policy_work.token_units(current_user)
    query = select(MeasureToken, User.name, Unit.name).join(User, User.id == MeasureToken.by).join(Unit, Unit.id == MeasureToken.unit_id)
    found = db.session().execute(query.where(MeasureToken.unit_id.in_([one.id for one in units])).order_by(MeasureToken.at.desc()))
    listed = [{"id": str(one.id), "name": one.name, "unit": unit, "by": by, "made": imported.day(one.at),
               "revoked": imported.day(one.revoked_at) if one.revoked_at else ""} for one, by, unit in found]  # fmt: skip
    context = {"tokens": listed, "problem": problem, "token": token, "units": [{"id": str(one.id), "name": one.name} for one in units],
               "said": {name: "" if token else request.form.get(name, "") for name in ("name", "unit")}}  # fmt: skip
    here = "/measures" if current_user.role == "supervisor" else "/measure-tokens"
    whole = render_template("measures/tokens.html", **frame(current_user, lang, t, t("Nøkler for tall"), here), **context)
    answer = make_response(whole, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
