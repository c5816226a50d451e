"""Which OpenID provider log-ins go to, read from the environment. Half set is refused at start, with a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from webapp.config import LOOPBACK, ConfigProblem

ANSWER = "/login/oidc/answer"
NEEDED = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_PRIVATE_KEY_FILE", "OIDC_REDIRECT_URI")
SCOPES = "openid helseid://scopes/hpr/hpr_number helseid://scopes/identity/security_level"
DEFAULTS = {
    "OIDC_NAME": "HelseID",
    "OIDC_SCOPES": SCOPES,
    "OIDC_ALGORITHMS": "RS256 PS256 ES256",
    "OIDC_LEVEL": "4",
    "OIDC_LEVEL_CLAIM": "helseid://claims/identity/security_level",
    "OIDC_HPR_CLAIM": "helseid://claims/hpr/hpr_number",
    "OIDC_ALLOW_LOOPBACK": "0",
}
ASYMMETRIC = {f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)}
SIGNS_WITH = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
ClientKey = RSAKey | ECKey


@dataclass(frozen=True)
class OidcSettings:
    """One provider, and who we are to it."""

    issuer: str
    client_id: str
    key: ClientKey
    redirect_uri: str
    name: str
    scopes: str
    algorithms: tuple[str, ...]
    level: str
    level_claim: str
    hpr_claim: str
    loopback: bool

    @property
    def key_algorithm(self) -> str:
        """What the client's key signs with."""
        return "PS256" if isinstance(self.key, RSAKey) else SIGNS_WITH[str(self.key.curve_name)]


def read(env: Mapping[str, str]) -> OidcSettings | None:
    """The provider, or None where nothing is set."""
    given = {name: env.get(name, "").strip() for name in (*NEEDED, *DEFAULTS)}
    if not any(given.values()):
        return None
    if missing := [name for name in NEEDED if not given[name]]:
        raise ConfigProblem(f"Log-in by an OpenID provider is half set: {', '.join(missing)} must be set too, or none of OIDC_….")
    told = {**DEFAULTS, **{name: value for name, value in given.items() if value}}
    loopback = told["OIDC_ALLOW_LOOPBACK"] == "1"
    issuer, back = told["OIDC_ISSUER"], told["OIDC_REDIRECT_URI"]
    for name, url in (("OIDC_ISSUER", issuer), ("OIDC_REDIRECT_URI", back)):
        if not is_safe(url, loopback):
            raise ConfigProblem(f"{name} is {url!r}, but must be an address that begins with https://, without ? and #.")
    if urlsplit(back).path != ANSWER:
        raise ConfigProblem(f"OIDC_REDIRECT_URI is {back!r}, but must be this installation's address followed by {ANSWER}.")
    return OidcSettings(
        issuer=issuer, client_id=told["OIDC_CLIENT_ID"], key=client_key(Path(told["OIDC_PRIVATE_KEY_FILE"])), redirect_uri=back,
        name=told["OIDC_NAME"], scopes=scopes(told["OIDC_SCOPES"]), algorithms=algorithms(told["OIDC_ALGORITHMS"]),
        level=told["OIDC_LEVEL"], level_claim=told["OIDC_LEVEL_CLAIM"], hpr_claim=told["OIDC_HPR_CLAIM"], loopback=loopback,
    )  # fmt: skip


def is_safe(url: object, loopback: bool) -> bool:
    """An https address; where tests say so, plain http to this machine too."""
    if not isinstance(url, str) or not url.isascii() or "?" in url or "#" in url or any(one <= " " for one in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    near = loopback and parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and "@" not in parts.netloc and (parts.scheme == "https" or near)


def scopes(given: str) -> str:
    """With openid, and without what would leave a token with us after the log-in."""
    words = given.split()
    if "openid" not in words or "offline_access" in words:
        raise ConfigProblem("OIDC_SCOPES must hold openid and not offline_access: no token is kept after a log-in.")
    return " ".join(words)


def algorithms(given: str) -> tuple[str, ...]:
    """What the provider's tokens may be signed with; the token itself has no say."""
    words = tuple(given.replace(",", " ").split())
    if not words or set(words) - ASYMMETRIC:
        raise ConfigProblem(f"OIDC_ALGORITHMS is {given!r}, but may hold only these: {' '.join(sorted(ASYMMETRIC))}.")
    return words


def client_key(path: Path) -> ClientKey:
    """Our private key, from a JWK or a PEM file."""
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "not a text file"
        raise ConfigProblem(f"OIDC_PRIVATE_KEY_FILE {path} cannot be read ({why}).") from wrong
    key = parsed(text)
    if key is None or not key.is_private or (isinstance(key, ECKey) and key.curve_name not in SIGNS_WITH):
        raise ConfigProblem(f"OIDC_PRIVATE_KEY_FILE {path} holds no private key we can use: a JWK or PEM, RSA or P-256, P-384, P-521.")
    if isinstance(key.private_key, RSAPrivateKey) and key.private_key.key_size < 2048:
        raise ConfigProblem(f"OIDC_PRIVATE_KEY_FILE {path} holds an RSA key of less than 2048 bits. Make a new one: webapp oidc key FILE.")
    key.ensure_kid()
    return key


def parsed(text: str) -> ClientKey | None:
    """The key in this text, if there is one."""
    content: str | dict[str, str | list[str]] = text
    if text.startswith("{"):
        try:
            content = json.loads(text)
        except ValueError:
            return None
    for kind in (ECKey, RSAKey):
        try:
            return kind.import_key(content)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return None
