"""Is this a photo as a device makes them, and the same photo with nothing in it but the picture.

The frame of the file is walked before any decoder sees it, so what a decoder would choke on never reaches one."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_PIXELS = 12_000_000  # a device sends at most 2000 × 2000
MOST_SCANS = 30
LEAST_SIDE = 16
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # frame headers
_ALLOWED = frozenset({0xE0, 0xE1, 0xE2, 0xED, 0xEE})  # JFIF, EXIF, colour profile, and what picture programs add
_ORIENTATION = 0x0112


class Unfit(Exception):
    """Why this is no photo of ours; `reason` is the code both sides have a sentence for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Stripped:
    jpeg: bytes
    width: int
    height: int


def strip(data: bytes) -> Stripped:
    """The picture alone: no EXIF, no place, no text, no profile. Unfit says why not."""
    look(data)
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if picture.format != "JPEG" or picture.mode not in ("RGB", "L"):
                raise Unfit("not_image")
            turned = picture.getexif().get(_ORIENTATION, 1) != 1
            picture.load()
            out = io.BytesIO()
            if turned:
                upright = ImageOps.exif_transpose(picture)
                bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
                bare.save(out, "JPEG", quality=88)
            else:
                picture.save(out, "JPEG", quality="keep", subsampling="keep", comment=b"", exif=b"")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as wrong:
        raise Unfit("broken") from wrong
    jpeg = out.getvalue()
    width, height = look(jpeg)
    return Stripped(jpeg, width, height)


def look(data: bytes) -> tuple[int, int]:
    """Width and height, when this is one JPEG from its first byte to its last and nothing else beside it."""
    if data[:3] != b"\xff\xd8\xff":
        raise Unfit("not_image")
    size: tuple[int, int] | None = None
    at, scans = 2, 0
    while True:
        marker, body, at = _segment(data, at)
        if marker == 0xD9:
            break
        if marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _ALLOWED):
            raise Unfit("polyglot")
        if marker in _SIZES:
            if size is not None or len(body) < 6:
                raise Unfit("broken")
            size = _bounded(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                raise Unfit("too_large")
            at = _after_scan(data, at)
    if at != len(data):
        raise Unfit("polyglot")
    if size is None or not scans:
        raise Unfit("broken")
    return size


def _bounded(width: int, height: int) -> tuple[int, int]:
    if width * height > MOST_PIXELS:
        raise Unfit("too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        raise Unfit("broken")
    return width, height


def _segment(data: bytes, at: int) -> tuple[int, bytes, int]:
    """(marker, what it holds, where the next begins)."""
    if at + 2 > len(data) or data[at] != 0xFF:
        raise Unfit("broken")
    while at + 1 < len(data) and data[at + 1] == 0xFF:  # fill bytes
        at += 1
    if at + 1 >= len(data):
        raise Unfit("broken")
    marker = data[at + 1]
    if marker == 0xD9:
        return marker, b"", at + 2
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    end = at + 2 + length
    if length < 2 or end > len(data) or 0xD0 <= marker <= 0xD8 or marker < 0xC0:
        raise Unfit("broken")
    return marker, data[at + 4 : end], end


def _after_scan(data: bytes, at: int) -> int:
    """Where the coded picture ends: the next marker that is no stuffed byte and no restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Unfit("broken")
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
