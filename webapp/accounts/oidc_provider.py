"""The provider behind one interface: where a browser is sent, and who came back. Authorization code with PAR, PKCE and DPoP."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from webapp.accounts import oidc_proofs, oidc_token, oidc_wire
from webapp.accounts.oidc_attempt import Attempt
from webapp.accounts.oidc_settings import OidcSettings, is_safe
from webapp.accounts.oidc_token import Identity, LogInTrouble

KEPT = 3600.0  # seconds that what the provider says of itself is believed
NEEDED = ("authorization_endpoint", "token_endpoint", "pushed_authorization_request_endpoint", "jwks_uri")
WORD = re.compile("[a-z_]{1,40}")


class Provider:
    """One OpenID provider."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, dict[str, RSAKey | ECKey]] | None = None

    def where_to(self, attempt: Attempt) -> str:
        """The address to send the browser to; the provider has been told beforehand what it is about (PAR)."""
        said = oidc_wire.ask(self.metadata()["pushed_authorization_request_endpoint"], {
            **oidc_proofs.client_assertion(self.settings),
            "response_type": "code", "scope": self.settings.scopes, "redirect_uri": self.settings.redirect_uri,
            "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": attempt.challenge, "code_challenge_method": "S256", "dpop_jkt": attempt.dpop_key.thumbprint(),
            "prompt": "login", "max_age": str(oidc_token.OLDEST),  # a tablet is shared: a colleague may be logged in there
        })  # fmt: skip
        handle = said.body.get("request_uri")
        if said.status not in (200, 201) or not isinstance(handle, str):
            raise LogInTrouble("down", f"PAR: {said.status} {word(said.body.get('error'))}")
        query = urlencode({"client_id": self.settings.client_id, "request_uri": handle})
        return f"{self.metadata()['authorization_endpoint']}?{query}"

    def who_came(self, attempt: Attempt, query: Mapping[str, str]) -> Identity:
        """Whom the provider logged in, from the address a browser came back with."""
        metadata = self.metadata()
        told = query.get("iss")  # RFC 9207: the answer of another provider is not brought to ours
        if told != self.settings.issuer and (told is not None or metadata.get("authorization_response_iss_parameter_supported")):
            raise LogInTrouble("answer", "the answer is from another issuer")
        if "error" in query:
            why = {"access_denied": "cancelled", "server_error": "down", "temporarily_unavailable": "down"}.get(query["error"], "answer")
            raise LogInTrouble(why, f"the provider said {word(query['error'])}")
        if not (code := query.get("code", "")):
            raise LogInTrouble("answer", "no code")
        return oidc_token.verify(self.settings, self.keys, self._redeemed(attempt, code), attempt.nonce)

    def _redeemed(self, attempt: Attempt, code: str) -> dict[str, Any]:
        url, nonce = self.metadata()["token_endpoint"], ""
        for _ in range(2):  # the first answer may be that DPoP wants a nonce of the provider's
            said = oidc_wire.ask(url, {
                **oidc_proofs.client_assertion(self.settings), "grant_type": "authorization_code", "code": code,
                "redirect_uri": self.settings.redirect_uri, "code_verifier": attempt.verifier,
            }, oidc_proofs.dpop(attempt.dpop_key, "POST", url, nonce))  # fmt: skip
            nonce = said.headers.get("DPoP-Nonce", "")
            if said.body.get("error") != "use_dpop_nonce" or not nonce:
                break
        if said.status >= 500:
            raise LogInTrouble("down", f"token: {said.status}")
        if said.status != 200:
            raise LogInTrouble("answer", f"token: {said.status} {word(said.body.get('error'))}")
        if str(said.body.get("token_type")).lower() != "dpop":
            raise LogInTrouble("answer", "token: not bound to our key")
        return said.body

    def metadata(self) -> dict[str, Any]:
        """What the provider says of itself (discovery), for an hour."""
        now = time.monotonic()
        if self._metadata is None or now - self._metadata[0] > KEPT:
            said = oidc_wire.ask(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if said.status != 200 or said.body.get("issuer") != self.settings.issuer:
                raise LogInTrouble("down", f"discovery: {said.status}, or another issuer")
            if not all(is_safe(said.body.get(name), self.settings.loopback) for name in NEEDED):
                raise LogInTrouble("down", "discovery: an endpoint is missing or not https")
            self._metadata = (now, said.body)
        return self._metadata[1]

    def keys(self, again: bool) -> dict[str, RSAKey | ECKey]:
        """The keys the provider signs with, by kid."""
        now = time.monotonic()
        if again or self._keys is None or now - self._keys[0] > KEPT:
            said = oidc_wire.ask(self.metadata()["jwks_uri"])
            found = said.body.get("keys")
            if said.status != 200 or not isinstance(found, list):
                raise LogInTrouble("down", f"keys: {said.status}")
            self._keys = (now, dict(filter(None, map(public_key, found))))
        return self._keys[1]


def public_key(found: Any) -> tuple[str, RSAKey | ECKey] | None:
    """(kid, key) of one that signs; no secret key is a public one, whatever the list says."""
    if not isinstance(found, dict) or not isinstance(found.get("kid"), str) or found.get("use", "sig") != "sig":
        return None
    if found.get("kty") not in ("RSA", "EC"):
        return None
    try:
        return found["kid"], RSAKey.import_key(found) if found["kty"] == "RSA" else ECKey.import_key(found)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def word(said: object) -> str:
    """An error's name, for the log; nothing else of what came from outside."""
    return said if isinstance(said, str) and WORD.fullmatch(said) else "?"


def provider() -> Provider | None:
    """The one that is configured."""
    found: Provider | None = current_app.extensions.get("oidc")
    return found
