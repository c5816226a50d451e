"""A supervisor is told what has not reached the server within a day, and sees how each device is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.device import Tablet
from tests.html import Page
from tests.web.sync.reading import all_of, change
from webapp.models import Device
from webapp.sync.people import utc_now


def ago(hours: float) -> str:
    return (utc_now() - timedelta(hours=hours)).isoformat(timespec="seconds")


def say(tablet: Tablet, **holds: Any) -> None:
    """A locked tablet says what it holds."""
    assert tablet.http.post("/sync/keys", json={"wire": 1, "shell": "old", "holds": holds}).status_code == 200


def test_a_check_unsent_for_a_day_is_told_before_she_asks(app: Flask, berit: FlaskClient, solveig: FlaskClient, hans: FlaskClient) -> None:
    tablet = Tablet.enrol(app, berit, "Nettbrett 3")
    say(tablet, waiting=2, oldest=ago(23))
    assert "Ikke sendt på over et døgn" not in solveig.get("/review").text
    say(tablet, waiting=2, oldest=ago(25), now=ago(-0.5), kept=False)
    assert "Nettbrett 3 har 2 sjekker som ikke er sendt" in Page(solveig.get("/review").text).words
    assert "Nettbrett 3" not in hans.get("/review").text + hans.get("/review/devices").text
    words = Page(solveig.get("/review/devices").text).words
    for said in ("Har noe som ikke blir sendt", "Klokka går 30 minutter foran.", "Eldre utgave av appen (old)", "ikke lovet å ta vare på"):
        assert said in words, said


def test_a_silent_device_is_told_with_what_it_last_held(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    tablet = Tablet.enrol(app, berit, "Nettbrett 4")
    say(tablet, waiting=5, oldest=ago(1))
    silent = update(Device).values(last_contact=utc_now() - timedelta(hours=30))
    change(app, lambda session: session.execute(silent))
    words = Page(solveig.get("/review").text).words
    assert "Nettbrett 4 har vært stille siden" in words
    assert "Da hadde den 5 sjekker som ikke var sendt." in words


def test_what_a_device_says_of_itself_is_only_taken_for_what_it_is(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    tablet = Tablet.enrol(app, berit)
    say(tablet, waiting="<b>", oldest="<script>", now=[1], kept="yes", more={"a": 1})
    (device,) = all_of(app, Device)
    assert {key: device.reported[key] for key in ("waiting", "oldest", "clock")} == {"waiting": 0, "oldest": None, "clock": None}
    assert {"kept", "more"} & set(device.reported) == set()
    assert solveig.get("/review/devices").status_code == 200
    assert app.test_client().post("/sync/keys", json={"wire": 1}).status_code == 401


def test_a_device_that_has_set_a_store_aside_is_never_said_to_have_nothing_left(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    tablet = Tablet.enrol(app, berit, "Nettbrett 6")
    say(tablet, waiting=0, aside=1)
    words = Page(solveig.get("/review/devices").text).words
    for said in ("Har lagt et lager til side", "hva som lå usendt der, er ukjent", "Start enheten på nytt og åpne appen"):
        assert said in words, said
    assert "Nettbrett 6 har lagt et lager til side som ikke åpnet seg." in Page(solveig.get("/review").text).words
    assert "lagt et lager til side" not in hans.get("/review").text + hans.get("/review/devices").text
    silent = update(Device).values(last_contact=utc_now() - timedelta(hours=30))
    change(app, lambda session: session.execute(silent))
    words = Page(solveig.get("/review").text).words
    assert "Den hadde et lager som er lagt til side." in words
    assert "ingenting igjen å sende" not in words
    say(tablet, waiting=0, aside=0)
    assert "lager" not in Page(solveig.get("/review/devices").text).words
