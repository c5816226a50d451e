"""Walk-rounds held and actions closed in time are series like the others, with the numbers that stand under leadership."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.html import Page
from tests.web.measured import HANS, SOLVEIG, STINE, client, measured, shown, unit
from webapp.improvement.work import Item, Version
from webapp.leadership import measured as leaders
from webapp.leadership import visits
from webapp.measures import few, months, pages, recorded, store, verdicts
from webapp.measures.series import kinds, series
from webapp.words import Translate

TODAY = date(2026, 11, 20)
COUNTS = {one.id: one for one in leaders.declared()}
T = Translate("nb")


def thing(kind: str, **data: str) -> Item:
    return Item(uuid4(), kind, UUID(int=1), None, (Version(1, data, False, "Solveig", datetime(2026, 1, 1, tzinfo=store.OSLO)),))


def some(rng: Random, kind: str, due: str, done: str) -> list[Item]:
    found = []
    for _ in range(60):
        day = date(2025, 6, 1) + timedelta(days=rng.randint(0, 600))
        end = day + timedelta(days=rng.randint(-10, 10))
        found.append(thing(kind, **{due: day.isoformat(), done: end.isoformat() if end <= TODAY and rng.random() < 0.7 else ""}))
    return found


@pytest.mark.parametrize("grain", ["month", "quarter", "week"])
def test_the_points_add_up_to_what_stands_under_leadership(grain: months.Grain) -> None:
    rng = Random(2)
    for _ in range(20):
        rounds, actions = some(rng, "visit", "planned", "held"), some(rng, "action", "due", "done")
        for judged, whole in ((visits.gone(rounds, TODAY), visits.held), (visits.closed(actions, TODAY), visits.in_time)):
            made = recorded.points(judged, TODAY, grain)
            ends = months.after(made[-1].period, grain)
            told = whole(rounds if whole is visits.held else actions, TODAY, date.min, ends)
            assert (sum(one.num for one in made), sum(one.den for one in made)) == told
            assert [one.period for one in made] == list(months.months(made[0].period, TODAY, grain))


def test_an_action_is_in_time_on_its_day_and_late_the_day_after_and_open_until_then_it_is_neither() -> None:
    due = {"due": "2026-11-19"}
    for done, told in (("2026-11-19", [True]), ("2026-11-20", [False]), ("", [False])):
        assert [met for _day, met in visits.closed([thing("action", **due, done=done)], TODAY)] == told
    assert visits.closed([thing("action", due="2026-11-20", done="")], TODAY) == []
    assert visits.gone([thing("visit", planned="2026-11-20", held=""), thing("visit", planned="2026-11-21", held="")], TODAY) == [
        (date(2026, 11, 20), False)]  # fmt: skip


def test_they_are_shares_with_a_verdict_and_nothing_in_them_is_of_few_service_users() -> None:
    days = [(date(2025, 1, 5) + timedelta(days=30 * n), n % 3 > 0 if n < 12 else True) for n in range(22)]
    made = recorded.points(days, TODAY, "month")
    it = series(COUNTS["S-P1"], made, [one.value(COUNTS["S-P1"]) for one in made])
    assert kinds(COUNTS["S-P1"]) == ("run", "p", "pp")
    assert not any(few.is_small(COUNTS["S-P1"], one) or few.is_hidden(COUNTS["S-P1"], one) for one in made)
    assert verdicts.verdict(it, T)[0] in ("few", "none", "better")
    assert not made[-1].closed
    assert pages.row(it, 0, True, T)["num"] == str(made[0].num)


def test_the_definitions_say_it_in_three_languages() -> None:
    assert list(COUNTS) == ["S-P1", "S-P2"]
    assert all(set(one.text[name]) == {"nb", "nn", "en"} for one in COUNTS.values() for name in ("title", "numerator", "denominator"))
    assert all(one.text["direction"] == "up" for one in COUNTS.values())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("leaders")) as made:
        yield made


@pytest.fixture(scope="module")
def solveig(app: Flask) -> FlaskClient:
    return client(app, SOLVEIG)


def told(text: str) -> list[tuple[str, int, int]]:
    """(period, numerator, denominator), newest first."""
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    found = re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)(?:</a>)?</th><td>(\d+)</td><td>(\d+)</td>', body)
    return [(name, int(num), int(den)) for name, num, den in found]


def shut(found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Of them the months that readers of statistics are told: the closed ones."""
    today = datetime.now(store.OSLO).date()
    return [one for one in found if months.closed(date(int(one[0][3:]), int(one[0][:2]), 1), today)]


@pytest.mark.parametrize(("measure", "what"), [("S-P1", "planlagte visitter"), ("S-P2", "avtalte tiltak")])
def test_a_units_series_has_the_numbers_of_its_walk_rounds(app: Flask, solveig: FlaskClient, measure: str, what: str) -> None:
    year = solveig.get(f"/measures/year?unit={unit(app)}").text
    months_of_it = told(shown(solveig, f"unit={unit(app)}&m={measure}&span=all"))
    assert sum(den for _name, _num, den in months_of_it) > 0
    this = [one for one in months_of_it if one[0].endswith(str(datetime.now(store.OSLO).year))]
    num, den = sum(one[1] for one in this), sum(one[2] for one in this)
    assert re.search(rf"{num} av {den} {what}", year)
    quarters = told(shown(solveig, f"unit={unit(app)}&m={measure}&span=all&by=quarter"))
    assert sum(one[1] for one in quarters) == sum(one[1] for one in months_of_it)
    assert "Kontrollgrenser" in shown(solveig, f"unit={unit(app)}&m={measure}&chart=p")


def test_small_multiples_report_files_and_json_have_them(app: Flask, solveig: FlaskClient) -> None:
    where = f"unit={unit(app)}&m=S-P2"
    card = solveig.get(f"/measures?unit={unit(app)}").text
    card = card[card.index('id="m-S-P2"') :].split("</section>")[0]
    assert "Telles av det som er ført" in card
    assert "har ikke vært i kontakt" not in card
    report = solveig.get(f"/measures/report?unit={unit(app)}")
    assert Page(report.text).problems == []
    assert 'id="r-S-P1"' in report.text
    rows = list(csv.reader(io.StringIO(solveig.get(f"/measures/one/file.csv?{where}").get_data(True)), delimiter=";"))
    assert [(row[0], int(row[2]), int(row[3])) for row in rows[1:]][::-1] == told(shown(solveig, where))
    for ending in ("xlsx", "svg"):
        assert solveig.get(f"/measures/one/file.{ending}?{where}").status_code == 200
    token = re.search(r"trm_[\w-]+", solveig.post("/measure-tokens", data={"unit": unit(app), "name": "Kube"}).text)
    assert token
    sent = app.test_client().get("/api/measures", headers={"Authorization": f"Bearer {token[0]}"}).get_json()
    (mine,) = [one for one in sent["measures"] if one["id"] == "S-P2"]
    closed = shut(told(shown(solveig, where + "&span=all")))
    assert [(one["num"], one["den"]) for one in mine["points"]][::-1] == [one[1:] for one in closed]
    assert {one["coverage"] for one in mine["points"]} == {None}


def test_behind_a_point_is_the_way_to_the_walk_rounds_for_who_leads_the_unit(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=S-P1")
    url = html.unescape(re.search(r'<th scope="row"><a href="(/measures/one/point[^"]+)', text)[1])  # type: ignore[index]
    page = Page(solveig.get(url).text)
    assert page.problems == []
    (way,) = [one for one in page.urls if one.startswith("/leadership/visits?unit=")]
    assert solveig.get(way).status_code == 200
    assert client(app, HANS).get(url).status_code == 404
    seen = client(app, STINE).get(url).text.split("<main")[1]
    assert "/leadership/visits" not in seen
    assert "Hva som kan gjøre tallet bedre" not in seen


def test_who_sees_numbers_only_sees_the_closed_months_of_these_whole(app: Flask, solveig: FlaskClient) -> None:
    where = f"unit={unit(app)}&m=S-P1"
    closed = shut(told(shown(solveig, where)))
    assert told(shown(client(app, STINE), where)) == closed
    assert closed
    drawn = json.loads(html.unescape(re.search(r'data-measure="([^"]+)"', shown(client(app, STINE), where))[1]))  # type: ignore[index]
    assert any(one is not None for one in drawn["values"])


def test_what_is_written_down_later_is_in_the_series_at_once(app: Flask, solveig: FlaskClient) -> None:
    """The last test of this file: it adds a walk-round."""
    where = f"unit={unit(app, 'Sentrum')}&m=S-P1&span=all"
    hans = client(app, HANS)
    assert "<tbody>" not in shown(hans, where)
    assert "Ingenting er ført ennå." in shown(hans, where)
    day = (datetime.now(store.OSLO).date() - timedelta(days=40)).isoformat()
    said = {"unit": unit(app, "Sentrum"), "item": str(uuid4()), "planned": day}
    for more in ({"held": day}, {"held": ""}):
        assert hans.post(f"/leadership/visits/new?unit={said['unit']}", data=said | more | {"item": str(uuid4())}).status_code == 303
    assert told(shown(hans, where))[-1][1:] == (1, 2)
