"""The board on a screen where nobody logs in: what a link opens, what it does not, and how it ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.people import ident
from tests.web import office
from tests.web.sync.reading import all_of, change, count
from webapp.models import AccessLog, BoardLink

HERE, OTHER = str(ident("Fjordsida")), str(ident("Sentrum"))
ENDED = "Denne lenken til tavla virker ikke lenger."


def made(leader: FlaskClient) -> str:
    """The path of a new link."""
    answer = leader.post("/leadership/board/links", data={"unit": HERE, "name": "Vaktrommet"})
    assert answer.status_code == 201
    (path,) = re.findall(r'value="http://localhost(/screen/[^"]+)"', answer.text)
    assert isinstance(path, str)
    return path


def test_a_screen_shows_initials_without_a_log_in_and_its_address_does_not_keep_the_token(
    app: Flask, berit: FlaskClient, solveig: FlaskClient
) -> None:
    office.record(berit, "Astrid Lunde", "urgent")
    path, screen = made(solveig), app.test_client()
    opened = screen.get(path)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/screen")
    kept = opened.headers["Set-Cookie"]
    assert "HttpOnly" in kept
    assert "Path=/screen" in kept
    board = screen.get("/screen").text
    assert ">AL</th>" in board
    for hidden in ("Astrid", "Lunde", "/people/", "csrf_token", "Vis navn", path.rpartition("/")[2]):
        assert hidden not in board
    assert count(app, AccessLog, AccessLog.action == "board_link", AccessLog.unit_id == ident("Fjordsida")) == 1


def test_a_link_opens_no_other_page(app: Flask, solveig: FlaskClient) -> None:
    screen = app.test_client()
    screen.get(made(solveig))
    for path in ("/leadership/board", "/leadership/board/list", "/leadership/board/links", "/review", "/round", "/measures", "/account"):
        answer = screen.get(path)
        assert (answer.status_code, answer.headers["Location"][:6]) == (302, "/login"), path
    token = next(iter(all_of(app, BoardLink))).token_hash
    assert screen.get(f"/screen/{token}").status_code == 404, "the hash is no token"


def test_the_screen_asks_again_and_is_sent_only_what_changed(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    screen = app.test_client()
    screen.get(made(solveig))
    (poll,) = re.findall(r'hx-get="(/screen/list[^"]+)"', screen.get("/screen").text)
    assert screen.get(poll).status_code == 204
    office.record(berit, "Odd Brekke", "high")
    assert ">OB</th>" in screen.get(poll).text


def test_a_link_that_is_withdrawn_or_has_expired_leaves_nothing_on_the_screen(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, "Astrid Lunde", "urgent")
    first, second = app.test_client(), app.test_client()
    first.get(made(solveig))
    (link,) = all_of(app, BoardLink)
    assert solveig.post(f"/leadership/board/links/{link.id}/withdrawal").status_code == 303
    assert solveig.post(f"/leadership/board/links/{link.id}/withdrawal").status_code == 422
    path = made(solveig)
    second.get(path)
    change(app, lambda s: s.execute(update(BoardLink).values(expires_at=datetime.now(UTC) - timedelta(minutes=1))))
    for screen in (first, second):
        gone = screen.get("/screen/list")
        assert gone.status_code == 200
        assert ENDED in gone.text
        assert "AL</th>" not in gone.text
        assert "hx-get" not in gone.text
        assert screen.get("/screen").status_code == 404
    assert app.test_client().get(path).status_code == 404


def test_only_the_units_leader_makes_and_withdraws_its_links(app: Flask, solveig: FlaskClient, hans: FlaskClient) -> None:
    made(solveig)
    (link,) = all_of(app, BoardLink)
    assert hans.post("/leadership/board/links", data={"unit": HERE, "name": "Min"}).status_code == 404
    assert hans.get(f"/leadership/board/links?unit={HERE}").status_code == 404
    assert hans.post(f"/leadership/board/links/{link.id}/withdrawal").status_code == 404
    assert solveig.post("/leadership/board/links", data={"unit": HERE, "name": " "}).status_code == 422
    assert "Vaktrommet" in solveig.get("/leadership/board/links").text
    assert count(app, BoardLink) == 1
