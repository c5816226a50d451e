"""A file that goes along with a post: what it is by its content, what it may be called, and what is written in it. Pure."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps

from webapp.measures.sheet_file import BROKEN, decoded, harmless

TYPES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "csv": "text/csv; charset=utf-8", "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
STARTS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
MOST_UNPACKED, MOST_PIXELS = 30_000_000, 50_000_000
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
TAG, END = re.compile(r"<[^>]*>"), re.compile(r"</(?:w:p|w:tc|si|is|v|a:p)>|<w:(?:tab|br)/>")
TAKEN = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d", re.IGNORECASE)  # Windows opens a device by these
LETTERS = 80


@dataclass(frozen=True, slots=True)
class Judged:
    """What it is, what is written in it as far as that can be read, and the bytes to keep."""

    kind: str
    text: str
    data: bytes


def judged(data: bytes, name: str) -> Judged | None:
    """By its content; None when it is nothing that may be shared. The name decides only whether a text is called a table."""
    kind = next((kind for start, kind in STARTS.items() if data.startswith(start)), "")
    if kind == "pdf":
        return Judged(kind, "", data)
    if kind:
        return picture(data, kind)
    if data.startswith(b"PK\x03\x04"):
        return office(data)
    text = decoded(data)
    if not text or CONTROLS.search(text):
        return None
    return Judged("csv" if name.casefold().endswith(".csv") else "txt", text, data)


def picture(data: bytes, kind: str) -> Judged | None:
    """The same picture and nothing else: where a phone was when it took it, is somebody's home."""
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG" if kind == "png" else "JPEG"]) as found:
            if found.width * found.height > MOST_PIXELS:
                return None
            ImageOps.exif_transpose(found).save(out, found.format, quality=92, exif=b"", comment=b"", xmp=b"")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return Judged(kind, "", out.getvalue())


def office(data: bytes) -> Judged | None:
    """A workbook or a document of today's kind, without programs in it. Words that were formatted in pieces are whole again."""
    if not harmless(data, MOST_UNPACKED):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            kind = next((kind for part, kind in PARTS.items() if part in names), "")
            if not kind or any(one.casefold().endswith("vbaproject.bin") for one in names):
                return None
            told = [one for one in names if one.startswith(("xl/", "word/")) and one.endswith(".xml")]
            inside = "\n".join(packed.read(one).decode("utf-8", "replace") for one in told)
    except BROKEN:
        return None
    return Judged(kind, html.unescape(TAG.sub("", END.sub("\n", inside))), data)


def safe_name(said: str, kind: str) -> str:
    """A name that is one on every system: letters, digits and a few marks of the last part, and the ending of what it is."""
    last = unicodedata.normalize("NFC", re.split(r"[\\/]", said)[-1])
    stem = last.rpartition(".")[0] or last
    kept = " ".join("".join(one if one.isalnum() or one in "-_()" else " " for one in stem).split())[:LETTERS].strip(" -_")
    return f"{kept if kept and not TAKEN.fullmatch(kept) else 'fil'}.{kind}"
