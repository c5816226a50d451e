"""/device/…: take a browser into use, and get or reopen a vault on it. Cookie session and CSRF header; answers are JSON."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, current_app, request
from flask_login import current_user

from webapp import db
from webapp.accounts import log, sessions
from webapp.accounts.policy import ENROL, RECORD, by_token, has_just_logged_in, requires
from webapp.models import Device
from webapp.security import csrf, limiter
from webapp.sync import enrol, keys, people, returning, tokens
from webapp.sync.routes import JSON_BYTES, answer, bounded, caller, farewell, refuse, stamp, unauthorised

bp = Blueprint("device_sync", __name__, url_prefix="/device")


def logged_in(view: Callable[..., Response]) -> Callable[..., Response]:
    """Programs get a 401 in JSON, never the log-in page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        return view(*args, **kwargs) if current_user.is_authenticated else unauthorised()

    return guarded


def _body() -> dict[str, Any] | Response:
    raw = bounded(JSON_BYTES)
    if raw is None:
        return refuse(413, "too_large", "Forespørselen er for stor. Ingenting er endret.")
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return refuse(400, "format", "Forespørselen kan ikke leses. Ingenting er endret.")


def _device() -> Device | Response:
    """This browser's device, in use and not revoked, in the hands of somebody who has just given her password."""
    device = tokens.device(db.session(), request)
    if device is None:
        return refuse(409, "not_enrolled", "Enheten er ikke tatt i bruk. Ingenting er endret.")
    if tokens.is_revoked(device):
        return refuse(403, "revoked", "Enheten er sperret. Ingenting er endret.")
    if not has_just_logged_in(people.utc_now().timestamp()):
        return refuse(403, "stale", "Logg inn på nytt. Ingenting er endret.")
    return device


def _given(result: dict[str, Any] | enrol.Refused) -> Response:
    """Commit and answer; a refusal commits too, for its row in the log."""
    db.session().commit()
    if isinstance(result, enrol.Refused):
        return refuse(result.code, "refused", result.sentence)
    return answer(result)


def guesser() -> str:
    """Who tries codes, from whatever address."""
    return f"code {current_user.get_id()}"


def wrong_code(answer: Response) -> bool:
    return answer.status_code == 422


@bp.post("/enrolment")
@logged_in
@requires(ENROL)
@limiter.limit("60 per minute")
@limiter.limit("10 per 15 minutes", key_func=guesser, deduct_when=wrong_code)
def create_enrolment() -> Response:
    """Take this browser into use with a code; one that is in use already stays the device it is."""
    body = _body()
    if isinstance(body, Response):
        return body
    if (known := tokens.welcome(db.session(), request)) is not None:
        return answer(enrol.told(db.session(), known, people.utc_now()))
    if "code" not in body and current_app.config["ENROL_WITHOUT_CODE"]:
        made = enrol.device_named(db.session(), current_user, body.get("name"), people.utc_now())
    else:
        made = enrol.device(db.session(), current_user, body.get("code"), people.utc_now())
    if isinstance(made, enrol.Refused):
        return _given(made)
    token, told = made
    sessions.bind(db.session(), UUID(told["device_id"]), people.utc_now())
    return _with_cookie(_given(told), token)


def _with_cookie(done: Response, token: str) -> Response:
    secure = bool(current_app.config["SECURE_COOKIES"])
    done.set_cookie(tokens.COOKIE, token, max_age=tokens.COOKIE_AGE, httponly=True, samesite="Strict", secure=secure)
    return done


@bp.post("/return")
@logged_in
@requires(ENROL)
@limiter.limit("20 per minute")
def create_return() -> Response:
    """A cookie again for a device that has lost it, shown by its papers and somebody who has just given her password."""
    body, now = _body(), people.utc_now()
    if isinstance(body, Response):
        return body
    if not has_just_logged_in(now.timestamp()):
        return refuse(403, "stale", "Logg inn på nytt. Ingenting er endret.")
    device = returning.device(db.session(), body.get("device"), body.get("papers"))
    if device is None or tokens.is_revoked(device):
        lost = device.id if device else None
        log.refused(current_user, request.endpoint or "", "revoked" if lost else "papers")  # and nothing that was learnt is kept
        if lost:
            return answer({"error": "revoked", "message": "Enheten er sperret. Ingenting er endret.", **farewell(lost)}, 403)
        return refuse(403, "unknown", "Serveren kjenner ikke igjen denne enheten. Ingenting er endret.")
    token = returning.cookie(db.session(), current_user, device, now)
    sessions.bind(db.session(), device.id, now)
    return _with_cookie(_given({"device_id": str(device.id), "name": device.name}), token)


@bp.post("/vaults")
@logged_in
@requires(RECORD)
@limiter.limit("60 per minute", key_func=caller)
def create_vault() -> Response:
    """A signing key, papers and a session for the person logged in."""
    body, device = _body(), _device()
    if isinstance(body, Response) or isinstance(device, Response):
        return body if isinstance(body, Response) else device  # type: ignore[return-value]
    return _given(enrol.vault(db.session(), current_user, device, body.get("public_key"), people.utc_now()))


@bp.post("/vaults/reopen")
@logged_in
@requires(RECORD)
@limiter.limit("20 per minute", key_func=caller)
def create_reopening() -> Response:
    """The vault key of a forgotten PIN."""
    body, device = _body(), _device()
    if isinstance(body, Response) or isinstance(device, Response):
        return body if isinstance(body, Response) else device  # type: ignore[return-value]
    return _given(enrol.reopen(db.session(), current_user, device, body.get("return_wrap"), people.utc_now()))


@bp.post("/session")
@logged_in
@requires(RECORD)
@limiter.limit("60 per minute", key_func=caller)
def create_session() -> Response:
    """A new session token for somebody whose vault is there already."""
    device = _device()
    if isinstance(device, Response):
        return device
    return _given(enrol.opened(db.session(), current_user, device, people.utc_now()))


@bp.delete("/session")
@by_token("the person's own session token, which ends")
@csrf.exempt
@limiter.limit("60 per minute", key_func=caller)
def delete_session() -> Response:
    """Log-out on a device."""
    session, now = db.session(), people.utc_now()
    holder = tokens.holder(session, request, now)
    if holder is None:
        return unauthorised()
    holder.session.ended_at = now
    log.write(session, holder.user, "logout", device_id=holder.device.id)
    session.commit()
    return Response(status=204)


@bp.get("/enrolment")
@by_token("device cookie")
@limiter.limit("240 per minute", key_func=caller)
def show_enrolment() -> Response:
    """Whether this browser is enrolled, and as what."""
    device = tokens.device(db.session(), request)
    if device is None:
        return unauthorised()
    return answer(
        {
            "device_id": str(device.id), "name": device.name, "revoked": tokens.is_revoked(device),
            "server_time": stamp(), "server_signing_public": keys.current().signing_public(),
        }
    )  # fmt: skip
