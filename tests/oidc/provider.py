"""An OpenID provider in a process of its own, strict like HelseID: PAR, PKCE, private_key_jwt and DPoP are verified.

POST /knobs makes it misbehave.

Run: python -m tests.oidc.provider PORT
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask, Response, jsonify, make_response, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from werkzeug.serving import make_server

CODE_LIFE = 60
app = Flask(__name__)
GOOD = RSAKey.generate_key(2048, {"kid": "good", "use": "sig"}, private=True)
STRANGER = RSAKey.generate_key(2048, {"kid": "stranger", "use": "sig"}, private=True)
PRIVATE: Any = GOOD.private_key
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"}, private=True)


class State:
    """What this provider knows, and how it behaves."""

    def __init__(self) -> None:
        self.knobs: dict[str, Any] = {}
        self.pushed: dict[str, dict[str, str]] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.seen: set[str] = set()
        self.complaints: list[str] = []
        self.calls: list[str] = []
        self.nonce = secrets.token_urlsafe(16)
        self.issued: list[str] = []


state = State()


class Complaint(Exception):
    """What a client did wrong."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(error, why)
        self.error, self.why = error, why


def issuer() -> str:
    return request.host_url.rstrip("/")


def need(good: bool, error: str, why: str) -> None:
    if not good:
        raise Complaint(error, why)


@app.errorhandler(Complaint)
def complain(wrong: Complaint) -> Response:
    state.complaints.append(wrong.why)
    return make_response(jsonify(error=wrong.error, error_description=wrong.why), 401 if wrong.error == "invalid_client" else 400)


@app.before_request
def misbehave() -> Response | None:
    """Slow, broken or empty answers for one of the addresses."""
    if request.path in ("/knobs", "/told"):
        return None
    state.calls.append(request.path)
    how = state.knobs.get("broken", {}).get(request.path)
    if how is None:
        return None
    time.sleep(how.get("sleep", 0))
    return Response(how.get("body", "{}"), how.get("status", 200), how.get("headers", {}), content_type="application/json")


@app.post("/knobs")
def knobs() -> Response:
    state.__init__()  # type: ignore[misc]
    state.knobs = request.get_json()
    return jsonify({})


@app.get("/told")
def told() -> Response:
    return jsonify(complaints=state.complaints, calls=state.calls, issued=state.issued)


@app.get("/.well-known/openid-configuration")
def discovery() -> Response:
    here = issuer()
    said: dict[str, Any] = {
        "issuer": here, "authorization_endpoint": here + "/connect/authorize", "token_endpoint": here + "/connect/token",
        "pushed_authorization_request_endpoint": here + "/connect/par", "jwks_uri": here + "/jwks",
        "authorization_response_iss_parameter_supported": True, "require_pushed_authorization_requests": True,
    }  # fmt: skip
    return jsonify({name: value for name, value in (said | state.knobs.get("discovery", {})).items() if value is not None})


@app.get("/jwks")
def jwks() -> Response:
    late = state.knobs.get("sign") == "rotated" and state.calls.count("/jwks") == 1
    keys: list[Any] = [GOOD, CURVE] if not late else [STRANGER]
    return jsonify(keys=[{"kty": "oct", "kid": "secret", "k": "AAAA"}, "rubbish", *(one.as_dict(private=False) for one in keys)])


def client() -> None:
    """private_key_jwt: HelseID's rules for a client assertion."""
    form = request.form
    need(form.get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "invalid_client", "assertion type")
    known = state.knobs["client"]
    kind = RSAKey if known["jwk"]["kty"] == "RSA" else ECKey
    try:
        token = jwt.decode(form["client_assertion"], kind.import_key(known["jwk"]), algorithms=["PS256", "ES256", "ES384", "ES512"])
    except Exception as wrong:
        raise Complaint("invalid_client", f"assertion: {wrong}") from wrong
    said, now = token.claims, time.time()
    need(token.header.get("typ") == "client-authentication+jwt", "invalid_client", "typ")
    need(token.header.get("kid") == known["jwk"]["kid"], "invalid_client", "kid")
    need(said["iss"] == said["sub"] == form.get("client_id") == known["id"], "invalid_client", "who")
    need(said["aud"] == issuer(), "invalid_client", "for whom")
    need(said["nbf"] <= now + 5 and now < said["exp"] <= now + 60, "invalid_client", "assertion times")
    once(said["jti"], "invalid_client")


def once(name: str, error: str) -> None:
    need(name not in state.seen, error, "seen before")
    state.seen.add(name)


@app.post("/connect/par")
def par() -> Response:
    client()
    form = request.form
    need(form.get("response_type") == "code" and "openid" in form.get("scope", "").split(), "invalid_request", "not a log-in by code")
    need(form.get("redirect_uri") == state.knobs["client"]["redirect_uri"], "invalid_request", "redirect_uri")
    need(form.get("code_challenge_method") == "S256" and len(form.get("code_challenge", "")) == 43, "invalid_request", "PKCE")
    need(len(form.get("state", "")) >= 32 and len(form.get("nonce", "")) >= 32, "invalid_request", "state or nonce")
    need(len(form.get("dpop_jkt", "")) == 43, "invalid_request", "dpop_jkt")
    need(form.get("prompt") == "login" and form.get("max_age") == "600", "invalid_request", "an old log-in would do")
    name = "urn:ietf:params:oauth:request_uri:" + secrets.token_urlsafe(24)
    state.pushed[name] = {key: form[key] for key in ("state", "nonce", "code_challenge", "redirect_uri", "dpop_jkt")}
    return make_response(jsonify(request_uri=name, expires_in=60), 201)


@app.get("/connect/authorize")
def authorize() -> Any:
    if "page" in state.knobs and "go" not in request.args:
        again = urlencode({**request.args.to_dict(), "go": "1"}).replace("&", "&amp;")
        return f'<!doctype html><html lang="nb"><title>Prøve</title><h1>Hvem er du?</h1><a href="?{again}">Jeg er Berit</a></html>'
    need(set(request.args) - {"go"} == {"client_id", "request_uri"}, "invalid_request", "told in the address")
    asked = state.pushed.pop(str(request.args["request_uri"]), None)
    if asked is None:
        raise Complaint("invalid_request", "request_uri is unknown or used")
    code = secrets.token_urlsafe(24)
    state.codes[code] = {**asked, "until": time.time() + CODE_LIFE}
    state.issued.append(code)
    answer: dict[str, Any] = {"code": code, "state": asked["state"], "iss": issuer()} | state.knobs.get("answer", {})
    return redirect(asked["redirect_uri"] + "?" + urlencode({name: value for name, value in answer.items() if value is not None}))


@app.post("/connect/token")
def token() -> Response:
    client()
    dpop_nonce()
    asked = state.codes.pop(request.form.get("code", ""), None)
    if asked is None or asked["until"] < time.time():
        raise Complaint("invalid_grant", "code is unknown, used or old")
    need(request.form.get("redirect_uri") == asked["redirect_uri"], "invalid_grant", "redirect_uri")
    shown = b64(hashlib.sha256(request.form.get("code_verifier", "").encode()).digest())
    need(shown == asked["code_challenge"], "invalid_grant", "PKCE")
    need(state.knobs["proof"].thumbprint() == asked["dpop_jkt"], "invalid_dpop_proof", "another key than was pushed")
    access = secrets.token_urlsafe(32)
    made: dict[str, Any] = {"access_token": access, "token_type": "DPoP", "expires_in": 300, "id_token": id_token(asked, access)}
    state.issued += [access, made["id_token"]]
    return jsonify({name: value for name, value in (made | state.knobs.get("token", {})).items() if value is not None})


def dpop_nonce() -> None:
    """RFC 9449, with a nonce of ours."""
    proof = request.headers.get("DPoP", "")
    try:
        shown = json.loads(base64.urlsafe_b64decode(proof.split(".")[0] + "=="))["jwk"]
        key = ECKey.import_key(shown)
        said = jwt.decode(proof, key, algorithms=["ES256"])
    except Exception as wrong:
        raise Complaint("invalid_dpop_proof", f"proof: {wrong}") from wrong
    need(said.header["typ"] == "dpop+jwt" and "d" not in shown, "invalid_dpop_proof", "header")
    need(said.claims["htm"] == "POST" and said.claims["htu"] == request.base_url, "invalid_dpop_proof", "for another request")
    need(abs(said.claims["iat"] - time.time()) < 60, "invalid_dpop_proof", "time")
    once(said.claims["jti"], "invalid_dpop_proof")
    state.knobs["proof"] = key
    if state.knobs.get("dpop_nonce", True) and said.claims.get("nonce") != state.nonce:
        wanted = make_response(jsonify(error="use_dpop_nonce"), 400)
        wanted.headers["DPoP-Nonce"] = state.nonce
        from werkzeug.exceptions import HTTPException

        raise HTTPException(response=wanted)


def id_token(asked: dict[str, Any], access: str) -> str:
    """As HelseID makes one, but for what the knobs say."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": issuer(), "aud": state.knobs["client"]["id"], "sub": "the-hash-of-a-number", "iat": now, "nbf": now, "exp": now + 300,
        "auth_time": now, "nonce": asked["nonce"], "amr": ["external"], "at_hash": b64(hashlib.sha256(access.encode()).digest()[:16]),
        "helseid://claims/identity/security_level": "4", "helseid://claims/hpr/hpr_number": "9144900",
    }  # fmt: skip
    for name, by in state.knobs.get("shift", {}).items():
        claims[name] = now + by
    claims = {name: value for name, value in (claims | state.knobs.get("claims", {})).items() if value is not None}
    return signed(claims, state.knobs.get("sign", "good"))


def signed(claims: dict[str, Any], how: str) -> str:
    header = {"alg": "RS256", "kid": "good", "typ": "JWT"} | state.knobs.get("header", {})
    header = {name: value for name, value in header.items() if value is not None}
    if how == "none":
        return by_hand({**header, "alg": "none"}, claims, lambda _said: b"")
    if how == "public key as secret":
        return by_hand({**header, "alg": "HS256"}, claims, lambda said: hmac.digest(GOOD.as_pem(private=False), said, "sha256"))
    if how == "listed secret":
        return by_hand({**header, "alg": "HS256", "kid": "secret"}, claims, lambda said: hmac.digest(b"\0\0\0", said, "sha256"))
    if how == "as it stands":
        return by_hand(header, claims, lambda said: PRIVATE.sign(said, PKCS1v15(), SHA256()))
    if how == "altered":
        whole = jwt.encode(header, claims, GOOD).split(".")
        return ".".join([whole[0], b64(json.dumps(claims | {"sub": "somebody-else"}).encode()), whole[2]])
    if how == "curve":
        return jwt.encode({**header, "alg": "ES256", "kid": "curve"}, claims, CURVE, algorithms=["ES256"])
    if how == "stranger":
        return jwt.encode({**header, "kid": "stranger"}, claims, STRANGER)
    if how == "stranger in our name":
        return jwt.encode(header, claims, STRANGER)
    return jwt.encode(header, claims, GOOD, algorithms=[header["alg"]])


def by_hand(header: dict[str, Any], claims: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """What no library would make."""
    said = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{said}.{b64(sign(said.encode()))}"


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True).serve_forever()
