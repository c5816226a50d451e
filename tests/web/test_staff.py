"""An administrator looks after everybody's account: who may log in, in what role, in which units."""

from __future__ import annotations

import re
import threading
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.html import Page
from tests.people import AMINA, BERIT, CAST, JORUNN, KARI, PER, SERVICE_USERS, SOLVEIG, Actor, ident
from tests.web import logged
from tests.web.sync.reading import all_of, change
from tests.web.test_login import attempt
from webapp.models import AccessLog, Membership, User

FJORDSIDA, SENTRUM = str(ident("Fjordsida")), str(ident("Sentrum"))
NEW = {"username": "Ida.Vik", "name": "Ida Vik", "title": "sykepleier", "role": "nurse", "units": [SENTRUM], "hpr": "", "way": "password"}
WHY = {"reason": "Meldt av personalkontoret"}


def form(client: FlaskClient, user: UUID, **news: Any) -> dict[str, Any]:
    """The account's form as it stands on its page, with these changes."""
    text = client.get(f"/staff/{user}").text
    ticked = re.findall(r'name="units" value="([^"]+)" checked', text)
    (state,), (role,) = re.findall(r'name="state" value="([^"]+)"', text), re.findall(r'name="role" value="([^"]+)" required checked', text)
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', text)[0] for name in ("name", "title", "hpr")}
    return {"state": state, "role": role, "units": ticked, **fields, **news}


def one(app: Flask, username: str) -> Any:
    return all_of(app, User, User.username == username)[0]


def rows(app: Flask, action: str) -> list[Any]:
    return all_of(app, AccessLog, AccessLog.action == action)


def shown(answer: TestResponse) -> str:
    """The one-time password on the page."""
    found = re.search(r'code-text long num">([a-z0-9-]+)<', answer.text)
    assert found is not None, answer.text
    return found[1]


def test_a_new_nurse_logs_in_with_a_one_time_password_and_chooses_her_own(app: Flask, per: FlaskClient) -> None:
    made = per.post("/staff/new", data=NEW)
    assert made.status_code == 201
    password = shown(made)
    assert password not in per.get(f"/staff/{one(app, 'ida.vik').id}").text
    ida = app.test_client()
    assert attempt(ida, "ida.vik", password).headers["Location"] == "/login/password"
    assert ida.get("/round").status_code == 302, "she is not in yet"
    ida.environ_base["HTTP_X_CSRFTOKEN"] = csrf(ida)
    own = {"new": "fire ord om sommeren", "again": "fire ord om sommeren"}
    assert ida.post("/login/password", data=own).headers["Location"] == "/"
    assert ida.get("/round").status_code == 200
    assert attempt(app.test_client(), "ida.vik", password).status_code == 422
    assert attempt(app.test_client(), "ida.vik", own["new"]).headers["Location"] == "/"
    (row,) = rows(app, "account_created")
    assert (row.user_id, row.detail["role"], row.detail["units"]) == (PER.id, "nurse", [SENTRUM])


def csrf(client: FlaskClient) -> str:
    client.get("/login/password")
    found = client.get_cookie("csrf")
    assert found is not None
    return found.value


WRONG = [
    ({"name": ""}, "Skriv hele navnet"), ({"role": "owner"}, "Velg en rolle"), ({"units": []}, "minst én enhet"),
    ({"username": "a"}, "Skriv et brukernavn"), ({"username": "ida vik"}, "Skriv et brukernavn"), ({"username": "BERIT"}, "er i bruk"),
    ({"hpr": "12a"}, "HPR-nummeret er bare tall"), ({"units": [str(UUID(int=9))]}, "minst én enhet"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "says"), WRONG)
def test_what_cannot_be_an_account_is_said_and_nothing_is_made(app: Flask, per: FlaskClient, wrong: dict[str, Any], says: str) -> None:
    answer = per.post("/staff/new", data=NEW | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Ingenting er endret." in answer.text
    assert len(all_of(app, User)) == len(CAST)
    assert rows(app, "account_created") == []


def test_another_unit_and_role_hold_at_once_and_the_log_says_what_was_and_is(app: Flask, per: FlaskClient, berit: FlaskClient) -> None:
    assert per.post(f"/staff/{BERIT.id}", data=form(per, BERIT.id, units=[SENTRUM])).status_code == 303
    assert "Nils Vold" in berit.get("/round/people").text
    assert "Astrid Lunde" not in berit.get("/round/people").text
    assert per.post(f"/staff/{BERIT.id}", data=form(per, BERIT.id, role="statistics")).status_code == 303
    assert berit.get("/round").status_code == 302, "another role begins with a new log-in"
    assert all_of(app, Membership, Membership.user_id == BERIT.id) == [], "who reads numbers only has no unit"
    first, second = sorted(rows(app, "account_changed"), key=lambda row: row.at)
    assert (first.detail["was"]["units"], first.detail["is"]["units"]) == ([FJORDSIDA], [SENTRUM])
    assert (second.detail["was"]["role"], second.detail["is"]["role"]) == ("nurse", "statistics")
    said = logged.said(per, f"/staff/{BERIT.id}")
    assert "Fjordsida → Sentrum" in said
    assert "Helsepersonell → Leser av statistikk" in said


def test_what_somebody_else_changed_meanwhile_is_not_written_over(app: Flask, per: FlaskClient) -> None:
    old = form(per, BERIT.id, title="vernepleier")
    per.post(f"/staff/{BERIT.id}", data=form(per, BERIT.id, units=[SENTRUM]))
    answer = per.post(f"/staff/{BERIT.id}", data=old)
    assert answer.status_code == 422
    assert "Kontoen er endret siden du åpnet siden. Ingenting er lagret." in answer.text
    assert one(app, "berit").title == "sykepleier"


def test_a_closed_account_is_out_everywhere_and_what_is_sealed_still_goes_home(
    app: Flask, per: FlaskClient, berit: FlaskClient, tablet: Tablet, vault: Vault
) -> None:
    reading = {"headers": {"Authorization": f"Bearer {vault.token}"}, "json": {"wire": 1}}
    assert tablet.http.post("/sync/snapshot", **reading).status_code == 200
    assert per.post(f"/staff/{BERIT.id}/closing", data={"reason": " "}).status_code == 422
    assert per.post(f"/staff/{BERIT.id}/closing", data=WHY).status_code == 303
    assert berit.get("/round").status_code == 302
    assert tablet.http.post("/sync/snapshot", **reading).status_code == 401
    assert tablet.http.post("/sync/envelopes", data=b"", content_type="application/octet-stream").status_code == 200
    assert attempt(app.test_client(), "berit", "correct horse battery staple").status_code == 422
    (row,) = rows(app, "account_closed")
    assert (row.user_id, row.reason, row.detail["account"]) == (PER.id, WHY["reason"], str(BERIT.id))
    assert per.post(f"/staff/{BERIT.id}/reopening", data=WHY).status_code == 303
    assert berit.get("/round").status_code == 302, "the old log-in stays ended"
    assert sign_in(app.test_client(), BERIT).get("/round").status_code == 200


def test_a_reset_password_ends_the_old_one_and_every_log_in(app: Flask, per: FlaskClient, berit: FlaskClient) -> None:
    answer = per.post(f"/staff/{BERIT.id}/password", data=WHY)
    assert answer.status_code == 201
    assert berit.get("/round").status_code == 302
    assert attempt(app.test_client(), "berit", "correct horse battery staple").status_code == 422
    assert attempt(app.test_client(), "berit", shown(answer)).headers["Location"] == "/login/password"


def test_a_one_time_password_ends_after_three_days(app: Flask, per: FlaskClient) -> None:
    password = shown(per.post(f"/staff/{BERIT.id}/password", data=WHY))
    from datetime import timedelta

    change(app, lambda session: session.execute(update(User).where(User.id == BERIT.id).values(
        password_until=one(app, "berit").password_until - timedelta(days=3))))
    answer = attempt(app.test_client(), "berit", password)
    assert answer.status_code == 422
    assert "Engangspassordet er utløpt." in answer.text


def test_everywhere_is_out_but_the_account_stays(app: Flask, per: FlaskClient, berit: FlaskClient) -> None:
    assert per.post(f"/staff/{BERIT.id}/log-out", data=WHY).status_code == 303
    assert berit.get("/round").status_code == 302
    assert sign_in(berit, BERIT).get("/round").status_code == 200
    assert per.post(f"/staff/{PER.id}/log-out", data=WHY).status_code == 303
    assert per.get("/staff").status_code == 200, "her own window stays"


def test_an_administrator_cannot_take_the_role_or_the_account_from_herself(app: Flask, per: FlaskClient) -> None:
    for path, data in ((f"/staff/{PER.id}", form(per, PER.id, role="nurse", units=[SENTRUM])), (f"/staff/{PER.id}/closing", WHY)):
        answer = per.post(path, data=data)
        assert answer.status_code == 422
        assert "En annen administrator må gjøre det. Ingenting er endret." in answer.text
    assert (one(app, "per").role, one(app, "per").disabled_at) == ("admin", None)
    assert per.post(f"/staff/{PER.id}/password", data=WHY).status_code == 422


def test_two_administrators_who_close_each_other_at_the_same_moment_leave_one(app: Flask, per: FlaskClient) -> None:
    change(app, lambda session: session.execute(update(User).where(User.id == SOLVEIG.id).values(role="admin")))
    solveig, answers = sign_in(app.test_client(), SOLVEIG), []
    gate = threading.Barrier(2)

    def close(client: FlaskClient, other: Actor) -> None:
        gate.wait()
        answers.append(client.post(f"/staff/{other.id}/closing", data=WHY).status_code)

    both = [threading.Thread(target=close, args=pair) for pair in ((per, SOLVEIG), (solveig, PER))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    left = all_of(app, User, User.role == "admin", User.disabled_at.is_(None))
    assert len(left) == 1, answers
    assert sorted(answers) in ([302, 303], [303, 403])


def test_the_list_is_found_by_words_role_unit_and_state_and_shows_no_service_user(app: Flask, per: FlaskClient) -> None:
    def found(**asked: str) -> str:
        answer = per.post("/staff", data=asked)
        assert answer.status_code == 200
        return " ".join(Page(answer.text.partition('id="staff"')[2].join(("<div ", ""))).words.split())

    per.post(f"/staff/{KARI.id}/closing", data=WHY)
    assert "Berit Nygård" in found(q="NYGÅRD syke")
    assert "Kari Solheim" not in found()
    assert "Kari Solheim" in found(state="closed")
    assert "Solveig Dahl" in found(role="supervisor", unit=FJORDSIDA)
    assert "Hans Moen" not in found(role="supervisor", unit=FJORDSIDA)
    assert "Ingen kontoer passer" in found(q="finnes ikke")
    everything = per.get("/staff").text + per.get(f"/staff/{BERIT.id}").text
    assert [name for name, *_more in SERVICE_USERS if name in everything] == []


def test_the_access_log_says_whose_account_it_was(app: Flask, per: FlaskClient, jorunn: FlaskClient) -> None:
    per.post(f"/staff/{AMINA.id}/closing", data=WHY)
    (row,) = logged.listed(jorunn, "?kind=accounts")
    assert "Stengte en konto: Amina Warsame" in row
    assert WHY["reason"] in row
    assert "Per Utenfor" in row


def test_a_number_is_one_persons_and_a_closed_account_gives_it_up(app: Flask, per: FlaskClient) -> None:
    assert per.post(f"/staff/{BERIT.id}", data=form(per, BERIT.id, hpr="1234567")).status_code == 303
    taken = per.post(f"/staff/{KARI.id}", data=form(per, KARI.id, hpr="1234567"))
    assert (taken.status_code, one(app, "kari").hpr) == (422, None)
    assert "En annen konto i bruk har dette HPR-nummeret." in taken.text
    per.post(f"/staff/{BERIT.id}/closing", data=WHY)
    assert per.post(f"/staff/{KARI.id}", data=form(per, KARI.id, hpr="1234567")).status_code == 303
    assert (one(app, "berit").hpr, one(app, "kari").hpr) == (None, "1234567")


@pytest.mark.parametrize("actor", [BERIT, SOLVEIG, JORUNN], ids=lambda one: one.role)
def test_nobody_else_makes_or_changes_accounts(app: Flask, actor: Actor) -> None:
    client = sign_in(app.test_client(), actor)
    for path in ("/staff/new", f"/staff/{actor.id}", f"/staff/{KARI.id}/closing", f"/staff/{KARI.id}/password"):
        assert client.post(path, data=NEW | WHY).status_code == 403
    changed = all_of(app, User, select(User.id).where(User.role == "admin", User.id != PER.id).exists())
    assert changed == []
