"""Photos that have not reached the server are counted like checks, wherever a supervisor looks."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.device import Tablet
from tests.html import Page
from tests.web.sync.reading import change
from tests.web.test_fleet import ago, say
from webapp.models import Device
from webapp.sync.people import utc_now


def test_a_device_that_holds_photos_only_is_not_empty(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    tablet = Tablet.enrol(app, berit, "Nettbrett 5")
    say(tablet, waiting=0, photos=3, photos_oldest=ago(23))
    words = Page(solveig.get("/review/devices").text).words
    assert "Sier at den har 0 sjekker og 0 utkast igjen. 3 bilder er ikke sendt ennå." in words
    assert "I kontakt" in words
    assert "Ikke sendt på over et døgn" not in solveig.get("/review").text
    say(tablet, waiting=0, photos=3, photos_oldest=ago(25))
    assert "Nettbrett 5 har 3 bilder som ikke er sendt. Den eldste sjekken er fra" in Page(solveig.get("/review").text).words
    assert "Har noe som ikke blir sendt" in Page(solveig.get("/review/devices").text).words


def test_of_a_silent_device_its_photos_are_told_too(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    tablet = Tablet.enrol(app, berit, "Nettbrett 6")
    say(tablet, waiting=0, photos=2, photos_oldest=ago(1))
    silent = update(Device).values(last_contact=utc_now() - timedelta(hours=30))
    change(app, lambda session: session.execute(silent))
    words = Page(solveig.get("/review").text).words
    assert "Nettbrett 6 har vært stille siden" in words
    assert "Da hadde den 2 bilder som ikke var sendt." in words
    assert "ingenting igjen å sende" not in words


def test_what_a_device_says_of_its_photos_is_only_taken_for_what_it_is(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    tablet = Tablet.enrol(app, berit, "Nettbrett 7")
    say(tablet, photos="<b>", photos_oldest="<script>")
    page = solveig.get("/review/devices")
    assert page.status_code == 200
    assert "bilde" not in Page(page.text).words
    assert "<script>" not in page.text.split("</head>")[1].replace("<script ", "")
