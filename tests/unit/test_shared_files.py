"""What a file is by what is in it, whatever it is called."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.fixtures import shared_files
from tests.fixtures.shared_files import GOOD, WRONG, document, photo, workbook
from tests.web.naughty import STRINGS
from webapp.improvement import attached, files


@pytest.mark.parametrize("name", GOOD)
def test_what_may_be_shared_is_known_by_its_content(name: str) -> None:
    found = files.judged(GOOD[name], name.replace(".", ".exe.") if name != "rå.csv" else name)
    assert found is not None
    assert found.kind == name.rpartition(".")[2]


@pytest.mark.parametrize("why", WRONG)
def test_what_may_not_be_shared_is_none_of_them(why: str) -> None:
    name, data = WRONG[why]
    assert files.judged(data, name) is None


def test_a_picture_says_nothing_of_where_and_by_whom_it_was_taken() -> None:
    for data, kind in ((photo(), "jpg"), (shared_files.png(), "png")):
        assert b"Telefon AS" in data
        kept = files.judged(data, "x")
        assert kept is not None
        assert kept.kind == kind
        assert b"Telefon AS" not in kept.data
        with Image.open(io.BytesIO(kept.data)) as picture:
            assert dict(picture.getexif()) == {}
            assert picture.size == ((160, 120) if kind == "jpg" else (40, 30))


def test_what_is_written_in_a_document_or_a_workbook_is_read_also_in_pieces() -> None:
    pieces = "<w:p><w:r><w:t>Astr</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>id Lun</w:t></w:r><w:t>de</w:t></w:p><w:p><w:t>og</w:t></w:p>"
    for data in (document(pieces), workbook("Astrid Lunde", "og")):
        found = files.judged(data, "x")
        assert found is not None
        assert "Astrid Lunde\n" in found.text


@pytest.mark.parametrize(("said", "kept"), [
    ("C:\\fakepath\\plan.pdf", "plan.pdf"), ("../../etc/passwd", "passwd.pdf"), ("evil.html", "evil.pdf"), ("", "fil.pdf"),
    ("Årsplan 2026 (ny).PDF", "Årsplan 2026 (ny).pdf"), ("CON.pdf", "fil.pdf"), (".pdf", "pdf.pdf"), ("\u202efdp.exe", "fdp.pdf"),
    ('a"; filename="b.exe', "a filename b.pdf"), ("a\r\nSet-Cookie: x=1", "a Set-Cookie x 1.pdf"), ("x" * 300, "x" * 80 + ".pdf"),
])  # fmt: skip
def test_a_name_is_one_on_every_system(said: str, kept: str) -> None:
    assert files.safe_name(said, "pdf") == kept


@pytest.mark.parametrize("kind", STRINGS)
def test_no_name_is_anything_but_a_name(kind: str) -> None:
    made = files.safe_name(STRINGS[kind], "pdf")
    assert made.endswith(".pdf")
    assert all(one.isalnum() or one in " -_()" for one in made.removesuffix(".pdf"))
    assert 1 <= len(made.removesuffix(".pdf")) <= 80


@pytest.mark.parametrize(("size", "text"), [(1, "1 kB"), (1024, "1 kB"), (120_000, "118 kB"), (1024 * 1024, "1 MB"), (2_621_440, "2,5 MB")])
def test_a_size_is_said_in_short(size: int, text: str) -> None:
    assert attached.size_text(size) == text
