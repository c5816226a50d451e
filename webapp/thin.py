"""Answers that weigh on a thin line, compressed. Only such as hold no secret beside something that a stranger can put there."""

from __future__ import annotations

import gzip

from flask import Response, request


def smaller(whole: Response) -> Response:
    """Compressed, where that is worth it and the asker takes it: on a thin line verdicts are as heavy as records."""
    if len(whole.data) > 1000 and request.accept_encodings["gzip"] > 0:
        whole.data = gzip.compress(whole.data, 6, mtime=0)
        whole.headers["Content-Encoding"] = "gzip"
    whole.headers["Vary"] = "Accept-Encoding"
    return whole
