"""What a supervisor sees of photos, and what nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import pictures
from tests.conftest import sign_in
from tests.device import Tablet, Vault, hours_ago
from tests.html import Page
from tests.people import AMINA, BERIT, HANS, KARI, PER, SOLVEIG, Actor
from tests.web.sync import photos
from tests.web.sync.photos import check, seal, send
from tests.web.sync.reading import all_of
from webapp.models import AccessLog, Photo

SHOT, LATER, OTHER = (pictures.camera(400, 300, 70, seed, place=False) for seed in (1, 2, 3))


@pytest.fixture
def taken(app: Flask, tablet: Tablet, vault: Vault) -> str:
    """The address of Astrid's photo; that of her check is in `app.config`."""
    photos.switch(app, 1)
    check_id = check(tablet, vault, SHOT, at=hours_ago(1))
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT))["verdict"] == "accepted"
    (row,) = all_of(app, Photo)
    return f"/review/photos/{row.id}"


def test_the_picture_is_a_picture_to_every_browser_and_is_kept_by_none(app: Flask, taken: str) -> None:
    answer = sign_in(app.test_client(), SOLVEIG).get(taken)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xff\xd8\xff")
    said = {name: answer.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy")}
    assert said == {
        "Content-Type": "image/jpeg", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }  # fmt: skip
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Astrid" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("actor", [HANS, BERIT, AMINA, KARI, PER, None], ids=lambda one: one.username if one else "nobody")
def test_nobody_else_sees_it_and_every_try_is_logged(app: Flask, taken: str, actor: Actor | None) -> None:
    client = sign_in(app.test_client(), actor) if actor else app.test_client()
    before = len(all_of(app, AccessLog))
    answer = client.get(taken)
    assert answer.status_code in ((404, 403) if actor else (302,))
    assert b"\xff\xd8" not in answer.data
    assert client.get(f"/review/photos/{uuid4()}").status_code == answer.status_code  # not even that there is one
    logged = [row for row in all_of(app, AccessLog)[before:] if actor and row.user_id == actor.id]
    assert bool(logged) == bool(actor)


def test_a_look_at_a_picture_is_in_the_access_log_with_whose_it_is(app: Flask, taken: str) -> None:
    sign_in(app.test_client(), SOLVEIG).get(taken)
    (row,) = all_of(app, AccessLog, AccessLog.user_id == SOLVEIG.id, AccessLog.action == "photo")
    (photo,) = all_of(app, Photo)
    assert row.patient_id == photo.patient_id


def test_a_finding_shows_its_photos_and_earlier_ones_of_the_same_place_only(
    app: Flask, tablet: Tablet, vault: Vault, taken: str, login: Callable[[Actor], FlaskClient]
) -> None:
    # given the heel again, and an elbow
    elbow = check(tablet, vault, OTHER, card={"site": "elbow_l"})
    heel = check(tablet, vault, LATER)
    for check_id, shot in ((elbow, OTHER), (heel, LATER)):
        assert send(tablet.http, seal(tablet, vault, check_id, shot))["verdict"] == "accepted"
    by_check = {str(row.check_id): f"/review/photos/{row.id}" for row in all_of(app, Photo)}
    page = login(SOLVEIG).get(f"/review/checks/{heel}").text
    # then the heel stands beside the heel of before
    assert re.findall(r'<img src="([^"]+)"', page) == [by_check[heel], taken]
    words = Page(page).words
    assert "Bilde 1: Hæl venstre" in words
    assert "Slik var det før: Hæl venstre" in words
    assert "Ingen tidligere bilder av samme sted." in Page(login(SOLVEIG).get(f"/review/checks/{elbow}").text).words


def test_a_photo_that_its_device_no_longer_has_is_not_said_to_come(
    app: Flask, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient]
) -> None:
    # given a check whose photo has not come
    photos.switch(app, 1)
    check_id = check(tablet, vault, SHOT)

    def told(waiting: int) -> str:
        holds = {"photos": waiting}
        assert tablet.http.post("/sync/keys", json={"wire": 1, "shell": "test", "holds": holds}).status_code == 200
        return Page(login(SOLVEIG).get(f"/review/checks/{check_id}").text).words

    # then what is said follows what the device says
    assert "1 av 1 bilder er ikke mottatt ennå." in told(1)
    assert "1 av 1 bilder kommer ikke: enheten har ikke flere bilder å sende." in told(0)
