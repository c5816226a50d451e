"""A supervisor reads: a check with its corrections, a person's timeline, refused records, devices, coverage."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from tests.conftest import sign_in
from tests.html import Page
from tests.people import HANS, SERVICE_USERS, SOLVEIG, ref
from tests.web import office
from tests.web.sync.reading import all_of, change, count
from webapp.models import AccessLog, CheckRecord, Membership, Patient
from webapp.review import queries
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
