"""Where somebody is logged in, and logging out there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.people import BERIT, KARI, Actor
from tests.web.sync.reading import all_of, change, count
from webapp.accounts.browsers import named
from webapp.models import AccessLog, DeviceSession, WebSession, utc_now

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


def browser(app: Flask, actor: Actor, user_agent: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    return sign_in(client, actor)


def ends(client: FlaskClient) -> list[str]:
    """What there is to log out of on her page."""
    return re.findall(r'action="(/account/sessions/[^"]+/end)"', client.get("/account").text)


def test_she_sees_her_browsers_and_ends_the_other_one(app: Flask) -> None:
    office, phone = browser(app, BERIT, FIREFOX), browser(app, BERIT, PHONE)
    page = office.get("/account").text
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    (there,) = ends(office)
    assert phone.get("/round").status_code == 200
    assert office.post(there).status_code == 302
    assert phone.get("/round").headers["Location"].startswith("/login")
    assert "Chrome, Android" not in office.get("/account").text
    assert office.get("/round").status_code == 200
    (row,) = all_of(app, AccessLog, AccessLog.action == "session_ended")
    assert row.user_id == BERIT.id


def test_what_a_device_read_by_her_session_it_reads_no_more_once_she_ended_it(app: Flask, tablet: Tablet, vault: Vault) -> None:
    reading = {"headers": {"Authorization": f"Bearer {vault.token}"}, "json": {"wire": 1}}
    assert tablet.http.post("/sync/snapshot", **reading).status_code == 200
    office = browser(app, BERIT, FIREFOX)
    (session,) = all_of(app, DeviceSession, DeviceSession.ended_at.is_(None))
    assert "Nettbrett 3" in office.get("/account").text
    assert f"/account/sessions/{session.id}/end" in ends(office)
    office.post(f"/account/sessions/{session.id}/end")
    assert tablet.http.post("/sync/snapshot", **reading).status_code == 401
    sent = tablet.http.post("/sync/envelopes", data=b"", content_type="application/octet-stream")
    assert sent.status_code == 200, "what is sealed still goes home"


def test_nobody_sees_or_ends_somebody_elses(app: Flask, berit: FlaskClient, tablet: Tablet, vault: Vault) -> None:
    kari = browser(app, KARI, FIREFOX)
    assert ends(kari) == []
    for table in (WebSession, DeviceSession):
        for one in all_of(app, table, table.user_id == BERIT.id):
            assert kari.post(f"/account/sessions/{one.id}/end").status_code == 302
    assert berit.get("/round").status_code == 200
    assert count(app, DeviceSession, DeviceSession.ended_at.is_(None)) == 1
    assert count(app, AccessLog, AccessLog.action == "session_ended") == 0


def test_what_has_run_out_is_not_in_the_list(app: Flask) -> None:
    browser(app, BERIT, PHONE)
    change(app, lambda session: session.execute(update(WebSession).values(created_at=utc_now() - timedelta(hours=17))))
    assert ends(browser(app, BERIT, FIREFOX)) == []


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("<script>alert(1)</script>" * 400, ""),
        ("", ""),
    ],
    ids=["firefox", "android", "iphone", "edge", "markup", "none"],
)  # fmt: skip
def test_a_browser_is_told_by_our_words_and_never_by_its_own(user_agent: str, words: str) -> None:
    assert named(user_agent) == words
