""""Trenger deg nå": what stands first, how it is closed, and what two people and a double tap make of it."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from tests.conftest import sign_in
from tests.device import now_oslo
from tests.html import Page
from tests.people import BERIT, HANS, KARI, SERVICE_USERS, SOLVEIG, ident, ref
from tests.web import office
from tests.web.filled import contents
from tests.web.sync.reading import all_of, change
from webapp.models import AccessLog, Flag, FlagClosing, FlagRaise, Membership, utc_now

HTMX = office.HTMX
ASTRID, ODD, INGER, NILS = (name for name, *_ in SERVICE_USERS)


def names_in_order(text: str) -> list[str]:
    """Whose flag each card is, from the top."""
    at = {name: text.find(f">{name}<") for name in (ASTRID, ODD, INGER, NILS)}
    return sorted((name for name in at if at[name] >= 0), key=lambda name: at[name])


def the_flag(app: Flask, name: str) -> Flag:
    (flag,) = all_of(app, Flag, Flag.patient_id == ref(name), Flag.closed_at.is_(None))
    return flag  # type: ignore[no-any-return]


def close(client: FlaskClient, flag: UUID, outcome: str = "done", reason: str = "", where: str = "", **headers: str) -> Any:
    data = {"outcome": outcome, "reason": reason}
    return client.post(f"/review/flags/{flag}/closing{where}", data=data, headers={**HTMX, **headers})


def test_urgent_stands_before_high_before_overdue_before_new(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, ODD, "medium")
    change(app, lambda session: session.execute(update(Flag).values(opened_at=utc_now() - timedelta(hours=1))))
    office.record(berit, ASTRID, "medium")
    office.record(berit, INGER, "high")
    assert names_in_order(solveig.get("/review").text) == [INGER, ASTRID, ODD]
    late = update(Flag).where(Flag.patient_id == ref(ODD)).values(due_on=date.today() - timedelta(days=2))
    change(app, lambda session: session.execute(late))
    text = solveig.get("/review").text
    assert names_in_order(text) == [INGER, ODD, ASTRID]
    assert "Over fristen" in text
    office.record(berit, ASTRID, "urgent")
    assert names_in_order(solveig.get("/review").text) == [ASTRID, INGER, ODD]


def test_a_card_says_who_what_why_since_when_and_by_whom(berit: FlaskClient, solveig: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "urgent")
    page = Page(solveig.get("/review").text)
    for said in (ASTRID, "02.03.1941", "Prøve: ring straks.", "Hvor ille?", "Straks", "Berit Nygård", "Ingen følger opp ennå"):
        assert said in page.words
    assert f"/review/checks/{check}" in page.urls
    assert f"/review/people/{ref(ASTRID)}" in page.urls


def test_an_empty_list_says_that_everything_is_followed_up(solveig: FlaskClient) -> None:
    assert "Ingen åpne varsler. Alt er fulgt opp." in solveig.get("/review").text


def test_what_arrives_is_shown_at_the_next_look_and_nothing_is_sent_while_nothing_changed(
    berit: FlaskClient, solveig: FlaskClient, kari: FlaskClient
) -> None:
    office.record(berit, ASTRID, "high")
    (poll,) = [url for url in Page(solveig.get("/review").text).urls if url.startswith("/review/flags?")]
    assert solveig.get(poll, headers=HTMX).status_code == 204
    office.record(kari, NILS, "urgent")
    assert solveig.get(poll, headers=HTMX).status_code == 204
    office.record(berit, ODD, "urgent")
    fresh = solveig.get(poll, headers=HTMX)
    assert (fresh.status_code, names_in_order(fresh.text)) == (200, [ODD, ASTRID])
    assert not fresh.text.startswith("<!doctype")
    (later,) = [url for url in Page(fresh.text).urls if url.startswith("/review/flags?")]
    assert later != poll
    assert solveig.get(later, headers=HTMX).status_code == 204


@pytest.mark.parametrize(("outcome", "reason"), [("done", ""), ("done", "Ringte lege"), ("not_relevant", "Feil person")])
def test_a_flag_is_closed_with_an_outcome_and_by_whom_stays(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, outcome: str, reason: str
) -> None:
    office.record(berit, ASTRID, "urgent")
    flag = the_flag(app, ASTRID)
    answer = close(solveig, flag.id, outcome, reason)
    assert answer.status_code == 200
    assert "Varselet er lukket." in answer.text
    assert names_in_order(answer.text) == []
    (closing,) = all_of(app, FlagClosing)
    assert (closing.flag_id, closing.outcome, closing.reason, closing.by) == (flag.id, outcome, reason, SOLVEIG.id)
    timeline = solveig.get(f"/review/people/{ref(ASTRID)}").text
    assert "Solveig Dahl" in timeline
    assert reason in timeline


REFUSED = [("", "", "Velg om oppfølgingen er gjort"), ("closed", "x", "Velg om oppfølgingen er gjort"),
           ("not_relevant", "", "Skriv hvorfor oppfølgingen ikke er aktuell."), ("not_relevant", " \n", "Skriv hvorfor oppfølgingen"),
           ("done", "x" * 501, "Begrunnelsen er for lang"), ("not_relevant", "a\0b", "Begrunnelsen er for lang")]  # fmt: skip


@pytest.mark.parametrize(("outcome", "reason", "says"), REFUSED)
def test_a_closing_that_is_not_complete_changes_nothing_and_says_why(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, outcome: str, reason: str, says: str
) -> None:
    office.record(berit, ASTRID, "high")
    flag, before = the_flag(app, ASTRID), contents(app, AccessLog)
    answer = close(solveig, flag.id, outcome, reason)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Ingenting er endret." in answer.text
    assert names_in_order(answer.text) == [ASTRID]
    assert contents(app, AccessLog) == before


def test_without_scripts_a_form_answers_with_the_whole_page(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, ASTRID, "high")
    flag = the_flag(app, ASTRID)
    for data, code in (({}, 422), ({"outcome": "done"}, 200)):
        answer = solveig.post(f"/review/flags/{flag.id}/closing", data=data)
        assert (answer.status_code, answer.text.startswith("<!doctype")) == (code, True)
        assert Page(answer.text).problems == []


def test_a_double_tap_is_one_closing_and_no_alarm(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, ASTRID, "high")
    flag = the_flag(app, ASTRID)
    for _ in range(2):
        answer = close(solveig, flag.id, "not_relevant", "Feil person")
        assert (answer.status_code, "Varselet er lukket." in answer.text) == (200, True)
    assert len(all_of(app, FlagClosing)) == 1


def test_a_second_supervisor_is_told_who_closed_it_and_how(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    change(app, lambda session: session.execute(insert(Membership).values(user_id=HANS.id, unit_id=ident("Fjordsida"))))
    hans = sign_in(app.test_client(), HANS)
    office.record(berit, ASTRID, "high")
    flag = the_flag(app, ASTRID)
    close(solveig, flag.id, "done", "Ringte")
    answer = close(hans, flag.id, "not_relevant", "Gjelder ikke")
    assert answer.status_code == 422
    assert "Oppfølgingen er allerede lukket. Ingenting er endret. Gjort av Solveig Dahl, i dag" in answer.text
    assert [one.by for one in all_of(app, FlagClosing)] == [SOLVEIG.id]
    other = close(solveig, flag.id, "not_relevant", "Ombestemte meg")
    assert other.status_code == 422


def test_ten_taps_at_once_are_one_closing(app: Flask, berit: FlaskClient) -> None:
    office.record(berit, ASTRID, "high")
    flag = the_flag(app, ASTRID)
    clients, codes = [sign_in(app.test_client(), SOLVEIG) for _ in range(6)], []
    threads = [threading.Thread(target=lambda one=one: codes.append(close(one, flag.id).status_code)) for one in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [200] * 6
    assert len(all_of(app, FlagClosing)) == 1


def test_a_mistake_can_be_taken_back_and_both_stay_in_the_history(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "urgent")
    flag = the_flag(app, ASTRID)
    closed = close(solveig, flag.id)
    (undo,) = [form.action for form in Page(closed.text).forms if form.action.endswith("/reopening")]
    again = solveig.post(undo, headers=HTMX)
    assert (again.status_code, "Varselet er åpent igjen." in again.text) == (200, True)
    assert names_in_order(again.text) == [ASTRID]
    fresh = the_flag(app, ASTRID)
    assert (fresh.id != flag.id, fresh.opened_at, fresh.check_id, fresh.inputs) == (True, flag.opened_at, check, flag.inputs)
    assert [one.flag_id for one in all_of(app, FlagClosing)] == [flag.id]
    assert {one.flag_id for one in all_of(app, FlagRaise, FlagRaise.check_id == check)} == {flag.id, fresh.id}
    assert len(all_of(app, AccessLog, AccessLog.action == "flag_reopened", AccessLog.patient_id == ref(ASTRID))) == 1
    for url, says in ((undo, "Det er allerede et åpent varsel om dette."), (f"/review/flags/{fresh.id}/reopening", "kan ikke åpnes igjen")):
        refused = solveig.post(url, headers=HTMX)
        assert (refused.status_code, says in refused.text) == (422, True)
    assert close(solveig, fresh.id, "not_relevant", "Feil").status_code == 200
    assert len(all_of(app, FlagClosing)) == 2


def test_what_a_correction_closed_is_not_opened_by_hand(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "urgent")
    flag = the_flag(app, ASTRID)
    office.correct(berit, check, "calm", "Feil svar")
    assert all_of(app, Flag, Flag.closed_at.is_(None)) == []
    refused = solveig.post(f"/review/flags/{flag.id}/reopening", headers=HTMX)
    assert refused.status_code == 422
    assert "Berit Nygård" in solveig.get(f"/review/people/{ref(ASTRID)}").text


def test_a_flag_gets_an_owner_and_a_day(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, ASTRID, "high")
    flag, soon = the_flag(app, ASTRID), now_oslo().date() + timedelta(days=2)
    answer = solveig.post(f"/review/flags/{flag.id}/owner", data={"owner": BERIT.id, "due_on": soon.isoformat()}, headers=HTMX)
    assert answer.status_code == 200
    assert "Følges opp av Berit Nygård" in answer.text
    assert soon.strftime("%d.%m.%Y") in answer.text
    assert "Berit Nygård" in berit.get(f"/round/people/{ref(ASTRID)}").text
    change(app, lambda session: session.execute(update(Flag).values(due_on=date.today() - timedelta(days=3))))
    kept = solveig.post(f"/review/flags/{flag.id}/owner", data={"owner": "", "due_on": (date.today() - timedelta(days=3)).isoformat()})
    assert kept.status_code == 200
    stored = the_flag(app, ASTRID)
    assert (stored.owner_id, stored.due_on) == (None, date.today() - timedelta(days=3))


BAD_OWNERS = [{"owner": str(KARI.id)}, {"owner": str(uuid4())}, {"owner": "x"}, {"due_on": "i morgen"}, {"due_on": "2020-01-01"},
              {"due_on": "9999-12-31"}, {"owner": str(BERIT.id), "due_on": "2026-02-30"}]  # fmt: skip


@pytest.mark.parametrize("data", BAD_OWNERS)
def test_somebody_of_another_unit_or_a_day_that_is_none_is_refused(
    app: Flask, berit: FlaskClient, solveig: FlaskClient, data: dict[str, str]
) -> None:
    office.record(berit, ASTRID, "high")
    flag, before = the_flag(app, ASTRID), contents(app, AccessLog)
    answer = solveig.post(f"/review/flags/{flag.id}/owner", data=data, headers=HTMX)
    assert (answer.status_code, "Ingenting er endret." in answer.text) == (422, True)
    assert contents(app, AccessLog) == before
