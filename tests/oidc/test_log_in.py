"""Logging in by the provider, as it should go, and whose account it is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.sessions import SecureCookieSessionInterface

from tests.conftest import sign_in
from tests.fixtures.databases import Template
from tests.oidc.conftest import HPR, OpenIdProvider, Walker, knows
from tests.people import AMINA, BERIT, PER
from tests.web.filled import contents
from tests.web.sync.reading import all_of, count
from webapp.accounts import oidc_command
from webapp.config import ConfigProblem
from webapp.models import AccessLog, OidcAnswer, WebSession, utc_now

Anybody = Callable[[], Walker]


def failures(walker: Walker) -> list[dict[str, str]]:
    return [row.detail for row in all_of(walker.app, AccessLog, AccessLog.action == "login_failed")]


def test_a_nurse_logs_in_by_the_provider_and_lands_where_she_was_going(anybody: Anybody) -> None:
    walker = anybody()
    assert walker.logs_in("/round/sent?x=1").headers["Location"] == "/round/sent?x=1"
    assert BERIT.name in walker.client.get("/account").text
    (row,) = all_of(walker.app, AccessLog, AccessLog.action == "login")
    assert (row.user_id, row.detail["by"]) == (BERIT.id, "oidc")
    told = walker.openid.told()
    assert told["complaints"] == []
    assert told["calls"].count("/connect/token") == 2  # the second with the nonce it asked for


def test_nothing_of_the_providers_is_kept_and_no_secret_lies_in_the_browser(anybody: Anybody) -> None:
    walker = anybody()
    left = walker.leaves()
    cookie = walker.client.get_cookie("tr_session")
    assert cookie is not None
    signer = SecureCookieSessionInterface().get_signing_serializer(walker.app)
    assert signer is not None
    held = signer.loads(cookie.value)
    assert {len(one) for one in held["oidc"]} == {3}  # state, time, where to go
    assert walker.returns(walker.identifies(left)).status_code == 302
    assert walker.is_in()
    kept = json.dumps(contents(walker.app), default=str)
    issued = walker.openid.told()["issued"]
    assert len(issued) == 3  # code, access token, ID token
    assert [one for one in issued if one in kept] == []


def test_a_provider_that_wants_no_nonce_and_signs_with_a_curve_does_too(walker: Walker) -> None:
    walker.openid.behaves(dpop_nonce=False, sign="curve", claims={"at_hash": None})
    assert walker.logs_in().headers["Location"] == "/"
    assert walker.openid.told()["calls"].count("/connect/token") == 1


def test_a_key_the_provider_made_since_is_fetched(walker: Walker) -> None:
    walker.openid.behaves(sign="rotated")
    assert walker.logs_in().headers["Location"] == "/"
    assert walker.openid.told()["calls"].count("/jwks") == 2


def test_who_was_logged_in_here_before_is_not_any_more(anybody: Anybody) -> None:
    walker = anybody()
    sign_in(walker.client, AMINA)
    walker.logs_in("/enrol")
    assert BERIT.name in walker.client.get("/account").text
    assert count(walker.app, WebSession, WebSession.user_id == AMINA.id, WebSession.ended_at.is_(None)) == 0


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "/" + "x" * 600])
def test_nobody_is_led_to_another_site_afterwards(walker: Walker, target: str) -> None:
    assert walker.logs_in(target).headers["Location"] == "/"


def test_somebody_without_an_account_gets_a_sentence_a_code_and_nothing_else(anybody: Anybody) -> None:
    walker = anybody()
    walker.openid.behaves(claims={"sub": "somebody-new", "helseid://claims/hpr/hpr_number": "1"})
    before = contents(walker.app, AccessLog, OidcAnswer)
    page = walker.reads(walker.logs_in())
    (row,) = failures(walker)
    assert (row["why"], len(row["subject"])) == ("unknown", 64)
    assert "Innloggingen gikk bra, men du har ingen konto her." in page
    assert f"Oppgi koden {row['subject'][:8]}." in page
    assert not walker.is_in()
    assert contents(walker.app, AccessLog, OidcAnswer) == before


def test_an_administrator_links_an_account_to_whoever_was_shown_the_code(anybody: Anybody, capsys: pytest.CaptureFixture[str]) -> None:
    walker = anybody()
    walker.openid.behaves(claims={"helseid://claims/hpr/hpr_number": None})
    walker.logs_in()
    code, url = failures(walker)[0]["subject"][:8], walker.app.config["DATABASE_URL"]
    assert oidc_command.link(url, "Per", code) == 0
    assert capsys.readouterr().out == "Per: done.\n"
    assert walker.logs_in().headers["Location"] == "/"
    assert PER.name in walker.client.get("/account").text
    with pytest.raises(ConfigProblem, match="The account 'per' has it already"):
        oidc_command.link(url, "berit", code)
    assert oidc_command.link(url, "per", "none") == 0
    assert "ingen konto" in walker.reads(Walker(walker.app, walker.openid).logs_in())
    assert count(walker.app, AccessLog, AccessLog.action == "account_linked") == 2


@pytest.mark.parametrize(("account", "by", "says"), [("nobody", HPR, "There is no account"), ("per", "0badc0de", "no HPR number"),
                                                     ("per", HPR, "'berit' has it already"), ("per", "", "no HPR number")])  # fmt: skip
def test_a_link_that_cannot_be_says_why_and_changes_nothing(walker: Walker, account: str, by: str, says: str) -> None:
    before = contents(walker.app)
    with pytest.raises(ConfigProblem, match=says):
        oidc_command.link(walker.app.config["DATABASE_URL"], account, by)
    assert contents(walker.app) == before


def test_a_closed_account_stays_closed(anybody: Anybody) -> None:
    walker = anybody()
    knows(walker.app, BERIT, disabled_at=utc_now())
    assert "Kontoen din her er stengt." in walker.reads(walker.logs_in())
    assert not walker.is_in()
    assert failures(walker)[0]["why"] == "closed"


def test_a_number_given_to_a_new_account_is_not_the_closed_ones(anybody: Anybody) -> None:
    walker = anybody()
    knows(walker.app, BERIT, disabled_at=utc_now())
    knows(walker.app, AMINA, hpr=HPR)
    walker.logs_in()
    assert AMINA.name in walker.client.get("/account").text


def test_a_number_on_two_accounts_or_an_account_of_another_subject_opens_neither(anybody: Anybody) -> None:
    walker = anybody()
    knows(walker.app, BERIT, oidc_subject="0" * 64)
    assert "stemmer ikke med kontoen" in walker.reads(walker.logs_in())
    knows(walker.app, BERIT, oidc_subject=None)
    knows(walker.app, AMINA, hpr=HPR)
    assert "stemmer ikke med kontoen" in walker.reads(walker.logs_in())
    assert [row["why"] for row in failures(walker)] == ["unclear", "unclear"]
    assert not walker.is_in()


def test_without_a_provider_there_is_no_button_and_no_page(sqlite_db: Template, tmp_path: object, openid: OpenIdProvider) -> None:
    from tests.conftest import make_app

    for app in make_app(sqlite_db, tmp_path):  # type: ignore[arg-type]
        client = app.test_client()
        assert client.get("/login/oidc").status_code == client.get("/login/oidc/answer?code=x&state=y").status_code == 404
        assert "HelseID" not in client.get("/login").text


def test_the_button_leads_to_the_provider_and_is_named_as_the_municipality_says(walker: Walker) -> None:
    page = walker.client.get("/login?next=/round").text
    assert '<a class="ds-button" data-fullwidth href="/login/oidc?next=%2Fround" hx-boost="false">Logg inn med HelseID</a>' in page
