"""The made-up municipality: large enough to look real, the same for a day, and true to the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.fixtures.demo import demo_copy, make_demo
from webapp import create_app, db
from webapp.bundles import due
from webapp.demo import cast, seed
from webapp.improvement.kinds import CHOSEN, FORMS, missing, read
from webapp.models import CheckRecord, Episode, FeedRow, Flag, Patient, Unit, User, Visit, WorkVersion
from webapp.sync import people, world
from webapp.yearly import texts
from webapp.yearly.years import Year

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("demo")
    app = create_app({"TESTING": True, "DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{demo_copy(folder, NOW)}"})
    with app.app_context():
        yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def session(municipality: Flask) -> Iterator[Session]:
    with db.open_session(db.engine(), write=False) as opened:
        yield opened


def test_there_are_units_staff_and_about_120_service_users(session: Session) -> None:
    assert session.scalar(select(func.count(Unit.id))) == 3
    assert session.scalar(select(func.count(User.id)).where(User.role == "nurse")) == 12
    assert session.scalar(select(func.count(User.id)).where(User.role == "supervisor")) == 3
    assert session.scalar(select(func.count(User.id)).where(User.role == "admin")) == 1
    assert 110 <= (session.scalar(select(func.count(Patient.id))) or 0) <= 130


def test_national_numbers_are_synthetic_and_valid(session: Session) -> None:
    for number in session.scalars(select(Patient.national_id)):
        assert number is not None
        assert 81 <= int(number[2:4]) <= 92
        digits = [int(one) for one in number]
        assert sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), strict=False)) % 11 == 0
        assert sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def test_a_year_of_checks_of_every_form_with_corrections_refusals_and_late_ones(session: Session) -> None:
    made = {form for (form,) in session.execute(select(CheckRecord.form).distinct())}
    assert made == {form.id for form in world.bundles().forms}
    assert (session.scalar(select(func.count(CheckRecord.id)).where(CheckRecord.supersedes.is_not(None))) or 0) > 10
    assert (session.scalar(select(func.count(CheckRecord.id)).where(CheckRecord.outcome == "not_done")) or 0) > 10
    times = session.execute(select(CheckRecord.performed_at, CheckRecord.received_at)).all()
    assert len(times) > 1500
    assert len([1 for performed, received in times if received - performed > timedelta(hours=72)]) > 10
    assert {(NOW - performed).days * 12 // 366 for performed, _ in times} == set(range(12)), "something in each of the twelve months"


def test_services_start_and_end_and_there_are_stays_in_hospital(session: Session) -> None:
    served, stayed = (list(session.scalars(select(Episode).where(Episode.kind == kind))) for kind in ("service", "absence"))
    year_ago = NOW.date() - timedelta(days=365)
    assert len([1 for one in served if one.start > year_ago]) > 5
    assert 5 < len([1 for one in served if one.end]) < len(served) / 4
    assert len([1 for one in stayed if one.place == "hospital" and one.end]) > 20


def test_falls_and_new_ulcers_happen_as_often_as_they_do(session: Session) -> None:
    """A year of about 120 people: somewhat more falls than the third of all over 65, and an ulcer for every tenth."""
    people = session.scalar(select(func.count(Patient.id))) or 0
    falls = session.scalar(select(func.count(CheckRecord.id)).where(CheckRecord.form == "fall_event")) or 0
    ulcers = session.scalar(select(func.count(Flag.id)).where(Flag.code.in_(("PU_NEW", "PU_NEW_CAT1")))) or 0
    assert 0.3 < falls / people < 1
    assert 0.05 < ulcers / people < 0.3


def test_today_has_something_due_overdue_and_open(session: Session) -> None:
    refs = list(session.scalars(select(Visit.patient_id).where(Visit.on == NOW.date()).distinct()))
    params = world.settings(session)["params"]
    states: set[str] = set()
    for person in people.load(session, refs, world.bundles(), NOW).values():
        states |= {one["state"] for one in due.for_person(world.bundles(), person, NOW.isoformat(), params).values()}
    assert {"due", "overdue", "upcoming"} <= states
    severities = set(session.scalars(select(Flag.severity).where(Flag.closed_at.is_(None))))
    assert {"high", "medium"} <= severities


def test_what_a_device_holds_of_a_history_gives_the_same_due_dates_as_all_of_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = list(session.scalars(select(Patient.id)))
    params = world.settings(session)["params"]

    def states() -> dict[str, object]:
        held = people.load(session, refs, world.bundles(), NOW)
        return {str(ref): due.for_person(world.bundles(), person, NOW.isoformat(), params) for ref, person in held.items()}

    short = states()
    monkeypatch.setattr(people, "LATEST", 10_000)
    assert short == states()


def test_catheters_without_accepted_reason_become_fewer_in_the_unit_that_changed_its_practice(session: Session) -> None:
    improving = session.scalars(select(Unit.id).where(Unit.name == cast.UNITS[0])).one()
    answers = session.execute(
        select(CheckRecord.performed_at, CheckRecord.answers).where(CheckRecord.unit_id == improving, CheckRecord.form == "kateter")
    ).all()

    def share(first: int, last: int) -> float:
        asked = [a["cat_need"] for at, a in answers if a.get("cat_need") and first <= (NOW - at).days < last]
        return asked.count("no") / max(1, len(asked))

    assert share(180, 366) > 2 * share(0, 90)


def test_starting_again_changes_nothing(session: Session, municipality: Flask) -> None:
    before = session.scalar(select(func.count(CheckRecord.id)))
    session.rollback()
    said = seed.fill_if_empty(NOW)
    assert "berit" in said
    assert session.scalar(select(func.count(CheckRecord.id))) == before


def test_every_nurse_has_a_route_today(session: Session) -> None:
    nurses = set(session.scalars(select(User.id).where(User.role == "nurse")))
    assert set(session.scalars(select(Visit.user_id).where(Visit.on == NOW.date(), Visit.shift == "day"))) == nurses


def test_a_start_on_a_later_day_gives_that_day_a_route_and_tells_the_devices(session: Session) -> None:
    before = session.scalar(select(func.max(FeedRow.seq))) or 0
    session.rollback()
    seed.fill_if_empty(NOW + timedelta(days=9))
    nurses = set(session.scalars(select(User.id).where(User.role == "nurse")))
    later = NOW.date() + timedelta(days=9)
    assert set(session.scalars(select(Visit.user_id).where(Visit.on == later, Visit.shift == "day"))) == nurses
    told = set(session.scalars(select(FeedRow.patient_id).where(FeedRow.seq > before)))
    assert set(session.scalars(select(Visit.patient_id).where(Visit.on == later))) <= told


def test_the_same_day_makes_the_same_people_with_the_same_year(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = cast.residents
    monkeypatch.setattr(cast, "residents", lambda rng, today: everybody(rng, today)[:3])
    engine = db.make_engine(f"sqlite:///{make_demo(tmp_path, NOW)}")
    with db.open_session(engine, write=False) as again:
        made = known(again, list(again.scalars(select(Patient.id))))
    engine.dispose()
    assert (len(made[0]), len(made[1]) > 20) == (3, True)
    assert made == known(session, [one[0] for one in made[0]])


def known(session: Session, refs: list[UUID]) -> tuple[list[Any], list[Any]]:
    """(who they are, what was recorded about them)"""
    who = select(Patient.id, Patient.name, Patient.born, Patient.national_id, Patient.address, Patient.unit_id)
    checks = select(
        CheckRecord.id, CheckRecord.form, CheckRecord.performed_at, CheckRecord.received_at, CheckRecord.author_name, CheckRecord.outcome,
        CheckRecord.answers, CheckRecord.flags,
    )  # fmt: skip
    return (
        [tuple(one) for one in session.execute(who.where(Patient.id.in_(refs)).order_by(Patient.id))],
        [tuple(one) for one in session.execute(checks.where(CheckRecord.patient_id.in_(refs)).order_by(CheckRecord.id))],
    )


def test_leaders_have_work_to_look_at_and_nothing_twice(session: Session) -> None:
    """Work that says everything and work that says what it lacks, actions in time, overdue and open, grey days, a network of two."""
    rows = list(session.scalars(select(WorkVersion)))
    named: dict[str, list[WorkVersion]] = {}
    for row in rows:
        named.setdefault(row.kind, []).append(row)
    lacking = [len(missing(one.data)) for one in named["aim"]]
    assert sorted(lacking) == [0, 5]
    assert {one.data["act"] for one in named["cycle"]} == {"adopt", "adapt", "abandon", ""}
    today = NOW.date().isoformat()
    states = [(bool(one.data["done"]), one.data["due"] < (one.data["done"] or today)) for one in named["action"]]
    assert {(True, False), (False, True), (False, False)} <= set(states)
    assert {one.data["colour"] for one in named["cross"]} >= {"green", "yellow"}
    assert all(one.data["day"] < today for one in named["cross"])
    assert len({one.unit_id for one in named["team"]}) == 2
    assert [one.data["part"] for one in named["yearly"]] == ["plan", "do", "study"], "the last part says that it is missing"
    assert all(one.at <= NOW for one in rows)
    assert len({one.item for one in rows}) == len(rows)


def test_what_leaders_wrote_is_what_their_forms_take(session: Session) -> None:
    for row in session.scalars(select(WorkVersion).where(WorkVersion.kind.in_(FORMS))):
        known = {kind: [str(one) for one in row.data.values()] for kind in CHOSEN}
        given = {name: str(value).replace(".", ",") if isinstance(value, float) else str(value) for name, value in row.data.items()}
        assert read(row.kind, given, known) == row.data
    for row in session.scalars(select(WorkVersion).where(WorkVersion.kind == texts.KIND)):
        assert texts.read(Year(row.data["year"], NOW.date()), row.data["part"], row.data) == row.data
