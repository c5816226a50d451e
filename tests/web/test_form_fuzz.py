"""Whatever stands in a field: a 4xx with a sentence and nothing changed, or kept and shown as text. Never a 500, never markup."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import sign_in
from tests.html import Page
from tests.people import BERIT, SOLVEIG, ident, ref
from tests.web import office
from tests.web.filled import Filled, contents
from tests.web.naughty import RUNNING, STRINGS
from webapp import db
from webapp.models import AccessLog, CheckRecord, Flag, ServerDraft, User
from webapp.models.base import utc_now
from webapp.sync.world import bundles

DATABASES_MIND = ("nul", "only nul", "controls", "half a pair", "huge number", "far date", "date", "emoji", "ten thousand")


def kinds(app: Flask) -> dict[str, str]:
    """All of them on SQLite; on PostgreSQL those a database may refuse."""
    names = STRINGS if app.config["DATABASE_URL"].startswith("sqlite") else DATABASES_MIND
    return {name: STRINGS[name] for name in names}


def checked(answer: TestResponse, where: str) -> TestResponse:
    """Not a bug, and nothing in it runs."""
    assert answer.status_code < 500, where
    if answer.mimetype == "text/html" and answer.status_code not in (302, 308):
        assert [one for one in RUNNING if one in answer.text] == [], where
        assert Page(answer.text).problems == [], where
    if answer.status_code >= 400:
        assert "." in answer.text, f"no sentence: {where}"
    return answer


def fields_of(text: str) -> dict[str, set[str]]:
    """Where each form of a page posts to, and the names it sends."""
    found: dict[str, set[str]] = {}
    for form in Page(text).forms:
        if form.method == "post":
            found.setdefault(form.action, set()).update(form.names)
    return found


def test_every_field_of_the_supervisors_and_the_accounts_forms(filled: Filled) -> None:
    app = filled.app
    solveig = sign_in(app.test_client(), SOLVEIG)
    forms: dict[str, set[str]] = {}
    for path in ("/review", "/review/quarantine", "/account", "/round/people", "/measures/year"):
        forms |= fields_of(solveig.get(path).text)
    forms.pop("/logout")
    assert len(forms) >= 4
    before = contents(app, AccessLog)
    for action, names in sorted(forms.items()):
        for name in sorted(names):
            for kind, value in kinds(app).items():
                answer = checked(solveig.post(action, data={name: value}), f"{action} {name} {kind}")
                after = contents(app, AccessLog)
                assert answer.status_code < 400 or after == before, f"{action} {name} {kind}"
                before = after


@pytest.mark.parametrize("name", ["username", "password", "next"])
def test_every_field_of_the_login_form(app: Flask, name: str) -> None:
    before = contents(app, AccessLog)
    for kind, value in kinds(app).items():
        fresh = app.test_client()
        fresh.get("/login")
        token = fresh.get_cookie("csrf")
        assert token is not None
        data = {"username": "berit", "password": "x", "csrf_token": token.value} | {name: value}
        assert checked(fresh.post("/login", data=data), kind).status_code == 422
    assert contents(app, AccessLog) == before


def test_every_field_of_a_check(app: Flask, berit: FlaskClient) -> None:
    extra = {"f", "do", "tried", "a.level.word", "a.times.0.x", "common.outcome", "common.performed_at.date", "reason", "nei"}
    for kind, value in kinds(app).items():
        draft = office.start(berit, "Astrid Lunde")
        url = f"/round/checks/{draft}"
        (names,) = [names for action, names in fields_of(berit.get(url).text).items() if action == url]
        assert len(names) > 6
        for name in sorted(names | extra):
            data: dict[str, Any] = {"f": [name.removeprefix("a."), *(["common.performed_at"] if "performed" in name else [])]}
            data[name] = value
            checked(berit.post(url + "/answers", data=data), f"{name} {kind}")
        checked(berit.get(url), kind)
        checked(berit.post(url, data={"f": "level"}), kind)
        assert checks(app) == 0, kind
        checked(berit.post(url + "/discard"), kind)
    draft = office.start(berit, "Astrid Lunde")
    good = office.save(berit, draft, {"level": "calm", "times": "", "heat": ""}, outcome="done", performed_at="", note="ok")
    assert (good.status_code, checks(app)) == (200, 1), good.text


def checks(app: Flask) -> int:
    return len(contents(app)[CheckRecord.__tablename__])


def what_each_needs() -> None:
    """A form that is done once per event starts only where one waits for it."""
    session = db.session()
    for form in bundles().forms:
        asks = (form.id, form.per_subject)
        for flag in (one for other in form.siblings for one in other.flags if form.per_subject and one.closed_by == asks):
            session.add(Flag(
                patient_id=ref("Astrid Lunde"), unit_id=ident("Fjordsida"), code=flag.code, severity=flag.severity,
                subject=str(ident("event")), bundle_id=form.bundle, bundle_version=form.version, form=form.id, rule=flag.rule,
                opened_at=utc_now(), check_id=ident("check"),
            ))  # fmt: skip
    session.commit()


def test_every_field_of_the_real_packages_at_once(sqlite_app: Flask) -> None:
    berit = sign_in(sqlite_app.test_client(), BERIT)
    with sqlite_app.app_context():
        forms = [form.id for form in bundles().forms]
        what_each_needs()
    for form in forms:
        url = f"/round/checks/{office.start(berit, 'Astrid Lunde', form)}"
        (names,) = [names for action, names in fields_of(berit.get(url).text).items() if action == url]
        for kind, value in STRINGS.items():
            data: dict[str, Any] = {name: value for name in names if name != "f"}
            data["f"] = sorted({name.removeprefix("a.").removesuffix(".word") for name in names})
            checked(berit.post(url + "/answers", data=data), f"{form} {kind}")
            checked(berit.post(url, data=data), f"{form} {kind}")
        checked(berit.get(url), form)


@pytest.mark.parametrize("kind", ["markup", "template", "percent", "right to left", "nul", "emoji", "controls", "ten thousand"])
def test_a_note_of_any_text_is_kept_and_shown_as_text(app: Flask, berit: FlaskClient, solveig: FlaskClient, kind: str) -> None:
    check = office.record(berit, "Astrid Lunde", "urgent", note=STRINGS[kind], answers={"remark": STRINGS[kind][:150]})
    new = office.correct(berit, check, "high", STRINGS[kind])
    for client, path in (
        (berit, f"/round/checks/{check}"), (berit, f"/round/checks/{new}"), (berit, f"/round/people/{ref('Astrid Lunde')}"),
        (solveig, f"/review/checks/{check}"), (solveig, f"/review/checks/{new}"), (solveig, f"/review/people/{ref('Astrid Lunde')}"),
        (solveig, "/review"),
    ):  # fmt: skip
        answer = checked(client.get(path), path)
        assert answer.status_code == 200
        assert "62615533" not in answer.text
    stored = contents(app)[CheckRecord.__tablename__]
    assert len(stored) == 2


ADDRESSES = ["/round/people/{}", "/round/checks/{}", "/round/about/{}", "/review/people/{}", "/review/checks/{}", "/sw/{}", "/static/{}",
             "/device/modules/{}", "/{}", "/review/flags?since={}", "/login?next={}", "/review?unit={}&page={}", "/sync/{}"]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address(sqlite_app: Flask, address: str) -> None:
    solveig = sign_in(sqlite_app.test_client(), SOLVEIG)
    before = contents(sqlite_app, AccessLog)
    for kind, value in STRINGS.items():
        said = quote(value[:2000], safe="")
        answer = checked(solveig.get(address.format(said, said)), f"{address} {kind}")
        assert answer.status_code in (200, 204, 302, 308, 400, 404), f"{address} {kind}"
    assert contents(sqlite_app, AccessLog) == before


def test_addresses_a_database_may_not_like(app: Flask, solveig: FlaskClient) -> None:
    for kind in DATABASES_MIND:
        said = quote(STRINGS[kind], safe="")
        for address in (*ADDRESSES, f"/review/people/{ref('Astrid Lunde')}?before={{}}"):
            checked(solveig.get(address.format(said, said)), f"{address} {kind}")


def test_addresses_that_change_something(app: Flask, solveig: FlaskClient) -> None:
    before = contents(app, AccessLog)
    addresses = ["/review/quarantine/{}/decision", "/review/flags/{}/closing", "/round/checks/{}/answers", "/round/people/{}/checks"]
    for kind, value in kinds(app).items():
        said = quote(value[:500], safe="")
        for address in addresses:
            answer = checked(solveig.post(address.format(said), data={"decision": "reject", "reason": "x", "outcome": "done"}), kind)
            assert answer.status_code in (404, 405, 308), f"{address} {kind}"
    assert contents(app, AccessLog) == before


@pytest.mark.parametrize("data", [b"%ff%fe=%00", b"a" * 3000, b"=&=&&&=", b"f=level&a.level=\xff\xfe", b"\x00" * 50, b"f[]=1&f.0=2"])
def test_bodies_that_are_no_form(app: Flask, berit: FlaskClient, data: bytes) -> None:
    draft = office.start(berit, "Astrid Lunde")
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain"):
        checked(berit.post(f"/round/checks/{draft}/answers", data=data, content_type=kind), kind)
        checked(berit.post(f"/round/checks/{draft}", data=data, content_type=kind), kind)
    assert contents(app)[CheckRecord.__tablename__] == []
    assert len(contents(app)[ServerDraft.__tablename__]) == 1


def test_a_language_that_is_none_changes_nothing(app: Flask, berit: FlaskClient) -> None:
    before = contents(app, AccessLog)[User.__tablename__]
    for value in (*STRINGS.values(), "sv", "NB", "nb\n"):
        answer = berit.post("/account/language", data={"language": value})
        assert answer.status_code == 400 if value else 302
        if value:
            assert "Ingenting er endret." in answer.text
            assert contents(app, AccessLog)[User.__tablename__] == before
