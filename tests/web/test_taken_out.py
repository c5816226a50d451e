"""Wrong person, deletion by law, blocked information: only by the journal-responsible, with a reason, and never silent (REQ-03, REQ-04)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.people import AMINA, BERIT, HANS, JORUNN, KARI, PER, SOLVEIG, STINE, Actor, ref
from tests.web import logged, office
from tests.web.sync.reading import all_of, change
from webapp.models import AccessLog, CheckDecision, CheckRecord, Flag, FlagClosing, HiddenCheck
from webapp.sync import follow

ASTRID, NILS = "Astrid Lunde", "Nils Vold"
WHY = "Registrert på feil bruker, meldt av Berit"
TO_NILS: dict[str, Any] = {"kind": "move", "name": NILS, "born": "1930-01-05"}


def decide(client: FlaskClient, check: UUID, status: int = 303, **said: Any) -> str:
    answer = client.post(f"/journal/checks/{check}/decision", data={"reason": WHY, "seen": "0", **said})
    assert answer.status_code == status, answer.text
    return answer.text


def open_flags(app: Flask, name: str) -> list[Any]:
    return all_of(app, Flag, Flag.patient_id == ref(name), Flag.closed_at.is_(None))


def ids(snapshot: dict[str, Any]) -> set[str]:
    return {check["id"] for person in snapshot["people"] for check in person["checks"]}


def test_a_check_of_the_wrong_person_stands_with_the_right_one_by_the_same_nurse_and_no_longer_with_the_wrong(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, hans: FlaskClient, jorunn: FlaskClient
) -> None:
    check = office.record(berit, ASTRID, "urgent", note="Gruer seg")
    assert [flag.code for flag in open_flags(app, ASTRID)] == ["PROVE_URGENT"]
    decide(jorunn, check, **TO_NILS)
    assert open_flags(app, ASTRID) == []
    assert [flag.code for flag in open_flags(app, NILS)] == ["PROVE_URGENT"]
    (new,) = all_of(app, CheckRecord, CheckRecord.patient_id == ref(NILS))
    (old,) = all_of(app, CheckRecord, CheckRecord.id == check)
    for name in ("author_id", "author_name", "performed_at", "recorded_at", "received_at", "answers", "note", "bundle_version"):
        assert getattr(new, name) == getattr(old, name), name
    for client in (solveig, berit):
        page = "/review/people/" if client is solveig else "/round/people/"
        assert "Gruer seg" not in client.get(f"{page}{ref(ASTRID)}").text
    assert solveig.get(f"/review/checks/{check}").status_code == 404
    assert berit.get(f"/round/checks/{check}").status_code == 404
    assert "Vises ikke her: 1 flyttet til riktig bruker." in logged.said(solveig, f"/review/people/{ref(ASTRID)}")
    assert "Registrert på feil bruker og flyttet hit av journalansvarlig" in logged.said(hans, f"/review/checks/{new.id}")
    rows = {row.action: row for row in all_of(app, AccessLog, AccessLog.action.like("record_%"))}
    assert {name: row.patient_id for name, row in rows.items()} == {"record_move": ref(ASTRID), "record_received": ref(NILS)}
    assert {row.reason for row in rows.values()} == {WHY}


@pytest.mark.parametrize(("kind", "says"), [("delete", "1 slettet etter vedtak"), ("block", "1 sperret")])
def test_what_is_deleted_or_blocked_is_shown_to_nobody_and_still_said(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, jorunn: FlaskClient, kind: str, says: str
) -> None:
    check = office.record(berit, ASTRID, "high", note="Gruer seg")
    correction = office.correct(berit, check, "urgent", "Feil svar")
    decide(jorunn, correction, kind=kind)
    timeline = logged.said(solveig, f"/review/people/{ref(ASTRID)}")
    assert says in timeline
    assert "Prøvesjekk" not in timeline
    assert [flag.code for flag in open_flags(app, ASTRID)] == []
    for one in (check, correction):  # the versions say the same of the same person
        assert solveig.get(f"/review/checks/{one}").status_code == 404
        assert berit.post(f"/round/checks/{one}/correction").status_code == 404
    page = logged.said(jorunn, f"/journal/checks/{check}")
    assert ("Gruer seg" in page) is (kind == "block")
    assert WHY in page
    assert len(all_of(app, CheckRecord)) == 2, "the records stay"


def test_a_block_is_lifted_and_a_deletion_is_not(app: Flask, berit: FlaskClient, solveig: FlaskClient, jorunn: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "urgent")
    decide(jorunn, check, kind="block")
    decide(jorunn, check, kind="unblock", seen="1")
    assert [flag.code for flag in open_flags(app, ASTRID)] == ["PROVE_URGENT"]
    assert solveig.get(f"/review/checks/{check}").status_code == 200
    decide(jorunn, check, kind="delete", seen="2")
    for kind in ("unblock", "block", "move", "refuse"):
        decide(jorunn, check, 422, **{**TO_NILS, "kind": kind}, seen="3")
    assert [one.kind for one in sorted(all_of(app, CheckDecision), key=lambda one: one.number)] == ["block", "unblock", "delete"]


def test_a_refused_request_is_recorded_and_changes_nothing(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, jorunn: FlaskClient
) -> None:
    check = office.record(berit, ASTRID, "urgent")
    decide(jorunn, check, kind="refuse", reason="Opplysningen er riktig og nødvendig")
    assert solveig.get(f"/review/checks/{check}").status_code == 200
    assert len(open_flags(app, ASTRID)) == 1
    assert "Krav er avslått" in logged.said(jorunn, f"/journal/checks/{check}")


def test_a_flag_that_another_check_raised_too_stays_and_says_what_it_says(app: Flask, berit: FlaskClient, jorunn: FlaskClient) -> None:
    first, second = office.record(berit, ASTRID, "urgent"), office.record(berit, ASTRID, "urgent")
    (flag,) = open_flags(app, ASTRID)
    assert flag.check_id == first
    decide(jorunn, first, kind="delete")
    (left,) = open_flags(app, ASTRID)
    assert (left.id, left.check_id) == (flag.id, second)


def test_a_flag_that_it_closed_is_open_again(app: Flask, berit: FlaskClient, jorunn: FlaskClient) -> None:
    first, second = office.record(berit, ASTRID, "urgent"), office.record(berit, ASTRID, "calm")
    (flag,) = open_flags(app, ASTRID)

    def closed(session: Any) -> None:  # as a check that answers it does
        row = session.get(Flag, flag.id)
        row.closed_at = row.opened_at
        session.add(FlagClosing(flag_id=flag.id, outcome="by_prove_sjekk"[: follow.OUTCOME_MAX], by=BERIT.id, check_id=second,
                                at=row.opened_at))

    change(app, closed)
    decide(jorunn, second, kind="delete")
    (again,) = open_flags(app, ASTRID)
    assert (again.code, again.check_id) == ("PROVE_URGENT", first)
    assert len(all_of(app, FlagClosing)) == 1, "the closing stays"


def test_it_leaves_the_tablets_too_and_a_correction_that_comes_late_waits_for_a_person(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, jorunn: FlaskClient, tablet: Tablet, vault: Vault
) -> None:
    check = office.record(berit, ASTRID, "urgent")
    before = tablet.pull(vault)
    assert str(check) in ids(before)
    decide(jorunn, check, kind="delete")
    after = tablet.pull(vault)
    assert [person["ref"] for person in after["people"]] == [str(ref(ASTRID))]
    assert ids(after) == set()
    assert after["people"][0]["flags"] == []
    assert after["taken_out"] == [str(check)]
    assert [(one["reasons"], "made" in one) for one in after["taken"].values()] == [(["delete"], True)]
    late = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "high"}, sup=[str(check), "Feil svar"])
    (verdict,) = tablet.verdicts([tablet.seal(vault, late)])
    assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", ["corrects_hidden"])


def test_a_late_correction_of_a_moved_check_is_given_to_the_right_person_and_corrects_it_there(
    app: Flask, berit: FlaskClient, jorunn: FlaskClient, tablet: Tablet, vault: Vault
) -> None:
    check = office.record(berit, ASTRID, "urgent")
    decide(jorunn, check, **TO_NILS | {"name": "Odd Brekke", "born": "1938-11-30"})
    late = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "high"}, sup=[str(check), "Feil svar"])
    (verdict,) = tablet.verdicts([tablet.seal(vault, late)])
    assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", ["corrects_other"])
    solveig = sign_in(app.test_client(), SOLVEIG)
    said = {"decision": "assign", "person": str(ref("Odd Brekke")), "reason": "Samme besøk"}
    assert solveig.post(f"/review/quarantine/{verdict['hash']}/decision", data=said).status_code == 303
    moved, correction = sorted(all_of(app, CheckRecord, CheckRecord.patient_id == ref("Odd Brekke")), key=lambda one: bool(one.supersedes))
    assert correction.supersedes == moved.id
    assert [flag.code for flag in open_flags(app, "Odd Brekke")] == ["PROVE_HIGH"]


@pytest.mark.parametrize(
    ("kind", "says"), [("delete", "Slettet etter vedtak."), ("block", "Sperret for innsyn."), ("move", "Flyttet til riktig bruker.")]
)
def test_its_author_is_told_what_was_decided_and_nobody_else_is_and_never_whom_it_is_about(
    berit: FlaskClient, jorunn: FlaskClient, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient], kind: str, says: str
) -> None:
    check = office.record(berit, ASTRID, "urgent")
    decide(jorunn, check, **TO_NILS | {"kind": kind})
    told = logged.said(berit, "/round/sent")
    assert "Tatt ut i dag" in told
    assert says in told
    for secret in (ASTRID, NILS, WHY, str(ref(NILS))):
        assert secret not in told
        assert secret not in repr(tablet.pull(vault)["taken"])
    assert "Tatt ut" not in logged.said(login(AMINA), "/round/sent")


def test_a_block_that_was_lifted_is_told_no_more(berit: FlaskClient, jorunn: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "urgent")
    decide(jorunn, check, kind="block")
    decide(jorunn, check, kind="unblock", seen="1")
    assert "Tatt ut" not in logged.said(berit, "/round/sent")


WRONG = [
    ({"kind": "delete", "reason": "kort"}, "Skriv en begrunnelse på 10 til 500 tegn."), ({"kind": "forget"}, "Velg hva som skal gjøres"),
    (TO_NILS | {"born": "1930-01-06"}, "Fant ingen bruker"), (TO_NILS | {"name": ASTRID, "born": "1941-03-02"}, "Finn brukeren som"),
    ({"kind": "block", "seen": "1"}, "Noen har allerede avgjort noe"), ({"kind": "unblock"}, "Velg hva som skal gjøres"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "words"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_be_decided_is_said_and_changes_nothing(
    app: Flask, berit: FlaskClient, jorunn: FlaskClient, said: dict[str, str], words: str
) -> None:
    check = office.record(berit, ASTRID, "urgent")
    answer = decide(jorunn, check, 422, **said)
    assert words in answer
    assert "Ingenting er endret." in answer
    assert (all_of(app, HiddenCheck), all_of(app, CheckDecision), len(open_flags(app, ASTRID))) == ([], [], 1)


@pytest.mark.parametrize("actor", [BERIT, KARI, SOLVEIG, HANS, PER, STINE], ids=lambda one: one.username)
def test_nobody_else_decides(app: Flask, berit: FlaskClient, actor: Actor) -> None:
    check = office.record(berit, ASTRID, "urgent")
    decide(sign_in(app.test_client(), actor), check, 403, kind="delete")
    assert all_of(app, HiddenCheck) == []


def test_she_finds_the_record_by_the_person_and_both_looks_are_logged(app: Flask, berit: FlaskClient, jorunn: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "urgent", note="Gruer seg")
    assert f"/journal/people/{ref(ASTRID)}/checks" in jorunn.post("/journal/people", data={"q": "Astrid"}).text
    listed = jorunn.get(f"/journal/people/{ref(ASTRID)}/checks").text
    assert f"/journal/checks/{check}" in listed
    assert "Gruer seg" not in listed, "the list says who and when, not what"
    assert "Gruer seg" in jorunn.get(f"/journal/checks/{check}").text
    seen = [row.action for row in all_of(app, AccessLog, AccessLog.user_id == JORUNN.id, AccessLog.patient_id == ref(ASTRID))]
    assert sorted(seen) == ["check", "timeline"]
