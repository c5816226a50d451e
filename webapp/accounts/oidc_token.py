"""Whether an ID token is one that our provider made, now, for us, for this attempt; and who it is about."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from webapp.accounts.oidc_settings import OidcSettings

LEEWAY = 30
OLDEST = 10 * 60  # since it was made, and since she proved who she is
HPR = re.compile("[0-9]{1,9}")
Keys = Callable[[bool], Mapping[str, RSAKey | ECKey]]  # the provider's, by kid; True: ask it again


class LogInTrouble(Exception):
    """Nobody is logged in. `why` names the sentence (oidc_words.py), `detail` is for the log: words of ours, nothing of the person."""

    def __init__(self, why: str, detail: str = "", subject: str = "") -> None:
        super().__init__(why, detail)
        self.why, self.detail, self.subject = why, detail, subject


@dataclass(frozen=True)
class Identity:
    """Whom the provider says it is. `subject` is a hash of issuer and subject, so a new issuer is nobody we know."""

    subject: str
    hpr: str | None


def verify(settings: OidcSettings, keys: Keys, answer: Mapping[str, Any], nonce: str) -> Identity:
    """Who was logged in, from the token endpoint's answer; anything amiss is LogInTrouble."""
    token = answer.get("id_token")
    if not isinstance(token, str) or not token.isascii():
        raise LogInTrouble("answer", "no id_token")
    try:
        header = jws.extract_compact(token.encode()).headers()
        claims = _signed(settings, keys, token, header)
        _about_this_log_in(settings, claims, header, answer, nonce)
    except JoseError as wrong:
        raise LogInTrouble("answer", f"id_token: {type(wrong).__name__} {getattr(wrong, 'claim', '')}".strip()) from wrong
    except (ValueError, TypeError, AttributeError, OverflowError) as wrong:  # rubbish where the libraries expect a token
        raise LogInTrouble("answer", "id_token: unreadable") from wrong
    return _identity(settings, claims)


def _signed(settings: OidcSettings, keys: Keys, token: str, header: Mapping[str, Any]) -> dict[str, Any]:
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in settings.algorithms or not isinstance(kid, str):
        raise LogInTrouble("answer", "id_token: its algorithm or key is not allowed")
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise LogInTrouble("answer", "id_token: it is another kind of token")
    key = keys(False).get(kid) or keys(True).get(kid)
    if key is None:
        raise LogInTrouble("answer", "id_token: signed with a key the provider does not show")
    return dict(jwt.decode(token, key, algorithms=list(settings.algorithms)).claims)


def _about_this_log_in(
    settings: OidcSettings, claims: dict[str, Any], header: Mapping[str, Any], answer: Mapping[str, Any], nonce: str
) -> None:
    now = int(time.time())
    options = {"iss": {"essential": True, "value": settings.issuer}}
    asked = {"nonce": nonce, "client_id": settings.client_id, "max_age": OLDEST, "access_token": answer.get("access_token")}
    CodeIDToken(claims, header, options=options, params=asked).validate(now, LEEWAY)
    if claims["aud"] not in (settings.client_id, [settings.client_id]):  # HelseID: only the client is a valid audience
        raise LogInTrouble("answer", "id_token: it is for somebody else")
    if not claims["sub"] or len(claims["sub"]) > 255:
        raise LogInTrouble("answer", "id_token: it names nobody")
    if not all(now - OLDEST - LEEWAY <= claims[one] <= now + LEEWAY for one in ("iat", "auth_time")):
        raise LogInTrouble("answer", "id_token: it is of an earlier log-in")


def _identity(settings: OidcSettings, claims: Mapping[str, Any]) -> Identity:
    subject = hashlib.sha256(f"{settings.issuer}\n{claims['sub']}".encode()).hexdigest()
    level = claims.get(settings.level_claim)
    if isinstance(level, bool) or not isinstance(level, str | int) or str(level) != settings.level:
        raise LogInTrouble("level", "level", subject)
    hpr = claims.get(settings.hpr_claim)
    if hpr in (None, ""):
        return Identity(subject, None)
    if isinstance(hpr, bool) or not isinstance(hpr, str | int) or not HPR.fullmatch(str(hpr)):
        raise LogInTrouble("answer", "id_token: the HPR number is none", subject)
    return Identity(subject, str(hpr))
