"""Small PNGs: a screenshot in at most 256 colours. The browser counts the colours, we write the file."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# The most common 256 colours; every other pixel takes the nearest of them.
COUNT = """async data => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const seen = new Map();
  for (const one of pixels) seen.set(one, (seen.get(one) ?? 0) + 1);
  const palette = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 256).map(one => one[0]);
  const parts = colour => [colour & 255, colour >> 8 & 255, colour >> 16 & 255];
  const chosen = palette.map(parts);
  const place = new Map(palette.map((colour, index) => [colour, index]));
  const nearest = colour => {
    const [r, g, b] = parts(colour);
    let best = 0, least = Infinity;
    chosen.forEach(([x, y, z], index) => {
      const away = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (away < least) { least = away; best = index; }
    });
    return best;
  };
  const indices = new Uint8Array(pixels.length);
  pixels.forEach((colour, index) => {
    if (!place.has(colour)) place.set(colour, nearest(colour));
    indices[index] = place.get(colour);
  });
  let text = '';
  for (let at = 0; at < indices.length; at += 32768) text += String.fromCharCode(...indices.subarray(at, at + 32768));
  return { width: picture.width, height: picture.height, palette: chosen.flat(), indices: btoa(text) };
}"""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_small(page: Page, picture: bytes, path: Path) -> int:
    """Write the screenshot to `path`; its size in bytes. `page` is any page whose policy allows data: (about:blank)."""
    told = page.evaluate(COUNT, base64.b64encode(picture).decode())
    width, height, rows = told["width"], told["height"], base64.b64decode(told["indices"])
    lines = b"".join(b"\0" + rows[at : at + width] for at in range(0, len(rows), width))
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9)
    data = packer.compress(lines) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"PLTE", bytes(told["palette"])) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    path.write_bytes(file)
    return len(file)
