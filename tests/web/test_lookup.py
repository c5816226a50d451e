"""A "begrunnet oppslag": to see somebody of another unit, for a typed reason, for some hours, seen by the leader of that unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.device import Tablet, Vault
from tests.people import BERIT, HANS, JORUNN, KARI, PER, SOLVEIG, STINE, Actor, ident, ref
from tests.web import office
from tests.web.conftest import Login
from tests.web.logged import said
from tests.web.sync.reading import all_of, ask, change
from webapp.accounts import policy
from webapp.models import AccessLog, AccessReview, Flag, Lookup, LookupEnd, Patient, Setting, User, utc_now

ASTRID = ref("Astrid Lunde")
WHY = "Vikar på kveldsvakt i Fjordsida"
FORM = {"name": "Astrid Lunde", "born": "1941-03-02", "reason": WHY}
PERSON, TIMELINE = f"/round/people/{ASTRID}", f"/review/people/{ASTRID}"


def begin(client: FlaskClient, **news: str) -> int:
    return client.post("/lookups", data=FORM | news).status_code


def opened(app: Flask) -> Lookup:
    (one,) = all_of(app, Lookup)
    assert isinstance(one, Lookup)
    return one


def aged(app: Flask, actor: Actor, hours: float) -> None:
    """A look-up of four hours that began so long ago."""
    begun = utc_now() - timedelta(hours=hours)
    row: dict[str, Any] = {"user_id": actor.id, "patient_id": ASTRID, "unit_id": ident("Fjordsida"), "reason": WHY}
    change(app, lambda s: s.add(Lookup(begun_at=begun, until=begun + timedelta(hours=4), **row)))


def test_another_units_person_is_seen_with_a_look_up_and_neither_before_nor_after(app: Flask, kari: FlaskClient) -> None:
    assert kari.get(PERSON).status_code == 404
    assert begin(kari) == 303
    assert "Astrid Lunde" in said(kari, PERSON)
    assert kari.post(f"/lookups/{opened(app).id}/end").status_code == 303
    assert kari.get(PERSON).status_code == 404
    assert kari.post(f"/lookups/{opened(app).id}/end").status_code == 303, "twice is once"
    assert len(all_of(app, LookupEnd)) == 1


def test_it_ends_by_itself(app: Flask, kari: FlaskClient) -> None:
    aged(app, KARI, 3.9)
    assert kari.get(PERSON).status_code == 200
    aged(app, HANS, 4.1)
    assert said(kari, "/lookups").count("Åpent til") == 1


def test_what_has_ended_opens_nothing(app: Flask, kari: FlaskClient, hans: FlaskClient) -> None:
    aged(app, KARI, 4.1)
    aged(app, HANS, 4.1)
    assert [kari.get(PERSON).status_code, hans.get(TIMELINE).status_code] == [404, 404]
    assert "Åpent til" not in said(kari, "/lookups")


def test_a_supervisor_reads_the_timeline_and_follows_nothing_up(app: Flask, berit: FlaskClient, hans: FlaskClient) -> None:
    check = office.record(berit, "Astrid Lunde", "high")
    assert hans.get(TIMELINE).status_code == 404
    assert begin(hans) == 303
    assert [hans.get(path).status_code for path in (TIMELINE, f"/review/checks/{check}")] == [200, 200]
    (flag,) = all_of(app, Flag)
    assert "/review?flag=" not in hans.get(TIMELINE).text + hans.get(f"/review/checks/{check}").text
    assert hans.get(f"/review?flag={flag.id}").status_code == 404
    assert hans.post(f"/review/flags/{flag.id}/closing", data={"outcome": "done"}).status_code == 404
    assert "Astrid" not in hans.get("/review").text


def test_a_nurse_who_helps_writes_down_what_she_did(app: Flask, kari: FlaskClient, solveig: FlaskClient) -> None:
    assert begin(kari) == 303
    check = office.record(kari, "Astrid Lunde", "calm")
    assert "Kari Solheim" in said(solveig, f"/review/checks/{check}")
    rows = all_of(app, AccessLog, AccessLog.user_id == KARI.id, AccessLog.action == "check_recorded")
    assert [row.detail["lookup"] for row in rows] == [str(opened(app).id)]


def test_every_view_under_it_is_logged_with_it_and_said_on_the_page(app: Flask, kari: FlaskClient) -> None:
    begin(kari)
    assert "Begrunnet oppslag til i" in said(kari, PERSON)
    (begun,) = all_of(app, AccessLog, AccessLog.action == "lookup_begun")
    (seen,) = all_of(app, AccessLog, AccessLog.action == "person")
    one = opened(app)
    assert (seen.reason, seen.detail["lookup"], seen.detail["from"]) == (WHY, str(one.id), [str(ident("Sentrum"))])
    assert (begun.patient_id, begun.unit_id, begun.reason, begun.role) == (ASTRID, ident("Fjordsida"), WHY, "nurse")
    kari.get(f"/round/people/{ref('Nils Vold')}")
    (own,) = all_of(app, AccessLog, AccessLog.action == "person", AccessLog.patient_id == ref("Nils Vold"))
    assert "lookup" not in own.detail
    assert own.reason == ""


def test_it_opens_one_person_for_one_employee(app: Flask, kari: FlaskClient, hans: FlaskClient) -> None:
    begin(kari)
    assert kari.get(f"/round/people/{ref('Odd Brekke')}").status_code == 404
    assert hans.get(TIMELINE).status_code == 404
    with app.app_context():
        people = policy.people_of(ask(app, lambda s: s.get(User, KARI.id)))
    assert {one.name for one in ask(app, lambda s: s.scalars(people).all())} == {"Nils Vold", "Astrid Lunde"}


def test_a_tablet_never_gets_whom_she_looked_up(app: Flask, kari: FlaskClient) -> None:
    tablet = Tablet.enrol(app, kari, "Nettbrett 9")
    vault: Vault = tablet.open_vault(kari)
    begin(kari)
    kari.get(PERSON)
    told = str(tablet.pull(vault))
    assert "Nils Vold" in told
    assert "Astrid" not in told
    assert str(ASTRID) not in told


def test_the_leader_of_the_unit_is_told_sees_why_and_says_what_she_thinks(app: Flask, kari: FlaskClient, solveig: FlaskClient) -> None:
    begin(kari)
    kari.get(PERSON)
    assert "1 begrunnet oppslag venter på at du ser på det" in said(solveig, "/review")
    told = said(solveig, "/review/lookups")
    for word in ("Kari Solheim → Astrid Lunde", "sykepleier, Sentrum", WHY, "Så på eller skrev 1 gang", "Åpent til"):
        assert word in told
    answer = solveig.post(f"/review/lookups/{opened(app).id}/review", data={"verdict": "follow", "note": "Snakker med Kari"})
    assert answer.status_code == 303
    assert "venter på at du ser på" not in said(solveig, "/review")
    assert "Følges opp" in said(solveig, "/review/lookups")
    (row,) = all_of(app, AccessLog, AccessLog.action == "lookup_reviewed")
    assert (row.user_id, row.patient_id, row.reason, row.detail["verdict"]) == (SOLVEIG.id, ASTRID, "Snakker med Kari", "follow")


def test_only_the_leader_of_that_unit_sees_it(app: Flask, kari: FlaskClient, hans: FlaskClient) -> None:
    begin(kari)
    assert WHY not in said(hans, "/review/lookups")
    assert hans.post(f"/review/lookups/{opened(app).id}/review", data={"verdict": "ok"}).status_code == 404
    assert all_of(app, AccessReview) == []


@pytest.mark.parametrize(("said_so", "told"), [
    ({}, "Velg om det er i orden"), ({"verdict": "x"}, "Velg om det er i orden"),
    ({"verdict": "follow", "note": " \x00"}, "Skriv hva som skal"),
    ({"verdict": "ok", "note": "x" * 501}, "for lang"),
])  # fmt: skip
def test_a_review_that_cannot_be_used_changes_nothing(
    app: Flask, kari: FlaskClient, solveig: FlaskClient, said_so: dict[str, str], told: str
) -> None:
    begin(kari)
    answer = solveig.post(f"/review/lookups/{opened(app).id}/review", data=said_so)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert all_of(app, AccessReview) == []


@pytest.mark.parametrize(("news", "told"), [
    ({"name": "Astrid"}, "Fant ingen bruker"), ({"born": "1941-03-03"}, "Fant ingen bruker"), ({"born": "x"}, "Skriv hele navnet"),
    ({"name": " \x00 "}, "Skriv hele navnet"), ({"reason": "Vikar"}, "minst ti tegn"), ({"reason": " " * 30}, "minst ti tegn"),
    ({"reason": "x" * 501}, "minst ti tegn"), ({"name": "Nils Vold", "born": "1930-01-05"}, "hører til enheten din"),
])  # fmt: skip
def test_without_exactly_whom_and_why_nothing_is_opened_and_the_attempt_is_logged(
    app: Flask, kari: FlaskClient, news: dict[str, str], told: str
) -> None:
    answer = kari.post("/lookups", data=FORM | news)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert all_of(app, Lookup) == []
    assert len(all_of(app, AccessLog, AccessLog.user_id == KARI.id, AccessLog.action == "lookup_search")) == 1


def test_a_second_tap_makes_no_second_look_up(app: Flask, kari: FlaskClient) -> None:
    assert [begin(kari), begin(kari)] == [303, 422]
    assert len(all_of(app, Lookup)) == 1


def test_the_municipality_says_for_how_many_hours(app: Flask, kari: FlaskClient) -> None:
    change(app, lambda s: s.add(Setting(version=2, data={"params": {"lookup": {"hours": 2}}})))
    begin(kari)
    assert opened(app).until - opened(app).begun_at == timedelta(hours=2)
    assert "Oppslaget varer i 2 timer" in said(kari, "/lookups")


@pytest.mark.parametrize("hours", [0, 25, "4", True, None])
def test_a_number_of_hours_that_makes_no_sense_counts_as_not_set(app: Flask, kari: FlaskClient, hours: Any) -> None:
    change(app, lambda s: s.add(Setting(version=2, data={"params": {"lookup": {"hours": hours}}})))
    begin(kari)
    assert opened(app).until - opened(app).begun_at == timedelta(hours=4)


def test_nobody_ends_anothers_and_who_lost_her_role_sees_nothing(app: Flask, kari: FlaskClient, hans: FlaskClient) -> None:
    begin(kari)
    assert hans.post(f"/lookups/{opened(app).id}/end").status_code == 404
    change(app, lambda s: s.execute(update(User).where(User.id == KARI.id).values(role="admin")))
    assert kari.get(PERSON).status_code == 403
    with app.test_request_context():
        kept = ask(app, lambda s: (s.get(User, KARI.id), s.get(Patient, ASTRID)))
        assert not policy.sees(*kept)


@pytest.mark.parametrize("actor", [PER, STINE, JORUNN], ids=lambda one: one.username)
def test_who_has_no_clinical_access_cannot_begin_one(app: Flask, login: Login, actor: Actor) -> None:
    assert begin(login(actor)) == 403
    assert all_of(app, Lookup) == []


def test_a_draft_begun_under_it_waits_until_there_is_a_new_one(app: Flask, kari: FlaskClient) -> None:
    begin(kari)
    draft = UUID(office.start(kari, "Astrid Lunde"))
    kari.post(f"/lookups/{opened(app).id}/end")
    assert kari.get(f"/round/checks/{draft}").status_code == 404
    assert office.save(kari, str(draft), {"level": "calm"}).status_code == 404
    begin(kari)
    assert office.save(kari, str(draft), {"level": "calm"}).status_code == 200


def test_berit_needs_none(app: Flask, berit: FlaskClient) -> None:
    assert begin(berit) == 422
    assert all_of(app, Lookup, Lookup.user_id == BERIT.id) == []
