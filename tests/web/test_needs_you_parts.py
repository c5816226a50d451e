"""A long list in parts: pages, one unit, one flag; and what commits while it is made."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from tests.conftest import sign_in
from tests.html import Page
from tests.people import HANS, SERVICE_USERS, ident, ref
from tests.web import office
from tests.web.sync.reading import ask, change
from tests.web.test_needs_you import names_in_order, the_flag
from webapp.models import Flag, Membership, utc_now
from webapp.review import queries

HTMX = office.HTMX
ASTRID, ODD, INGER, NILS = (name for name, *_ in SERVICE_USERS)


def many_flags(app: Flask, flag: Flag, count: int) -> None:
    kept = {column.key: getattr(flag, column.key) for column in Flag.__table__.columns}
    rows = [kept | {"id": uuid4(), "subject": f"s{n}", "opened_at": utc_now() - timedelta(minutes=n)} for n in range(count)]
    change(app, lambda session: session.execute(insert(Flag), rows))


def test_a_list_longer_than_a_page_has_a_way_on_and_back(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, ASTRID, "medium")
    many_flags(app, the_flag(app, ASTRID), 2 * queries.PAGE)
    seen: set[str] = set()
    url = "/review"
    for number in (1, 2, 3):
        page = Page(solveig.get(url).text)
        assert f"Side {number} av 3" in page.words
        closings = {form.action.partition("?")[0] for form in page.forms if "/closing" in form.action}
        assert len(closings) == (queries.PAGE if number < 3 else 1)
        assert not seen & closings
        seen |= closings
        ways = [one for one in page.urls if one.startswith("/review?")]
        assert ("/review?page=1" in ways) == (number == 2)
        if number < 3:
            (url,) = [one for one in ways if one.endswith(f"page={number + 1}")]
    action = next(form.action for form in page.forms if "/closing" in form.action)
    answer = solveig.post(action, data={"outcome": "done"}, headers=HTMX)
    assert answer.status_code == 200
    assert "Varselet er lukket." in answer.text
    for far in ("99999", "0", "-1", "x", "٣"):
        assert solveig.get(f"/review?page={far}").status_code == 200


def test_a_supervisor_of_two_units_can_look_at_one(app: Flask, berit: FlaskClient, kari: FlaskClient) -> None:
    change(app, lambda session: session.execute(insert(Membership).values(user_id=HANS.id, unit_id=ident("Fjordsida"))))
    hans = sign_in(app.test_client(), HANS)
    office.record(berit, ASTRID, "high")
    office.record(kari, NILS, "urgent")
    both = hans.get("/review")
    assert names_in_order(both.text) == [NILS, ASTRID]
    one = hans.get(f"/review?unit={ident('Fjordsida')}")
    assert names_in_order(one.text) == [ASTRID]
    (poll,) = [url for url in Page(one.text).urls if url.startswith("/review/flags?")]
    assert str(ident("Fjordsida")) in poll
    (action,) = [form.action for form in Page(one.text).forms if "/closing" in form.action]
    assert names_in_order(hans.post(action, data={"outcome": "nei"}, headers=HTMX).text) == [ASTRID]
    for path in ("/review/coverage", f"/review/coverage?unit={ident('Fjordsida')}"):
        assert ("Sentrum</h2>" in hans.get(path).text) == ("unit" not in path)


def test_a_unit_that_is_not_hers_cannot_be_chosen(berit: FlaskClient, kari: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, ASTRID, "high")
    office.record(kari, NILS, "urgent")
    for path in ("/review", "/review/flags", "/review/coverage"):
        text = solveig.get(f"{path}?unit={ident('Sentrum')}").text
        assert NILS not in text
        assert "Sentrum" not in text


def test_one_flag_is_followed_up_from_the_check_and_from_the_timeline(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    check = office.record(berit, ASTRID, "high")
    office.record(berit, ODD, "urgent")
    flag = the_flag(app, ASTRID)
    for path in (f"/review/checks/{check}", f"/review/people/{ref(ASTRID)}"):
        assert f"/review?flag={flag.id}" in Page(solveig.get(path).text).urls
    alone = solveig.get(f"/review?flag={flag.id}")
    assert names_in_order(alone.text) == [ASTRID]
    (action,) = [form.action for form in Page(alone.text).forms if "/closing" in form.action]
    closed = solveig.post(action, data={"outcome": "done"}, headers=HTMX)
    assert "Dette varselet er lukket." in closed.text
    assert names_in_order(closed.text) == []
    assert f"/review?flag={flag.id}" not in solveig.get(f"/review/people/{ref(ASTRID)}").text


def test_the_seconds_count_is_read_before_the_list(app: Flask, berit: FlaskClient, solveig: FlaskClient) -> None:
    """What commits while the page is made is told at the next look, never swallowed."""
    office.record(berit, ASTRID, "high")
    ran: list[int] = []
    real = queries.open_flags

    def slowly(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        if not ran:
            ran.append(1)
            threading.Thread(target=office.record, args=(berit, ODD, "urgent")).run()
        return found

    queries.open_flags = slowly
    try:
        page = Page(solveig.get("/review").text)
    finally:
        queries.open_flags = real
    (poll,) = [url for url in page.urls if url.startswith("/review/flags?")]
    assert names_in_order(solveig.get(poll, headers=HTMX).text) == [ODD, ASTRID]
    assert ask(app, lambda session: session.scalar(select(Flag.severity).where(Flag.patient_id == ref(ODD)))) == "urgent"
