"""A supervisor reads: a check with its corrections, a person's timeline, refused records, devices, coverage."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import HANS, SERVICE_USERS, SOLVEIG, ref
from tests.web import office
from tests.web.filled import contents
from tests.web.sync.reading import all_of, change, count
from webapp.db import open_session
from webapp.models import AccessLog, CheckRecord, Device, Membership, Patient, Quarantine, User
from webapp.review import queries
from webapp.sync.enrol import revoke
from webapp.sync.people import utc_now

ASTRID, ODD, INGER, NILS = (name for name, *_ in SERVICE_USERS)


def test_a_check_says_everything_the_nurse_said(berit: FlaskClient, solveig: FlaskClient) -> None:
    answers = {"heat": "38,5", "times": "3", "remark": "Varm panne"}
    check = office.record(berit, ASTRID, "urgent", answers=answers, note="Fulgte med", actions=["gp_contacted"], context="other")
    page = Page(solveig.get(f"/review/checks/{check}").text)
    for said in ("Prøvesjekk", "Straks", "38,5", "Varm panne", "Fulgte med", "Kontaktet fastlege", "Annet", "Berit Nygård, sykepleier",
                 "Prøve: ring straks.", "Åpent", "Prøve, versjon 1"):  # fmt: skip
        assert said in page.words, said
    assert datetime.now(UTC).strftime(".%m.%Y") in page.words


def test_a_check_that_was_not_done_says_why(berit: FlaskClient, solveig: FlaskClient) -> None:
    check_id = office.start(berit, ASTRID)
    saved = office.save(berit, check_id, {}, outcome="not_done", not_done_reason="declined", not_done_text="Ville sove")
    assert saved.status_code == 200, saved.text
    words = Page(solveig.get(f"/review/checks/{check_id}").text).words
    for said in ("Ikke gjort", "Ønsker ikke", "Ville sove"):
        assert said in words
    assert "Ikke gjort" in solveig.get(f"/review/people/{ref(ASTRID)}").text


def test_a_correction_shows_what_changed_and_both_records_lead_to_each_other(berit: FlaskClient, solveig: FlaskClient) -> None:
    first = office.record(berit, ASTRID, "urgent", answers={"times": "3"})
    second = office.correct(berit, first, "high", "Trykket feil")
    third = office.correct(berit, second, "calm", "Feil igjen")
    old, new = Page(solveig.get(f"/review/checks/{first}").text), Page(solveig.get(f"/review/checks/{second}").text)
    assert "Denne registreringen er korrigert. Den nyeste gjelder." in old.words
    assert f"/review/checks/{third}" in old.urls
    assert "før: Straks" in new.words
    assert "før: Mye" not in new.words
    assert "Grunn: Trykket feil" in new.words
    for one in (first, second, third):
        page = Page(solveig.get(f"/review/checks/{one}").text)
        assert {f"/review/checks/{other}" for other in (first, second, third) if other != one} <= set(page.urls)
        assert (page.words.count("Første registrering"), page.words.count("Korrigering")) == (1, 3)  # the heading too
    timeline = Page(solveig.get(f"/review/people/{ref(ASTRID)}").text).words
    assert timeline.count("Korrigert") >= 2


def raw_check(app: Flask, like: UUID, **news: Any) -> UUID:
    """A copy of a check with other facts, as if it had arrived."""
    (row,) = all_of(app, CheckRecord, CheckRecord.id == like)
    kept = {column.key: getattr(row, column.key) for column in CheckRecord.__table__.columns}
    fresh = kept | {"id": uuid4()} | news
    change(app, lambda session: session.execute(insert(CheckRecord), [fresh]))
    return fresh["id"]  # type: ignore[no-any-return]


def test_two_corrections_of_the_same_check_are_both_seen_from_each_other(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    first = office.record(berit, ASTRID)
    one, two = (raw_check(app, first, supersedes=first, reason=reason) for reason in ("Den ene", "Den andre"))
    for check in (first, one, two):
        words = Page(solveig.get(f"/review/checks/{check}").text).words
        assert "Grunn: Den ene" in words
        assert "Grunn: Den andre" in words


def test_corrections_that_came_before_their_original_are_seen_together(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    like, missing = office.record(berit, ASTRID), uuid4()
    one, two = (raw_check(app, like, supersedes=missing, reason=reason) for reason in ("Den ene", "Den andre"))
    for check in (one, two):
        words = Page(solveig.get(f"/review/checks/{check}").text).words
        assert "Grunn: Den ene" in words
        assert "Grunn: Den andre" in words
    assert "Grunn: Den ene" not in solveig.get(f"/review/checks/{like}").text


def test_a_circle_of_corrections_does_not_hang_the_page(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    like = office.record(berit, ASTRID)
    a, b = uuid4(), uuid4()
    for mine, theirs in ((a, b), (b, a)):
        raw_check(app, like, id=mine, supersedes=theirs, reason="x")
    assert solveig.get(f"/review/checks/{a}").status_code == 200
    raw_check(app, like, id=(c := uuid4()), supersedes=c, reason="x")
    assert solveig.get(f"/review/checks/{c}").status_code == 200


def test_a_long_timeline_is_paged_and_loses_nothing_of_the_same_second(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    like = office.record(berit, ASTRID)
    at = utc_now().replace(microsecond=0) - timedelta(days=1)
    made = {raw_check(app, like, performed_at=at - timedelta(seconds=n // 50)) for n in range(2 * queries.PAGE)}
    seen: list[str] = []
    url: str | None = f"/review/people/{ref(ASTRID)}"
    for _ in range(4):
        if url is None:
            break
        urls = Page(solveig.get(url).text).urls
        seen += [one.rpartition("/")[2] for one in urls if one.startswith("/review/checks/")]
        url = next((one for one in urls if "?before=" in one), None)
    assert url is None
    assert sorted(seen) == sorted(map(str, made | {like}))


def test_a_person_without_checks_has_an_empty_timeline_that_says_so(solveig: FlaskClient) -> None:
    text = solveig.get(f"/review/people/{ref(ODD)}").text
    assert "Ingen sjekker er registrert ennå." in text
    assert "Ingen varsler." in text


def test_anybody_of_the_unit_is_found_by_name_date_or_address(app: Flask, solveig: FlaskClient) -> None:
    every = solveig.get("/review/people").text
    assert [name for name, *_ in SERVICE_USERS if name in every] == [name for name, _, unit, _ in SERVICE_USERS if unit == "Fjordsida"]
    for words, found in (("astrid", [ASTRID]), ("LUNDE  ast", [ASTRID]), ("30.11.1938", [ODD]), ("fjordveien brekke", [ODD]), ("%", [])):
        text = solveig.post("/review/people", data={"q": words}).text
        assert [name for name, *_ in SERVICE_USERS if name in text] == found
    assert "Ingen treff." in solveig.post("/review/people", data={"q": "Nils Vold"}).text
    assert count(app, AccessLog, AccessLog.action == "search", AccessLog.user_id == SOLVEIG.id) == 6


@pytest.fixture
def tablet(app: Flask, berit: FlaskClient) -> Tablet:
    return Tablet.enrol(app, berit, "Nettbrett 3, bil 12")


@pytest.fixture
def vault(tablet: Tablet, berit: FlaskClient) -> Vault:
    return tablet.open_vault(berit)


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


BAD_DECISIONS = [({}, "Velg om registreringen"), ({"decision": "accept"}, "Skriv en begrunnelse"),
                 ({"decision": "x", "reason": "x"}, "Velg om"), ({"decision": "accept", "reason": "x" * 501}, "Skriv en"),
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
    assert solveig.post(url, data={"decision": "accept", "reason": "Ringte Berit"}).headers["Location"] == "/review/quarantine"
    assert count(app, CheckRecord) == 1
    text = solveig.get("/review/quarantine").text
    assert "Lagt inn av Solveig Dahl, i dag" in text
    assert "Ringte Berit" in text
    assert ASTRID in solveig.get("/review").text
    again = solveig.post(url, data={"decision": "reject", "reason": "Ombestemte meg"})
    assert (again.status_code, "Noen har allerede bestemt dette." in again.text) == (422, True)
    assert [row.decision for row in all_of(app, Quarantine)] == ["accept"]
    assert count(app, AccessLog, AccessLog.action == "quarantine_accept", AccessLog.user_id == SOLVEIG.id) == 1


def test_a_record_that_cannot_be_read_can_only_be_left_out(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    (verdict,) = tablet.verdicts([tablet.seal(vault, b"rubbish")])
    url = f"/review/quarantine/{verdict['hash']}/decision"
    refused = solveig.post(url, data={"decision": "accept", "reason": "Prøver"})
    assert (refused.status_code, "Den blir liggende. Ingenting er endret." in refused.text) == (422, True)
    assert solveig.post(url, data={"decision": "reject", "reason": "Uleselig"}).status_code == 302
    assert "Ikke lagt inn av Solveig Dahl" in solveig.get("/review/quarantine").text
    assert count(app, CheckRecord) == 0


def test_a_record_about_somebody_elsewhere_does_not_name_her(app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient) -> None:
    payload = tablet.check(vault, str(ref(NILS)), office.FORM, {"level": "calm"})
    assert tablet.verdicts([tablet.seal(vault, payload)])[0]["reasons"] == ["no_access"]
    change(app, lambda session: session.execute(update(Quarantine).values(unit_id=None)))
    words = Page(solveig.get("/review/quarantine").text).words
    assert "Ingen i dine enheter" in words
    assert NILS not in words


def test_what_waits_for_a_decision_stands_before_a_page_of_decided_ones(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient
) -> None:
    lost(app, tablet, vault)
    (row,) = all_of(app, Quarantine)
    kept = {column.key: getattr(row, column.key) for column in Quarantine.__table__.columns}
    later = utc_now() + timedelta(minutes=1)
    news = {"received_at": later, "decided_at": later, "decision": "reject"}
    rows = [kept | news | {"envelope_hash": f"{n:064x}"} for n in range(queries.PAGE)]
    change(app, lambda session: session.execute(insert(Quarantine), rows))
    page = Page(solveig.get("/review/quarantine").text)
    assert [form.action for form in page.forms if "/decision" in form.action] == [f"/review/quarantine/{row.envelope_hash}/decision"]
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


def test_coverage_counts_what_is_done_due_and_overdue(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    def numbers() -> list[str]:
        text = solveig.get("/review/coverage").text
        line = text[text.index("Prøvesjekk</th>") :]
        return [re.sub("<[^>]*>", "", "<td" + cell.partition("</td>")[0]) for cell in line.split("<td")[1:6]]

    office.record(berit, ASTRID)
    assert numbers() == ["1", "1", "0", "0", "100 %"]
    office.record(berit, ODD)
    draft, long_ago = office.start(berit, INGER), datetime.now(UTC) - timedelta(days=30)
    data = office.body({"level": "calm"}, performed_at="")
    data |= {"common.performed_at.date": long_ago.date().isoformat(), "common.performed_at.time": "12:00"}
    assert berit.post(f"/round/checks/{draft}", data=data).status_code == 200
    assert numbers() == ["3", "2", "0", "1", "67 %"]
    page = Page(solveig.get("/review/coverage").text)
    assert "3 brukere med tjeneste i dag" in page.words
    assert f"{datetime.now(UTC):%m.%Y}" in page.words


def test_a_supervisor_without_a_unit_meets_empty_pages_and_no_error(app: Flask, solveig: FlaskClient) -> None:
    from sqlalchemy import delete

    change(app, lambda session: session.execute(delete(Membership).where(Membership.user_id == SOLVEIG.id)))
    for path in ("/review", "/review/flags", "/review/people", "/review/coverage", "/review/quarantine", "/review/devices"):
        answer = solveig.get(path)
        assert answer.status_code == 200, path
        assert Page(answer.text).problems == []
    assert "Du leder ingen enheter ennå." in solveig.get("/review/coverage").text


LONG = "Annbjørg-Margrethe Kristine von Hohenlohe-Langenburg Øvreseth-Þorsteinsdóttir " * 2


def test_a_long_name_is_shown_whole_everywhere(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    change(app, lambda s: s.execute(update(Patient).where(Patient.id == ref(ASTRID)).values(name=LONG[:160])))
    check = office.record(berit, ASTRID, "urgent")
    for path in ("/review", "/review/people", f"/review/people/{ref(ASTRID)}", f"/review/checks/{check}"):
        assert LONG[:150] in solveig.get(path).text


def test_pages_are_in_the_readers_language_and_times_in_oslo(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "high", answers={"heat": "37,5"})
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    summer = raw_check(app, check, performed_at=at)
    for lang, says in (("nn", "Prøve, versjon 1"), ("en", "Proof, version 1"), ("", "Prøve, versjon 1")):
        assert solveig.post("/account/language", data={"language": lang}).status_code == 302
        page = Page(solveig.get(f"/review/checks/{summer}").text)
        assert page.lang == (lang or "nb")
        assert says in page.words
        assert "02.07.2026 00:30" in page.words
        assert "37,5" in page.words
    assert sign_in(app.test_client(), HANS).get(f"/review/checks/{check}").status_code == 404
