"""Real pictures for tests: as a camera makes them, and as nobody should send them."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image

GPS = {1: "N", 2: (59.0, 54.0, 1.5), 3: "E", 4: (10.0, 44.0, 9.0)}


def camera(width: int = 1200, height: int = 900, quality: int = 80, seed: int = 1, *, place: bool = True) -> bytes:
    """A JPEG with what phones put in: maker, time, orientation and where it was taken."""
    small = Image.frombytes("RGB", (width // 8, height // 8), random.Random(seed).randbytes(width // 8 * (height // 8) * 3))
    picture = small.resize((width, height), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    if place:
        exif[0x010F], exif[0x0132], exif[0x0112] = "Telefon AS", "2026:11:25 09:00:00", 1
        exif.get_ifd(0x8825).update(GPS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def taken(size: int = 300_000, seed: int = 1) -> bytes:
    """As a device sends it: drawn again, just under a size."""
    for quality in range(95, 20, -5):
        jpeg = camera(1600, 1200, quality, seed, place=False)
        if len(jpeg) <= size:
            return jpeg
    raise ValueError("no quality is small enough")


def claims(jpeg: bytes, width: int, height: int) -> bytes:
    """The same bytes, said to be of another size: a file of a few kB that asks for gigabytes."""
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        at = jpeg.find(marker)
        if at > 0:
            return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]
    raise ValueError("no frame header")


def png(width: int = 32, height: int = 32) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


def png_bomb() -> bytes:
    """30,000 × 30,000 white pixels in 330 kB: what a decoder would make 2.7 GB of."""
    rows = zlib.compressobj(9)
    packed = b"".join([*(rows.compress(bytes(3751)) for _ in range(30_000)), rows.flush()])

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def with_comment(jpeg: bytes, text: bytes) -> bytes:
    """Another kind of file in a comment of a picture that every viewer shows."""
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + jpeg[2:]
