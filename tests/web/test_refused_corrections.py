"""A correction belongs to the person of the check it corrects, also when a supervisor has moved that one meanwhile."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

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


@pytest.fixture
def waits(app: Flask, tablet: Tablet, helper: Vault) -> tuple[str, str]:
    """(id, address) of a check on Astrid that nobody has decided about; nothing stands in the way of its author any more."""
    _, url = refused(tablet, helper, str(ref(ASTRID)))
    change(app, lambda session: session.execute(insert(Membership), [{"user_id": KARI.id, "unit_id": ident("Fjordsida")}]))
    (kept,) = all_of(app, Quarantine)
    return str(kept.claimed_id), url


def test_a_correction_of_a_check_that_waits_for_a_decision_waits_with_it_and_follows_it(
    app: Flask, tablet: Tablet, helper: Vault, waits: tuple[str, str], solveig: FlaskClient
) -> None:
    original, first = waits
    _, url = refused(tablet, helper, str(ref(ASTRID)), "calm", sup=[original, "trykket feil"])
    (kept,) = all_of(app, Quarantine, Quarantine.claimed_id != UUID(original))
    assert (kept.reasons, count(app, CheckRecord)) == (["corrects_waiting"], 0)
    assert "Avgjør først sjekken den retter." in words(solveig, url)
    assert offered(solveig, url) == ["reject"]
    assert decide(solveig, url, "accept").status_code == 422
    assert decide(solveig, first, "assign", "Det var Odd", person=str(ref(ODD))).status_code == 303
    assert "Sjekken den retter, gjelder en annen bruker." in words(solveig, url)
    assert decide(solveig, url, "assign", person=str(ref(ODD))).status_code == 303
    (fixed,) = all_of(app, CheckRecord, CheckRecord.supersedes == UUID(original))
    assert (fixed.patient_id, fixed.answers["level"]) == (ref(ODD), "calm")


def test_where_the_check_was_taken_in_as_it_was_its_correction_is_too(
    app: Flask, tablet: Tablet, helper: Vault, waits: tuple[str, str], solveig: FlaskClient
) -> None:
    original, first = waits
    _, url = refused(tablet, helper, str(ref(ASTRID)), "calm", sup=[original, "trykket feil"])
    assert decide(solveig, first, "accept").status_code == 303
    assert "ingenting er i veien lenger" in words(solveig, url)
    assert decide(solveig, url, "accept").status_code == 303
    assert {one.patient_id for one in all_of(app, CheckRecord)} == {ref(ASTRID)}
    assert count(app, CheckRecord, CheckRecord.supersedes == UUID(original)) == 1


def test_who_decides_about_a_check_is_told_of_a_correction_that_came_before_it(
    app: Flask, tablet: Tablet, helper: Vault, waits: tuple[str, str], solveig: FlaskClient
) -> None:
    """It was taken in when nobody knew of the check it corrects."""
    original, url = waits
    office_check = tablet.check(helper, str(ref(ASTRID)), office.FORM, {"level": "calm"}, sup=[original, "trykket feil"])
    change(app, lambda session: session.execute(update(Quarantine).values(user_id=None)))
    assert tablet.verdicts([tablet.seal(helper, office_check)])[0]["verdict"] == "accepted"
    change(app, lambda session: session.execute(update(Quarantine).values(user_id=KARI.id)))
    assert "En retting av denne sjekken er allerede lagt inn på Astrid Lunde. Begge skal gjelde samme bruker." in words(solveig, url)
    assert f'name="person" value="{ref(ASTRID)}" checked' in solveig.get(url).text


def test_rubbish_under_a_checks_number_keeps_no_correction_waiting(app: Flask, tablet: Tablet, vault: Vault) -> None:
    first = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"})
    sealed = bytearray(tablet.seal(vault, first))
    sealed[-1] ^= 1
    assert tablet.verdicts([bytes(sealed)])[0]["verdict"] == "quarantined"
    second = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "calm"}, sup=[first["id"], "feil"])
    assert tablet.verdicts([tablet.seal(vault, second)])[0]["verdict"] == "accepted"


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
