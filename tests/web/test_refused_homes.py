"""Where a refused record belongs is where its person is now, and what was decided about it holds for every envelope it comes in."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, update

from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import KARI, SOLVEIG, ident, ref
from tests.web import office
from tests.web.sync.reading import all_of, change, count
from tests.web.test_refused_records import ASTRID, ODD, decide, offered, refused, words
from webapp.models import CheckRecord, Membership, Patient, Quarantine, QuarantineDecision, UserKey
from webapp.sync import crypto

LIST = "/review/quarantine"


def move(app: Flask, name: str, unit: str) -> None:
    change(app, lambda session: session.execute(update(Patient).where(Patient.id == ref(name)).values(unit_id=ident(unit))))


def may(client: FlaskClient, url: str) -> tuple[int, bool, bool]:
    """(the page, whether it is listed, whether it can be left out) for this supervisor."""
    status = client.get(url).status_code
    return status, url in Page(client.get(LIST).text).urls, status == 200 and "reject" in offered(client, url)


HERS, NOT_HERS = (200, True, True), (404, False, False)


def test_a_record_follows_the_person_it_is_about(
    app: Flask, tablet: Tablet, kari: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    _, url = refused(tablet, tablet.open_vault(kari), str(ref(ASTRID)))
    assert (may(solveig, url), may(hans, url)) == (HERS, NOT_HERS)
    move(app, ASTRID, "Sentrum")
    assert (may(solveig, url), may(hans, url)) == (NOT_HERS, HERS)
    assert decide(solveig, url, "reject").status_code == 404
    assert count(app, QuarantineDecision) == 0
    assert decide(hans, url, "accept", "Kari er i Sentrum").status_code == 303
    assert [one.unit_id for one in all_of(app, CheckRecord)] == [ident("Sentrum")]


def test_a_person_who_becomes_known_in_another_unit_brings_her_record_there(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, hans: FlaskClient
) -> None:
    new = uuid4()
    _, url = refused(tablet, vault, str(new))
    assert (may(solveig, url), may(hans, url)) == (HERS, NOT_HERS)
    who = {"name": "Ny Bruker", "name_key": "ny bruker", "born": date(1940, 1, 1), "address": "Gata 1"}
    row = who | {"id": new, "unit_id": ident("Sentrum")}
    change(app, lambda session: session.execute(insert(Patient), [row]))
    assert (may(solveig, url), may(hans, url)) == (NOT_HERS, HERS)


def test_a_record_of_no_unit_is_for_whoever_leads_its_author(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, hans: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(uuid4()))
    change(app, lambda session: session.execute(update(Quarantine).values(unit_id=None)))
    assert (may(solveig, url), may(hans, url)) == (HERS, NOT_HERS)
    assert offered(solveig, url) == ["assign", "reject"]
    assert decide(solveig, url, "assign", person=str(ref(ODD))).status_code == 303
    assert [one.patient_id for one in all_of(app, CheckRecord)] == [ref(ODD)]


def test_a_record_of_no_unit_and_an_author_of_none_is_not_out_of_everybodys_reach(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, hans: FlaskClient, per: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(uuid4()))
    change(app, lambda session: session.execute(update(Quarantine).values(unit_id=None, user_id=None)))
    assert (may(solveig, url), may(hans, url), per.get(url).status_code) == (HERS, HERS, 403)


def helped(app: Flask, tablet: Tablet, kari: FlaskClient) -> tuple[list[bytes], str]:
    """(two envelopes of one record, the page of the first, which was refused)."""
    helper = tablet.open_vault(kari)
    payload = tablet.check(helper, str(ref(ASTRID)), office.FORM, {"level": "calm"})
    sealed = [tablet.seal(helper, payload), tablet.seal(helper, payload)]
    (verdict,) = tablet.verdicts(sealed[:1])
    return sealed, "/review/quarantine/" + verdict["hash"]


def let_in(app: Flask) -> None:
    change(app, lambda session: session.execute(insert(Membership), [{"user_id": KARI.id, "unit_id": ident("Fjordsida")}]))


def decided(app: Flask) -> list[tuple[str, Any]]:
    return [(one.decision, one.by) for one in all_of(app, QuarantineDecision)]


def test_a_no_holds_for_the_record_in_whatever_envelope_it_comes(
    app: Flask, tablet: Tablet, kari: FlaskClient, solveig: FlaskClient
) -> None:
    (first, anew), url = helped(app, tablet, kari)
    assert decide(solveig, url, "reject", "Finnes fra før").status_code == 303
    let_in(app)
    for sealed in (anew, first, anew):
        (verdict,) = tablet.verdicts([sealed])
        assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", ["rejected"])
    assert (count(app, CheckRecord), decided(app)) == (0, [("reject", SOLVEIG.id)])


def test_a_record_in_two_envelopes_is_listed_and_decided_once_and_each_is_told(
    app: Flask, tablet: Tablet, kari: FlaskClient, solveig: FlaskClient
) -> None:
    (first, anew), url = helped(app, tablet, kari)
    (verdict,) = tablet.verdicts([anew])
    other = "/review/quarantine/" + verdict["hash"]
    urls = Page(solveig.get(LIST).text).urls
    assert (url in urls, other in urls, count(app, Quarantine)) == (True, False, 2)
    assert decide(solveig, other, "reject", "Finnes fra før").status_code == 303
    assert "Finnes fra før" in words(solveig, url)
    assert decide(solveig, url, "unit").status_code == 422  # her screen was from before
    vault = tablet.vaults[str(KARI.id)]
    told = {(one["hash"], one["decision"]) for one in tablet.pull(vault)["decided"]}
    assert told == {(url.rpartition("/")[2], "reject"), (verdict["hash"], "reject")}
    assert decide(solveig, url, "unit", "Likevel ikke", seen="1").status_code == 303
    assert [tablet.verdicts([one])[0]["verdict"] for one in (first, anew)] == ["duplicate"] * 2
    assert decided(app) == [("reject", SOLVEIG.id), ("unit", SOLVEIG.id)]


def test_one_envelope_that_is_accepted_resolves_the_record(app: Flask, tablet: Tablet, kari: FlaskClient, solveig: FlaskClient) -> None:
    (first, anew), url = helped(app, tablet, kari)
    let_in(app)
    assert [tablet.verdicts([one])[0]["verdict"] for one in (anew, first)] == ["accepted", "duplicate"]
    assert decided(app) == [("resolved", None)]
    assert offered(solveig, url) == []


def test_a_no_outlives_a_key_that_becomes_known(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    change(app, lambda session: session.execute(delete(UserKey).where(UserKey.id == UUID(vault.key_id))))
    payload = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"})
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload)])
    assert decide(solveig, "/review/quarantine/" + verdict["hash"], "reject").status_code == 303
    (again,) = tablet.verdicts([tablet.seal(vault, payload)], papers=[vault])
    assert (again["verdict"], count(app, CheckRecord)) == ("quarantined", 0)


def test_a_no_to_a_forged_copy_says_nothing_of_the_true_one(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    payload = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"})
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload, private=crypto.new_private())])
    assert verdict["reasons"] == ["signature"]
    assert decide(solveig, "/review/quarantine/" + verdict["hash"], "reject").status_code == 303
    assert tablet.verdicts([tablet.seal(vault, payload)])[0]["verdict"] == "accepted"
    assert decided(app) == [("reject", SOLVEIG.id)]
