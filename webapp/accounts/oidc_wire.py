"""Asking the provider, over HTTPS: a few seconds, a few kilobytes, JSON, no redirects. Everything else is "does not answer"."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from webapp.accounts.oidc_token import LogInTrouble

SECONDS = 8.0
LARGEST = 256 * 1024


@dataclass(frozen=True)
class Said:
    """An answer: status, headers and the JSON object in it (empty when there is none)."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


@cache
def trusted() -> ssl.SSLContext:
    """Whom we believe to be the provider; reading the certificates takes a while."""
    return httpx.create_ssl_context()


def ask(url: str, form: Mapping[str, str] | None = None, proof: str = "") -> Said:
    """GET, or POST with a form."""
    headers = {"Accept": "application/json", **({"DPoP": proof} if proof else {})}
    ends = time.monotonic() + SECONDS
    near = url.startswith("http://")  # only where tests allow it
    try:
        with (
            httpx.Client(verify=trusted(), timeout=SECONDS / 2, follow_redirects=False, trust_env=not near) as client,
            client.stream("POST" if form is not None else "GET", url, data=form, headers=headers) as answer,
        ):
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > LARGEST or time.monotonic() > ends:
                    raise LogInTrouble("down", "it answers too much or too slowly")
    except (httpx.HTTPError, httpx.InvalidURL) as wrong:
        raise LogInTrouble("down", type(wrong).__name__) from wrong
    return Said(answer.status_code, answer.headers, _object(content))


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
