"""Learning networks: joined with a code after what is shared was read, left again, and nobody else's."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import ident
from tests.web.sync.reading import all_of, count
from tests.web.test_improvement import made
from webapp.models import AccessLog, WorkVersion

HERE, THERE = str(ident("Fjordsida")), str(ident("Sentrum"))
VALID = "01810740082"  # synthetic: two digits at the end that fit the rest


@pytest.fixture
def network(solveig: FlaskClient) -> UUID:
    return made(solveig, "/network/new", {"unit": HERE, "title": "Trygge rom", "about": "Færre fall"})


def code(solveig: FlaskClient, network: UUID) -> str:
    (found,) = re.findall(r'class="join-code">([A-Z0-9]{8})<', solveig.get(f"/network/{network}").text)
    return str(found)


def join(client: FlaskClient, unit: str, said: str, read: str = "") -> int:
    return client.post("/network/joining", data={"unit": unit, "code": said, "confirmed": "yes", "read": read}).status_code


def test_a_leader_reads_what_is_shared_before_her_unit_is_in(solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID) -> None:
    said = code(solveig, network)
    look = hans.post("/network/joining", data={"unit": THERE, "code": f" {said[:4].lower()}-{said[4:]} "})
    assert look.status_code == 200
    for words in ("Dette deles når Sentrum er med", "Dette deles aldri", "Trygge rom", "Solveig Dahl, Fjordsida"):
        assert words in look.text
    assert count(app, WorkVersion, WorkVersion.kind == "team") == 0, "looking is not joining"
    assert hans.get(f"/network/{network}").status_code == 404
    assert join(hans, THERE, said) == 303
    assert join(hans, THERE, said) == 303
    assert count(app, WorkVersion, WorkVersion.kind == "team") == 1
    assert "Med: Sentrum." in hans.get(f"/network/{network}").text
    assert said not in hans.get(f"/network/{network}").text, "the code is the facilitator's to give"
    assert count(app, AccessLog, AccessLog.action == "network_joined") == 2


def test_a_unit_that_left_sees_nothing_and_may_come_back(solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID) -> None:
    said = code(solveig, network)
    join(hans, THERE, said)
    assert hans.post(f"/network/{network}/leaving", data={"unit": THERE}).status_code == 303
    assert hans.get(f"/network/{network}").status_code == 404
    assert "Med: –." in solveig.get(f"/network/{network}").text
    assert join(hans, THERE, said) == 303
    versions = sorted(all_of(app, WorkVersion, WorkVersion.kind == "team"), key=lambda one: one.number)
    assert [one.gone for one in versions] == [False, True, False]


def test_a_measure_chosen_later_is_shared_when_it_was_read(
    solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID
) -> None:
    said = code(solveig, network)
    join(hans, THERE, said, "F-P1 K-R1")
    (team,) = all_of(app, WorkVersion, WorkVersion.kind == "team")
    assert team.data == {"measures": []}, "only what the network follows"
    edited = solveig.post(f"/improvement/items/{network}", data={"seen": "1", "title": "Trygge rom", "measure": "F-P1"})
    assert edited.status_code == 303
    waits = "Nettverket følger målinger som Sentrum ikke har sagt ja til å dele."
    assert waits in hans.get(f"/network/{network}").text
    (read,) = re.findall(r'name="read" value="([^"]*)"', hans.post("/network/joining", data={"unit": THERE, "code": said}).text)
    assert read == "F-P1"
    assert join(hans, THERE, said, read) == 303
    assert waits not in hans.get(f"/network/{network}").text
    newest = max(all_of(app, WorkVersion, WorkVersion.kind == "team"), key=lambda one: one.number)
    assert newest.data == {"measures": ["F-P1"]}


def test_a_refusal_does_not_tell_who_gets_services_elsewhere(hans: FlaskClient, solveig: FlaskClient, network: UUID) -> None:
    join(hans, THERE, code(solveig, network))
    made(hans, f"/network/{network}/posts", {"title": "Erfaring", "story": "Vi hjalp Astrid Lunde med lys"})


def test_a_cycle_that_names_a_service_user_is_not_shared(solveig: FlaskClient, app: Flask, network: UUID) -> None:
    project = made(solveig, "/improvement/new", {"unit": HERE, "title": "Gulv", "state": "active"})
    cycle = made(solveig, f"/improvement/{project}/new?kind=cycle", {"title": "Lys", "start": "2026-10-01", "plan": "Hos Astrid Lunde"})
    answer = solveig.post(f"/network/{network}/posts", data={"title": "Erfaring", "cycle": str(cycle)})
    assert answer.status_code == 422
    assert count(app, WorkVersion, WorkVersion.kind == "post") == 0


def test_a_wrong_code_and_an_old_one_open_nothing(solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID) -> None:
    old = code(solveig, network)
    assert solveig.post(f"/network/{network}/code").status_code == 303
    assert code(solveig, network) != old
    for said in (old, "", "ABCDEFGH", "x" * 300):
        answer = hans.post("/network/joining", data={"unit": THERE, "code": said, "confirmed": "yes"})
        assert answer.status_code == 422
        assert "Koden gjelder ikke. Ingenting er endret." in answer.text
    assert count(app, AccessLog, AccessLog.action == "network_code") == 4


def test_only_who_holds_the_network_plans_it_and_sees_who_needs_help(solveig: FlaskClient, hans: FlaskClient, network: UUID) -> None:
    join(hans, THERE, code(solveig, network))
    plan = {"title": "Samling 1", "session_kind": "gathering", "begins": "2027-01-12", "bring": "Egne tall", "place": "Rådhuset"}
    assert hans.post(f"/improvement/{network}/new?kind=session", data=plan).status_code == 404
    made(solveig, f"/improvement/{network}/new?kind=session", plan)
    text = hans.get(f"/network/{network}").text
    for words in ("Samling 1", "12.01.2027", "Egne tall", "Rådhuset", "nå eller neste"):
        assert words in text
    assert hans.get(f"/network/{network}/teams").status_code == 404
    helped = solveig.get(f"/network/{network}/teams").text
    assert "Ingen sjekker er kommet ennå" in helped
    assert "Har ikke delt noen erfaring ennå." in helped
    wrong = solveig.post(f"/improvement/{network}/new?kind=session", data=plan | {"ends": "2027-01-01"})
    assert wrong.status_code == 422
    assert "Til dag kan ikke være før fra dag" in wrong.text


def test_what_a_unit_shares_is_read_by_the_others_with_its_cycle_as_it_was(solveig: FlaskClient, hans: FlaskClient, network: UUID) -> None:
    join(hans, THERE, code(solveig, network))
    project = made(hans, "/improvement/new", {"unit": THERE, "title": "Gulv", "state": "active"})
    cycle = made(hans, f"/improvement/{project}/new?kind=cycle", {"title": "Nattlys", "start": "2026-10-01", "plan": "To leiligheter"})
    post = made(hans, f"/network/{network}/posts", {"title": "Vi prøvde nattlys", "story": "Det virket greit", "cycle": str(cycle)})
    hans.post(f"/improvement/items/{cycle}", data={"seen": "1", "title": "Nattlys", "start": "2026-10-01", "plan": "Senere skrevet"})
    text = solveig.get(f"/network/{network}").text
    for words in ("Vi prøvde nattlys", "Det virket greit", "To leiligheter", "Sentrum"):
        assert words in text
    assert "Senere skrevet" not in text, "what is written later was not shared"
    assert solveig.get(f"/improvement/items/{post}").status_code == 404
    assert solveig.post(f"/network/{network}/posts", data={"title": "Tomt"}).status_code == 422


@pytest.mark.parametrize("story", [f"Gjelder {VALID}", f"født {VALID[:6]} {VALID[6:]}.", "Vi hjalp astrid  lunde med lys"])
def test_what_seems_to_be_about_a_service_user_is_not_shared(solveig: FlaskClient, app: Flask, network: UUID, story: str) -> None:
    answer = solveig.post(f"/network/{network}/posts", data={"title": "Erfaring", "story": story})
    assert answer.status_code == 422
    assert "Ingenting er lagret. Andre leser dette" in answer.text
    assert count(app, WorkVersion, WorkVersion.kind == "post") == 0


def test_other_numbers_and_other_names_may_be_shared(solveig: FlaskClient, network: UUID) -> None:
    made(solveig, f"/network/{network}/posts", {"title": "Erfaring", "story": "Astrid ringte 12345678901, og 01.01.2026 var vi ferdige"})


def test_a_nurse_and_other_leaders_have_nothing_of_it(berit: FlaskClient, hans: FlaskClient, network: UUID) -> None:
    assert berit.get("/network").status_code == 403
    for path in ("", "/posts", "/teams"):
        assert hans.get(f"/network/{network}{path}").status_code == 404
    assert hans.post(f"/network/{network}/leaving", data={"unit": THERE}).status_code == 404
    assert "Trygge rom" not in hans.get("/network").text
