"""What every answer carries, whatever it is: policy, headers, cookies, and what may be kept by a cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import make_app, sign_in
from tests.fixtures.databases import Template
from tests.people import BERIT, PASSWORD, PER, SOLVEIG
from tests.web import office
from tests.web.filled import Filled, contents
from tests.web.test_guards import rules
from webapp import create_app
from webapp.bedside import pages
from webapp.models import AccessLog
from webapp.security import BODY_LIMIT, KDF_WORKER, PICTURE, PROGRAM, WORKERS

FIXED = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
         "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}  # fmt: skip


def policy_of(answer: TestResponse) -> dict[str, set[str]]:
    parts = [one.split() for one in answer.headers["Content-Security-Policy"].split(";")]
    return {one[0]: set(one[1:]) for one in parts}


def answers(filled: Filled) -> Iterator[tuple[str, TestResponse]]:
    """Every kind of answer there is: pages, files, refusals, redirects, JSON, nothing."""
    app = filled.app
    for client in (app.test_client(), *(sign_in(app.test_client(), one) for one in (BERIT, SOLVEIG, PER))):
        for rule in rules(app, "GET"):
            for url in filled.urls(rule):
                yield url, client.get(url)
        for method, url in (("GET", "/nothing"), ("POST", "/round"), ("POST", "/login"), ("PUT", "/account"), ("OPTIONS", "/round"),
                            ("HEAD", "/login"), ("POST", "/sync/envelopes"), ("POST", "/sync/snapshot"), ("BREW", "/round"),
                            ("POST", "/device/enrolment"), ("GET", "/round/people/not-a-uuid"), ("DELETE", "/device/session")):  # fmt: skip
            yield f"{method} {url}", client.open(url, method=method)
        yield "413", client.post("/account/language", data=b"x" * (BODY_LIMIT + 1), content_type="application/x-www-form-urlencoded")
    yield "snapshot", filled.tablet.snapshot(filled.vault)
    yield "keys", filled.tablet.http.get("/sync/keys")


def test_every_answer_has_the_strict_policy_and_the_headers(filled_sqlite: Filled) -> None:
    codes = set()
    for where, answer in answers(filled_sqlite):
        program = answer.mimetype in PROGRAM and answer.headers["Cache-Control"] != "no-store"
        if program and where not in WORKERS and answer.mimetype != PICTURE:
            continue  # files of the program are neither documents nor workers: test_program_headers
        policy = policy_of(answer)
        assert policy["default-src"] == {"'self'"}, where
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == {"'none'"}, where
        said = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in said, where
        assert "http" not in said, where
        assert "*" not in said, where
        if not program:
            assert FIXED.items() <= dict(answer.headers).items(), where
            assert {"camera=(self)", "geolocation=()", "microphone=()"} <= set(answer.headers["Permissions-Policy"].split(", ")), where
        assert "Server" not in answer.headers or "Python" not in answer.headers["Server"], where
        codes.add(answer.status_code)
    assert codes >= {200, 302, 400, 401, 403, 404, 405, 413}


def test_only_the_key_derivation_may_compile_webassembly(filled_sqlite: Filled) -> None:
    client = filled_sqlite.app.test_client()
    assert policy_of(client.get(KDF_WORKER))["script-src"] == {"'self'", "'wasm-unsafe-eval'"}
    for near in (KDF_WORKER + "/", KDF_WORKER.upper(), KDF_WORKER + "%00"):
        assert "unsafe" not in client.get(near).headers["Content-Security-Policy"]


def test_a_bug_and_a_lost_database_have_the_headers_too(sqlite_db: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, _drop = sqlite_db.copy(tmp_path)
    app = create_app({"DATABASE_URL": url, "DATA_DIR": tmp_path / "data", "RATELIMIT_ENABLED": False})
    berit = sign_in(app.test_client(), BERIT)
    token = berit.environ_base["HTTP_X_CSRFTOKEN"]
    monkeypatch.setattr(pages, "round_page", lambda *_: 1 / 0)
    broken = berit.get("/round")
    app.extensions["engine"].dispose()
    Path(url.removeprefix("sqlite:///")).write_bytes(b"no database at all" * 900)
    for name in ("-wal", "-shm"):
        Path(url.removeprefix("sqlite:///") + name).unlink(missing_ok=True)
    lost = berit.post("/account/language", data={"language": "nn"}, headers={"X-CSRFToken": token, "HX-Request": "true"})
    app.extensions["engine"].dispose()
    for answer, code in ((broken, 500), (lost, 503)):
        assert answer.status_code == code
        assert policy_of(answer)["default-src"] == {"'self'"}
        assert FIXED.items() <= dict(answer.headers).items()
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Databasen svarer ikke akkurat nå. Ingenting er endret." in lost.text
    assert lost.headers["HX-Reswap"] == "none"
    assert lost.headers["X-Trouble-Text"].startswith("Ikke%20lagret.")


def test_nothing_about_people_is_kept_by_a_cache(filled_sqlite: Filled) -> None:
    kept = set()
    for where, answer in answers(filled_sqlite):
        if answer.headers["Cache-Control"] != "no-store":
            kept.add(where.split("/")[1])
            assert "Astrid" not in answer.text, where
            assert "Set-Cookie" not in answer.headers, where
    assert kept == {"static", "sw", "shell.json", "shell.pack", "shell.later.pack", "shell.html", "worker.js", "manifest.webmanifest"}


def cookies(answer: TestResponse) -> dict[str, set[str]]:
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        first, *rest = [part.strip() for part in line.split(";")]
        found[first.partition("=")[0]] = {part for part in rest if not part.startswith("Expires")}
    return found


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_out_of_reach_of_scripts_and_other_sites_and_secure_away_from_loopback(
    sqlite_db: Template, tmp_path: Path, secure: bool
) -> None:
    for app in make_app(sqlite_db, tmp_path, SECURE_COOKIES=secure):
        client = app.test_client()
        base = "https://localhost" if secure else "http://localhost"
        page = client.get("/login", base_url=base)
        token = cookies(page)["csrf"]
        data = {"username": "berit", "password": PASSWORD, "csrf_token": client.get_cookie("csrf").value}  # type: ignore[union-attr]
        headers = {"Referer": base + "/login"}
        session = cookies(client.post("/login", data=data, base_url=base, headers=headers))["tr_session"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= session
        assert {"SameSite=Strict", "Path=/"} <= token
        assert ("Secure" in session, "Secure" in token) == (secure, secure)
        assert ("Strict-Transport-Security" in page.headers) == secure


@pytest.mark.parametrize(("host", "https", "secure"), [("127.0.0.1", "", False), ("::1", "", False), ("localhost", "", False),
                                                       ("0.0.0.0", "", True), ("10.1.2.3", "", True), ("127.0.0.1", "1", True)])  # noqa: S104  # fmt: skip
def test_cookies_are_secure_wherever_the_server_can_be_reached_from_outside(tmp_path: Path, host: str, https: str, secure: bool) -> None:
    from webapp.config import from_environment

    found = from_environment({"DATA_DIR": str(tmp_path), "HOST": host, "TRYGGRUNDE_HTTPS": https})
    assert found["SECURE_COOKIES"] is secure


def test_a_body_that_is_too_large_is_refused_with_a_sentence_and_the_session_lives_on(app: Flask, berit: Any) -> None:
    draft = office.start(berit, "Astrid Lunde")
    before = contents(app, AccessLog)
    part, end = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n', b"\r\n--b--\r\n"
    for kind, data in (
        ("application/x-www-form-urlencoded", b"f=common.note&common.note=" + b"x" * BODY_LIMIT),
        ("multipart/form-data; boundary=b", part + b"x" * BODY_LIMIT + end),
        ("multipart/form-data; boundary=b", (part + b"\r\n") * 3000 + end),
    ):
        answer = berit.post(f"/round/checks/{draft}/answers", data=data, content_type=kind, headers={"HX-Request": "true"})
        assert answer.status_code == 413
        assert "Det du sendte er for stort. Ingenting er endret." in answer.text
        assert answer.headers["HX-Reswap"] == "none"
    assert contents(app, AccessLog) == before
    assert berit.get("/round").status_code == 200
