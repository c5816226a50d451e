"""One measure's page: subgroups, charts, what stands beside a rate, and who is shown what."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.html import Page
from tests.web.measured import BERIT, HANS, SOLVEIG, STINE, client, measured, shown, unit
from tests.web.sync.reading import all_of, change, count
from webapp.models import AccessLog, CheckRecord, HiddenCheck, Patient
from webapp.sync import feed


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("measures")) as made:
        yield made


@pytest.fixture(scope="module")
def solveig(app: Flask) -> FlaskClient:
    return client(app, SOLVEIG)


def periods(text: str) -> list[str]:
    """First cells of the first table, newest first."""
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', body)


@pytest.mark.parametrize(("by", "looks"), [
    ("day", r"\d\d\.\d\d\.20\d\d"), ("week", r"\d\d/20\d\d"), ("month", r"\d\d\.20\d\d"), ("quarter", r"[1-4]/20\d\d"),
])  # fmt: skip
def test_the_subgroup_can_be_chosen(app: Flask, solveig: FlaskClient, by: str, looks: str) -> None:
    found = periods(shown(solveig, f"unit={unit(app)}&m=F-P1&by={by}"))
    assert len(found) >= 4
    assert all(re.fullmatch(looks, one) for one in found)


def test_a_month_in_which_there_was_nobody_to_count_is_a_gap_and_is_not_skipped(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=T-P1&span=all")
    drawn = json.loads(html.unescape(re.search(r'data-measure="([^"]+)"', text)[1]))  # type: ignore[index]
    months = [12 * int(year) + int(month) for month, year in (one.split(".") for one in drawn["labels"])]
    assert months == list(range(months[0], months[-1] + 1))
    assert len(periods(text)) == len(months)


def test_days_are_shown_without_a_verdict_and_nothing_is_decided_by_them(app: Flask, solveig: FlaskClient) -> None:
    """One day is much like the day before: rules for points that are independent would see signals everywhere."""
    where = f"unit={unit(app)}&m=T-P2&by=day&chart=p&span=all"
    text = shown(solveig, where)
    assert len(periods(text)) == 90
    assert "Vises uten vurdering: ett døgn ligner det forrige" in text
    assert "Kontrollgrenser" not in text
    period = text.split('name="period" required><option value="')[1][:10]
    for kind, status in (("freeze", 422), ("phase", 422), ("ghost", 422), ("note", 303)):
        data = {"kind": kind, "period": period, "reason": "Prøve"}
        assert solveig.post(f"/measures/one/decisions?{where}", data=data).status_code == status
    assert "by=day" not in shown(client(app, STINE), where)


def test_the_months_of_a_quarter_add_up_to_it(app: Flask, solveig: FlaskClient) -> None:
    """Events and days of service of a quarter are those of its months; the people of a share are read once, on its last day."""
    months, quarters = (shown(solveig, f"unit={unit(app)}&m=F-R1&by={by}&span=all") for by in ("month", "quarter"))

    def cells(text: str) -> list[list[int]]:
        body = text[text.index("<tbody>") : text.index("</tbody>")]
        return [[int(num), int(den)] for num, den in re.findall(r"</th><td>(\d+)</td><td>(\d+)</td>", body)]

    summed: dict[str, list[int]] = {}
    for name, (num, den) in zip(periods(months), cells(months), strict=True):
        month, year = name.split(".")
        known = summed.setdefault(f"{(int(month) + 2) // 3}/{year}", [0, 0])
        known[0], known[1] = known[0] + num, known[1] + den
    whole = dict(zip(periods(quarters), cells(quarters), strict=True))
    assert whole == {name: summed[name] for name in whole}
    assert len(whole) >= 4
    assert sum(num for num, _ in whole.values()) > 0


def test_a_control_chart_names_both_rules_and_shows_its_limits(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=F-R1&chart=u")
    assert "Kontrollgrenser" in text
    assert "Kontrollgrenser" not in shown(solveig, f"unit={unit(app)}&m=F-R1")
    if "For få brukbare punkter" not in text:
        assert "3-sigma:" in text


def test_a_shorter_stretch_has_fewer_points(app: Flask, solveig: FlaskClient) -> None:
    year, everything = (periods(shown(solveig, f"unit={unit(app)}&m=F-P1&by=week&span={span}")) for span in ("12", "all"))
    assert len(year) <= len(everything)
    assert year == everything[: len(year)]


def test_what_an_address_says_that_is_not_offered_is_what_is_shown_unasked(app: Flask, solveig: FlaskClient) -> None:
    usual = shown(solveig, f"unit={unit(app)}&m=F-P1")
    assert periods(shown(solveig, f"unit={unit(app)}&m=F-P1&by=hour&chart=u&span=-1")) == periods(usual)


def test_catheter_infections_are_never_shown_without_use_and_without_the_rate_of_all(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=K-R1")
    assert 'id="m-K-R3"' in text
    assert 'id="m-K-R4"' in text
    page = solveig.get(f"/measures?unit={unit(app)}").text
    order = re.findall(r'id="m-([A-Z]-[A-Z]\d)"', page)
    assert order[order.index("K-R1") :][:3] == ["K-R1", "K-R3", "K-R4"]


def test_under_every_chart_stands_how_good_its_data_is(app: Flask, solveig: FlaskClient) -> None:
    page = solveig.get(f"/measures?unit={unit(app)}").text
    told = page.count("av dem det gjelder er sjekket i tide") + page.count("Ingenting å telle i ")
    told += page.count("Telles av det som er ført")
    assert page.count("<canvas") == page.count('class="strip"') == told > 5


def test_a_reader_of_statistics_sees_the_chart_and_nobody(app: Flask) -> None:
    stine = client(app, STINE)
    text = shown(stine, f"unit={unit(app)}&m=F-P1&by=quarter&chart=p")
    assert "/review/people/" not in text
    assert "Tall under 5 vises ikke" in text
    assert all("." in period for period in periods(text)), "a quarter less the months that are shown would be the one that is hidden"
    small = [cell for cell in re.findall(r"<td>(\d+)</td>", text) if 0 < int(cell) < 5]
    assert small == []


def test_a_nurse_has_no_measures(app: Flask) -> None:
    assert client(app, BERIT).get(f"/measures/one?unit={unit(app)}&m=F-P1").status_code == 403


def points(text: str) -> list[str]:
    """Addresses of the pages behind the points, newest first."""
    return [html.unescape(url) for url in re.findall(r'<th scope="row"><a href="(/measures/one/point[^"]+)', text)]


def test_behind_a_point_are_its_people_their_checks_and_what_would_raise_it(app: Flask, solveig: FlaskClient) -> None:
    one = points(shown(solveig, f"unit={unit(app)}&m=F-P1"))[1]
    text = solveig.get(one).text
    page = Page(text)
    assert page.problems == []
    if lacking := re.search(r"Sjekket, ikke med i telleren \((\d+)\)", text):
        assert f"{lacking[1]} er sjekket, men ikke med i telleren:" in page.words
    unchecked = "sjekket i tide" if "Alle det gjelder" in text else "uten sjekk i tide:"
    for said in ("Hva som kan gjøre tallet bedre", "Med i telleren", unchecked):
        assert said in page.words
    counted = int(re.search(r"Med i telleren \((\d+)\)", text)[1])  # type: ignore[index]
    num = int(re.search(r"<dt>Teller</dt><dd>(\d+)", text)[1])  # type: ignore[index]
    assert 0 < counted <= num
    checks = [url for url in page.urls if url.startswith("/review/checks/")]
    assert len(checks) >= counted
    assert solveig.get(checks[0]).status_code == 200
    seen = all_of(app, AccessLog, AccessLog.action == "measure_people")[-1]
    assert seen.detail["measure"] == "F-P1"


def test_events_behind_a_rate_are_the_events_that_were_counted(app: Flask, solveig: FlaskClient) -> None:
    for one in points(shown(solveig, f"unit={unit(app)}&m=F-R1"))[:6]:
        text = solveig.get(one).text
        num = int(re.search(r"<dt>Teller</dt><dd>(\d+)", text)[1])  # type: ignore[index]
        behind = text[text.index("</dl>") :].count("/review/checks/")
        assert behind == num or "hører ikke lenger til enheten" in text


@pytest.mark.parametrize("measure", ["L-R2", "L-B1", "K-B1"])
def test_behind_what_became_of_something_are_those_it_was_about(app: Flask, solveig: FlaskClient, measure: str) -> None:
    named = 0
    for one in points(shown(solveig, f"unit={unit(app)}&m={measure}&span=all")):
        text = solveig.get(one).text
        page = Page(text)
        assert page.problems == []
        den = int(re.search(r"<dt>Nevner</dt><dd>(\d+)", text)[1])  # type: ignore[index]
        people = {url for url in page.urls if url.startswith("/review/people/")}
        assert len(people) <= den
        assert len(people) == den or "hører ikke lenger til enheten" in text or measure != "L-B1"
        assert len([url for url in page.urls if url.startswith("/review/checks/")]) >= len(people)
        named += len(people)
    assert named > 2


def test_behind_a_point_others_see_nobody(app: Flask, solveig: FlaskClient) -> None:
    one = points(shown(solveig, f"unit={unit(app)}&m=F-P1"))[1]
    assert client(app, HANS).get(one).status_code == 404
    text = client(app, STINE).get(one).text
    assert "/review/" not in text.split("<main")[1]
    assert "Hva som kan gjøre tallet bedre" not in text
    assert solveig.get(one.replace("period=2", "period=1")).status_code == 404


def test_a_spreadsheet_has_the_numbers_of_the_table(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=F-R1")
    rows = list(csv.reader(io.StringIO(solveig.get(f"/measures/one/file.csv?unit={unit(app)}&m=F-R1").get_data(True)), delimiter=";"))
    assert [row[0] for row in rows[1:]] == periods(text)[::-1]
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    assert [row[2:4] for row in rows[1:]] == [list(it) for it in re.findall(r"</th><td>(\d+)</td><td>(\d+)</td>", body)][::-1]


def test_a_workbook_has_data_definition_rules_and_a_chart_and_no_formula(app: Flask, solveig: FlaskClient) -> None:
    where = f"unit={unit(app)}&m=F-P1&by=quarter"
    evil = '=HYPERLINK("http://x.example","klikk")'
    period = shown(solveig, where).split('name="period" required><option value="')[1][:10]
    assert solveig.post(f"/measures/one/decisions?{where}", data={"kind": "note", "period": period, "reason": evil}).status_code == 303
    answer = solveig.get(f"/measures/one/file.xlsx?{where}&chart=p")
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    files = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    assert 0 < files["xl/charts/chart1.xml"].count("<c:dPt>") < len(periods(shown(solveig, where))), "what does not count is open"
    assert "tre standardavvik" in files["xl/sharedStrings.xml"]
    assert "Anhøj" in files["xl/sharedStrings.xml"]
    assert "HYPERLINK" in files["xl/sharedStrings.xml"]
    assert [name for name, text in files.items() if name.startswith("xl/worksheets") and ("<f>" in text or "<hyperlink" in text)] == []
    assert count(app, AccessLog, AccessLog.action == "measure_export") > 0


def test_a_picture_is_well_formed_and_says_what_it_shows(app: Flask, solveig: FlaskClient) -> None:
    answer = solveig.get(f"/measures/one/file.svg?unit={unit(app)}&m=F-R1&chart=u")
    root = ElementTree.fromstring(answer.data)  # noqa: S314  (ours)
    names = [one.tag.partition("}")[2] for one in root.iter()]
    assert max(len(one.text or "") for one in root.iter() if one.tag.endswith("}text")) <= 125, "nothing runs out of the picture"
    assert root[0].text == "Fall per 1000 tjenestedøgn, Fjordsida"
    assert "Teller ikke med: ○" in answer.text
    assert names.count("circle") == len(periods(shown(solveig, f"unit={unit(app)}&m=F-R1")))


def test_a_reader_of_statistics_exports_no_small_number(app: Flask) -> None:
    stine = client(app, STINE)
    rows = list(csv.reader(io.StringIO(stine.get(f"/measures/one/file.csv?unit={unit(app)}&m=F-R1").get_data(True)), delimiter=";"))
    assert [row for row in rows[1:] if row[2] and int(row[2]) < 5] == []
    assert any(not row[2] for row in rows[1:])


def test_when_half_of_a_units_checks_are_hidden_the_charts_say_so_and_none_gets_better(app: Flask, solveig: FlaskClient) -> None:
    """The last test of this file: it takes away what the others read."""
    before = solveig.get(f"/measures?unit={unit(app)}").text
    since = datetime.now(UTC) - timedelta(days=100)

    def hide(session: Session) -> None:
        home = list(session.scalars(select(Patient).where(Patient.unit_id == UUID(unit(app))).order_by(Patient.id)))
        for person in home[::2]:
            mine = select(CheckRecord.id).where(CheckRecord.patient_id == person.id, CheckRecord.performed_at > since)
            session.add_all(HiddenCheck(check_id=one, kind="block") for one in session.scalars(mine))
            feed.touch(session, person.id, person.unit_id, "check")

    change(app, hide)
    after = solveig.get(f"/measures?unit={unit(app)}").text
    falls = after[after.index('id="m-F-R1"') :].split("</section>")[0]
    assert "Kan ikke vurderes nå" in falls
    assert "langt færre sjekket enn ellers" in falls
    assert 'class="low"' in falls
    better = [set(re.findall(r'id="m-([A-Z]-[A-Z]\d)"(?:(?!id="m-).)*?verdict better', text, re.DOTALL)) for text in (before, after)]
    assert better[1] <= better[0]
