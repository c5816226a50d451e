"""What we sign for the provider: who we are (private_key_jwt), and that the code is ours (DPoP)."""

from __future__ import annotations

import secrets
import time

from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc import jwt
from joserfc.jwk import ECKey

from webapp.accounts.oidc_settings import OidcSettings

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECONDS = 30  # HelseID accepts up to 60


def client_assertion(settings: OidcSettings) -> dict[str, str]:
    """The form fields that say who we are; a new one for each call."""
    header = {"typ": "client-authentication+jwt", "kid": settings.key.kid}
    signed = private_key_jwt_sign(
        settings.key, settings.client_id, settings.issuer, alg=settings.key_algorithm, header=header,
        claims={"nbf": int(time.time())}, expires_in=SECONDS,
    )  # fmt: skip
    return {"client_id": settings.client_id, "client_assertion_type": ASSERTION, "client_assertion": str(signed)}


def dpop(key: ECKey, method: str, url: str, nonce: str = "") -> str:
    """A proof that whoever sends this request holds the key."""
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}
    claims: dict[str, object] = {"jti": secrets.token_urlsafe(24), "htm": method, "htu": url, "iat": int(time.time())}
    if nonce:
        claims["nonce"] = nonce
    return jwt.encode(header, claims, key, algorithms=["ES256"])
