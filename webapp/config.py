"""Where the installation keeps things and how it is reached. Everything comes from the environment."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HOST_NAME = re.compile(r"[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*(:\d+)?")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ConfigProblem(Exception):
    """A setting that cannot be used; the message says what to do."""


def from_environment(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask settings from PORT, HOST, DATABASE_URL, DATA_DIR, TRYGGRUNDE_… and OIDC_…."""
    data_dir = Path(env.get("DATA_DIR") or "var").resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as wrong:
        raise ConfigProblem(
            f"The folder {data_dir} cannot be made ({wrong.strerror}). Set DATA_DIR to a folder you may write in."
        ) from wrong
    host = env.get("HOST", "127.0.0.1")
    others_reach_it = env.get("TRYGGRUNDE_HTTPS", "") == "1" or host not in LOOPBACK
    return {
        "DATA_DIR": data_dir,
        "DATABASE_URL": database_url(env.get("DATABASE_URL", ""), data_dir),
        "SECRET_KEY": secret_key(data_dir),
        "PORT": port(env.get("PORT", "8000")),
        "HOST": host,
        "SECURE_COOKIES": others_reach_it,
        "LOCAL_PASSWORDS": local_passwords(env.get("TRYGGRUNDE_LOCAL_PASSWORDS", ""), others_reach_it),
        "SECOND_FACTOR": second_factor(env.get("TRYGGRUNDE_SECOND_FACTOR", ""), others_reach_it),
        "NOBODY_CHOSE": others_reach_it and not env.get("TRYGGRUNDE_LOCAL_PASSWORDS"),
        "BUNDLE_DIRS": [Path(one) for one in env.get("BUNDLE_DIRS", "").split(os.pathsep) if one],
        "RATELIMIT_ENABLED": env.get("TRYGGRUNDE_RATELIMIT", "1") == "1",
        "PROXIES": proxies(env.get("TRYGGRUNDE_PROXIES", "")),
        "TRUSTED_HOSTS": host_names(env.get("TRYGGRUNDE_HOSTS", "")),
        "OIDC": provider(env),
        "SMTP": mail(env),
        "ENROL_WITHOUT_CODE": without_code(env.get("ENROL_WITHOUT_CODE", ""), others_reach_it),
    }


def local_passwords(given: str, others_reach_it: bool) -> bool:
    """Whether people may log in by a password kept here: on one's own machine, and elsewhere only where somebody said so."""
    if given in ("", "yes", "no"):
        return given == "yes" or (not given and not others_reach_it)
    raise ConfigProblem(f"TRYGGRUNDE_LOCAL_PASSWORDS is {given!r}, but must be yes or no.")


def second_factor(given: str, others_reach_it: bool) -> bool:
    """Whether a password alone is too little for some roles: where others can reach it, unless somebody said otherwise."""
    if given in ("", "yes", "no"):
        return given == "yes" or (not given and others_reach_it)
    raise ConfigProblem(f"TRYGGRUNDE_SECOND_FACTOR is {given!r}, but must be yes or no.")


def host_names(given: str) -> list[str] | None:
    """The names this installation is reached by; anything asked for under another is refused. None: whatever is asked for."""
    names = [one.strip() for one in given.split(",")] if given else None
    if names and not all(HOST_NAME.fullmatch(one) for one in names):
        raise ConfigProblem(f"TRYGGRUNDE_HOSTS is {given!r}, but must be names like runde.kommune.no, with commas between them.")
    return names


def proxies(given: str) -> int:
    """How many proxies of ours stand in front of this server, one after the other: so many addresses in X-Forwarded-For are believed."""
    if given in ("", "0", "1", "2", "3", "4", "5"):
        return int(given or 0)
    raise ConfigProblem(f"TRYGGRUNDE_PROXIES is {given!r}, but must be a number from 0 to 5.")


def without_code(given: str, others_reach_it: bool) -> bool:
    """Whether a device is taken into use without a code: only where somebody said so, `local` for one's own machine alone."""
    if given in ("", "0", "1", "local"):
        return given == "1" or (given == "local" and not others_reach_it)
    raise ConfigProblem(f"ENROL_WITHOUT_CODE is {given!r}, but must be 1, 0 or local.")


def ensure_log_in(settings: Mapping[str, Any]) -> None:
    """Production is what other machines can reach. It has a provider, or somebody has said how people log in."""
    if settings["NOBODY_CHOSE"] and settings["OIDC"] is None:
        raise ConfigProblem(
            "Other machines can reach this installation, and local passwords are for demonstration and small tests. "
            "Set OIDC_ISSUER and the rest of OIDC_…, or TRYGGRUNDE_LOCAL_PASSWORDS=yes to use passwords all the same."
        )


def provider(env: Mapping[str, str]) -> Any:
    """Who else may say who somebody is (webapp/accounts/oidc_settings.py); read only where something is set."""
    if not any(name.startswith("OIDC_") for name in env):
        return None
    from webapp.accounts import oidc_settings

    return oidc_settings.read(env)


def mail(env: Mapping[str, str]) -> Any:
    """The server that takes e-mail (webapp/summary/smtp.py); None where none is set: nothing is sent."""
    if not env.get("SMTP_HOST"):
        return None
    from webapp.summary import smtp

    try:
        return smtp.read(env)
    except smtp.SmtpProblem as wrong:
        raise ConfigProblem(f"{wrong} Nothing was started.") from wrong


def settings(overrides: Mapping[str, Any], env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Environment, then overrides. A DATA_DIR among the overrides also decides where the rest is kept."""
    env = dict(env)
    for name in ("DATA_DIR", "DATABASE_URL"):
        if name in overrides:
            env[name] = str(overrides[name])
    return {**from_environment(env), **{k: v for k, v in overrides.items() if k not in ("DATA_DIR", "DATABASE_URL")}}


def database_url(given: str, data_dir: Path) -> str:
    """The SQLAlchemy URL; SQLite in DATA_DIR when none is given, psycopg 3 for PostgreSQL."""
    if not given:
        return f"sqlite:///{data_dir / 'tryggrunde.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    if given.startswith(("sqlite:///", "postgresql+psycopg://")):
        return given
    raise ConfigProblem("DATABASE_URL must begin with sqlite: or postgresql:. Nothing was started.")


def port(given: str) -> int:
    """A TCP port 1-65535."""
    if given.isascii() and given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    raise ConfigProblem(f"PORT is {given!r}, but must be a number from 1 to 65535.")


def secret_key(data_dir: Path) -> bytes:
    """The key that signs sessions; made at first start, readable by this user only."""
    path = data_dir / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes() if path.is_file() else b""
        if len(key) >= 32:
            return key
        raise ConfigProblem(f"{path} is shorter than a key. Remove it to log everybody out and start again.") from None
    except OSError as wrong:
        raise ConfigProblem(f"{path} cannot be written ({wrong.strerror}). Set DATA_DIR to a folder you may write in.") from wrong
    with os.fdopen(descriptor, "wb") as file:
        file.write(key := secrets.token_bytes(32))
    return key
