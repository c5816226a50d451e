"""Every way a provider, or somebody between, can answer wrongly: a sentence, a row in the log, nothing changed, nobody logged in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.databases import Template
from tests.oidc.conftest import OpenIdProvider, Walker, trusting
from tests.web.filled import contents
from tests.web.sync.reading import ask
from webapp.accounts import oidc_attempt, oidc_provider, oidc_wire
from webapp.accounts.oidc_words import SAID
from webapp.models import AccessLog, OidcAnswer
from webapp.security import limiter

LEVEL = "helseid://claims/identity/security_level"
NUMBER = "helseid://claims/hpr/hpr_number"
ME = "00000000-client"
TOKENS: dict[str, dict[str, Any]] = {
    "wrong issuer": {"claims": {"iss": "https://evil.example"}},
    "issuer with a slash": {"claims": {"iss": "http://127.0.0.1/"}},
    "no issuer": {"claims": {"iss": None}},
    "wrong audience": {"claims": {"aud": "another-client"}},
    "our client among others": {"claims": {"aud": [ME, "another-client"], "azp": ME}},
    "no audience": {"claims": {"aud": None}},
    "audience is no text": {"claims": {"aud": {"a": 1}}},
    "made for another party": {"claims": {"azp": "another-client"}},
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "nonce is a list": {"claims": {"nonce": [1]}},
    "expired": {"shift": {"exp": -31}},
    "no end": {"claims": {"exp": None}},
    "end is a text": {"claims": {"exp": "2099"}},
    "made tomorrow": {"shift": {"iat": 86400}},
    "not valid yet": {"shift": {"nbf": 60}},
    "made an hour ago": {"shift": {"iat": -3600}},
    "made at no time": {"claims": {"iat": None}},
    "logged in this morning": {"shift": {"auth_time": -3600}},
    "logged in at no time": {"claims": {"auth_time": None}},
    "logged in tomorrow": {"shift": {"auth_time": 86400}},
    "nobody": {"claims": {"sub": None}},
    "an empty name": {"claims": {"sub": ""}},
    "a number for a name": {"claims": {"sub": 7}},
    "a very long name": {"claims": {"sub": "x" * 300}},
    "not of this access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "an HPR number that is none": {"claims": {NUMBER: "91449OO"}},
    "an HPR number that is a list": {"claims": {NUMBER: ["9144900"]}},
    "unsigned": {"sign": "none"},
    "signed with the public key as a secret": {"sign": "public key as secret"},
    "signed with a secret from the list of keys": {"sign": "listed secret"},
    "altered": {"sign": "altered"},
    "signed by a stranger": {"sign": "stranger"},
    "signed by a stranger in the provider's name": {"sign": "stranger in our name"},
    "key not named": {"sign": "as it stands", "header": {"kid": None}},
    "an access token": {"header": {"typ": "at+jwt"}},
    "an algorithm nobody allowed": {"header": {"alg": "RS512"}},
    "a header nobody knows is critical": {"sign": "as it stands", "header": {"crit": ["exp2"], "exp2": 1}},
    "no token": {"token": {"id_token": None}},
    "rubbish for a token": {"token": {"id_token": "a.b.c"}},
    "not text": {"token": {"id_token": 17}},
    "letters no token has": {"token": {"id_token": "æ.ø.å"}},
    "a bearer token": {"token": {"token_type": "Bearer"}},
    "no kind of token": {"token": {"token_type": None}},
}
ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "another issuer's answer": ("answer", {"answer": {"iss": "https://evil.example"}}),
    "an answer from nobody": ("answer", {"answer": {"iss": None}}),
    "cancelled": ("cancelled", {"answer": {"code": None, "error": "access_denied"}}),
    "cancelled in another's name": ("answer", {"answer": {"code": None, "error": "access_denied", "iss": "https://evil.example"}}),
    "provider in trouble": ("down", {"answer": {"code": None, "error": "temporarily_unavailable"}}),
    "an error nobody knows": ("answer", {"answer": {"code": None, "error": "<script>"}}),
    "no code": ("answer", {"answer": {"code": None}}),
    "another's code": ("answer", {"answer": {"code": "x" * 40}}),
    "far too long a code": ("answer", {"answer": {"code": "x" * 4000}}),
    "another state": ("used", {"answer": {"state": "x" * 43}}),
    "no state": ("used", {"answer": {"state": None}}),
    "a state nobody can compare": ("used", {"answer": {"state": "æ\0ø"}}),
    "level 3": ("level", {"claims": {LEVEL: "3"}}),
    "level 3 as a number": ("level", {"claims": {LEVEL: 3}}),
    "no level": ("level", {"claims": {LEVEL: None}}),
    "levels": ("level", {"claims": {LEVEL: ["4", "3"]}}),
    "level true": ("level", {"claims": {LEVEL: True}}),
    "token endpoint fails": ("down", {"broken": {"/connect/token": {"status": 500}}}),
    "token endpoint says nothing": ("answer", {"broken": {"/connect/token": {"body": "[]"}}}),
    "token endpoint redirects": ("answer", {"broken": {"/connect/token": {"status": 302, "headers": {"Location": "https://evil.example"}}}}),
    "always another nonce": ("answer", {"broken": {"/connect/token": {"status": 400, "body": '{"error": "use_dpop_nonce"}',
                                                                        "headers": {"DPoP-Nonce": "again"}}}}),
    "keys fail": ("down", {"broken": {"/jwks": {"status": 500}}}),
    "no keys": ("down", {"broken": {"/jwks": {"body": '{"keys": 1}'}}}),
}  # fmt: skip
BEFORE: dict[str, dict[str, Any]] = {
    "discovery fails": {"broken": {"/.well-known/openid-configuration": {"status": 500}}},
    "discovery is a page": {"broken": {"/.well-known/openid-configuration": {"body": "<html>"}}},
    "discovery of another issuer": {"discovery": {"issuer": "https://evil.example"}},
    "without PAR": {"discovery": {"pushed_authorization_request_endpoint": None}},
    "an endpoint in clear": {"discovery": {"token_endpoint": "http://evil.example/token"}},
    "PAR refuses": {"broken": {"/connect/par": {"status": 401, "body": '{"error": "invalid_client"}'}}},
    "PAR fails": {"broken": {"/connect/par": {"status": 503, "body": "<html>"}}},
    "PAR says nothing": {"broken": {"/connect/par": {"status": 201}}},
    "PAR says too much": {"broken": {"/connect/par": {"status": 201, "body": '{"request_uri": "' + "x" * 300_000 + '"}'}}},
    "PAR is slow": {"broken": {"/connect/par": {"sleep": 0.6}}},
}


@pytest.fixture(scope="module")
def lasting(sqlite_db: Template, tmp_path_factory: pytest.TempPathFactory, openid: OpenIdProvider) -> Iterator[Flask]:
    """One app for all that changes nothing."""
    yield from trusting(openid, sqlite_db, tmp_path_factory.mktemp("oidc"))


@pytest.fixture
def walker(lasting: Flask, openid: OpenIdProvider) -> Walker:
    """A new browser, at an app that has not met the provider yet."""
    lasting.extensions["oidc"] = oidc_provider.Provider(lasting.config["OIDC"])
    openid.behaves()
    return Walker(lasting, openid)


def unchanged(walker: Walker) -> dict[str, list[Any]]:
    return contents(walker.app, AccessLog, OidcAnswer)


def nothing_happened(walker: Walker, before: dict[str, list[Any]], page: str, why: str) -> None:
    row = ask(walker.app, lambda session: session.scalars(select(AccessLog).order_by(AccessLog.at.desc()).limit(1)).one())
    assert (row.action, row.user_id, row.detail["why"], row.detail["by"]) == ("login_failed", None, why, "oidc"), row.detail
    assert SAID[why].split(".")[0] in page
    assert not walker.is_in()
    assert unchanged(walker) == before


@pytest.mark.parametrize("knobs", TOKENS.values(), ids=TOKENS)
def test_a_token_with_something_amiss_logs_nobody_in(walker: Walker, knobs: dict[str, Any]) -> None:
    walker.openid.behaves(**knobs)
    before = unchanged(walker)
    nothing_happened(walker, before, walker.reads(walker.logs_in()), "answer")


@pytest.mark.parametrize(("why", "knobs"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_with_something_amiss_logs_nobody_in(walker: Walker, why: str, knobs: dict[str, Any]) -> None:
    walker.openid.behaves(**knobs)
    before = unchanged(walker)
    nothing_happened(walker, before, walker.reads(walker.logs_in()), why)


@pytest.mark.parametrize("knobs", BEFORE.values(), ids=BEFORE)
def test_a_provider_that_does_not_answer_as_it_should_keeps_the_browser_here(
    walker: Walker, knobs: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_wire, "SECONDS", 0.8)
    walker.openid.behaves(**knobs)
    before = unchanged(walker)
    nothing_happened(walker, before, walker.reads(walker.leaves()), "down")


def test_a_provider_that_is_not_there_is_said_and_logged(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = walker.app.extensions["oidc"]
    walker.leaves()
    monkeypatch.setitem(provider.metadata(), "pushed_authorization_request_endpoint", "http://127.0.0.1:9/par")
    nothing_happened(walker, unchanged(walker), walker.reads(walker.leaves()), "down")


def test_an_answer_counts_once_in_the_browser_and_in_a_copy_of_it(app: Flask, openid: OpenIdProvider) -> None:
    walker, copy = Walker(app, openid), Walker(app, openid)
    left = walker.leaves()
    cookie = walker.client.get_cookie("tr_session")
    assert cookie is not None
    copy.client.set_cookie("tr_session", cookie.value)
    answer = walker.identifies(left)
    assert walker.returns(answer).headers["Location"] == "/"
    for again in (walker, copy):
        assert SAID["used"] in again.reads(again.returns(answer))
    assert walker.is_in()
    assert not copy.is_in()


def test_a_code_that_was_used_is_nothing_in_a_new_answer(walker: Walker) -> None:
    first = walker.identifies(walker.leaves())
    code = first.partition("code=")[2].partition("&")[0]
    assert walker.returns(first).headers["Location"] == "/"
    other = Walker(walker.app, walker.openid)
    answer = other.identifies(other.leaves())
    fresh = answer.partition("code=")[2].partition("&")[0]
    assert SAID["answer"].split(".")[0] in other.reads(other.returns(answer.replace(fresh, code)))
    assert not other.is_in()


def test_an_answer_is_nothing_in_a_browser_that_did_not_ask(walker: Walker) -> None:
    stranger = Walker(walker.app, walker.openid)
    answer = walker.identifies(walker.leaves())
    stranger.leaves()
    assert SAID["used"] in stranger.reads(stranger.returns(answer))
    assert not stranger.is_in()


def test_one_persons_code_is_nothing_in_anothers_log_in(walker: Walker) -> None:
    thief = Walker(walker.app, walker.openid)
    stolen, own = walker.identifies(walker.leaves()), thief.identifies(thief.leaves())
    code = {one: address.partition("code=")[2].partition("&")[0] for one, address in (("stolen", stolen), ("own", own))}
    assert SAID["answer"].split(".")[0] in thief.reads(thief.returns(own.replace(code["own"], code["stolen"])))
    assert "PKCE" in walker.openid.told()["complaints"]
    assert not thief.is_in()


def test_an_answer_that_took_too_long_is_nothing(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = walker.identifies(walker.leaves())
    monkeypatch.setattr(oidc_attempt, "LIFE", timedelta(seconds=-1))
    assert SAID["used"] in walker.reads(walker.returns(answer))
    assert not walker.is_in()


def test_three_log_in_pages_side_by_side_all_lead_in_and_a_fourth_pushes_out_the_first(walker: Walker) -> None:
    answers = [walker.identifies(walker.leaves(f"/round?n={n}")) for n in range(4)]
    assert SAID["used"] in walker.reads(walker.returns(answers[0]))
    assert walker.returns(answers[1]).headers["Location"] == "/round?n=1"


def test_an_answer_with_a_word_twice_is_rubbish(walker: Walker) -> None:
    answer = walker.identifies(walker.leaves())
    assert SAID["answer"].split(".")[0] in walker.reads(walker.returns(answer + "&code=other"))
    assert not walker.is_in()


def test_what_the_provider_says_of_itself_is_believed_for_an_hour(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    walker.logs_in()
    walker.logs_in()
    assert walker.openid.told()["calls"].count("/.well-known/openid-configuration") == 1
    monkeypatch.setattr(oidc_provider, "KEPT", -1)
    walker.leaves()
    assert walker.openid.told()["calls"].count("/.well-known/openid-configuration") > 1


def test_the_log_in_page_says_only_sentences_of_ours(walker: Walker) -> None:
    for query in ("oidc=<script>alert(1)</script>", "oidc=unknown&code=<b>", "oidc=unknown&code=0123456789abcdef"):
        page = walker.client.get("/login?" + query).text
        assert "<script>alert" not in page
        assert "Oppgi koden" not in page


@pytest.fixture
def limited(sqlite_db: Template, tmp_path: Path, openid: OpenIdProvider) -> Iterator[Flask]:
    for app in trusting(openid, sqlite_db, tmp_path, RATELIMIT_ENABLED=True):
        limiter.reset()
        yield app
        limiter.reset()
        limiter.enabled = False


def test_answers_that_log_nobody_in_are_few_from_one_address_and_log_ins_many(limited: Flask, openid: OpenIdProvider) -> None:
    for _ in range(4):
        assert Walker(limited, openid).logs_in().headers["Location"] == "/"
    walker = Walker(limited, openid)
    codes = [walker.client.get("/login/oidc/answer?state=x&code=y").status_code for _ in range(31)]
    assert codes == [302] * 30 + [429]
