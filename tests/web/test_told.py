"""What is done to somebody's account is told to her and to her leader: whoever uses it to log in as her leaves a trace that both see."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.conftest import sign_in
from tests.html import Page
from tests.people import AMINA, BERIT, PER, SOLVEIG
from tests.web.phone import Phone
from tests.web.sync.reading import all_of, unprotected
from tests.web.test_login import attempt
from tests.web.test_staff import WHY, csrf, shown
from webapp.models import AccessLog, utc_now

RESET, CHOSEN = "Ga en ansatt engangspassord", "Byttet passord"
NOTICE = "Kontoer som ble åpnet for ny innlogging"


def words(client: FlaskClient, url: str) -> str:
    return Page(client.get(url).text).words


def reset(per: FlaskClient, who: object = BERIT.id) -> str:
    return shown(per.post(f"/staff/{who}/password", data=WHY))


def test_an_administrator_who_logs_in_as_a_nurse_is_seen_by_her_at_her_next_log_in(app: Flask, per: FlaskClient) -> None:
    # given: he resets her password, logs in with it and chooses another
    thief = app.test_client()
    assert attempt(thief, "berit", reset(per)).headers["Location"] == "/login/password"
    thief.environ_base["HTTP_X_CSRFTOKEN"] = csrf(thief)
    assert thief.post("/login/password", data={"new": "fem hus i grønn tran", "again": "fem hus i grønn tran"}).status_code == 302
    # when she, whose password opens nothing any more, has been given another
    berit = app.test_client()
    attempt(berit, "berit", reset(per))
    # then before she is in she reads that it was done twice, by whom and why, and that somebody chose a password in between
    page = words(berit, "/login/password")
    assert (page.count(RESET), page.count(CHOSEN)) == (2, 1)
    for said in (PER.name, WHY["reason"], "Er det noe her du ikke kjenner til, så si fra til lederen din."):
        assert said in page
    assert RESET not in words(app.test_client(), "/login/password")


def test_her_own_account_page_has_it_and_nobody_elses_has(app: Flask, per: FlaskClient, kari: FlaskClient) -> None:
    assert per.post(f"/staff/{BERIT.id}/log-out", data=WHY).status_code == 303
    for actor, told in ((BERIT, True), (AMINA, False)):
        assert ("Logget en ansatt ut overalt" in words(sign_in(app.test_client(), actor), "/account")) is told
    for client in (per, kari):
        assert "Siste endringer" not in words(client, "/account")


def test_the_leader_of_her_unit_reads_it_for_a_week(
    app: Flask, per: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    assert NOTICE not in words(solveig, "/review")
    reset(per)
    told = words(solveig, "/review")
    assert NOTICE in told
    assert f"{BERIT.name}: {RESET}. {PER.name}, " in told
    assert f"«{WHY['reason']}»" in told
    assert NOTICE not in words(hans, "/review"), "another unit's leader"

    before = update(AccessLog).where(AccessLog.action == "password_reset").values(at=utc_now() - timedelta(days=8))
    unprotected(app, lambda session: session.execute(before))
    assert NOTICE not in words(solveig, "/review")


def test_a_leader_whose_second_factor_was_removed_reads_it_before_she_makes_another(per: FlaskClient, solveig_phone: Phone) -> None:
    assert per.post(f"/staff/{SOLVEIG.id}/second-factor/removal", data=WHY).status_code == 303
    solveig_phone.password()
    page = words(solveig_phone.client, "/login/second/new")
    for said in ("Slo av totrinnsinnlogging", PER.name, WHY["reason"]):
        assert said in page
    assert len(all_of(solveig_phone.app, AccessLog, AccessLog.action == "second_factor_removed")) == 1
