"""When something was changed stands on the chart of the measure it should move, with the way to the work itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from tests.html import Page
from tests.web.measured import HANS, SOLVEIG, STINE, client, measured, unit
from tests.web.test_improvement import made, part

STARTED = (datetime.now(UTC) - timedelta(days=100)).date()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("marks")) as made:
        yield made


@pytest.fixture(scope="module")
def project(app: Flask) -> str:
    """A project whose aim is T-P2, with an idea in use and a cycle."""
    solveig = client(app, SOLVEIG)
    found = made(solveig, f"/improvement/new?unit={unit(app)}", {"title": "Tryggere hud", "state": "active", "unit": unit(app)})
    part(solveig, found, "aim", text="Flere får hudsjekk", measure="T-P2")
    part(solveig, found, "idea", text="Hudsjekk ved dusj", idea_state="kept", start=(STARTED + timedelta(days=40)).isoformat())
    part(solveig, found, "cycle", title="Amina prøver", start=STARTED.isoformat())
    return str(found)


def part_of(text: str, measure: str) -> str:
    return text[text.index(f'id="m-{measure}"') :].split("</section>")[0]


def numbers(text: str) -> list[int]:
    """What is drawn on the first chart of this text."""
    drawn = re.search(r'data-measure="([^"]+)"', text)
    assert drawn
    return [one["n"] for one in json.loads(unescape(drawn[1]))["marks"]]


def test_in_small_multiples_and_on_the_measures_page_its_dates_are_numbered_and_lead_to_the_project(app: Flask, project: str) -> None:
    solveig = client(app, SOLVEIG)
    small = part_of(solveig.get(f"/measures?unit={unit(app)}").text, "T-P2")
    large = solveig.get(f"/measures/one?unit={unit(app)}&m=T-P2").text
    assert Page(large).problems == []
    for text in (small, large):
        assert numbers(text) == [1, 2]
        listed = text[text.index('<ol class="marks"') :].split("</ol>")[0]
        assert re.findall(r">(PDSA-runde|Endring): ([^<]+)<", listed) == [("PDSA-runde", "Amina prøver"), ("Endring", "Hudsjekk ved dusj")]
        assert listed.count(f'href="/improvement/{project}"') == 2
        assert STARTED.strftime("%d.%m.%Y") in listed
    assert solveig.get(f"/improvement/{project}").status_code == 200


def test_charts_of_other_measures_and_units_have_none_of_it(app: Flask, project: str) -> None:
    assert 'class="marks"' not in part_of(client(app, SOLVEIG).get(f"/measures?unit={unit(app)}").text, "F-P1")
    assert project not in client(app, HANS).get("/measures").text


def test_who_sees_numbers_only_reads_when_and_is_given_no_link_she_may_not_follow(app: Flask, project: str) -> None:
    text = client(app, STINE).get(f"/measures/one?unit={unit(app)}&m=T-P2").text
    assert "PDSA-runde: Amina prøver" in text
    assert "/improvement/" not in text.split("<main")[1]


def test_a_picture_has_the_same_numbers(app: Flask, project: str) -> None:
    svg = client(app, SOLVEIG).get(f"/measures/one/file.svg?unit={unit(app)}&m=T-P2").text
    assert re.findall(r'stroke-dasharray="3 3"/><text [^>]*>(\d)</text>', svg) == ["1", "2"]


def test_where_there_are_numbers_of_our_own_an_imported_one_is_not_shown(app: Flask) -> None:
    solveig, asked = client(app, SOLVEIG), f"/measures/one?unit={unit(app)}&m=T-P2&span=all"
    before = solveig.get(asked).text
    own = re.findall(r'<th scope="row">(?:<a [^>]*>)?(\d\d\.\d{4})', before)[::-1]
    assert "999" not in before
    sent = {"measure": "T-P2", "file": (io.BytesIO(f"Dato;Teller;Nevner\n01.2015;7;20\n{own[2]};999;999\n".encode()), "x.csv")}
    looked = solveig.post(f"/measures/import/preview?unit={unit(app)}", data=sent).text
    assert "egne tall gjelder" in looked
    form = next(one for one in looked.split("<form") if 'action="/measures/import?' in one)
    data = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)}
    assert solveig.post(f"/measures/import?unit={unit(app)}", data=data).status_code == 303
    after = solveig.get(asked).text
    assert "<td>7</td><td>20</td>" in after
    assert ("999" in after, after.count("importert fra en eldre liste</td>")) == (False, 1)


def test_what_is_taken_away_is_off_the_chart(app: Flask, project: str) -> None:
    """The last test of this file."""
    solveig = client(app, SOLVEIG)
    assert solveig.post(f"/improvement/items/{project}/removal", data={"seen": "1"}).status_code == 303
    assert "PDSA-runde: Amina prøver" not in solveig.get(f"/measures/one?unit={unit(app)}&m=T-P2").text
