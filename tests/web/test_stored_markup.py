"""Markup in every place where somebody can write: each of them is shown to somebody, and nowhere does any of it run."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, make_transient

from tests.conftest import sign_in
from tests.html import Page
from tests.people import BERIT, JORUNN, KARI, PER, SOLVEIG, ref
from tests.web import office
from tests.web.filled import Filled
from tests.web.naughty import RUNNING
from tests.web.sync.reading import all_of, change
from webapp.bundles.model import Field, Form
from webapp.models import CheckRecord, Device, Flag, Municipality, Patient, Quarantine, Unit, User
from webapp.sync.world import bundles

ASTRID = ref("Astrid Lunde")
MARK = re.compile(r"zvx-([a-z0-9_.-]+)-xvz")
LOOKUP = {"name": "Astrid Lunde", "born": "1941-03-02"}
NAMES = {"person", "address", "unit", "author", "device"}


def mark(place: str) -> str:
    """Markup that names the place it was written in."""
    return f"zvx-{place}-xvz\"'><script>alert('x')</script><img src=x onerror=alert(1)>"


def marked(form: Form) -> dict[str, Any]:
    """A mark in every text of a form, also in those of one item of each of its lists."""
    found: dict[str, Any] = {}
    for one in form.answers:
        if one.items is not None:
            found[one.name] = [{**texts(f"{form.id}.{one.name}", one.items.fields), one.items.key: "item-1"}]
    return found | texts(form.id, form.answers)


def texts(where: str, fields: list[Field]) -> dict[str, str]:
    return {one.name: mark(f"{where}.{one.name}") for one in fields if one.type == "text"}


def a_check_of(session: Session, form: Form, **more: Any) -> UUID:
    """As the nurse's own check, of another form and with marks in it; whether the form asks all that is not the question here."""
    copy = session.scalars(select(CheckRecord).where(CheckRecord.patient_id == ASTRID).limit(1)).one()
    session.expunge(copy)
    make_transient(copy)
    news = {"id": uuid4(), "bundle_id": form.bundle, "bundle_version": form.version, "form": form.id, "supersedes": None, "reason": None}
    for name, value in {**news, "answers": marked(form), "derived": {}, "flags": [], **more}.items():
        setattr(copy, name, value)
    session.add(copy)
    return copy.id


def names_everywhere(session: Session) -> None:
    astrid = {"name": mark("person"), "name_key": mark("person"), "address": mark("address"), "key_note": mark("key_note")}
    session.execute(update(Patient).where(Patient.id == ASTRID).values(**astrid))
    session.execute(update(User).where(User.username == "berit").values(name=mark("author"), title=mark("title")))
    session.execute(update(Unit).values(name=mark("unit") + Unit.name))
    session.execute(update(Device).values(name=mark("device")))
    session.execute(update(Municipality).values(name=mark("municipality")))


def written(filled: Filled) -> list[UUID]:
    """Everything that can be written is; the checks that were made."""
    app, made = filled.app, []
    solveig, berit = sign_in(app.test_client(), SOLVEIG), sign_in(app.test_client(), BERIT)
    made.append(office.correct(berit, office.record(berit, "Astrid Lunde", "urgent", note=mark("note")), "high", mark("correction")))
    with app.app_context():
        forms = bundles().forms

    def checks(session: Session) -> None:
        made.extend(a_check_of(session, form) for form in forms)
        more = {"answers": {}, "not_done_reason": "other", "not_done_text": mark("not_done"), "note": mark("note")}
        made.append(a_check_of(session, forms[0], outcome="not_done", author_name=mark("author"), author_title=mark("title"), **more))

    change(app, checks)
    for one in all_of(app, Flag, Flag.closed_at.is_(None)):
        solveig.post(f"/review/flags/{one.id}/closing", data={"outcome": "done", "reason": mark("closing")})
    refused = all_of(app, Quarantine)[0].envelope_hash
    answer = solveig.post(f"/review/quarantine/{refused}/decision", data={"decision": "reject", "reason": mark("decision"), "seen": "0"})
    assert answer.status_code < 400, answer.text
    assert sign_in(app.test_client(), KARI).post("/lookups", data={**LOOKUP, "reason": mark("lookup")}).status_code == 303
    reviewed = {"verdict": "follow", "note": mark("reviewed")}
    assert solveig.post(f"/review/lookups/{filled.lookup}/review", data=reviewed).status_code == 303
    record = filled.tablet.check(filled.vault, str(uuid4()), office.FORM, {"level": "calm", "remark": mark("refused")})
    assert filled.tablet.verdicts([filled.tablet.seal(filled.vault, record, version=1)])[0]["reasons"] == ["unknown_person"]
    said = {"why": "other", "more": mark("revoked"), "call_name": mark("call")[:80], "call_phone": "400 00 000"}
    assert solveig.post(f"/devices/{filled.tablet.device_id}/name", data={"name": mark("renamed")}).status_code == 303
    assert solveig.post(f"/devices/{filled.tablet.device_id}/revocation", data=said).status_code == 303
    change(app, names_everywhere)
    return made


def shown(client: FlaskClient, filled: Filled, checks: list[UUID]) -> set[str]:
    """The places whose words were shown; nothing in any page runs."""
    pages = [rule for rule in filled.app.url_map.iter_rules() if "GET" in (rule.methods or set()) and "device." not in rule.endpoint]
    urls = {url for rule in pages for url in filled.urls(rule)}
    urls |= {f"/review/quarantine/{one.envelope_hash}" for one in all_of(filled.app, Quarantine)}
    urls |= {f"/{part}/checks/{one}" for part in ("review", "round") for one in checks}
    seen: set[str] = set()
    for url in sorted(urls):
        answer = client.get(url)
        assert answer.status_code < 500, url
        if answer.mimetype == "text/html" and answer.status_code != 302:
            assert [one for one in RUNNING if one in answer.text] == [], url
            assert Page(answer.text).problems == [], url
            seen |= set(MARK.findall(answer.text))
    return seen


@pytest.fixture
def written_in(filled_sqlite: Filled) -> tuple[Filled, list[UUID]]:
    return filled_sqlite, written(filled_sqlite)


def test_markup_in_every_free_text_is_shown_to_the_supervisor_as_text(written_in: tuple[Filled, list[UUID]]) -> None:
    filled, checks = written_in
    seen = shown(sign_in(filled.app.test_client(), SOLVEIG), filled, checks)
    with filled.app.app_context():
        fields = {place for form in bundles().forms for place in MARK.findall(repr(marked(form)))}
    assert len(fields) > 5
    others = {"note", "not_done", "closing", "decision", "correction", "refused", "lookup", "reviewed", "revoked", "call", "renamed"}
    assert (fields | NAMES | others) - seen == set()


def test_markup_in_every_free_text_is_shown_to_the_nurse_as_text(written_in: tuple[Filled, list[UUID]]) -> None:
    filled, checks = written_in
    seen = shown(sign_in(filled.app.test_client(), BERIT), filled, checks)
    assert {"person", "address", "note", "author"} - seen == set()


def test_markup_in_the_log_is_shown_to_the_journal_responsible_as_text(written_in: tuple[Filled, list[UUID]]) -> None:
    filled, checks = written_in
    seen = shown(sign_in(filled.app.test_client(), JORUNN), filled, checks)
    assert {"person", "author", "title", "unit", "lookup", "reviewed", "revoked"} - seen == set()
    assert seen & {"note", "remark", "not_done", "address"} == set(), "nothing clinical"


def test_markup_reaches_no_administrator_who_sees_nobody(written_in: tuple[Filled, list[UUID]]) -> None:
    filled, checks = written_in
    seen = shown(sign_in(filled.app.test_client(), PER), filled, checks)
    assert seen <= {"device", "unit", "author", "title", "municipality", "revoked", "call", "renamed"}


def test_a_form_sends_what_was_shown_back_as_it_was(filled_sqlite: Filled) -> None:
    app: Flask = filled_sqlite.app
    change(app, names_everywhere)
    page = sign_in(app.test_client(), SOLVEIG).get(f"/review/people/{ASTRID}").text
    assert "zvx-person-xvz&#34;&#39;&gt;&lt;script&gt;" in page
