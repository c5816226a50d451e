"""A correction belongs to the person of the check it corrects, also when a supervisor has moved that one meanwhile."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import KARI, ident, ref
from tests.web import office
from tests.web.sync.reading import all_of, change, count
from tests.web.test_refused_records import ASTRID, INGER, ODD, decide, offered, refused, words
from webapp.models import CheckRecord, Flag, Membership, Quarantine


@pytest.fixture
def helper(tablet: Tablet, kari: FlaskClient) -> Vault:
    return tablet.open_vault(kari)


@pytest.fixture
def original(app: Flask, tablet: Tablet, helper: Vault, solveig: FlaskClient) -> UUID:
    """Recorded on Astrid, refused, and given to Odd; nothing stands in the way of its author any more."""
    _, url = refused(tablet, helper, str(ref(ASTRID)))
    assert decide(solveig, url, "assign", "Det var Odd", person=str(ref(ODD))).status_code == 303
    change(app, lambda session: session.execute(insert(Membership), [{"user_id": KARI.id, "unit_id": ident("Fjordsida")}]))
    (check,) = all_of(app, CheckRecord)
    return UUID(str(check.id))


def test_a_correction_of_a_check_that_was_given_to_another_is_not_taken_in_on_the_wrong_person(
    app: Flask, tablet: Tablet, helper: Vault, original: UUID, solveig: FlaskClient
) -> None:
    _, url = refused(tablet, helper, str(ref(ASTRID)), "calm", sup=[str(original), "trykket feil"])
    (kept,) = all_of(app, Quarantine, Quarantine.claimed_id != original)
    assert (kept.reasons, count(app, CheckRecord)) == (["corrects_other"], 1)
    told = words(solveig, url)
    assert "Sjekken den retter, gjelder en annen bruker." in told
    assert "legg rettingen på samme bruker" in told
    assert offered(solveig, url) == ["assign", "reject"]
    page = solveig.get(url).text
    assert f'name="person" value="{ref(ODD)}" checked' in page
    assert f'name="person" value="{ref(ASTRID)}" checked' not in page
    wrong = decide(solveig, url, "assign", person=str(ref(INGER)))
    assert (wrong.status_code, "Legg rettingen på den brukeren." in Page(wrong.text).words) == (422, True)
    assert decide(solveig, url, "assign", person=str(ref(ODD))).status_code == 303
    (fixed,) = all_of(app, CheckRecord, CheckRecord.supersedes == original)
    assert (fixed.patient_id, fixed.answers["level"]) == (ref(ODD), "calm")
    (flag,) = all_of(app, Flag)
    assert (flag.patient_id, flag.closed_at is None) == (ref(ODD), False)


def test_a_correction_in_one_batch_with_another_persons_check_is_refused_too(app: Flask, tablet: Tablet, vault: Vault) -> None:
    first = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"})
    second = tablet.check(vault, str(ref(ODD)), office.FORM, {"level": "calm"}, sup=[first["id"], "feil"])
    verdicts = tablet.verdicts([tablet.seal(vault, one) for one in (first, second)])
    assert [one["verdict"] for one in verdicts] == ["accepted", "quarantined"]
    assert verdicts[1]["reasons"] == ["corrects_other"]
    assert [one.patient_id for one in all_of(app, CheckRecord)] == [ref(ASTRID)]


def test_a_correction_of_her_own_check_is_taken_in(app: Flask, tablet: Tablet, vault: Vault) -> None:
    first = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"})
    second = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"}, sup=[first["id"], "feil"])
    assert [one["verdict"] for one in tablet.verdicts([tablet.seal(vault, one) for one in (first, second)])] == ["accepted"] * 2
    assert count(app, CheckRecord) == 2
