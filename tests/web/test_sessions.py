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
from tests.people import BERIT, KARI, SOLVEIG, Actor
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


def on_a_tablet(app: Flask, tablet: Tablet, actor: Actor) -> FlaskClient:
    """Somebody who logs in to the server's own pages on a tablet that is in use."""
    return sign_in(tablet.another_http(app), actor)


def test_a_log_in_on_a_tablet_ends_when_the_tablet_is_reported_lost(app: Flask, tablet: Tablet, solveig: FlaskClient) -> None:
    there, office = on_a_tablet(app, tablet, SOLVEIG), browser(app, SOLVEIG, FIREFOX)
    assert there.get("/review").status_code == 200
    there.delete_cookie("tr_device")  # what a thief would do who knows how
    lost = {"why": "lost", "call_name": "Vakttelefonen", "call_phone": "400 00 000"}
    assert solveig.post(f"/devices/{tablet.device_id}/revocation", data=lost).status_code == 303
    assert there.get("/review").headers["Location"].startswith("/login")
    assert office.get("/review").status_code == 200, "her office is another browser"


def test_a_log_in_from_before_the_tablet_was_taken_into_use_ends_with_it_too(app: Flask, solveig: FlaskClient) -> None:
    there = sign_in(app.test_client(), SOLVEIG)
    tablet = Tablet.enrol(app, there)
    lost = {"why": "lost", "call_name": "Vakttelefonen", "call_phone": "400 00 000"}
    assert solveig.post(f"/devices/{tablet.device_id}/revocation", data=lost).status_code == 303
    assert there.get("/review").headers["Location"].startswith("/login")


LONG_AGO = 16 * 60


def minutes_pass(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["seen"] = session["seen"] - LONG_AGO


def test_nobody_finds_a_log_in_on_a_tablet_that_was_put_down_a_quarter_of_an_hour_ago(app: Flask, tablet: Tablet) -> None:
    there = on_a_tablet(app, tablet, SOLVEIG)
    minutes_pass(there)
    assert there.get("/review").headers["Location"].startswith("/login")


def test_whoever_works_on_it_stays_logged_in_and_a_list_that_looks_by_itself_is_nobody_at_work(app: Flask, tablet: Tablet) -> None:
    there = on_a_tablet(app, tablet, SOLVEIG)
    asked = {"HX-Request": "true"}
    for method, path, headers in (("GET", "/review", {}), ("GET", "/review/devices", asked | {"HX-Boosted": "true"}),
                                  ("POST", "/review/people", asked)):  # fmt: skip
        with there.session_transaction() as session:
            session["seen"] = before = session["seen"] - 14 * 60
        assert there.open(path, method=method, headers=headers).status_code == 200
        with there.session_transaction() as session:
            assert session["seen"] > before + 13 * 60
    with there.session_transaction() as session:
        session["seen"] = before = session["seen"] - 14 * 60
    assert there.get("/review/flags", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).status_code == 200
    with there.session_transaction() as session:
        assert session["seen"] == before


def test_an_office_pc_is_not_a_tablet(app: Flask) -> None:
    office = browser(app, SOLVEIG, FIREFOX)
    with office.session_transaction() as session:
        assert "seen" not in session
    assert office.get("/review").status_code == 200


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


def test_a_device_hears_that_a_log_in_was_ended_but_not_of_one_that_ran_out_or_gave_way_to_another(
    app: Flask, tablet: Tablet, vault: Vault
) -> None:
    def says(token: str) -> tuple[int, bool]:
        answer = tablet.http.post("/sync/snapshot", headers={"Authorization": f"Bearer {token}"}, json={"wire": 1})
        return answer.status_code, answer.status_code == 401 and answer.get_json().get("over") is True

    def set_all(**values: object) -> None:
        change(app, lambda session: session.execute(update(DeviceSession).values(**values)))

    assert says("unknown") == (401, False)
    set_all(expires_at=utc_now() - timedelta(seconds=1))
    assert says(vault.token) == (401, False)
    set_all(ended_at=utc_now(), expires_at=utc_now() + timedelta(hours=1))
    assert says(vault.token) == (401, True)
    earlier = vault.token
    set_all(created_at=utc_now() - timedelta(minutes=1))
    fresh = sign_in(tablet.http, BERIT).post("/device/session", json={}).get_json()["session_token"]
    assert says(fresh) == (200, False)
    assert says(earlier) == (401, False)
