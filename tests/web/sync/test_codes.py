"""A device is taken into use with a code: made by a supervisor or administrator, good once and for a quarter of an hour."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import make_app, sign_in
from tests.device import new_code
from tests.fixtures.databases import Template
from tests.html import Page
from tests.people import BERIT, HANS, PER, SOLVEIG, Actor, ident
from tests.web.sync.reading import all_of, count
from webapp.config import ConfigProblem, from_environment
from webapp.models import AccessLog, Device, DeviceCode
from webapp.security import limiter
from webapp.sync import codes

Login = Callable[[Actor], FlaskClient]
REFUSED = "Koden er feil, brukt eller utløpt. Be leder eller administrator om en ny. Ingenting er endret."


def make(client: FlaskClient, name: str = "Nettbrett 7", unit: str = "Fjordsida") -> str:
    """The code that the page shows."""
    answer = client.post("/devices/codes", data={"name": name, "unit": str(ident(unit))})
    assert answer.status_code == 201, answer.text
    shown = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", Page(answer.text).words)
    assert shown is not None
    return shown[0]


def enrol(client: FlaskClient, code: Any) -> Any:
    return client.post("/device/enrolment", json={"code": code})


@pytest.mark.parametrize("actor", [SOLVEIG, PER])
def test_a_code_gives_one_device_the_name_and_unit_it_was_made_for(app: Flask, login: Login, berit: FlaskClient, actor: Actor) -> None:
    code = make(login(actor))
    assert enrol(berit, code.lower().replace("0", "o").replace("1", "l")).get_json()["name"] == "Nettbrett 7"
    (device,) = all_of(app, Device)
    assert (device.name, device.unit_id, device.enrolled_by) == ("Nettbrett 7", ident("Fjordsida"), BERIT.id)
    assert [count(app, AccessLog, AccessLog.action == one) for one in ("device_code_made", "device_enrolled")] == [1, 1]
    (kept,) = all_of(app, DeviceCode)
    rows = {one.action: one.detail["code"] for one in all_of(app, AccessLog, AccessLog.action.like("device_%"))}
    assert (kept.device_id, rows) == (device.id, dict.fromkeys(("device_code_made", "device_enrolled"), str(kept.id)))
    assert f"Med en kode som {actor.name} laget kl." in Page(login(SOLVEIG).get(f"/devices/{device.id}").text).words
    assert code.replace("-", "") not in repr(vars(kept))


@pytest.mark.parametrize("how", ["wrong", "used", "expired", "withdrawn", "none", "rubbish"])
def test_without_a_code_that_is_open_no_device_is_made(app: Flask, login: Login, berit: FlaskClient, how: str) -> None:
    code: Any = new_code(app, minutes=16 if how == "expired" else 0)
    made = 0
    if how == "used":
        assert enrol(login(BERIT), code).status_code == 200
        made = 1
    elif how == "withdrawn":
        (row,) = all_of(app, DeviceCode)
        assert login(SOLVEIG).post(f"/devices/codes/{row.id}/withdrawal").status_code == 303
    elif how in ("wrong", "rubbish"):
        code = {"wrong": "00000000", "rubbish": ["0"]}[how]
    answer = berit.post("/device/enrolment", json={} if how == "none" else {"code": code})
    assert (answer.status_code, answer.get_json()["message"]) == (422, REFUSED)
    assert "Set-Cookie" not in answer.headers
    assert count(app, Device) == made
    assert count(app, AccessLog, AccessLog.action == "device_code_refused") == 1


def test_of_eight_who_use_a_code_at_once_one_gets_a_device(app: Flask, login: Login) -> None:
    code, clients, found = new_code(app), [login(BERIT) for _ in range(8)], []
    together = threading.Barrier(8)

    def try_it(client: FlaskClient) -> None:
        together.wait()
        found.append(enrol(client, code).status_code)

    threads = [threading.Thread(target=try_it, args=(client,)) for client in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == [200] + [422] * 7
    assert count(app, Device) == 1


def test_a_leader_makes_and_sees_codes_of_her_units_only(app: Flask, login: Login) -> None:
    solveig, hans = login(SOLVEIG), login(HANS)
    make(solveig)
    (row,) = all_of(app, DeviceCode)
    assert "Nettbrett 7" in solveig.get("/devices/codes").text
    assert "Nettbrett 7" not in hans.get("/devices/codes").text
    assert hans.post(f"/devices/codes/{row.id}/withdrawal").status_code == 404
    for wrong in ({"name": "", "unit": str(ident("Fjordsida"))}, {"name": "N", "unit": str(ident("Sentrum"))}, {"name": "N", "unit": "x"}):
        answer = solveig.post("/devices/codes", data=wrong)
        assert (answer.status_code, "Ingenting er endret." in answer.text) == (422, True)
    assert count(app, DeviceCode) == 1


def test_a_code_that_was_used_cannot_be_taken_back(app: Flask, login: Login, berit: FlaskClient) -> None:
    assert enrol(berit, new_code(app)).status_code == 200
    (row,) = all_of(app, DeviceCode)
    answer = login(SOLVEIG).post(f"/devices/codes/{row.id}/withdrawal")
    assert (answer.status_code, "Ingenting er endret." in answer.text) == (422, True)


@pytest.fixture
def limited_app(sqlite_db: Template, tmp_path: Path) -> Iterator[Flask]:
    """The app with its limits on."""
    for app in make_app(sqlite_db, tmp_path, RATELIMIT_ENABLED=True):
        limiter.reset()
        yield app
        limiter.reset()
        limiter.enabled = False


def test_guessing_is_stopped_after_ten_tries(limited_app: Flask) -> None:
    berit = sign_in(limited_app.test_client(), BERIT)
    assert [enrol(berit, "00000000").status_code for _ in range(11)] == [422] * 10 + [429]


def test_only_an_installation_that_says_so_takes_a_device_into_use_without_a_code(app: Flask, berit: FlaskClient) -> None:
    assert 'name="code"' in berit.get("/enrol").text
    app.config["ENROL_WITHOUT_CODE"] = True
    assert 'name="code"' not in berit.get("/enrol").text
    assert enrol(berit, "00000000").status_code == 422
    assert berit.post("/device/enrolment", json={"name": "Nettbrett 1"}).status_code == 200


@pytest.mark.parametrize("typed", ["", None, 7, "x" * 41, "ABCDEFG", "ABCDEFGHJ", "ABCDEFGU", "ABCDEFGß"])
def test_what_is_no_code_is_read_as_none(typed: Any) -> None:
    assert codes.read(typed) == ""


@pytest.mark.parametrize(("given", "host", "allowed"), [
    ("", "127.0.0.1", False), ("local", "127.0.0.1", True), ("local", "0.0.0.0", False), ("1", "0.0.0.0", True), ("0", "127.0.0.1", False),  # noqa: S104
])  # fmt: skip
def test_what_an_installation_says_decides(tmp_path: Path, given: str, host: str, allowed: bool) -> None:
    said = from_environment({"DATA_DIR": str(tmp_path), "HOST": host, "ENROL_WITHOUT_CODE": given})
    assert said["ENROL_WITHOUT_CODE"] is allowed
    with pytest.raises(ConfigProblem, match="must be 1, 0 or local"):
        from_environment({"DATA_DIR": str(tmp_path), "ENROL_WITHOUT_CODE": "yes"})
