"""The cursor skips nothing, in whatever order long transactions begin, take their numbers and commit."""

from __future__ import annotations

import threading

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.people import BERIT, ident, ref
from tests.web.sync.reading import ask
from webapp.db import open_session
from webapp.models import FeedRow, Patient
from webapp.sync import feed

NAMES = ("Astrid Lunde", "Odd Brekke", "Inger Tangen")
ASTRID, ODD, INGER = (str(ref(name)) for name in NAMES)


def at_work(app: Flask) -> tuple[Tablet, Vault]:
    """A tablet that has everything so far."""
    client: FlaskClient = sign_in(app.test_client(), BERIT)
    tablet = Tablet.enrol(app, client)
    vault = tablet.open_vault(client)
    tablet.pull(vault)
    return tablet, vault


def begun(app: Flask, person: str) -> Session:
    """A transaction that has changed a person and goes on for long."""
    session = open_session(app.extensions["engine"], write=True)
    patient = session.get_one(Patient, ref(person))
    patient.address = "Nyveien 2"
    feed.touch(session, patient.id, ident("Fjordsida"), "moved")
    session.flush()
    return session


def told(tablet: Tablet, vault: Vault) -> list[str]:
    return [person["ref"] for person in tablet.pull(vault)["people"]]


def test_who_began_first_and_commits_last_is_not_skipped(postgres_app: Flask) -> None:
    tablet, vault = at_work(postgres_app)
    with postgres_app.app_context():
        slow, quick, third = (begun(postgres_app, name) for name in NAMES)
        quick.commit()
        assert told(tablet, vault) == [ODD]
        third.commit()
        assert told(tablet, vault) == [INGER]
        slow.commit()
        assert told(tablet, vault) == [ASTRID]
        for session in (slow, quick, third):
            session.close()


def test_who_has_a_number_and_has_not_committed_holds_those_with_later_numbers_back(postgres_app: Flask) -> None:
    tablet, vault = at_work(postgres_app)
    with postgres_app.app_context():
        slow = begun(postgres_app, "Astrid Lunde")
        feed._number(slow, slow.info.pop("feed"))
        quick = begun(postgres_app, "Odd Brekke")
        committed = threading.Event()

        def commit() -> None:
            with postgres_app.app_context():
                quick.commit()
            committed.set()

        waiting = threading.Thread(target=commit)
        waiting.start()
        until_blocked(postgres_app)
        assert not committed.is_set()
        assert told(tablet, vault) == []
        slow.commit()
        waiting.join(30)
        assert sorted(told(tablet, vault)) == sorted([ASTRID, ODD])
        numbers = {row.patient_id: row.seq for row in ask(postgres_app, lambda s: s.scalars(select(FeedRow)).all())}
        assert numbers[ref("Astrid Lunde")] < numbers[ref("Odd Brekke")]
        slow.close()
        quick.close()


def until_blocked(app: Flask) -> None:
    """PostgreSQL itself says that somebody waits for a lock."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(2000):
        if ask(app, lambda s: s.connection().exec_driver_sql(waits).scalar()):
            return
    raise AssertionError("nobody waits")


def test_who_gives_up_leaves_no_number_that_others_wait_for(postgres_app: Flask) -> None:
    tablet, vault = at_work(postgres_app)
    with postgres_app.app_context():
        slow, quick = begun(postgres_app, "Astrid Lunde"), begun(postgres_app, "Odd Brekke")
        slow.rollback()
        quick.commit()
        assert told(tablet, vault) == [ODD]
        assert told(tablet, vault) == []
        slow.close()
        quick.close()
