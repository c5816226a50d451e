"""The pages of a PDF that Chromium made, and the words on each: what a reader with the paper in hand can read."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
FONTS = re.compile(rb"/(F\d+) (\d+) 0 R")
# What glyphs without a meaning of their own stand for is said beside them (ActualText), until EMC.
SHOWN = re.compile(
    rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> ?Tj|\[(.*?)\] ?TJ|\b(ET)\b|/ActualText (<[0-9A-Fa-f]*>|\((?:\\.|[^)\\])*\))|\b(EMC)\b", re.DOTALL
)
CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)


def said(text: bytes) -> str:
    """A string of a PDF: hexadecimal, or letters with escapes."""
    inner = text[1:-1]
    if text[:1] == b"<":
        return bytes.fromhex(inner.decode()).removeprefix(b"\xfe\xff").decode("utf-16-be")
    return re.sub(rb"\\(.)", rb"\1", inner).decode("latin-1")


class Pdf:
    """Read as Skia writes it: plain objects, deflated streams, glyphs of one or two bytes with a table of what they mean."""

    def __init__(self, data: bytes) -> None:
        self.objects = {int(number): body for number, body in OBJECT.findall(data)}
        self.pages = [body for _number, body in sorted(self.objects.items()) if re.search(rb"/Type\s*/Page\b", body)]

    def text(self, page: int) -> str:
        """The words of a page, as far as they are text and not a picture, with single blanks."""
        body = self.pages[page]
        fonts = {name: self._meanings(int(number)) for name, number in FONTS.findall(self._resources(body))}
        found, font, instead = [], {}, False
        (contents,) = re.findall(rb"/Contents (\d+) 0 R", body)
        for name, one, many, end, actual, over in SHOWN.findall(self._stream(int(contents))):
            if name:
                font = fonts.get(name, {})
            if actual or over:
                instead = bool(actual)
                found.append(said(actual))
            if instead:
                continue
            for glyphs in [one] if one else re.findall(rb"<([0-9A-Fa-f]+)>", many):
                width = len(next(iter(font), b"00"))
                found.append("".join(font.get(glyphs[n : n + width].upper(), "") for n in range(0, len(glyphs), width)))
            if end:
                found.append(" ")
        return " ".join("".join(found).split())

    def _resources(self, body: bytes) -> bytes:
        inner = re.search(rb"/Resources (\d+) 0 R", body)
        return self.objects[int(inner[1])] if inner else body

    def _stream(self, number: int) -> bytes:
        packed = STREAM.search(self.objects[number])
        assert packed
        return zlib.decompress(packed[1]) if b"FlateDecode" in self.objects[number] else packed[1]

    def _meanings(self, font: int) -> dict[bytes, str]:
        table = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[font])
        told = self._stream(int(table[1])) if table else b""
        found: dict[bytes, str] = {}
        for block in CHARS.findall(told):
            for glyph, said in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                found[glyph.upper()] = bytes.fromhex(said.decode()).decode("utf-16-be")
        for block in RANGES.findall(told):
            for first, last, said in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                for n in range(int(last, 16) - int(first, 16) + 1):
                    found[b"%0*X" % (len(first), int(first, 16) + n)] = chr(int(said, 16) + n)
        return found
