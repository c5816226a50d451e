"""The week of a unit on a page and as e-mail, sent through a real mail server: once, tried again, or told of as refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.fixtures import mail
from tests.fixtures.mail import Post
from tests.people import ident
from tests.web import office
from tests.web.sync.reading import all_of, change
from webapp.config import ConfigProblem, from_environment
from webapp.models import SummaryAddress, SummaryMail
from webapp.summary import sending, week
from webapp.summary.smtp import Smtp

HERE = str(ident("Fjordsida"))
TO = "leder@kommune.no"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with mail.server(tmp_path) as running:
        yield running


@pytest.fixture
def news(berit: FlaskClient, solveig: FlaskClient) -> None:
    """Something to tell of, and somebody to tell."""
    office.record(berit, "Astrid Lunde", "urgent")
    assert add(solveig, TO).status_code == 303


def add(leader: FlaskClient, address: str) -> TestResponse:
    return leader.post("/summary/addresses", data={"unit": HERE, "address": address})


def send(app: Flask, settings: Smtp, now: datetime | None = None) -> tuple[int, int]:
    with app.app_context():
        return sending.run(app.extensions["engine"], settings, now or datetime.now(UTC))


def state(app: Flask) -> list[tuple[str, str, int]]:
    return sorted((one.state, one.why, one.tries) for one in all_of(app, SummaryMail))


@pytest.mark.usefixtures("news")
def test_a_week_is_sent_once_however_often_it_is_run_and_names_nobody(app: Flask, post: Post) -> None:
    assert [send(app, post.settings) for _ in range(3)] == [(1, 0), (0, 0), (0, 0)]
    (message,) = post.taken
    assert (message["To"], message["From"]) == (TO, "tryggrunde@kommune.no")
    said = message["Subject"] + message.get_content()
    assert "nytt varsel siste uke har ingen ansvarlig" in said or "nye varsler siste uke har ingen ansvarlig" in said
    assert "Gi dem en ansvarlig på tavlemøtet." in said
    assert f"https://runde.test/summary?unit={HERE}" in said
    for hidden in ("Astrid", "Lunde", "Berit", "Solveig", "Ømhet", "urgent"):
        assert hidden not in said
    assert send(app, post.settings, datetime.now(UTC) + timedelta(days=8)) == (0, 0)
    assert state(app) == [("quiet", "", 1), ("sent", "", 1)], "the next week is a week of its own"


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.usefixtures("news")
def test_both_kinds_of_tls_carry_it_and_a_certificate_nobody_vouches_for_does_not(app: Flask, tmp_path: Path, tls: str) -> None:
    with mail.server(tmp_path, tls) as post:
        assert send(app, replace(post.settings, ca_file="")) == (0, 1)
        assert state(app) == [("failed", "tls", 1)]
        assert send(app, post.settings) == (1, 0)
        assert state(app) == [("sent", "", 2)]


@pytest.mark.usefixtures("news")
def test_a_server_that_offers_no_encryption_gets_no_password(app: Flask, tmp_path: Path) -> None:
    with mail.server(tmp_path, "none") as post:
        assert send(app, replace(post.settings, tls="starttls")) == (0, 1)
        assert (state(app), post.taken) == ([("failed", "tls", 1)], [])


@pytest.mark.usefixtures("news")
def test_a_server_that_is_down_is_tried_again_and_the_leader_is_told_meanwhile(app: Flask, post: Post, solveig: FlaskClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = replace(post.settings, port=free.getsockname()[1])
    assert send(app, down) == (0, 1)
    assert f"Oppsummeringen av uka nådde ikke {TO}. E-postserveren svarte ikke." in solveig.get("/review").text
    assert send(app, post.settings) == (1, 0)
    assert "nådde ikke" not in solveig.get("/review").text
    assert len(post.taken) == 1


@pytest.mark.usefixtures("news")
def test_a_wrong_password_is_told_of_and_kept_out_of_what_is_told(app: Flask, post: Post, solveig: FlaskClient) -> None:
    wrong = replace(post.settings, password="feil setning")
    assert "feil setning" not in repr(wrong)
    assert send(app, wrong) == (0, 1)
    assert state(app) == [("failed", "log_in", 1)]
    assert "E-postserveren godtok ikke innloggingen." in solveig.get("/summary").text
    assert send(app, post.settings) == (1, 0)


@pytest.mark.usefixtures("news")
def test_a_refused_recipient_is_not_tried_again_and_keeps_nobody_else_from_getting_it(app: Flask, post: Post, solveig: FlaskClient) -> None:
    add(solveig, "slutta@kommune.no")
    add(solveig, "full@kommune.no")
    post.refused = {"slutta@kommune.no": "550 5.1.1 No such user", "full@kommune.no": "452 4.2.2 Mailbox full"}
    assert send(app, post.settings) == (1, 2)
    assert state(app) == [("failed", "other", 1), ("refused", "recipient", 1), ("sent", "", 1)]
    post.refused = {}
    assert send(app, post.settings) == (1, 0)
    assert sorted(one["To"] for one in post.taken) == ["full@kommune.no", TO]
    told = solveig.get("/review").text
    assert "nådde ikke slutta@kommune.no. E-postserveren sier at adressen ikke finnes" in told
    gone = next(one for one in all_of(app, SummaryAddress) if one.address == "slutta@kommune.no")
    assert solveig.post(f"/summary/addresses/{gone.id}/withdrawal").status_code == 303
    assert "slutta" not in solveig.get("/review").text + solveig.get("/summary").text


@pytest.mark.usefixtures("news")
def test_a_run_that_was_killed_in_the_middle_is_taken_up_after_an_hour(app: Flask, post: Post) -> None:
    now = datetime.now(UTC)
    (address,) = all_of(app, SummaryAddress)
    with app.app_context():
        assert sending.take(app.extensions["engine"], address.id, week.monday(now.astimezone(week.OSLO).date()), now)
    assert send(app, post.settings) == (0, 0)
    change(app, lambda s: s.execute(update(SummaryMail).values(at=now - timedelta(hours=2))))
    assert send(app, post.settings) == (1, 0)


def test_a_week_with_nothing_new_is_not_sent(app: Flask, post: Post, solveig: FlaskClient) -> None:
    add(solveig, TO)
    assert "Ingenting nytt denne uka." in solveig.get("/summary").text
    assert send(app, post.settings) == (0, 0)
    assert (state(app), post.taken) == ([("quiet", "", 1)], [])


def test_only_the_units_leader_says_whom_it_goes_to(app: Flask, solveig: FlaskClient, hans: FlaskClient) -> None:
    assert add(hans, TO).status_code == 404
    for wrong in ("", "leder", "a@b", "a@kommune.no\r\nBcc: x@y.no", "å@kommune.no", "a" * 250 + "@kommune.no"):
        assert add(solveig, wrong).status_code == 422
    assert add(solveig, TO).status_code == 303
    assert add(solveig, TO.upper()).status_code == 422
    (address,) = all_of(app, SummaryAddress)
    assert hans.post(f"/summary/addresses/{address.id}/withdrawal").status_code == 404
    assert TO not in hans.get("/summary").text


GOOD = {"SMTP_HOST": "mail.kommune.no", "SMTP_FROM": "tryggrunde@kommune.no", "SMTP_APP_URL": "https://runde.kommune.no"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"SMTP_TLS": "none"}, "on this machine only"), ({"SMTP_TLS": "x"}, "must be starttls, tls, none"), ({"SMTP_PORT": "0"}, "SMTP_PORT"),
     ({"SMTP_FROM": "x"}, "SMTP_FROM"), ({"SMTP_APP_URL": "runde"}, "SMTP_APP_URL"), ({"SMTP_USER": "x"}, "together"),
     ({"SMTP_PASSWORD_FILE": "/nowhere/x"}, "cannot be read")],
)  # fmt: skip
def test_settings_that_cannot_be_used_say_what_to_do(tmp_path: Path, wrong: dict[str, str], says: str) -> None:
    assert from_environment({"DATA_DIR": str(tmp_path)})["SMTP"] is None
    assert from_environment({"DATA_DIR": str(tmp_path), **GOOD})["SMTP"].port == 587
    with pytest.raises(ConfigProblem, match=says):
        from_environment({"DATA_DIR": str(tmp_path), **GOOD, **wrong})
