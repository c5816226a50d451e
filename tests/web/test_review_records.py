"""A supervisor decides about refused records, and sees which devices are silent and what they hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import SERVICE_USERS, SOLVEIG, ref
from tests.web import office
from tests.web.filled import contents
from tests.web.sync.reading import all_of, change, count
from webapp.db import open_session
from webapp.models import AccessLog, CheckRecord, Device, Quarantine, QuarantineDecision, User
from webapp.review import queries
from webapp.sync import repair
from webapp.sync.device_changes import revoke
from webapp.sync.people import utc_now

ASTRID, ODD, INGER, NILS = (name for name, *_ in SERVICE_USERS)


@pytest.fixture
def tablet(app: Flask, berit: FlaskClient) -> Tablet:
    return Tablet.enrol(app, berit, "Nettbrett 3, bil 12")


def lost(app: Flask, tablet: Tablet, vault: Vault, **more: Any) -> str:
    """A good check from a device that has been reported lost; its envelope's hash."""
    sealed = tablet.seal(vault, tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "high"}, c_ac=["manager_informed"], **more))

    def report(session: Any) -> None:
        device, solveig = session.get(Device, UUID(tablet.device_id)), session.get(User, SOLVEIG.id)
        if device.revoked_at is None:
            revoke(session, device, solveig, "mistet", utc_now())

    change(app, report)
    (verdict,) = tablet.verdicts([sealed])
    assert verdict["reasons"] == ["compromised"]
    return str(verdict["hash"])


def test_a_refused_record_is_shown_with_reason_author_device_and_whom_it_is_about(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    lost(app, tablet, vault)
    words = Page(solveig.get("/review/quarantine").text).words
    for said in ("Nøkkelen er meldt tapt.", "Berit Nygård", "Nettbrett 3, bil 12", ASTRID, "Prøvesjekk"):
        assert said in words, said


BAD_DECISIONS = [({}, "Velg hva som skal gjøres"), ({"decision": "accept"}, "Skriv en begrunnelse"),
                 ({"decision": "x", "reason": "x"}, "Velg hva"), ({"decision": "accept", "reason": "x" * 501}, "Skriv en"),
                 ({"decision": "accept", "reason": "\0"}, "Skriv en")]  # fmt: skip


def test_a_supervisor_takes_a_refused_record_in_and_it_becomes_a_check(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    url = f"/review/quarantine/{lost(app, tablet, vault)}/decision"
    before = contents(app, AccessLog)
    for data, says in BAD_DECISIONS:
        answer = solveig.post(url, data=data)
        assert (answer.status_code, says in answer.text, "Ingenting er endret." in answer.text) == (422, True, True)
    assert contents(app, AccessLog) == before
    said = {"decision": "accept", "reason": "Ringte Berit", "seen": "0"}
    assert solveig.post(url, data=said).headers["Location"] == url.removesuffix("/decision")
    assert count(app, CheckRecord) == 1
    text = solveig.get("/review/quarantine").text
    assert "Lagt inn av Solveig Dahl, i dag" in text
    assert "Ringte Berit" in text
    assert ASTRID in solveig.get("/review").text
    assert solveig.post(url, data=said).status_code == 303  # a second tap is the same decision
    again = solveig.post(url, data={"decision": "reject", "reason": "Ombestemte meg"})
    assert (again.status_code, "Noen har allerede bestemt dette." in again.text) == (422, True)
    assert [row.decision for row in all_of(app, QuarantineDecision)] == ["accept"]
    assert count(app, AccessLog, AccessLog.action == "quarantine_accept", AccessLog.user_id == SOLVEIG.id) == 1


def test_a_record_that_cannot_be_read_can_only_be_left_out(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    (verdict,) = tablet.verdicts([tablet.seal(vault, b"rubbish")])
    url = f"/review/quarantine/{verdict['hash']}/decision"
    refused = solveig.post(url, data={"decision": "accept", "reason": "Prøver"})
    assert (refused.status_code, "Den blir liggende. Ingenting er endret." in refused.text) == (422, True)
    assert solveig.post(url, data={"decision": "reject", "reason": "Uleselig"}).status_code == 303
    assert "Ikke lagt inn av Solveig Dahl" in solveig.get("/review/quarantine").text
    assert count(app, CheckRecord) == 0


def test_a_record_about_somebody_elsewhere_does_not_name_her(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    payload = tablet.check(vault, str(ref(NILS)), office.FORM, {"level": "calm"})
    assert tablet.verdicts([tablet.seal(vault, payload)])[0]["reasons"] == ["no_access"]
    url = f"/review/quarantine/{all_of(app, Quarantine)[0].envelope_hash}"
    assert url not in Page(solveig.get("/review/quarantine").text).urls
    change(app, lambda session: session.execute(update(Quarantine).values(unit_id=None, about=None)))  # as an earlier version kept it
    for address in ("/review/quarantine", url):
        assert NILS not in Page(solveig.get(address).text).words
    assert "Ingen i dine enheter" in Page(solveig.get("/review/quarantine").text).words
    said = {"decision": "reject", "reason": "Kjenner henne ikke", "seen": "0"}
    assert solveig.post(url + "/decision", data=said).status_code == 422
    change(app, repair.read_again)
    assert url not in Page(solveig.get("/review/quarantine").text).urls
    assert [(one.about, one.content_hash is None) for one in all_of(app, Quarantine)] == [(ref(NILS), False)]


def test_what_waits_for_a_decision_stands_before_a_page_of_decided_ones(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    lost(app, tablet, vault)
    (row,) = all_of(app, Quarantine)
    kept = {column.key: getattr(row, column.key) for column in Quarantine.__table__.columns}
    later = utc_now() + timedelta(minutes=1)
    rows = [kept | {"received_at": later, "content_hash": None, "envelope_hash": f"{n:064x}"} for n in range(queries.PAGE)]
    taken = [{"envelope_hash": one["envelope_hash"], "number": 1, "at": later, "decision": "reject"} for one in rows]
    change(app, lambda session: (session.execute(insert(Quarantine), rows), session.execute(insert(QuarantineDecision), taken)))
    page = Page(solveig.get("/review/quarantine").text)
    assert next(url for url in page.urls if url.startswith("/review/quarantine/")) == f"/review/quarantine/{row.envelope_hash}"
    assert "/review/quarantine?page=2" in page.urls
    assert Page(solveig.get("/review/quarantine?page=2").text).words.count("Løst av seg selv") == 0
    assert "Ingenting venter" not in solveig.get("/review/quarantine?page=2").text


def test_devices_say_when_they_were_heard_of_and_what_they_still_hold(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    change(app, lambda session: session.execute(update(Device).values(last_contact=None)))
    text = solveig.get("/review/devices").text
    assert "Siste kontakt: aldri" in text
    assert "Har ikke sagt hva den har igjen." in text
    assert tablet.snapshot(vault, holds={"waiting": 3, "drafts": 1}).status_code == 200
    words = Page(solveig.get("/review/devices").text).words
    for said in ("Nettbrett 3, bil 12", "Fjordsida", "I kontakt", "Siste kontakt: i dag", "Sier at den har 3 sjekker og 1 utkast igjen."):
        assert said in words, said
    silent = update(Device).values(last_contact=utc_now() - timedelta(hours=30))
    change(app, lambda session: session.execute(silent))
    assert "Stille over et døgn" in solveig.get("/review/devices").text
    lost(app, tablet, vault)
    assert "Sperret" in solveig.get("/review/devices").text


def test_the_device_that_was_never_heard_of_stands_first(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    for name, hours in (("Nylig", 1), ("Lenge siden", 50), ("Aldri", None)):
        made = Tablet.enrol(app, berit, name)
        at = utc_now() - timedelta(hours=hours) if hours else None
        heard = update(Device).where(Device.id == UUID(made.device_id)).values(last_contact=at)
        with app.app_context(), open_session(app.extensions["engine"], write=True) as session:
            session.execute(heard)
            session.commit()
    text = solveig.get("/review/devices").text
    assert text.index("Aldri<") < text.index("Lenge siden<") < text.index("Nylig<")
