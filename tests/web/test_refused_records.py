"""A supervisor puts a refused record right: whose it is, where, or that it does not count. What was signed stays as it was signed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update

from tests.conftest import sign_in
from tests.device import Tablet, Vault, hours_ago, now_oslo
from tests.html import Page
from tests.people import AMINA, BERIT, KARI, SERVICE_USERS, SOLVEIG, ident, ref
from tests.web import office
from tests.web.sync.reading import all_of, ask, change, count
from webapp.bundles import registry
from webapp.models import AccessLog, CheckRecord, Flag, Membership, Quarantine, QuarantineDecision, Receipt, UserKey, Visit, utc_now

ASTRID, ODD, INGER, NILS = (name for name, *_ in SERVICE_USERS)
BUNDLES = Path(__file__).parent / "bundles"


def refused(tablet: Tablet, vault: Vault, person: str, level: str = "high", **more: Any) -> tuple[bytes, str]:
    """(envelope, address of its page) of a check about this person that was not accepted."""
    actions = {"c_ac": ["manager_informed"]} if level != "calm" else {}
    sealed = tablet.seal(vault, tablet.check(vault, person, office.FORM, {"level": level}, **actions, **more))
    (verdict,) = tablet.verdicts([sealed])
    assert verdict["verdict"] == "quarantined"
    return sealed, "/review/quarantine/" + verdict["hash"]


def decide(client: FlaskClient, url: str, decision: str, reason: str = "Snakket med Berit", **more: Any) -> Any:
    return client.post(url + "/decision", data={"decision": decision, "reason": reason, "seen": "0", **more})


def words(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    assert Page(answer.text).problems == []
    return Page(answer.text).words


def offered(client: FlaskClient, url: str) -> list[str]:
    return [value for value in ("accept", "unit", "assign", "reject") if f'name="decision" value="{value}"' in client.get(url).text]


def test_the_page_says_why_what_she_recorded_and_what_can_be_done(tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    _, url = refused(tablet, vault, str(uuid4()))
    told = words(solveig, url)
    for said in ("Brukeren er ukjent.", "Finn ut hvem sjekken gjelder", "Hvor ille?", "Mye", "Prøve: se på dette.",
                 "Berit Nygård, sykepleier", "Nettbrett 3", "Fjordsida", "Prøve, versjon 1"):  # fmt: skip
        assert said in told, said
    assert offered(solveig, url) == ["assign", "reject"]
    assert url in Page(solveig.get("/review/quarantine").text).urls


def test_a_record_about_nobody_becomes_a_check_of_the_right_person_as_it_was_signed(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    payload = tablet.check(vault, str(uuid4()), office.FORM, {"level": "high"}, c_ac=["manager_informed"])
    sealed, anew = tablet.seal(vault, payload), tablet.seal(vault, payload)
    url = "/review/quarantine/" + tablet.verdicts([sealed])[0]["hash"]
    assert decide(solveig, url, "assign", "Berit sier at det var Odd", person=str(ref(ODD))).status_code == 303
    (check,) = all_of(app, CheckRecord)
    (kept,) = all_of(app, Quarantine)
    assert (check.patient_id, check.unit_id, check.author_id) == (ref(ODD), ident("Fjordsida"), BERIT.id)
    assert (check.received_at, kept.envelope) == (kept.received_at, sealed)
    assert all_of(app, Receipt)[0].content_hash == check.content_hash
    assert [(flag.patient_id, flag.code) for flag in all_of(app, Flag)] == [(ref(ODD), "PROVE_HIGH")]
    told = words(solveig, f"/review/checks/{check.id}")
    assert "Lagt inn på en annen bruker av Solveig Dahl, i dag" in told
    assert "Berit sier at det var Odd" in told
    for again in (sealed, anew):
        assert tablet.verdicts([again])[0]["verdict"] == "duplicate"
    assert count(app, CheckRecord) == 1
    assert count(app, AccessLog, AccessLog.action == "rejudge_mismatch") == 0
    assert count(app, AccessLog, AccessLog.action == "quarantine_assign", AccessLog.patient_id == ref(ODD)) == 1


def test_it_is_judged_on_the_history_of_the_person_it_is_about(
    app: Flask, tablet: Tablet, vault: Vault, berit: FlaskClient, solveig: FlaskClient
) -> None:
    office.record(berit, ODD, "high")
    _, url = refused(tablet, vault, str(uuid4()), "calm")
    assert decide(solveig, url, "assign", person=str(ref(ODD))).status_code == 303
    newest = all_of(app, CheckRecord, CheckRecord.key_id.is_not(None))[0]
    assert newest.patient_id == ref(ODD)
    assert [one.not_found_last for one in all_of(app, Flag)] == [True]


def test_a_record_claimed_for_a_unit_that_is_not_there_is_taken_into_the_persons_own(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(ref(ASTRID)), u=str(uuid4()))
    assert offered(solveig, url) == ["unit", "assign", "reject"]
    assert "Legg inn i Fjordsida" in words(solveig, url)
    assert decide(solveig, url, "accept").status_code == 422
    assert decide(solveig, url, "assign").status_code == 422  # nobody was chosen: not the one it was signed about either
    assert count(app, CheckRecord) == 0
    assert decide(solveig, url, "unit").status_code == 303
    (check,) = all_of(app, CheckRecord)
    assert (check.patient_id, check.unit_id) == (ref(ASTRID), ident("Fjordsida"))


def test_a_colleague_from_another_unit_who_helped_is_taken_in_where_the_person_belongs(
    app: Flask, tablet: Tablet, kari: FlaskClient, solveig: FlaskClient, hans: FlaskClient
) -> None:
    helper = tablet.open_vault(kari)
    _, url = refused(tablet, helper, str(ref(ASTRID)))
    assert hans.get(url).status_code == 404
    assert offered(solveig, url) == ["unit", "assign", "reject"]
    assert decide(solveig, url, "unit").status_code == 303
    assert [(one.unit_id, one.author_id) for one in all_of(app, CheckRecord)] == [(ident("Fjordsida"), KARI.id)]
    assert [(one.decision, one.against) for one in all_of(app, QuarantineDecision)] == [("unit", ["no_access"])]


def test_once_the_account_is_put_right_nothing_stands_in_the_way(
    app: Flask, tablet: Tablet, kari: FlaskClient, solveig: FlaskClient
) -> None:
    helper = tablet.open_vault(kari)
    _, url = refused(tablet, helper, str(ref(ASTRID)))
    assert "Kan legges inn nå" not in words(solveig, "/review/quarantine")
    change(app, lambda session: session.execute(insert(Membership), [{"user_id": KARI.id, "unit_id": ident("Fjordsida")}]))
    assert "Kan legges inn nå" in words(solveig, "/review/quarantine")
    assert "Vurdert på nytt nå: ingenting er i veien lenger." in words(solveig, url)
    assert decide(solveig, url, "accept", "Kari er satt opp i enheten nå").status_code == 303
    assert [(one.decision, one.against) for one in all_of(app, QuarantineDecision)] == [("accept", [])]
    assert count(app, CheckRecord) == 1


@pytest.mark.parametrize("version", [1, 2])
def test_once_the_form_is_installed_the_record_can_be_read_and_taken_in(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, tmp_path: Path, version: int
) -> None:
    newer = (BUNDLES / "prove.v1.toml").read_text("utf-8").replace("version = 1", "version = 2")
    shutil.copy(BUNDLES / "prove.v1.toml", tmp_path)
    (tmp_path / "prove.v2.toml").write_text(newer.replace("Mye", "Svært mye"), "utf-8")
    tablet.bundles = registry([tmp_path])
    payload = tablet.check(vault, str(ref(ASTRID)), office.FORM, {"level": "high"}, c_ac=["manager_informed"])
    assert payload["bv"] == 2
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload, version=version)])
    assert verdict["reasons"] == ["bundle_unknown"]
    url = "/review/quarantine/" + verdict["hash"]
    told = words(solveig, url)
    assert "Be den som drifter serveren, legge inn skjemaversjonen." in told
    assert "Svarene kan ikke vises før skjemaversjonen er lagt inn på serveren." in told
    assert offered(solveig, url) == ["reject"]
    assert decide(solveig, url, "accept").status_code == 422
    app.config["BUNDLE_DIRS"] = [tmp_path]
    assert "Svært mye" in words(solveig, url)
    assert decide(solveig, url, "accept", "Skjemaet er lagt inn").status_code == 303
    assert [(one.bundle_version, one.answers["level"]) for one in all_of(app, CheckRecord)] == [(2, "high")]


def test_time_spent_waiting_for_a_decision_does_not_make_it_a_late_entry(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(uuid4()), at=hours_ago(100))
    (kept,) = all_of(app, Quarantine)
    came = kept.received_at - timedelta(hours=99)
    change(app, lambda session: session.execute(update(Quarantine).values(received_at=came)))
    assert decide(solveig, url, "assign", person=str(ref(ODD))).status_code == 303
    (check,) = all_of(app, CheckRecord)
    assert (check.received_at, [flag["code"] for flag in check.flags]) == (came, ["PROVE_HIGH"])


def test_a_supervisor_may_change_her_mind_about_what_she_left_out_but_not_about_what_she_took_in(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    sealed, url = refused(tablet, vault, str(uuid4()))
    for _ in range(2):  # a second tap is the same decision
        assert decide(solveig, url, "reject", "Trodde den var en kopi").status_code == 303
    assert tablet.verdicts([sealed])[0]["reasons"] == ["rejected"]
    assert decide(solveig, url, "assign", person=str(ref(ODD))).status_code == 422  # her screen was from before
    assert decide(solveig, url, "assign", "Det var ingen kopi", person=str(ref(ODD)), seen="1").status_code == 303
    assert tablet.verdicts([sealed])[0]["verdict"] == "duplicate"
    assert decide(solveig, url, "reject", seen="2").status_code == 422
    told = words(solveig, url)
    assert "Trodde den var en kopi" in told
    assert "Det var ingen kopi" in told
    assert [(one.number, one.decision) for one in all_of(app, QuarantineDecision)] == [(1, "reject"), (2, "assign")]
    assert [one["decision"] for one in tablet.pull(vault)["decided"]] == ["assign"]


def test_nobody_outside_her_units_can_be_chosen_or_read(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, hans: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(uuid4()))
    for person in (str(ref(NILS)), str(uuid4()), "x", ""):
        answer = decide(solveig, url, "assign", person=person)
        assert (answer.status_code, "Velg hvem sjekken gjelder" in answer.text) == (422, True)
    assert count(app, CheckRecord) == 0
    assert (hans.get(url).status_code, decide(hans, url, "reject").status_code) == (404, 404)
    assert NILS not in solveig.post(url, data={"q": "vold"}).text
    assert count(app, QuarantineDecision) == 0


def test_what_is_about_somebody_elsewhere_is_not_shown(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, hans: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(ref(NILS)))
    change(app, lambda session: session.execute(update(Quarantine).values(unit_id=None)))
    assert (solveig.get(url).status_code, url in Page(solveig.get("/review/quarantine").text).urls) == (404, False)
    for decision in ("accept", "unit", "assign", "reject"):
        assert decide(solveig, url, decision, person=str(ref(ODD))).status_code == 404
    assert (count(app, CheckRecord), count(app, QuarantineDecision)) == (0, 0)
    assert NILS in words(hans, url)
    assert offered(hans, url) == ["unit", "assign", "reject"]


def test_whoever_was_on_her_route_that_day_is_proposed_nearest_in_time_and_a_search_finds_the_others(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    at = now_oslo().replace(hour=9, minute=5, second=0).isoformat(timespec="seconds")
    mine = update(Visit).where(Visit.patient_id.in_([ref(ASTRID), ref(ODD)])).values(user_id=BERIT.id)
    change(app, lambda session: session.execute(mine))
    _, url = refused(tablet, vault, str(uuid4()), at=at)
    proposed = words(solveig, url)
    assert proposed.index(ODD) < proposed.index(ASTRID)
    assert INGER not in proposed
    found = solveig.post(url, data={"q": "inger", "reason": "Skrevet halvveis", "decision": "assign"}).text
    assert INGER in found
    assert ODD not in found
    assert "Skrevet halvveis" in found
    assert 'value="assign" required checked' in found
    assert "Ingen treff" in Page(solveig.post(url, data={"q": "xyz"}).text).words


def test_the_author_hears_who_decided_and_why_and_a_colleague_on_the_device_only_that_it_is_decided(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(uuid4()))
    colleague = tablet.open_vault(sign_in(app.test_client(), AMINA))
    assert decide(solveig, url, "assign", "Odd hadde samme time", person=str(ref(ODD))).status_code == 303
    (told,) = tablet.pull(vault)["decided"]
    assert (told["decision"], told["by"], told["reason"], told["person"]) == (
        "assign", SOLVEIG.name, "Odd hadde samme time", str(ref(ODD)),
    )  # fmt: skip
    assert told["receipt"].isdigit()
    (overheard,) = tablet.pull(colleague)["decided"]
    assert set(overheard) == {"id", "hash", "decision", "at"}


def test_a_device_that_was_away_for_long_still_hears_what_was_decided(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    _, url = refused(tablet, vault, str(uuid4()))
    tablet.pull(vault)
    then = {"envelope_hash": url.rsplit("/", 1)[1], "number": 1, "at": utc_now() - timedelta(days=50), "decision": "reject"}
    change(app, lambda session: session.execute(insert(QuarantineDecision), [then]))
    assert tablet.pull(vault)["decided"] == []
    parts = str(vault.cursor).split(".")
    parts[3] = str(int(parts[3]) - 60 * 24 * 60)  # the last time it was here
    vault.cursor = ".".join(parts)
    assert [one["decision"] for one in tablet.pull(vault)["decided"]] == ["reject"]


def test_a_key_that_becomes_known_again_resolves_it_without_anybody(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    change(app, lambda session: session.execute(delete(UserKey).where(UserKey.id == UUID(vault.key_id))))
    sealed, url = refused(tablet, vault, str(ref(ASTRID)))
    assert "Svarene vises ikke før det er sikkert hvem som har skrevet dem." in words(solveig, url)
    assert tablet.verdicts([sealed], papers=[vault])[0]["verdict"] == "accepted"
    assert "Godtatt da den kom på nytt, i dag" in words(solveig, url)
    assert offered(solveig, url) == []
    assert ask(app, lambda session: session.scalar(select(QuarantineDecision.by))) is None
