"""Another system reads a unit's aggregates by a token, and nothing else; the token is shown once and can be taken back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import sign_in
from tests.html import Page
from tests.people import BERIT, PER, STINE, ident
from tests.web import measured
from tests.web.filled import contents
from tests.web.sync.reading import all_of, change, count
from webapp.models import AccessLog, MeasureToken

SAID = {"unit": str(ident("Fjordsida")), "name": "Kommunens styringskort"}
DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def token_of(client: FlaskClient, **more: str) -> str:
    answer = client.post("/measure-tokens", data=SAID | more)
    assert (answer.status_code, Page(answer.text).problems) == (201, [])
    return str(re.findall(r"trm_[\w-]{43}", answer.text)[0])


def asked(app: Flask, token: str) -> tuple[int, dict[str, object]]:
    answer = app.test_client().get("/api/measures", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_json()


def test_a_token_is_shown_once_and_kept_as_a_hash(app: Flask, solveig: FlaskClient) -> None:
    token = token_of(solveig)
    assert token not in repr(contents(app))
    assert token not in solveig.get("/measure-tokens").text
    status, found = asked(app, token)
    assert (status, found["unit"]) == (200, {"id": str(ident("Fjordsida")), "name": "Fjordsida"})
    (seen,) = all_of(app, AccessLog, AccessLog.action == "measure_api")
    assert (seen.user_id, seen.detail["unit"]) == (None, str(ident("Fjordsida")))
    assert token not in repr(seen.detail)


def test_a_revoked_token_opens_nothing_and_neither_does_anything_else(app: Flask, solveig: FlaskClient, berit: FlaskClient) -> None:
    token = token_of(solveig)
    (row,) = all_of(app, MeasureToken)
    assert solveig.post(f"/measure-tokens/{row.id}/revocation").status_code == 200
    for said in (token, "trm_" + "a" * 43, "", row.token_hash, "trm_\u00e6"):
        assert asked(app, said)[0] == 401
    for header in ("", token, f"Basic {token}", "Bearer"):
        assert app.test_client().get("/api/measures", headers={"Authorization": header}).status_code == 401
    for client in (solveig, berit):
        assert client.get("/api/measures").status_code == 401, "a session is no token"
    assert count(app, AccessLog, AccessLog.action == "measure_api") == 0
    assert count(app, AccessLog, AccessLog.action == "measure_api_refused") == 11
    assert "Trukket tilbake" in solveig.get("/measure-tokens").text


def test_a_leader_makes_tokens_for_her_units_and_an_administrator_for_any(app: Flask, solveig: FlaskClient, hans: FlaskClient) -> None:
    assert hans.post("/measure-tokens", data=SAID).status_code == 422
    token_of(solveig)
    (row,) = all_of(app, MeasureToken)
    assert SAID["name"] not in hans.get("/measure-tokens").text
    assert hans.post(f"/measure-tokens/{row.id}/revocation").status_code == 404
    per = sign_in(app.test_client(), PER)
    assert SAID["name"] in per.get("/measure-tokens").text
    assert asked(app, token_of(per, unit=str(ident("Sentrum"))))[1]["unit"] == {"id": str(ident("Sentrum")), "name": "Sentrum"}
    assert per.post(f"/measure-tokens/{row.id}/revocation").status_code == 200
    for actor in (BERIT, STINE):
        assert sign_in(app.test_client(), actor).post("/measure-tokens", data=SAID).status_code == 403
    assert count(app, MeasureToken) == 2


@pytest.mark.parametrize("data", [{"name": ""}, {"name": "a" * 81}, {"name": "a\0b"}, {"unit": str(uuid4())}, {"unit": "x"}])
def test_what_cannot_be_made_says_so_and_makes_nothing(app: Flask, solveig: FlaskClient, data: dict[str, str]) -> None:
    answer = solveig.post("/measure-tokens", data=SAID | data)
    assert (answer.status_code, "Ingenting er endret" in answer.text) == (422, True)
    assert count(app, MeasureToken) == 0


def test_guesses_are_slowed_down(limited: Flask) -> None:
    assert [asked(limited, "trm_x")[0] for _ in range(61)] == [401] * 60 + [429]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured.measured(tmp_path_factory.mktemp("api")) as made:
        yield made


def test_it_holds_aggregates_as_documented_and_no_number_of_few(demo: Flask) -> None:
    solveig = measured.client(demo, measured.SOLVEIG)
    status, found = asked(demo, token_of(solveig, unit=measured.unit(demo)))
    assert status == 200
    measures = found["measures"]
    assert isinstance(measures, list)
    assert len(measures) > 5
    points = [(one, point) for one in measures for point in one["points"]]
    names = {*found, *measures[0], *points[0][1]}
    assert [name for name in names if f"`{name}`" not in DOCS and f".{name}`" not in DOCS and name not in ("measures", "points")] == []
    for one, point in points:
        if one["id"].startswith("S-P"):
            continue  # walk-rounds are no service users
        parts = [point["num"]] + ([point["den"] - point["num"]] if one["unit"] == "prosent" and point["num"] is not None else [])
        assert point["num"] is None or min(parts) >= 5, (one["id"], point)
        assert (point["num"] is None) <= (point["value"] is None) or (one["id"] == "L-B1" and point["den"] >= 5), (one["id"], point)
    assert any(point["num"] is not None for _one, point in points)
    page = solveig.get(f"/measures/one?unit={measured.unit(demo)}&m=F-P1&span=all").text
    mine = next(one for one in measures if one["id"] == "F-P1")
    for point in mine["points"]:
        if point["num"] is not None:
            assert f"<td>{point['num']}</td><td>{point['den']}</td>" in page


TOGETHER = {  # of one unit's January: two falls did no harm, three people at risk were seen by nobody, and it is so of none of February
    "F-R1": [(9, 900), (20, 900)], "F-R2": [(7, 900), (10, 900)], "T-P2": [(12, 30), (12, 30)],
    "T-R2": [(6, 27), (6, 24)], "K-P1": [(10, 20), (10, 20)], "K-R5": [(12, 20), (10, 20)],
}  # fmt: skip


def test_no_number_of_few_is_left_between_two_measures_wherever_numbers_are_shown(app: Flask, solveig: FlaskClient) -> None:
    def numbers(session: Session) -> None:
        for name, both in TOGETHER.items():
            measured.keep(session, name, both, [34, 34], 40)
        measured.settled(session, datetime.now(UTC))

    change(app, numbers)
    found: dict[str, Any] = asked(app, token_of(solveig))[1]
    told = {one["id"]: [point["num"] is not None for point in one["points"][:2]] for one in found["measures"]}
    assert told == {name: [name not in ("F-R2", "T-R2", "K-R5"), True] for name in TOGETHER}
    stine = sign_in(app.test_client(), STINE)
    where = f"unit={ident('Fjordsida')}&span=all&m="
    for name, holes in told.items():
        rows = list(csv.reader(io.StringIO(stine.get(f"/measures/one/file.csv?{where}{name}").get_data(as_text=True)), delimiter=";"))
        assert [bool(row[2]) for row in rows[1:3]] == holes, name
    page = stine.get(f"/measures/one?{where}F-R2").text
    assert "1 punkt vises ikke og er ikke med i vurderingen: det kan fortelle om få personer." in page
    assert "vises ikke og er ikke med" not in solveig.get(f"/measures/one?{where}F-R2").text
    report = stine.get(f"/measures/report?unit={ident('Fjordsida')}&month=2026-01").text
    assert "01.2026: 9 / 900 = 10." in report
    assert "01.2026: – / – = –." in report
    assert "7 / 900" not in report
    assert "7 / 900" in solveig.get(f"/measures/report?unit={ident('Fjordsida')}&month=2026-01").text
