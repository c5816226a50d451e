"""One try at logging in by the provider: bound to a browser by its session cookie, short-lived, and answered at most once.

The cookie holds only the state. Nonce, PKCE verifier and DPoP key are derived from it and the installation's key, so nothing
secret lies in the browser, and any process can answer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from authlib.common.encoding import urlsafe_b64encode
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from flask import session as cookie
from joserfc.jwk import ECKey
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from webapp import db
from webapp.models import OidcAnswer

NAME = "oidc"
LIFE = timedelta(minutes=10)
MOST = 3  # log-in pages open side by side in one browser
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


@dataclass(frozen=True)
class Attempt:
    """A state, and what belongs to it."""

    state: str
    next: str

    def _derived(self, what: str) -> bytes:
        return hmac.digest(current_app.config["SECRET_KEY"], f"oidc {what} {self.state}".encode(), "sha512")

    @property
    def nonce(self) -> str:
        """What the ID token must repeat."""
        return text(self._derived("nonce")[:32])

    @property
    def verifier(self) -> str:
        """PKCE's secret."""
        return text(self._derived("verifier")[:48])

    @property
    def challenge(self) -> str:
        """What is shown of it beforehand."""
        return str(create_s256_code_challenge(self.verifier))

    @cached_property
    def dpop_key(self) -> ECKey:
        """A key for this log-in alone; the code is bound to it."""
        number = int.from_bytes(self._derived("dpop")) % (ORDER - 1) + 1
        return ECKey.import_key(ec.derive_private_key(number, ec.SECP256R1()))


def text(value: bytes) -> str:
    """base64url without padding."""
    return str(urlsafe_b64encode(value).decode())


def begin(target: str, now: datetime) -> Attempt:
    """A new attempt, noted in this browser's cookie."""
    made = Attempt(secrets.token_urlsafe(32), target if len(target) <= 500 else "/")
    cookie[NAME] = [*_open(now), [made.state, int(now.timestamp()), made.next]][-MOST:]
    return made


def claim(state: str, now: datetime) -> Attempt | None:
    """The attempt this browser began with that state, once: whoever asks again gets None, from a copied cookie too."""
    waiting = _open(now)
    found = next((Attempt(one, target) for one, _at, target in waiting if hmac.compare_digest(one.encode(), state.encode())), None)
    if found is None:
        return None
    cookie[NAME] = [one for one in waiting if one[0] != found.state]
    return found if _first(found, now) else None


def _open(now: datetime) -> list[list[str]]:
    return [one for one in cookie.get(NAME, []) if 0 <= now.timestamp() - int(one[1]) <= LIFE.total_seconds()]


def _first(attempt: Attempt, now: datetime) -> bool:
    """Noted as answered, in a transaction of its own: the provider is asked with no lock held."""
    digest = hashlib.sha256(attempt.state.encode()).hexdigest()
    with db.open_session(db.engine(), write=True) as session:
        session.execute(delete(OidcAnswer).where(OidcAnswer.at < now - 2 * LIFE))
        if session.scalar(select(OidcAnswer.state).where(OidcAnswer.state == digest)):
            return False
        session.add(OidcAnswer(state=digest, at=now))
        try:
            session.commit()
        except IntegrityError:  # the other of two at the same moment
            return False
        return True
