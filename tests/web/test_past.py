"""What the database chooses of a long history is what its definition says, and enough for every check that comes, however late."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import BERIT, ident, ref
from webapp import db
from webapp.bundles import Registry, history
from webapp.models import CheckRecord
from webapp.sync import kept, past, raw, world
from webapp.sync.people import LATEST
from webapp.sync.submission import Author, Submission

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PEOPLE = [ref("Astrid Lunde"), ref("Odd Brekke")]
KEYS = ["k1", "k2", "k3", "k4"]


@pytest.fixture
def registry(app: Flask) -> Iterator[Registry]:
    with app.app_context():
        yield world.bundles()


def fill(session: Session, registry: Registry, seed: int) -> None:
    """300 days of random checks of every form that looks back or is looked back at, some corrected, some not done, some late."""
    rng, shapes = random.Random(seed), kept.shapes(registry)
    forms = sorted({*shapes.lists, *shapes.past, *(name for one in registry.forms for name in one.reads.last)})
    made: list[CheckRecord] = []
    for number in range(120):
        at = NOW - timedelta(days=rng.randrange(300), minutes=rng.randrange(1000))
        form, corrects, person = registry.form(rng.choice(forms)), None, rng.choice(PEOPLE)
        if made and rng.random() < 0.15:
            earlier = rng.choice(made)
            form, corrects, person = registry.form(earlier.form), earlier.id, earlier.patient_id
        answers: dict[str, Any] = {"marker": number}
        for name, _identity, key, (state, *final) in shapes.lists.get(form.id, ()):
            cards = rng.sample(KEYS, rng.randrange(4))
            answers[name] = [{key: f"{person}{one}", state: rng.choice([*final, "open", "open"])} for one in cards]
        made.append(
            CheckRecord(
                id=uuid4(), patient_id=person, unit_id=ident("Fjordsida"), bundle_id=form.bundle, bundle_version=1, form=form.id,
                performed_at=at, recorded_at=at, received_at=at + timedelta(minutes=rng.choice([-600, 1, 900])), author_id=BERIT.id,
                author_name="Berit", context="other", outcome=rng.choice(["done", "done", "partly_done", "not_done"]),
                answers=answers, derived={"n": number}, supersedes=corrects, content_hash="",
            )
        )  # fmt: skip
    session.add_all(made)
    session.flush()


def defined(rows: list[CheckRecord], shapes: kept.Shapes, since: datetime, latest: int) -> set[UUID]:
    """The definition, in plain words: per form the latest standing checks, told or not; recent events; what open items stand in."""
    replaced = {row.supersedes for row in rows}
    standing = sorted((row for row in rows if row.id not in replaced), key=kept.order)
    told = [row for row in standing if row.outcome != "not_done"]
    found = {row.id for row in told if row.form in shapes.past and row.performed_at > since}
    for form in {row.form for row in rows}:
        for some in (standing, told):
            found |= {row.id for row in [row for row in some if row.form == form][-latest:]}
    records: dict[tuple[str, str], list[tuple[UUID, bool]]] = defaultdict(list)
    for row in told:
        for name, identity, key, (state, *final) in shapes.lists.get(row.form, ()):
            for card in row.answers[name]:
                records[identity, card[key]].append((row.id, card[state] not in final))
    needed = set()
    for marks in records.values():
        if marks[-1][1]:
            needed |= {ident for ident, _ in marks}
        elif found & {ident for ident, _ in marks}:
            needed.add(marks[-1][0])
    return found | needed


@pytest.mark.parametrize("seed", range(4))
def test_the_database_chooses_exactly_the_checks_that_a_device_needs(app: Flask, registry: Registry, seed: int) -> None:
    with db.open_session(app.extensions["engine"], write=True) as session:
        fill(session, registry, seed)
        shapes, since = kept.shapes(registry), NOW - timedelta(days=200)
        rows = {one: list(session.scalars(select(CheckRecord).where(CheckRecord.patient_id == one))) for one in PEOPLE}
        expected = set().union(*(defined(some, shapes, since, 3) for some in rows.values()))
        assert {raw.ident(one) for one in kept.choose(session, PEOPLE, shapes, since, 3, set())} == expected
        assert len(expected) < sum(map(len, rows.values()))


@pytest.mark.parametrize("seed", range(4))
def test_a_check_is_judged_on_the_latest_before_it_however_late_it_arrives(app: Flask, registry: Registry, seed: int) -> None:
    rng = random.Random(seed)
    with db.open_session(app.extensions["engine"], write=True) as session:
        fill(session, registry, seed)
        everything = past.load(session, PEOPLE, registry, NOW, past.EVERYTHING)
        for _ in range(60):
            person, form = rng.choice(PEOPLE), rng.choice(registry.forms)
            mine = [one["id"] for one in everything[person]["checks"] if one["form"] == form.id]
            sub = submission(form, person, NOW - timedelta(days=rng.randrange(290)), rng.choice([None, *mine]))
            held = past.load(session, [person], registry, NOW)[person]
            if not past.reaches(held, sub):
                past.add_rest(session, held, registry, NOW)
            at, corrects = sub.performed_at.isoformat(), str(sub.supersedes) if sub.supersedes else None
            ours, truth = (history.prior(form, one, at, corrects) for one in (held, everything[person]))
            assert (ours["last"], ours["past"]) == (truth["last"], truth["past"])
            assert still_open(form, ours["items"]) == still_open(form, truth["items"])


def test_correcting_the_check_that_closed_an_item_opens_it_again_with_all_its_records(app: Flask, registry: Registry) -> None:
    shapes = kept.shapes(registry)
    (name, (part, *_)), *_ = sorted(shapes.lists.items())
    field, identity, key, (state, *final) = part
    form, person = registry.form(name), PEOPLE[0]
    said: list[dict[str, Any]] = [{state: "open"}, {state: "open"}, {}, {}, {state: final[0]}]
    with db.open_session(app.extensions["engine"], write=True) as session:
        rows = [row(form, person, NOW - timedelta(days=90 - n), {field: [{key: "k", **one}] if one else []}) for n, one in enumerate(said)]
        session.add_all(rows)
        session.flush()
        held, truth = (past.load(session, [person], registry, NOW, latest)[person] for latest in (LATEST, past.EVERYTHING))
        sub = submission(form, person, rows[-1].performed_at + timedelta(hours=1), str(rows[-1].id))
        if not past.reaches(held, sub):
            past.add_rest(session, held, registry, NOW)
        at = sub.performed_at.isoformat()
        ours, whole = (history.prior(form, one, at, str(sub.supersedes))["items"][identity]["k"] for one in (held, truth))
    assert ours == whole
    assert len(whole) == 2


def row(form: Any, person: UUID, at: datetime, answers: dict[str, Any]) -> CheckRecord:
    return CheckRecord(
        id=uuid4(), patient_id=person, unit_id=ident("Fjordsida"), bundle_id=form.bundle, bundle_version=1, form=form.id, performed_at=at,
        recorded_at=at, received_at=at, author_id=BERIT.id, author_name="Berit", context="other", outcome="done", answers=answers,
        derived={}, content_hash="",
    )  # fmt: skip


def still_open(form: Any, items: dict[str, dict[str, list[dict[str, Any]]]]) -> dict[str, Any]:
    """Closed items that nothing recent mentions are not carried along, on either side."""
    parts = {one.items.identity: one.items for other in form.siblings for one in other.lists}
    return {
        identity: {key: records for key, records in keys.items() if records[-1].get(parts[identity].state) not in parts[identity].final}
        for identity, keys in items.items()
    }


def submission(form: Any, person: UUID, at: datetime, corrects: str | None) -> Submission:
    return Submission(
        id=uuid4(), patient_id=person, unit_id=ident("Fjordsida"), bundle=form, form=form, settings_version=1, performed_at=at,
        recorded_at=at, answers={}, common={}, warned=[], all_ok=[], supersedes=UUID(corrects) if corrects else None, reason=None,
        prior=None, device_flags=None, app_version="", clock={}, author=Author(BERIT.id, "Berit", ""),
    )  # fmt: skip
