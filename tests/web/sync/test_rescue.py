"""What a device could not send is carried to the server in a file: each record gets its verdict, once, and nothing else changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import BERIT, PER, SOLVEIG, ref
from tests.web.filled import contents
from tests.web.sync.reading import all_of, count
from webapp.models import AccessLog, CheckRecord, Device, Quarantine
from webapp.sync import envelope

ASTRID = str(ref("Astrid Lunde"))
FORM = "hud_sjekk"
ROOT = Path(__file__).parents[3]


def check(tablet: Tablet, vault: Vault, **more: Any) -> bytes:
    how = {"version": 1} if "bv" in more else {}  # a form that nobody knows cannot be packed
    return tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}, **more), **how)


def rescue_file(tablet: Tablet, vault: Vault, sealed: list[bytes], **head: Any) -> bytes:
    """As sw/rescue.js writes it."""
    body = envelope.frame([b"P" + msgspec.json.encode(vault.papers), *sealed])
    place = head.get("installation", tablet.installation)
    return b"".join([b"TRYGGRUNDERESCUE", bytes([head.get("version", 1)]), place.bytes, hashlib.sha256(body).digest(), body])


def send(client: FlaskClient, data: bytes) -> Any:
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="x.rescue"\r\n\r\n'
    body = head + data + b"\r\n--edge--\r\n"
    return client.post("/rescue", data=body, content_type="multipart/form-data; boundary=edge")


@pytest.fixture
def solveig(login: Callable[..., FlaskClient]) -> FlaskClient:
    return login(SOLVEIG)


def test_each_record_gets_its_verdict_and_a_second_time_changes_nothing(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    good, wrong = check(tablet, vault), check(tablet, vault, bv=99)
    data = rescue_file(tablet, vault, [good, wrong])
    words = Page(send(solveig, data).text).words
    for said in ("1 registrering er lagt inn.", "1 er tatt vare på, men ikke godtatt.", "Skjemaversjonen er ukjent. (1)"):
        assert said in words, said
    before = contents(app, AccessLog)
    assert "1 var her fra før." in send(solveig, data).text
    assert contents(app, AccessLog) == before
    assert [one.device_id for one in all_of(app, Quarantine)] == [UUID(tablet.device_id)]
    assert count(app, AccessLog, AccessLog.action == "rescue_import", AccessLog.user_id == SOLVEIG.id) == 2


def test_the_device_still_gets_its_own_answer_afterwards(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    sealed = check(tablet, vault)
    contact = all_of(app, Device)[0].last_contact
    send(solveig, rescue_file(tablet, vault, [sealed]))
    assert all_of(app, Device)[0].last_contact == contact, "a file is no contact"
    assert tablet.verdicts([sealed])[0]["verdict"] == "duplicate"
    assert count(app, CheckRecord) == 1


def test_an_administrator_may_bring_a_file_and_reads_nothing_of_it(tablet: Tablet, vault: Vault, login: Callable[..., FlaskClient]) -> None:
    per = login(PER)
    assert "Ta inn redningsfil" in per.get(per.get("/").headers["Location"]).text
    answer = send(per, rescue_file(tablet, vault, [check(tablet, vault)]))
    assert "1 registrering er lagt inn." in answer.text
    assert "Astrid" not in answer.text


def test_a_nurse_may_not(app: Flask, tablet: Tablet, vault: Vault) -> None:
    berit = sign_in(app.test_client(), BERIT)
    assert berit.get("/rescue").status_code == 403
    assert send(berit, rescue_file(tablet, vault, [check(tablet, vault)])).status_code == 403
    assert count(app, CheckRecord) == 0


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda data: b"", "Velg en redningsfil."),
    "a picture": (lambda data: b"\x89PNG" + data, "Dette er ikke en redningsfil"),
    "only a head": (lambda data: data[:20], "Dette er ikke en redningsfil"),
    "cut short": (lambda data: data[:-5], "Redningsfilen er skadet."),
    "one bit": (lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:], "Redningsfilen er skadet."),
    "no frames": (lambda data: data[:33] + hashlib.sha256(b"rubbish").digest() + b"rubbish", "Redningsfilen er skadet."),
    "a newer version": (lambda data: data[:16] + b"\2" + data[17:], "laget av en nyere utgave"),
    "another installation": (lambda data: data[:17] + uuid4().bytes + data[33:], "en annen installasjon"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_file_that_is_none_gets_a_sentence_and_changes_nothing(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, case: str
) -> None:
    edit, said = DAMAGE[case]
    data = edit(rescue_file(tablet, vault, [check(tablet, vault)]))
    before = contents(app, AccessLog)
    answer = send(solveig, data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Ingenting er endret." in answer.text
    assert contents(app, AccessLog) == before


def test_an_envelope_of_another_installation_in_a_file_of_ours_stops_all_of_it(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    foreign = tablet.seal(vault, payload, installation=uuid4())
    assert "en annen installasjon" in send(solveig, rescue_file(tablet, vault, [check(tablet, vault), foreign])).text
    assert (count(app, CheckRecord), count(app, Quarantine)) == (0, 0)


def test_a_huge_file_gets_a_sentence_from_the_page(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    data = rescue_file(tablet, vault, [check(tablet, vault)])
    large = send(solveig, data + bytes(3 * 1024 * 1024))
    assert (large.status_code, "Redningsfilen er skadet." in large.text) == (422, True), "more than an ordinary form may be"
    huge = send(solveig, bytes(66 * 1024 * 1024))
    assert huge.status_code == 413
    assert "for stort. Ingenting er endret." in huge.text
    stranger = sign_in(app.test_client(), SOLVEIG)
    stranger.delete_cookie("tr_session")
    assert send(stranger, bytes(3 * 1024 * 1024)).status_code == 413
    assert count(app, CheckRecord) == 0


def test_the_command_takes_in_a_file_and_says_what_became_of_it(sqlite_app: Flask, login_sqlite: FlaskClient, tmp_path: Path) -> None:
    tablet = Tablet.enrol(sqlite_app, login_sqlite)
    vault = tablet.open_vault(login_sqlite)
    good, broken = tmp_path / "good.rescue", tmp_path / "broken.rescue"
    data = rescue_file(tablet, vault, [check(tablet, vault, bv=99)])
    good.write_bytes(data)
    broken.write_bytes(data[:-1])

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        names = {name: str(sqlite_app.config[name]) for name in ("DATABASE_URL", "DATA_DIR")}
        return subprocess.run([sys.executable, "-m", "webapp.cli", "rescue", "import", str(path)], cwd=ROOT, check=False,
                              env={**os.environ, **names}, capture_output=True, text=True)

    for _ in range(2):
        told = run(good)
        assert (told.returncode, told.stdout) == (0, "1 kept for a supervisor to decide\nquarantined: bundle_unknown (1)\n"), told.stderr
    assert count(sqlite_app, Quarantine) == 1
    for path, said in ((broken, "is damaged"), (tmp_path / "missing", "No such file")):
        refused = run(path)
        assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr
