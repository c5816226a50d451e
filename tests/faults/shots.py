"""Photos in a schedule: taken from a seed, and seen again as the supervisor sees them. Nothing here asks the product."""

from __future__ import annotations

import hashlib
import io
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from zlib import crc32

from PIL import Image, ImageChops, ImageStat

from tests.people import PASSWORD, SOLVEIG
from tests.pictures import camera

SIZES = {"small": (320, 240), "large": (900, 675)}  # one part; two or three parts
GRID = (16, 12)
ALIKE = 3.0  # of 255; two pictures of different seeds differ by 9 and more


@dataclass(frozen=True)
class Shot:
    """One photo that was taken. `hash`: of what the device kept, by the test's own SHA-256."""

    hash: str
    seed: int
    size: str


@dataclass(frozen=True)
class Kept:
    """A photo as the database has it."""

    id: str
    check: str
    hash: str
    stored: str
    reason: str


def seed_of(token: str, number: int) -> int:
    return crc32(f"{token}/{number}".encode())


def file(seed: int, size: str) -> bytes:
    """As a camera hands it over, with where it was taken."""
    width, height = SIZES[size]
    return camera(width, height, 88, seed)


def unlike(shot: Shot, kept: Kept, seen: bytes) -> str:
    """How the picture a supervisor gets differs from the one that was taken; empty when it does not."""
    if kept.reason or hashlib.sha256(seen).hexdigest() != kept.stored:
        return f"refused as {kept.reason}" if kept.reason else "its bytes are not those the database names"
    with Image.open(io.BytesIO(seen)) as now, Image.open(io.BytesIO(file(shot.seed, shot.size))) as then:
        if now.format != "JPEG" or dict(now.getexif()):
            return f"{now.format} with {dict(now.getexif())}"
        small = [one.convert("RGB").resize(GRID, Image.Resampling.BOX) for one in (now, then)]
    apart = max(ImageStat.Stat(ImageChops.difference(*small)).mean)
    return f"another picture ({apart:.1f})" if apart > ALIKE else ""


class Supervisor:
    """Who looks at pictures: a log-in over HTTP."""

    def __init__(self, url: str) -> None:
        self.url, self.jar = url, CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))  # behind what ends the TLS
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.get("/login")
        token = next(one.value for one in self.jar if one.name == "csrf") or ""
        headers = {"X-CSRFToken": token.strip('"')}
        form = urllib.parse.urlencode({"username": SOLVEIG.username, "password": PASSWORD}).encode()
        self.opener.open(urllib.request.Request(f"{url}/login", form, headers), timeout=60)

    def get(self, path: str) -> bytes:
        with self.opener.open(self.url + path, timeout=60) as answer:
            body: bytes = answer.read()
        return body

    def picture(self, ident: str) -> bytes:
        """Nothing when it cannot be shown."""
        try:
            return self.get(f"/review/photos/{ident}")
        except urllib.error.HTTPError:
            return b""
