"""Answers that weigh on a thin line, compressed. Only such as hold no secret beside something that a stranger can put there."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
from flask import Response, request

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=11),
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
}


def smaller(whole: Response) -> Response:
    """Compressed, where that is worth it and the asker takes it: on a thin line verdicts are as heavy as records."""
    for coding, compress in CODINGS.items():
        if len(whole.data) > 1000 and request.accept_encodings[coding] > 0:
            whole.data = compress(whole.data)
            whole.headers["Content-Encoding"] = coding
            break
    whole.headers["Vary"] = "Accept-Encoding"
    return whole
