"""A nurse at an office PC that is not enrolled: begin, change, save, correct, throw away; what goes wrong says so and changes nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import sign_in
from tests.html import Page
from tests.people import BERIT, SERVICE_USERS, ref
from tests.web import office
from tests.web.filled import contents
from tests.web.sync.reading import all_of, change
from webapp.models import AccessLog, CheckRecord, Flag, FlagRaise, Receipt, ServerDraft

ASTRID, ODD, *_ = (name for name, *_ in SERVICE_USERS)
OSLO = ZoneInfo("Europe/Oslo")


def checks(app: Flask) -> list[Any]:
    return all_of(app, CheckRecord)


def test_a_check_from_the_first_tap_to_the_result(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    assert f"/round/people/{ref(ASTRID)}" in Page(berit.get("/round").text).urls
    begun = berit.post(f"/round/people/{ref(ASTRID)}/checks", data={"check": office.FORM}, headers=office.HTMX)
    url = begun.headers["HX-Push-Url"]
    changed = berit.post(url + "/answers", data=office.body({"level": "urgent", "heat": "38,4"}), headers=office.HTMX)
    assert (changed.status_code, "Prøve: ring straks." in changed.text, checks(app)) == (200, True, [])
    assert 'value="38,4"' in berit.get(url).text
    refused = berit.post(url, data=office.body({"level": "urgent"}), headers=office.HTMX)
    assert (refused.status_code, "Ikke lagret: 1 ting må rettes" in refused.text) == (422, True)
    assert "Velg hva du gjorde med varselet." in refused.text
    saved = berit.post(url, data=office.body({"level": "urgent"}, actions=["gp_contacted"], note="Ringte"), headers=office.HTMX)
    assert saved.status_code == 200
    assert saved.headers["HX-Replace-Url"] == url
    words = Page(saved.text).words
    for said in ("Mottatt", "Prøve: ring straks.", "Haster. Ring hvis det ikke er gjort.", "38,4", "Ringte"):
        assert said in words, said
    (stored,) = checks(app)
    assert (str(stored.id), stored.answers, stored.author_id) == (url.rpartition("/")[2], {"level": "urgent", "heat": 384}, BERIT.id)
    assert (stored.key_id, stored.payload, stored.device_id) == (None, None, None)
    assert all_of(app, ServerDraft) == []
    assert [(one.code, one.patient_id) for one in all_of(app, Flag)] == [("PROVE_URGENT", ref(ASTRID))]
    assert [one.check_id for one in all_of(app, Receipt)] == [stored.id]
    assert "Prøve: ring straks." in solveig.get("/review").text
    assert berit.get(url).text.count("Mottatt") == saved.text.count("Mottatt")


def test_starting_twice_goes_on_with_the_same_draft(app: Flask, berit: FlaskClient) -> None:
    assert office.start(berit, ASTRID) == office.start(berit, ASTRID)
    assert office.start(berit, ODD) != office.start(berit, ASTRID)
    assert len(all_of(app, ServerDraft)) == 2


def test_every_change_is_kept_across_a_reload_and_a_new_log_in(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    for answers in ({"level": "high"}, {"times": "4"}, {"remark": "Så trøtt ut"}):
        berit.post(f"/round/checks/{draft}/answers", data=office.body(answers))
    berit.post("/logout")
    text = sign_in(app.test_client(), BERIT).get(f"/round/checks/{draft}").text
    assert 'value="4"' in text
    assert "Så trøtt ut" in text
    assert f"/round/checks/{draft}" in Page(berit_again(app).get(f"/round/people/{ref(ASTRID)}").text).urls


def berit_again(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), BERIT)


BAD_ANSWERS = [
    ({}, {}, "Svar mangler."),
    ({"level": "purple"}, {}, "Svar mangler."),
    ({"level": "calm", "times": "11"}, {}, "Må være høyst 10."),
    ({"level": "calm", "times": "mange"}, {}, "Skriv et helt tall."),
    ({"level": "calm", "heat": "37,55"}, {}, "høyst én desimal"),
    ({"level": "calm", "heat": "29,9"}, {}, "Må være minst 30,0."),
    ({"level": "calm", "remark": "x" * 201}, {}, "Skriv mellom"),
    ({"level": "high"}, {}, "Velg hva du gjorde med varselet."),
    ({}, {"outcome": "not_done"}, "Velg en grunn."),
    ({"level": "urgent"}, {"actions": ["none"]}, "Skriv hvorfor ingenting ble gjort."),
    ({}, {"outcome": "partly_done", "not_done_reason": "no_time"}, "Ingen svar er gitt."),
]


@pytest.mark.parametrize(("answers", "common", "says"), BAD_ANSWERS)
def test_what_cannot_be_saved_says_why_at_its_place_and_nothing_is_stored(
    app: Flask, berit: FlaskClient, answers: dict[str, str], common: dict[str, Any], says: str
) -> None:
    draft = office.start(berit, ASTRID)
    before = contents(app, AccessLog, ServerDraft)
    answer = office.save(berit, draft, answers, **common)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert says in page.words
    assert "Ikke lagret" in page.words
    assert page.problems == []
    assert any(url.startswith("#") and url != "#main" for url in page.urls)
    assert contents(app, AccessLog, ServerDraft) == before
    assert len(all_of(app, ServerDraft)) == 1


def test_a_moment_in_the_future_is_refused_and_one_of_yesterday_is_kept(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)

    def at(moment: datetime) -> Any:
        data = office.body({"level": "calm"}, performed_at="")
        wall = moment.astimezone(OSLO)
        data |= {"common.performed_at.date": wall.date().isoformat(), "common.performed_at.time": wall.strftime("%H:%M")}
        return berit.post(f"/round/checks/{draft}", data=data)

    refused = at(datetime.now(UTC) + timedelta(days=1))
    assert (refused.status_code, "Kan ikke være fram i tid." in refused.text) == (422, True)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).replace(second=0, microsecond=0)
    assert at(yesterday).status_code == 200
    assert checks(app)[0].performed_at == yesterday


def test_not_done_is_two_taps_and_a_save(app: Flask, berit: FlaskClient) -> None:
    saved = office.save(berit, office.start(berit, ASTRID), {}, outcome="not_done", not_done_reason="not_home")
    assert (saved.status_code, "Ikke hjemme" in saved.text) == (200, True)
    assert [(one.outcome, one.not_done_reason, one.answers) for one in checks(app)] == [("not_done", "not_home", {})]


def test_a_correction_is_a_new_record_with_a_reason_and_both_stay(app: Flask, berit: FlaskClient) -> None:
    first = office.record(berit, ASTRID, "urgent", note="Først")
    begun = berit.post(f"/round/checks/{first}/correction")
    draft = begun.headers["HX-Push-Url"].rpartition("/")[2]
    assert "Du retter sjekken fra i dag" in begun.text
    assert "Først" in begun.text
    refused = office.save(berit, draft, {"level": "calm"})
    assert (refused.status_code, "Skriv hvorfor sjekken rettes." in refused.text) == (422, True)
    assert berit.post(f"/round/checks/{first}/correction").headers["HX-Push-Url"].endswith(draft)
    assert office.save(berit, draft, {"level": "calm"}, reason="Trykket feil").status_code == 200
    stored = {one.id: one for one in checks(app)}
    assert (stored[UUID(draft)].supersedes, stored[UUID(draft)].reason) == (first, "Trykket feil")
    assert stored[first].answers == {"level": "urgent"}
    old, new = (Page(berit.get(f"/round/checks/{one}").text) for one in (first, draft))
    assert f"/round/checks/{draft}" in old.urls
    assert f"/round/checks/{first}" in new.urls
    assert "Trykket feil" in new.words
    assert [one.closed_at is None for one in all_of(app, Flag)] == [False]
    again = berit.post(f"/round/checks/{first}/correction")
    assert again.status_code == 404
    assert len(checks(app)) == 2


def test_a_form_that_was_opened_and_left_is_no_draft_until_something_is_answered(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    listed = f'href="/round/checks/{draft}"'
    assert "Utkast lagret" not in berit.get(f"/round/checks/{draft}").text
    assert [listed in berit.get(path).text for path in ("/round", "/round/sent", f"/round/people/{ref(ASTRID)}")] == [False] * 3
    assert office.start(berit, ASTRID) == draft
    answered = berit.post(f"/round/checks/{draft}/answers", data=office.body({"level": "high"}), headers=office.HTMX)
    assert "Utkast lagret" in answered.text
    assert [listed in berit.get(path).text for path in ("/round", "/round/sent", f"/round/people/{ref(ASTRID)}")] == [True] * 3


def test_a_draft_is_thrown_away_and_a_finished_check_is_not(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    gone = berit.post(f"/round/checks/{draft}/discard")
    assert (gone.status_code, gone.headers["HX-Replace-Url"]) == (200, f"/round/people/{ref(ASTRID)}")
    assert berit.get(f"/round/checks/{draft}").status_code == 404
    check = office.record(berit, ASTRID)
    before = contents(app, AccessLog)
    assert berit.post(f"/round/checks/{check}/discard").status_code == 404
    late = berit.post(f"/round/checks/{check}/answers", data=office.body({"level": "high"}))
    assert (late.status_code, "Prøve: se på dette." in late.text) == (409, False)
    assert contents(app, AccessLog) == before


def test_a_form_left_untouched_on_an_earlier_day_is_made_anew_with_what_is_known_today(app: Flask, berit: FlaskClient) -> None:
    untouched, begun = office.start(berit, ASTRID), office.start(berit, ODD)
    berit.post(f"/round/checks/{begun}/answers", data=office.body({"level": "high"}), headers=office.HTMX)

    def yesterday(session: Session) -> None:
        for row in session.scalars(select(ServerDraft)):
            row.data = {**row.data, "started_at": (datetime.fromisoformat(row.data["started_at"]) - timedelta(days=1)).isoformat()}

    change(app, yesterday)
    assert office.start(berit, ASTRID) != untouched
    assert office.start(berit, ODD) == begun
    assert berit.get(f"/round/checks/{untouched}").status_code == 404


def test_saving_twice_shows_the_result_and_is_one_check(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    for _ in range(2):
        answer = office.save(berit, draft, {"level": "high"}, actions=["manager_informed"])
        assert (answer.status_code, "Prøve: se på dette." in answer.text) == (200, True)
    assert [one.answers for one in checks(app)] == [{"level": "high"}]


def test_six_taps_on_save_at_once_are_one_check(app: Flask, berit: FlaskClient) -> None:
    draft, codes = office.start(berit, ASTRID), []
    clients = [berit_again(app) for _ in range(6)]
    data = office.body({"level": "urgent"}, actions=["gp_contacted"])

    def tap(client: FlaskClient) -> None:
        codes.append(client.post(f"/round/checks/{draft}", data=data).status_code)

    threads = [threading.Thread(target=tap, args=(one,)) for one in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [200] * 6
    assert len(checks(app)) == len(all_of(app, Flag)) == len(all_of(app, FlagRaise)) == len(all_of(app, Receipt)) == 1
    assert all_of(app, ServerDraft) == []


def test_a_form_that_is_not_there_or_nobodys_check_is_not_begun(app: Flask, berit: FlaskClient) -> None:
    before = contents(app, AccessLog)
    for form in ("nothing", "", "kateter'", "prove"):
        assert berit.post(f"/round/people/{ref(ASTRID)}/checks", data={"check": form}).status_code == 404
    assert contents(app, AccessLog) == before


@pytest.mark.parametrize("headers", [{}, office.HTMX], ids=["page", "htmx"])
def test_a_save_the_server_refuses_says_not_saved_and_leaves_the_form(app: Flask, berit: FlaskClient, headers: dict[str, str]) -> None:
    draft = office.start(berit, ASTRID)
    before = contents(app, AccessLog)
    stale = {"X-CSRFToken": "old"} | headers
    answer = berit.post(f"/round/checks/{draft}", data=office.body({"level": "calm"}), headers=stale)
    assert answer.status_code == 400
    assert "Siden var utløpt. Ingenting er endret." in answer.text
    if headers:
        assert answer.headers["HX-Reswap"] == "none"
        assert unquote(answer.headers["X-Trouble-Text"]).startswith("Ikke lagret. Siden var utløpt.")
    assert contents(app, AccessLog) == before


def test_a_draft_finishes_in_the_version_it_began_with_or_says_that_it_cannot(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    change(app, lambda session: session.execute(update(ServerDraft).values(bundle_version=1)))
    assert office.save(berit, draft, {"level": "calm"}).status_code == 200
    assert checks(app)[0].bundle_version == 1


def test_what_two_windows_type_at_once_is_kept_one_after_the_other(app: Flask, berit: FlaskClient) -> None:
    draft = office.start(berit, ASTRID)
    windows = [berit_again(app) for _ in range(4)]
    fields = [{"level": "high"}, {"times": "4"}, {"heat": "38,0"}, {"remark": "Trøtt"}]

    def type_in(client: FlaskClient, answers: dict[str, str]) -> None:
        assert client.post(f"/round/checks/{draft}/answers", data=office.body(answers)).status_code == 200

    threads = [threading.Thread(target=type_in, args=pair) for pair in zip(windows, fields, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (row,) = all_of(app, ServerDraft)
    assert row.data["answers"] == {"level": "high", "times": 4, "heat": 380, "remark": "Trøtt"}
