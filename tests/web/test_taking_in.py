"""After a fault in the program is mended, a leader takes in everything it kept out, in one step."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import SERVICE_USERS, SOLVEIG, ident, ref
from tests.web import office
from tests.web.sync.reading import all_of, change, count
from webapp.models import AccessLog, CheckRecord, Patient, Quarantine, QuarantineDecision
from webapp.sync import storing
from webapp.sync.submission import Submission

ASTRID, ODD, INGER, NILS = (name for name, *_ in SERVICE_USERS)
URL = "/review/quarantine"
ALL = "Legg inn alle som kan legges inn nå"


def stumbling(given: pytest.MonkeyPatch) -> None:
    """A program that can store no check."""

    def stumbles(*_: Any) -> list[storing.Outcome]:
        raise RuntimeError("a fault")

    given.setattr(storing, "store", stumbles)


def kept_out(tablet: Tablet, vault: Vault, monkeypatch: pytest.MonkeyPatch, *people: str) -> list[dict[str, Any]]:
    """Checks about these people, which a fault in the program kept out."""
    payloads = [tablet.check(vault, person, office.FORM, {"level": "calm"}) for person in people]
    with monkeypatch.context() as patched:
        stumbling(patched)
        verdicts = tablet.verdicts([tablet.seal(vault, one) for one in payloads])
    assert {one["verdict"] for one in verdicts} == {"quarantined"}
    return payloads


def page(client: FlaskClient, reason: str | None = None) -> Page:
    answer = client.get(URL) if reason is None else client.post(URL, data={"reason": reason})
    assert answer.status_code == 200
    found = Page(answer.text)
    assert found.problems == []
    return found


def test_what_is_in_order_is_taken_in_and_the_rest_stays(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given three that a fault kept out, and one about somebody nobody knows
    payloads = kept_out(tablet, vault, monkeypatch, str(ref(ASTRID)), str(ref(ODD)), str(ref(ASTRID)))
    tablet.verdicts([tablet.seal(vault, tablet.check(vault, str(uuid4()), office.FORM, {"level": "calm"}))])
    assert ALL in page(solveig).words
    # when
    told = page(solveig, "Feilen er rettet")
    # then
    assert "3 registreringer er lagt inn." in told.words
    assert ALL not in told.words
    assert {str(one.id) for one in all_of(app, CheckRecord)} == {str(one["id"]) for one in payloads}
    decisions = all_of(app, QuarantineDecision)
    assert {(one.decision, one.reason, one.by) for one in decisions} == {("accept", "Feilen er rettet", SOLVEIG.id)}
    assert len(decisions) == 3
    assert len(all_of(app, AccessLog, AccessLog.action == "quarantine_accept")) == 3
    # and again nothing
    assert "Ingen kunne legges inn nå. Ingenting er endret." in page(solveig, "Feilen er rettet").words
    assert (count(app, CheckRecord), count(app, QuarantineDecision), count(app, Quarantine)) == (3, 3, 4)


def test_one_that_is_stumbled_over_still_stops_no_other(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    payloads = kept_out(tablet, vault, monkeypatch, *[str(ref(name)) for name in (ASTRID, ODD, INGER)])
    store = storing.store

    def stumbles(session: Session, subs: list[Submission], *given: Any) -> list[storing.Outcome]:
        outcomes = store(session, subs, *given)
        if str(payloads[0]["id"]) in {str(one.id) for one in subs}:
            raise RuntimeError("a fault")
        return outcomes

    monkeypatch.setattr(storing, "store", stumbles)
    assert "2 registreringer er lagt inn." in page(solveig, "Feilen er rettet").words
    assert {str(one.id) for one in all_of(app, CheckRecord)} == {str(one["id"]) for one in payloads[1:]}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "\0"])
def test_without_a_reason_nothing_is_taken_in(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    kept_out(tablet, vault, monkeypatch, str(ref(ASTRID)), str(ref(ODD)))
    answer = solveig.post(URL, data={"reason": reason})
    assert answer.status_code == 422
    assert "Skriv en begrunnelse på høyst 500 tegn. Ingenting er endret." in Page(answer.text).words
    assert count(app, CheckRecord) == count(app, QuarantineDecision) == 0


def test_only_those_of_the_units_she_leads(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine, _) = kept_out(tablet, vault, monkeypatch, str(ref(ASTRID)), str(ref(ODD)))
    change(app, lambda session: setattr(session.get_one(Patient, ref(ODD)), "unit_id", ident("Sentrum")))
    assert "1 registrering er lagt inn." in page(solveig, "Feilen er rettet").words
    assert [str(one.id) for one in all_of(app, CheckRecord)] == [str(mine["id"])]
