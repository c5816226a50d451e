"""Log in with a passkey; register and remove one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from webapp import db
from webapp.accounts import log, passkey, signin
from webapp.accounts.pages import page_for
from webapp.accounts.policy import ACCOUNT, has_just_logged_in, public, requires
from webapp.accounts.routes import refused, safe_next
from webapp.language import reader
from webapp.models import Passkey, User, utc_now
from webapp.security import limiter

bp = Blueprint("passkeys", __name__)
SAID = {
    "answer": "Passnøkkelen kunne ikke godtas. Ingenting er endret. Prøv igjen, eller logg inn på en annen måte.",
    "closed": "Kontoen din her er stengt. Ingenting er endret. Snakk med en administrator.",
    "copied": "Passnøkkelen kan være kopiert og ble ikke godtatt. Logg inn på en annen måte, fjern den under «Min konto» og si fra til en administrator.",  # noqa: E501
    "host": "Her kan ikke passnøkler brukes: adressen er et tall og ikke et navn.",
    "known": "Denne passnøkkelen er alt registrert. Ingenting er endret.",
    "many": "Du har så mange passnøkler som du kan ha. Fjern en først.",
    "stale": "Det er mer enn ti minutter siden du logget inn. Logg ut, logg inn igjen, og prøv på nytt. Ingenting er endret.",
    "unknown": "Denne passnøkkelen er ikke registrert her, eller den er fjernet. Logg inn på en annen måte.",
    "used": "Det tok for lang tid, eller svaret var alt brukt. Ingenting er endret. Prøv igjen.",
}
Answer = Response | tuple[Response, int]


def said(why: str) -> Answer:
    """422 and what to do."""
    return jsonify(message=reader()[1](SAID[why])), 422


def options(text: str) -> Response:
    """As the browser reads them."""
    return current_app.response_class(text, mimetype="application/json")


@bp.post("/login/passkey/question")
@public("a challenge, bound to the browser that asked")
@limiter.limit("240 per minute")
def create_question() -> Answer:
    """Begin a log-in."""
    try:
        return options(passkey.question(utc_now()))
    except passkey.Refused as wrong:
        return said(wrong.why)


@bp.post("/login/passkey")
@public("the log-in by passkey")
@limiter.limit("240 per minute")
@limiter.limit("30 per minute; 200 per hour", deduct_when=refused)
def create_login() -> Answer:
    """A full log-in: the authenticator proved its key, and its owner with finger, face or code."""
    body = request.get_json(silent=True)
    body, session, now = body if isinstance(body, dict) else {}, db.session(), utc_now()
    try:
        user = passkey.answer(session, body.get("answer"), now)
    except passkey.Refused as wrong:
        return not_in(wrong)
    signin.begin(session, user, now, by="passkey")
    session.commit()
    return jsonify(next=page_for(user, safe_next(str(body.get("next") or ""))))


def not_in(wrong: passkey.Refused) -> Answer:
    """Nobody is logged in, and the log has it."""
    db.session().rollback()
    log.nobody("login_failed", {"by": "passkey", "why": wrong.why, "user": str(wrong.owner or "")})
    if wrong.why == "copied":
        current_app.logger.warning("passkey: a counter that went back; the key of %s may have been copied", wrong.owner)
    return said(wrong.why)


@bp.post("/account/passkeys/question")
@requires(ACCOUNT)
def create_registration() -> Answer:
    """Begin to register one."""
    if not has_just_logged_in(utc_now().timestamp()):
        return said("stale")
    try:
        return options(passkey.registration(db.session(), current_user, utc_now()))
    except passkey.Refused as wrong:
        return said(wrong.why)


@bp.post("/account/passkeys")
@requires(ACCOUNT)
def create_passkey() -> Answer:
    """Register one."""
    if not has_just_logged_in(utc_now().timestamp()):
        return said("stale")
    body: Any = request.get_json(silent=True)
    body, session, user = body if isinstance(body, dict) else {}, db.session(), me()
    _lang, t = reader()
    name = " ".join(str(body.get("name") or "").replace("\x00", "").split())[:60] or t("Passnøkkel")
    try:
        made = passkey.register(session, user, body.get("answer"), name, utc_now())
        session.flush()
    except passkey.Refused as wrong:
        return said(wrong.why)
    except IntegrityError:
        session.rollback()
        return said("known")
    log.write(session, user, "passkey_added", detail={"passkey": str(made.id)})
    session.commit()
    return jsonify(next=url_for("accounts.account"))


@bp.post("/account/passkeys/<uuid:passkey_id>/removal")
@requires(ACCOUNT)
def create_removal(passkey_id: UUID) -> Response:
    """Take one of one's own away; somebody else's is nobody's."""
    session, user = db.session(), me()
    found = session.get(Passkey, passkey_id)
    if not has_just_logged_in(utc_now().timestamp()):
        return redirect(url_for("accounts.account", passkey="stale"))  # type: ignore[return-value]
    if found is not None and found.user_id == user.id:
        session.delete(found)
        log.write(session, user, "passkey_removed", detail={"passkey": str(passkey_id)})
        session.commit()
    return redirect(url_for("accounts.account"))  # type: ignore[return-value]


def me() -> User:
    """The person logged in, as a row."""
    user: User = current_user._get_current_object()
    return user
