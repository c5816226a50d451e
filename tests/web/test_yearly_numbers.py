"""The year of a unit of the demo in numbers: charts, verdicts, coverage, an earlier year, and what who sees numbers only does not get."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.html import Page
from tests.people import Actor
from tests.web.measured import BERIT, HANS, SOLVEIG, STINE, client, measured, unit
from webapp.improvement.routes import today
from webapp.yearly.years import Year

YEAR = today().year - (today().month <= 3)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("yearly")) as made:
        yield made


def page(app: Flask, year: str = "", actor: Actor = SOLVEIG) -> str:
    answer = client(app, actor).get("/measures/year", query_string={"unit": unit(app), "year": year})
    assert (answer.status_code, Page(answer.text).problems) == (200, [])
    return answer.text


def test_the_year_has_each_measures_chart_verdict_coverage_and_where_it_went(app: Flask) -> None:
    text = page(app)
    assert f"Årlig gjennomgang {YEAR}" in text
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg"') == text.count('class="strip"') == text.count('class="verdict') > 5
    assert ("Hittil i år" in text) == (today().year == YEAR)
    first, last = re.search(r"Fra [\d,]+ \((\d\d\.\d{4})\) til [\d,]+ \((\d\d\.\d{4})\)\.", text).groups()  # type: ignore[union-attr]
    assert first.endswith(str(YEAR))
    assert last.endswith(str(YEAR))
    assert "Median" in text


def test_the_verdict_is_the_one_that_the_months_report_has(app: Flask) -> None:
    said = re.compile(r'id="r-(\S+)".*?<p class="verdict[^>]*>(.*?)</p>', re.DOTALL)
    last = Year(YEAR, today()).last_month
    month = dict(said.findall(client(app, SOLVEIG).get(f"/measures/report?unit={unit(app)}&month={last:%Y-%m}").text))
    year = dict(said.findall(page(app)))
    assert len(month) > 5
    assert {name: year.get(name) for name in month} == month


def test_an_earlier_year_has_nothing_of_a_later_one(app: Flask) -> None:
    text = page(app, str(today().year - 1))
    assert f"Årlig gjennomgang {today().year - 1}" in text
    assert "Hittil i år" not in text
    charts = text.split('class="report-grid')[1].split('class="card stack leader-text')[0]
    assert f".{today().year}" not in re.sub(r"<ol.*?</ol>", "", charts, flags=re.DOTALL)


@pytest.mark.parametrize("said", ["2099", "x", "1", "'; --", "2026-01"])
def test_a_year_that_is_none_is_the_usual_one(app: Flask, said: str) -> None:
    assert f"Årlig gjennomgang {YEAR}" in page(app, said)


def test_who_sees_numbers_only_gets_none_of_few_no_texts_and_no_work(app: Flask) -> None:
    text = page(app, actor=STINE).split("<main")[1]
    series = [one for one in text.split('aria-labelledby="r-')[1:] if not one.startswith("S-P")]  # walk-rounds are no service users
    assert len(series) > 5
    assert [n for one in series for n in re.findall(r"\d\d\.\d{4}: (\d+) /", one) if int(n) < 5] == []
    assert [n for n in re.findall(r'data-colour="\w+"><b class="num">(\d+)<', text) if int(n) < 5] == []
    for hidden in ("<form", "/improvement/", "Lederens vurdering", "Spurt ved alle besøk", "Vi valgte ett mål", "Solveig Dahl"):
        assert hidden not in text, hidden
    assert "Vi valgte ett mål" in page(app)


def test_others_get_nothing(app: Flask) -> None:
    assert client(app, HANS).get(f"/measures/year?unit={unit(app)}").status_code == 404
    assert client(app, BERIT).get("/measures/year").status_code == 403
    assert client(app, STINE).post("/measures/year/texts", data={"unit": unit(app)}).status_code == 403


@pytest.mark.parametrize(("lang", "words"), [("nn", "Årleg gjennomgang"), ("en", "Yearly review")])
def test_it_is_there_in_the_readers_language(app: Flask, lang: str, words: str) -> None:
    solveig = client(app, SOLVEIG)
    solveig.post("/account/language", data={"language": lang})
    text = solveig.get("/measures/year").text
    solveig.post("/account/language", data={"language": "nb"})
    assert f"{words} {YEAR}" in text
