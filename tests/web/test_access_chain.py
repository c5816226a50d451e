"""The access log's chain: a row that was taken away, changed or slipped in is seen, and so is a chain that was made anew."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, insert, select, update

from tests.conftest import sign_in
from tests.people import BERIT, SOLVEIG, ref
from tests.web.sync.reading import all_of, ask, change, unprotected
from webapp.accounts import audit_command, chain
from webapp.models import AccessLink, AccessLog, AccessPending

PERSON = f"/round/people/{ref('Astrid Lunde')}"


@pytest.fixture
def looked(app: Flask) -> Flask:
    """Some pages have been looked at."""
    client = sign_in(app.test_client(), BERIT)
    for path in ("/round", PERSON, "/round", PERSON):
        assert client.get(path).status_code == 200
    return app


def wrong(app: Flask, noted: tuple[int, str] | None = None) -> list[str]:
    found: list[str] = ask(app, lambda session: chain.verify(session, noted)).wrong
    return found


def test_every_view_is_linked_at_once_and_the_chain_is_whole(looked: Flask) -> None:
    rows, links = all_of(looked, AccessLog), all_of(looked, AccessLink)
    assert len(rows) >= 5
    assert {one.log_id for one in links} == {one.id for one in rows}
    assert sorted(one.n for one in links) == list(range(1, len(rows) + 1))
    assert (all_of(looked, AccessPending), wrong(looked)) == ([], [])


def row_of(n: int) -> Any:
    return select(AccessLink.log_id).where(AccessLink.n == n).scalar_subquery()


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (lambda s: s.execute(delete(AccessLog).where(AccessLog.id == row_of(3))), "The row of link 3 is gone"),
        (lambda s: s.execute(update(AccessLog).where(AccessLog.id == row_of(3)).values(action="x")), "link 3, or the link"),
        (lambda s: s.execute(update(AccessLog).where(AccessLog.id == row_of(2)).values(detail={"a": 1})), "link 2, or the link"),
        (lambda s: s.execute(delete(AccessLink).where(AccessLink.n == 2)), "Link 2 is missing"),
        (lambda s: s.execute(update(AccessLink).where(AccessLink.n == 4).values(hash="0" * 64)), "link 4, or the link"),
        (lambda s: s.execute(insert(AccessLog).values(action="person", role="nurse")), "1 rows are in the log"),
    ],
    ids=["a row gone", "a row changed", "a detail changed", "a link gone", "a link changed", "a row slipped in"],
)
def test_what_somebody_did_to_the_log_is_seen(looked: Flask, tamper: Callable[[Any], Any], says: str) -> None:
    unprotected(looked, tamper)
    assert any(says in one for one in wrong(looked))


def test_a_row_that_waits_for_its_link_is_missed_too(looked: Flask) -> None:
    change(looked, lambda s: s.add(AccessLog(action="snapshot")))
    assert len(all_of(looked, AccessPending)) == 1
    assert wrong(looked) == []
    unprotected(looked, lambda s: s.execute(delete(AccessLog).where(AccessLog.action == "snapshot")))
    assert wrong(looked) == ["1 rows that waited for a link are gone."]


def test_a_chain_that_was_made_anew_is_seen_by_who_noted_a_link(looked: Flask) -> None:
    noted = ask(looked, chain.newest)

    def anew(session: Any) -> None:
        session.execute(delete(AccessLog).where(AccessLog.id == row_of(2)))
        session.execute(delete(AccessLink))
        session.execute(delete(AccessPending))
        for one in session.scalars(select(AccessLog)):
            session.add(AccessPending(log_id=one.id))
        session.flush()
        chain.extend(session)

    assert wrong(looked, noted) == []
    unprotected(looked, anew)
    assert wrong(looked) == []
    assert wrong(looked, noted) == [f"Link {noted[0]} is not the one that was noted: the log was made anew, or put back to an older copy."]


def test_many_views_at_once_make_one_chain(app: Flask) -> None:
    clients = [sign_in(app.test_client(), actor) for actor in (BERIT, SOLVEIG) * 4]

    def look(client: FlaskClient) -> list[int]:
        return [client.get(f"/round/people/{ref('Astrid Lunde')}").status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        assert [code for codes in pool.map(look, clients) for code in codes] == [200] * 40
    while ask(app, lambda s: s.scalar(select(func.count()).select_from(AccessPending))):
        change(app, chain.extend)
    assert wrong(app) == []
    assert len(all_of(app, AccessLink)) == len(all_of(app, AccessLog))


def test_the_command_says_what_to_note_and_what_is_wrong(looked: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    url = looked.config["DATABASE_URL"]
    assert audit_command.run(url, None, None) == 0
    told = capsys.readouterr().out
    number, noted = told.split()[-2:]
    assert "is whole" in told
    assert audit_command.run(url, int(number), noted) == 0
    unprotected(looked, lambda s: s.execute(delete(AccessLog).where(AccessLog.id == row_of(1))))
    assert audit_command.run(url, int(number), noted) == 1
    assert "The row of link 1 is gone" in capsys.readouterr().err
