"""Scripts and styles carry what they need; documents and workers carry the whole policy."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize("path", ["/login", "/worker.js", "/sw/kdf_worker.js", "/shell.html", "/static/icons/icons.svg"])
def test_documents_workers_and_pictures_have_the_content_policy(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get(path)
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/sync/keys", "/healthz"])
def test_an_answer_about_this_installation_has_the_whole_policy(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get(path)
    assert answer.mimetype == "application/json"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/shell.json", "/shell.pack", "/shell.later.pack"])
def test_the_shell_is_asked_for_anew_every_time(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/sw/device.js", "/static/css/app.css", "/static/icons/icon-192.png", "/manifest.webmanifest"])
def test_program_files_are_taken_for_what_they_are(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "max-age=120"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"  # the same before a log-in and after it


def test_a_page_is_compressed_only_where_a_stranger_chooses_nothing_of_it(sqlite_app: Flask) -> None:
    """A form's token beside words from the address would be told by the answer's length."""
    asks = {"Accept-Encoding": "br"}
    first, any_other = (sqlite_app.test_client().get(f"/login?next={page}", headers=asks) for page in ("/enrol", "/round"))
    assert first.headers["Content-Encoding"] == "br"
    assert "no-store" in first.headers["Cache-Control"]
    assert "Content-Encoding" not in any_other.headers


def test_a_file_has_one_date_on_the_wire(sqlite_app: Flask) -> None:
    """The server writes one; a second one on each of a first load's files was a kilobyte."""
    assert "Date" not in sqlite_app.test_client().get("/sw/store.js").headers
