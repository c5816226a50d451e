"""What holds for every route there is, also those added tomorrow."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.conftest import sign_in
from tests.html import Page
from tests.people import BERIT, CAST, KARI, PER, SERVICE_USERS, SOLVEIG, Actor, ref
from tests.web import office
from tests.web.filled import Filled, contents
from webapp.accounts.policy import PERMISSIONS
from webapp.models import AccessLog
from webapp.security import csrf

READING = {"GET", "HEAD", "OPTIONS"}
KNOWN = frozenset().union(*PERMISSIONS.values())


def unstated(app: Flask) -> list[str]:
    """Endpoints whose view does not say who may call it."""
    found = []
    for endpoint, view in app.view_functions.items():
        access = str(getattr(view, "access", ""))
        kind, _, why = access.partition(": ")
        if access not in KNOWN and not (kind in ("public", "token") and why):
            found.append(endpoint)
    return found


def rules(app: Flask, *methods: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if (rule.methods or set()) & set(methods)]


def access(app: Flask, rule: Rule) -> str:
    return str(getattr(app.view_functions[rule.endpoint], "access", ""))


def test_every_route_says_who_may_call_it(sqlite_app: Flask) -> None:
    assert unstated(sqlite_app) == []


def test_a_route_that_does_not_say_so_is_found(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/forgotten", "forgotten", lambda: "")
    half = lambda: ""  # noqa: E731
    half.access = "public"  # type: ignore[attr-defined]
    sqlite_app.add_url_rule("/no-reason", "no_reason", half)
    assert unstated(sqlite_app) == ["forgotten", "no_reason"]


@pytest.mark.parametrize("actor", [None, *CAST], ids=lambda one: one.username if one else "nobody")
def test_each_role_meets_exactly_the_doors_its_permissions_open(filled_sqlite: Filled, actor: Actor | None) -> None:
    app = filled_sqlite.app
    client = sign_in(app.test_client(), actor) if actor else app.test_client()
    seen = 0
    for rule in rules(app, "GET", "POST", "DELETE"):
        wanted = access(app, rule)
        if wanted not in KNOWN or rule.endpoint == "accounts.logout":
            continue
        for url in filled_sqlite.urls(rule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                answer = client.open(url, method=method, headers=csrf_of(client))
                where = f"{method} {url}: {answer.status_code}"
                if actor is None:
                    shut = answer.status_code == 401 or (answer.status_code == 302 and answer.headers["Location"].startswith("/login"))
                    assert shut, where
                elif wanted in PERMISSIONS[actor.role]:
                    assert answer.status_code != 403, where
                else:
                    assert answer.status_code == 403, where
                seen += 1
    assert seen > 25


def csrf_of(client: FlaskClient) -> dict[str, str]:
    client.get("/login")
    cookie = client.get_cookie("csrf")
    assert cookie is not None
    return {"X-CSRFToken": cookie.value}


def readers(app: Flask) -> list[FlaskClient]:
    return [app.test_client(), *(sign_in(app.test_client(), one) for one in (BERIT, KARI, SOLVEIG, PER))]


def test_reading_changes_nothing_but_the_access_log(filled: Filled) -> None:
    app = filled.app
    clients = [*readers(app), filled.tablet.http]
    before = contents(app, AccessLog)
    for client in clients:
        for rule in rules(app, "GET"):
            for url in filled.urls(rule):
                client.get(url)
                client.head(url)
    assert contents(app, AccessLog) == before


def test_every_change_needs_the_csrf_token(filled_sqlite: Filled) -> None:
    app = filled_sqlite.app
    clients = [sign_in(app.test_client(), one) for one in (BERIT, SOLVEIG, PER)]
    before = contents(app, AccessLog)
    seen = set()
    for rule in rules(app, "POST", "PUT", "PATCH", "DELETE"):
        if access(app, rule).startswith("token: "):
            continue
        for client in clients:
            for token in ("", "x", "IjEi.aaaa.bbbb"):
                client.environ_base["HTTP_X_CSRFTOKEN"] = token
                for url in filled_sqlite.urls(rule):
                    answer = client.post(url, data={"outcome": "done"})
                    assert answer.status_code == 400, url
                    said = answer.get_json()["message"] if answer.is_json else answer.text
                    assert "Siden var utløpt. Ingenting er endret." in said
        seen.add(rule.endpoint)
    assert len(seen) >= 14
    assert contents(app, AccessLog) == before


def test_only_what_a_token_opens_does_without_csrf(sqlite_app: Flask) -> None:
    exempt = set(csrf._exempt_views)
    views = {endpoint: f"{view.__module__}.{view.__name__}" for endpoint, view in sqlite_app.view_functions.items()}
    found = {rule.endpoint for rule in rules(sqlite_app, "POST", "PUT", "PATCH", "DELETE") if views[rule.endpoint] in exempt}
    assert found == {
        "sync.create_contact", "sync.create_envelopes", "sync.create_snapshot", "device_sync.delete_session", "photos.append_part",
    }  # fmt: skip
    assert all(access(sqlite_app, rule).startswith("token: ") for rule in rules(sqlite_app, "POST") if rule.endpoint in found)


def pages(filled: Filled) -> Iterator[tuple[str, str]]:
    """Every page anybody can see, the refusals too."""
    for client in readers(filled.app):
        for rule in rules(filled.app, "GET"):
            for url in filled.urls(rule):
                answer = client.get(url)
                if answer.mimetype == "text/html" and answer.data and answer.status_code != 302:
                    yield f"{url} {answer.status_code}", answer.text


def test_every_page_is_well_formed_and_runs_nothing_inline(filled_sqlite: Filled) -> None:
    seen = 0
    for where, text in pages(filled_sqlite):
        page = Page(text)
        assert page.problems == [], where
        if text.startswith("<!doctype"):
            assert page.lang == "nb", where
            assert page.title.endswith(" · TryggRunde"), where
            seen += 1
    assert seen > 60


def test_no_url_or_title_names_a_person_or_says_anything_of_health(filled_sqlite: Filled) -> None:
    secrets = [word for name, born, _, _ in SERVICE_USERS for word in (*name.split(), born.isoformat(), born.strftime("%d%m%y"))]
    secrets += ["Ømhet", "Gruer", "PROVE_", "urgent", "Katetersjekk", "Trykksår"]
    for where, text in pages(filled_sqlite):
        page = Page(text)
        for said in (page.title, *page.urls):
            ours = said.casefold().replace("målinger", "")  # the page's name has a person's in it
            assert [word for word in secrets if word.casefold() in ours] == [], f"{where}: {said}"
        assert all(url.startswith(("/", "#", "tel:", "?", "data:image/svg+xml")) for url in page.urls), where


def test_nothing_of_a_person_is_logged(filled_sqlite: Filled, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    for _ in pages(filled_sqlite):
        pass
    berit = sign_in(filled_sqlite.app.test_client(), BERIT)
    office.record(berit, "Inger Tangen", "urgent", note="Gruer seg")
    berit.post("/round/people", data={"q": "Inger"})
    filled_sqlite.tablet.verdicts([b"\1" * 300])
    said = caplog.text + " ".join(repr(one.__dict__) for one in caplog.records)
    for name, born, _, _ in SERVICE_USERS:
        for word in (*name.split(), born.isoformat(), str(ref(name))):
            assert word not in said


def test_a_bug_is_logged_by_its_place_and_never_with_its_data(
    sqlite_db: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp import create_app
    from webapp.bedside import pages

    url, _drop = sqlite_db.copy(tmp_path)
    app = create_app({"DATABASE_URL": url, "DATA_DIR": tmp_path / "data", "RATELIMIT_ENABLED": False})

    def broken(*_args: Any, **_more: Any) -> Any:
        raise RuntimeError(SERVICE_USERS[0][0])

    monkeypatch.setattr(pages, "round_page", broken)
    berit = sign_in(app.test_client(), BERIT)
    answer = berit.get("/round")
    app.extensions["engine"].dispose()
    assert answer.status_code == 500
    assert "Det du lagret før, er trygt." in answer.text
    assert "RuntimeError" in caplog.text
    assert "bedside.my_round" in caplog.text
    assert "Astrid" not in caplog.text + answer.text


def test_what_is_not_there_and_what_one_may_not_see_look_the_same(filled_sqlite: Filled) -> None:
    kari = sign_in(filled_sqlite.app.test_client(), KARI)
    for rule in rules(filled_sqlite.app, "GET"):
        if access(filled_sqlite.app, rule) != "record" or not rule.arguments & {"ref", "check_id"}:
            continue
        (name,) = rule.arguments
        for url in filled_sqlite.urls(rule):
            missing = url.rpartition("/")[0] + "/" + str(uuid4())
            theirs, nothing = kari.get(url), kari.get(missing)
            assert (theirs.status_code, theirs.text) == (nothing.status_code, nothing.text) == (404, nothing.text), (url, name)


