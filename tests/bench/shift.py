"""What nurses upload: realistic checks of the four packages, judged, signed and sealed as a tablet does it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.device import OSLO, Tablet, Vault
from webapp import db
from webapp.bundles import codec, rules
from webapp.demo import cast, practice, practice_more
from webapp.demo.cast import Resident
from webapp.demo.practice import Answers, Life
from webapp.models import Patient, User
from webapp.sync import people, world

FORMS = ("trykksar", "kateter", "fall_screen", "med_check")


@dataclass
class Sender:
    """A tablet and the sealed checks it has not sent."""

    cookie: str
    tablet: Tablet
    vault: Vault
    sealed: list[bytes]


def senders(app: Flask, count: int, each: int, people_each: int = 40, nurses_in_unit: int = 4) -> list[Sender]:
    """`count` tablets, one nurse each, with `each` checks about people of her unit that no other of these nurses visits."""
    nurses = [one[0] for one in cast.STAFF if one[3] == "nurse"][:count]
    with app.app_context(), db.open_session(db.engine(), write=False) as session:
        unit_of = {one.username: one.unit_ids[0] for one in session.scalars(select(User).where(User.username.in_(nurses)))}
        everybody = list(session.scalars(select(Patient).where(Patient.unit_id.in_(unit_of.values())).order_by(Patient.id)))
    found = []
    for number, nurse in enumerate(nurses):
        unit = [one for one in everybody if one.unit_id == unit_of[nurse]]
        mine = unit[number % nurses_in_unit :: nurses_in_unit][:people_each]
        tablet, vault = enrolled(app, nurse)
        cookie = tablet.http.get_cookie("tr_device")
        assert cookie is not None
        found.append(Sender(cookie.value, tablet, vault, checks(app, tablet, vault, mine, each, random.Random(number))))
    return found


def enrolled(app: Flask, username: str) -> tuple[Tablet, Vault]:
    client = logged_in(app.test_client(), username)
    tablet = Tablet.enrol(app, client)
    return tablet, tablet.open_vault(client)


def logged_in(client: FlaskClient, username: str) -> FlaskClient:
    """Through the form; the client then sends its CSRF token in a header."""
    said = {"username": username, "password": cast.PASSWORD}
    for method, path, form in (("GET", "/login", None), ("POST", "/login", said), ("GET", "/account", None)):
        client.open(path, method=method, data=form)
        token = client.get_cookie("csrf")
        assert token is not None
        client.environ_base["HTTP_X_CSRFTOKEN"] = token.value
    return client


def checks(app: Flask, tablet: Tablet, vault: Vault, mine: list[Patient], count: int, rng: random.Random) -> list[bytes]:
    """Sealed checks in the order in which they were made, each on the history that the one before left."""
    with app.app_context(), db.open_session(db.engine(), write=False) as session:
        held = people.load(session, [one.id for one in mine], world.bundles(), people.utc_now())
    lives = {one.id: Life(resident(one, rng), rng) for one in mine}
    moment = datetime.now(OSLO) - timedelta(seconds=30 * count)
    today = moment.date()
    for life in lives.values():
        if rng.random() < 0.3:
            practice.begin_catheter(life, today - timedelta(days=rng.randrange(3, 200)), 0.3)
    sealed: list[bytes] = []
    number = 0
    while len(sealed) < count:
        person, form = mine[number % len(mine)], FORMS[number // len(mine) % len(FORMS)]
        number, moment = number + 1, moment + timedelta(seconds=25)
        payload = tablet.check(vault, held[person.id], form, sheet(lives[person.id], form, today), at=moment.isoformat(timespec="seconds"))
        if remember(tablet, held[person.id], payload):
            sealed.append(tablet.seal(vault, payload))
    return sealed


def resident(person: Patient, rng: random.Random) -> Resident:
    return Resident(
        ref=person.id, unit=0, name=person.name, born=person.born, national_id="", address="", start=date(2020, 1, 1),
        frail=rng.random() < 0.35, bedbound=rng.random() < 0.2, medicines=6,
    )  # fmt: skip


def sheet(life: Life, form: str, day: date) -> Answers:
    match form:
        case "kateter":
            return practice.kateter(life, day)
        case "trykksar":
            return practice.trykksar(life, day, 1.0)
        case "med_check":
            return practice_more.med_check(life, day, "periodic")
    return practice_more.fall_screen(life, day)


def remember(tablet: Tablet, person: dict[str, Any], payload: dict[str, Any]) -> bool:
    """The tablet's own check is part of what it knows from now on. False: it misses an answer, and no tablet would save it."""
    form = tablet.bundles.form(payload["f"])
    answers = codec.decode(form, payload["a"])
    words = {"context": payload["c"]["x"], "outcome": "done", "actions": [], "performed_at": payload["at"]}
    found = rules.evaluate(form, answers, words, payload["prior"], payload["at"][:10], {})
    if found.missing or found.hard:
        return False
    person["checks"].append(
        {
            "id": payload["id"], "form": form.id, "performed_at": payload["at"], "received_at": payload["at"], "outcome": "done",
            "actions": [], "answers": found.answers, "derived": found.derived, "flags": found.flags, "supersedes": None,
            "superseded_by": None, "status": "final", "unit": payload["u"],
        }
    )  # fmt: skip
    return True
