"""Passkeys: asked for, registered, and answered with. What an authenticator signed counts here, in this browser, once."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, request
from flask import session as cookie
from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.models import Passkey, PasskeyAnswer, User

NAME = "passkey"
LIFE = timedelta(minutes=5)
MOST = 10  # of one person
LONGEST = 20_000  # an answer is some hundred bytes; a certificate makes it some thousand
VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(eq=False)
class Refused(Exception):
    """An answer that does not count: the word of its sentence, and for the log whose key it was."""

    why: str
    owner: UUID | None = None


def host() -> str | None:
    """The name that passkeys here belong to; an address of numbers cannot have any."""
    name = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name or None
    return None


def origin() -> str:
    """Where an answer must have been made. Behind a proxy that ends TLS the request itself does not know."""
    scheme = "https" if current_app.config["SECURE_COOKIES"] else request.scheme
    return f"{scheme}://{request.host}"


def offered(session: Session) -> bool:
    """Whether the log-in page speaks of passkeys: when they can be used here, and somebody has one (and the database answers)."""
    if host() is None:
        return False
    try:
        return bool(session.scalar(select(exists(select(Passkey.id)))))
    except OperationalError:
        session.rollback()
        return False


def of(session: Session, user: User) -> list[Passkey]:
    """Somebody's own, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.created_at, Passkey.id)))


def registration(session: Session, user: User, now: datetime) -> str:
    """What the browser asks an authenticator for a new passkey."""
    options = generate_registration_options(
        rp_id=_named(), rp_name="TryggRunde", user_id=user.id.bytes, user_name=user.username, user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in of(session, user)],
    )  # fmt: skip
    _remember(options.challenge, f"new {user.id}", now)
    return options_to_json(options)


def register(session: Session, user: User, said: Any, name: str, now: datetime) -> Passkey:
    """Keep a new passkey. The caller commits."""
    challenge = _claim(session, f"new {user.id}", now)
    try:
        made = verify_registration_response(
            credential=_read(said), expected_challenge=challenge, expected_rp_id=_named(), expected_origin=origin(),
            require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
        raise Refused("answer", user.id) from wrong
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        raise Refused("known", user.id)
    if len(of(session, user)) >= MOST:
        raise Refused("many", user.id)
    key = Passkey(user_id=user.id, credential_id=made.credential_id, public_key=made.credential_public_key,
                  sign_count=made.sign_count, name=name, created_at=now)  # fmt: skip
    session.add(key)
    return key


def question(now: datetime) -> str:
    """What the browser asks any authenticator here: it says itself whose passkey it has."""
    options = generate_authentication_options(rp_id=_named(), user_verification=VERIFIED)
    _remember(options.challenge, "log-in", now)
    return options_to_json(options)


def answer(session: Session, said: Any, now: datetime) -> User:
    """Whose passkey answered. The caller begins her session and commits."""
    challenge = _claim(session, "log-in", now)
    try:
        credential = parse_authentication_credential_json(_read(said))
        key = session.scalar(select(Passkey).where(Passkey.credential_id == credential.raw_id).with_for_update())
        if key is None:
            raise Refused("unknown")
        proven = verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=_named(), expected_origin=origin(),
            credential_public_key=key.public_key, credential_current_sign_count=0, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
        raise Refused("answer") from wrong
    user = session.get(User, key.user_id)
    if user is None or credential.response.user_handle != user.id.bytes:
        raise Refused("answer", key.user_id)
    if max(proven.new_sign_count, key.sign_count) > 0 and proven.new_sign_count <= key.sign_count:
        raise Refused("copied", user.id)
    if not user.is_active:
        raise Refused("closed", user.id)
    key.sign_count, key.used_at = proven.new_sign_count, now
    return user


def _named() -> str:
    name = host()
    if name is None:
        raise Refused("host")
    return name


def _read(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict) or len(json.dumps(said)) > LONGEST:
        raise Refused("answer")
    return said


def _remember(challenge: bytes, purpose: str, now: datetime) -> None:
    cookie[NAME] = [bytes_to_base64url(challenge), purpose, int(now.timestamp())]


def _claim(session: Session, purpose: str, now: datetime) -> bytes:
    """The challenge this browser was given for this, minutes ago, and never answered: a cookie can be sent again."""
    challenge, wanted, at = cookie.pop(NAME, None) or ("", "", 0)
    if wanted != purpose or not 0 <= now.timestamp() - at <= LIFE.total_seconds():
        raise Refused("used")
    digest = hashlib.sha256(challenge.encode()).hexdigest()
    session.execute(delete(PasskeyAnswer).where(PasskeyAnswer.at < now - 2 * LIFE))
    if session.get(PasskeyAnswer, digest):
        raise Refused("used")
    session.add(PasskeyAnswer(challenge=digest, at=now))
    try:
        session.commit()  # used up, whatever the answer is worth
    except IntegrityError:
        session.rollback()
        raise Refused("used") from None
    return base64url_to_bytes(challenge)
