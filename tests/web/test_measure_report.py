"""The month of a unit on paper: what it says, which months it takes, and what is not in it for who sees numbers only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from tests.html import Page
from tests.web.measured import BERIT, HANS, SOLVEIG, STINE, client, measured, unit

LAST = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("report")) as made:
        yield made


def report(app: Flask, month: date | None = None) -> str:
    asked = f"&month={month:%Y-%m}" if month else ""
    answer = client(app, SOLVEIG).get(f"/measures/report?unit={unit(app)}{asked}")
    assert (answer.status_code, Page(answer.text).problems) == (200, [])
    return answer.text


def test_the_newest_month_that_is_over_has_verdicts_charts_coverage_and_definitions(app: Flask) -> None:
    text = report(app)
    assert f"Månedsrapport {LAST:%m.%Y}" in text
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg"') == text.count('class="strip"') == text.count('class="verdict') > 5
    assert re.search(r"<dt>F-P1 Andel vurdert for fallrisiko \(\w+ v\d+\)</dt>", text)
    assert "Åpne varsler nå:" in text


def test_a_month_whose_records_may_be_on_their_way_is_marked_provisional(app: Flask) -> None:
    closed = datetime.now(UTC).date() >= LAST + timedelta(days=15)
    assert ("Tallene er foreløpige til og med" in report(app)) != closed
    old = report(app, LAST.replace(day=1) - timedelta(days=40))
    assert "Tallene er foreløpige" not in old
    assert f"{LAST:%m.%Y}:" not in old


def test_a_report_of_an_earlier_month_has_nothing_of_later_ones(app: Flask) -> None:
    month = (LAST.replace(day=1) - timedelta(days=40)).replace(day=1)
    solveig, earlier = client(app, SOLVEIG), report(app, month)
    page = solveig.get(f"/measures/one?unit={unit(app)}&m=F-R1").text
    wanted = re.search(rf"{month:%m}\.{month:%Y}(?:</a>)?</th><td>(\d+)</td><td>(\d+)</td>", page)
    assert wanted
    assert f"{month:%m.%Y}: {wanted[1]} / {wanted[2]} = " in earlier


@pytest.mark.parametrize("said", ["2099-01", "x", "2026-13", "1", "2026-1-1", "'; --"])
def test_a_month_that_is_none_or_not_over_is_the_newest_that_is(app: Flask, said: str) -> None:
    text = client(app, SOLVEIG).get("/measures/report", query_string={"unit": unit(app), "month": said}).text
    assert f"Månedsrapport {LAST:%m.%Y}" in text


def test_who_sees_numbers_only_gets_none_of_few_and_others_get_nothing(app: Flask) -> None:
    text = client(app, STINE).get(f"/measures/report?unit={unit(app)}").text
    series = [one for one in text.split('aria-labelledby="r-')[1:] if not one.startswith("S-P")]  # walk-rounds are no service users
    assert len(series) > 5
    assert [n for one in series for n in re.findall(r"\d\d\.\d{4}: (\d+) /", one) if int(n) < 5] == []
    assert "/improvement/" not in text.split("<main")[1]
    assert client(app, HANS).get(f"/measures/report?unit={unit(app)}").status_code == 404
    assert client(app, BERIT).get("/measures/report").status_code == 403
