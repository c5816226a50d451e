"""What of a picture the server keeps, and what it never takes: with real files."""

from __future__ import annotations

import io
import resource
import zipfile
from contextlib import suppress

import pytest
from PIL import Image

from tests import pictures
from webapp.sync.photo_image import MOST_PIXELS, Unfit, look, strip


def reason(data: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        strip(data)
    return refused.value.reason


def test_where_and_when_a_photo_was_taken_is_gone() -> None:
    before = pictures.camera()
    with Image.open(io.BytesIO(before)) as picture:
        assert picture.getexif().get_ifd(0x8825)[2] == (59.0, 54.0, 1.5)

    after = strip(before)

    with Image.open(io.BytesIO(after.jpeg)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (1200, 900), {})
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Telefon AS" not in after.jpeg
    assert b"Exif" not in after.jpeg
    assert (after.width, after.height) == (1200, 900)


def test_the_picture_itself_is_the_same() -> None:
    before = pictures.taken()
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(strip(before).jpeg)) as other:
        apart = [abs(a - b) for a, b in zip(one.tobytes()[:30_000], other.tobytes()[:30_000], strict=True)]
    assert sum(apart) / len(apart) < 2  # of 255


def test_a_photo_that_says_it_lies_on_its_side_is_turned_before_that_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG", exif=exif)

    bare = strip(out.getvalue())

    assert (bare.width, bare.height) == (300, 400)
    assert b"Exif" not in bare.jpeg


@pytest.mark.parametrize("data", [
    b"", b"\xff\xd8\xff", b"hei", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"%PDF-1.7", pictures.png(),
    pictures.png_bomb(), b"GIF89a" + b"\0" * 400,
], ids=["empty", "three bytes", "text", "svg", "pdf", "png", "png bomb", "gif"])  # fmt: skip
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    assert reason(data) in ("not_image", "broken")


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr("run.exe", "MZ")
    return out.getvalue()


@pytest.mark.parametrize("data", [
    pictures.camera() + archive(), pictures.camera() + b"<script>alert(1)</script>",
    pictures.with_comment(pictures.camera(), b"<?php system($_GET['c']); ?>"),
    pictures.with_comment(pictures.camera(), b"%PDF-1.7 1 0 obj"), pictures.camera() + pictures.camera(),
], ids=["zip behind", "script behind", "program in a comment", "pdf in a comment", "two pictures"])  # fmt: skip
def test_a_picture_that_is_something_else_too_is_refused(data: bytes) -> None:
    assert reason(data) == "polyglot"


def test_a_hundred_megapixels_are_refused_before_anything_is_decoded() -> None:
    jpeg = pictures.camera(400, 300)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for width, height in ((10_000, 10_000), (65_535, 65_535), (MOST_PIXELS // 1000 + 1, 1000)):
        assert reason(pictures.claims(jpeg, width, height)) == "too_many_pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


def test_a_real_picture_of_a_hundred_megapixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("L", (10_000, 10_000), 200).save(out, "JPEG", quality=20)
    assert reason(out.getvalue()) == "too_many_pixels"


def test_a_picture_cut_short_anywhere_is_refused() -> None:
    jpeg = pictures.camera(160, 120)
    for end in range(3, len(jpeg) - 1, 97):
        assert reason(jpeg[:end]) in ("broken", "not_image"), end


def test_bits_turned_over_never_end_in_anything_but_a_verdict() -> None:
    jpeg = pictures.camera(160, 120)
    for at in range(2, len(jpeg), 41):
        hurt = jpeg[:at] + bytes([jpeg[at] ^ 0xFF]) + jpeg[at + 1 :]
        with suppress(Unfit):  # any other exception is a fault
            look(strip(hurt).jpeg)


def test_a_progressive_picture_is_taken_and_one_with_a_thousand_scans_is_not() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "JPEG", progressive=True)
    jpeg = out.getvalue()
    assert strip(jpeg).width == 64
    scan = jpeg[jpeg.index(b"\xff\xda") : -2]
    assert reason(jpeg[:-2] + scan * 100 + jpeg[-2:]) == "too_large"
