"""Days between events as pages: by event and never by month, for who leads the unit, and nothing for who sees numbers only."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.html import Page
from tests.web.measured import SOLVEIG, STINE, client, measured, shown, unit
from tests.web.sync.reading import change
from tests.web.test_measure_facts import TODAY, another
from tests.web.year import NOW, year_on
from webapp import db
from webapp.measures import lately, pages, points, store, unit_points
from webapp.measures.declared import declared
from webapp.measures.series import series
from webapp.models import CheckRecord, MeasureChange, MeasureFact, Unit
from webapp.sync import world
from webapp.words import Translate

T = Translate("nb")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("events")) as made:
        yield made


@pytest.fixture(scope="module")
def solveig(app: Flask) -> FlaskClient:
    return client(app, SOLVEIG)


def days(text: str) -> list[str]:
    """First cells of the table, newest first."""
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', text[text.index("<tbody>") : text.index("</tbody>")])


def test_the_chart_is_of_events_and_offers_no_months(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=K-R2")
    drawn = json.loads(html.unescape(re.search(r'data-measure="([^"]+)"', text)[1]))  # type: ignore[index]
    assert len(days(text)) >= 3
    assert drawn["labels"] == days(text)[::-1]
    assert all(re.fullmatch(r"\d\d\.\d\d\.20\d\d", one) for one in days(text))
    assert drawn["values"][0] is None
    gaps = [date(int(y), int(m), int(d)) for d, m, y in (one.split(".") for one in drawn["labels"])]
    assert drawn["values"][1:] == [(b - a).days for a, b in pairwise(gaps)]
    assert f"Dager siden sist: {(datetime.now(store.OSLO).date() - gaps[-1]).days} (" in text
    assert re.findall(r'<nav aria-label="(Vis|Per|Diagram)"', text) == ["Diagram"]
    assert "T-diagram" in text
    assert "Kontrollgrenser" in text
    assert "Kontrollgrenser" not in shown(solveig, f"unit={unit(app)}&m=K-R2&chart=run")
    assert days(shown(solveig, f"unit={unit(app)}&m=K-R2&by=quarter&span=12&chart=p")) == days(text)


def test_small_multiples_report_and_year_have_it(app: Flask, solveig: FlaskClient) -> None:
    page = solveig.get(f"/measures?unit={unit(app)}").text
    card = page[page.index('id="m-K-R2"') :].split("</section>")[0]
    assert "Dager siden sist: " in card
    assert "dager siden forrige" in card
    assert "av dem det gjelder er sjekket i tide" in card
    for path in ("report", "year"):
        answer = solveig.get(f"/measures/{path}?unit={unit(app)}")
        assert answer.status_code == 200
        assert Page(answer.text).problems == []
        assert re.search(r"\d\d\.\d\d\.20\d\d: [\d–,]+\. Dager siden sist: \d+ \(", answer.text)


def test_behind_an_event_is_the_person_it_was_about(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=K-R2")
    found = [html.unescape(url) for url in re.findall(r'<th scope="row"><a href="(/measures/one/point[^"]+)', text)]
    assert len(found) == len(days(text))
    named = 0
    for url in found:
        page = Page(told := solveig.get(url).text)
        assert page.problems == []
        assert "Hva som kan gjøre tallet bedre" not in told
        people = [one for one in page.urls if one.startswith("/review/people/")]
        named += len(people)
        assert len(people) == 1 or "hører ikke lenger til enheten" in told
        assert not people or [one for one in page.urls if one.startswith("/review/checks/")]
    assert named > 0


def test_files_have_the_events(app: Flask, solveig: FlaskClient) -> None:
    where = f"unit={unit(app)}&m=K-R2"
    rows = list(csv.reader(io.StringIO(solveig.get(f"/measures/one/file.csv?{where}").get_data(True)), delimiter=";"))
    assert [row[0] for row in rows[1:]] == days(shown(solveig, where))[::-1]
    assert "Hendelse" in rows[0][0]
    assert rows[0][4] == "dager siden forrige"
    assert all(row[3] == "" for row in rows[1:])
    for ending in ("xlsx", "svg"):
        assert solveig.get(f"/measures/one/file.{ending}?{where}").status_code == 200


def test_what_is_decided_about_an_event_is_kept_by_its_day(app: Flask, solveig: FlaskClient) -> None:
    where = f"unit={unit(app)}&m=T-R1"
    text = shown(solveig, where)
    period = text.split('name="period" required><option value="')[1][:10]
    for kind, status in (("note", 303), ("freeze", 422), ("ghost", 303)):
        data = {"kind": kind, "period": period, "reason": "Ny madrass"}
        assert solveig.post(f"/measures/one/decisions?{where}", data=data).status_code == status
    after = shown(solveig, where)
    day = days(after)[0]
    assert f"Punktet {day} teller ikke med" in after
    assert f"<li>{day}: Ny madrass</li>" in after
    assert "holdt utenfor" in after[after.index("<tbody>") : after.index("</tr>", after.index("<tbody>"))]


def test_who_sees_numbers_only_sees_no_event_and_no_day_of_one(app: Flask, solveig: FlaskClient) -> None:
    text = shown(solveig, f"unit={unit(app)}&m=T-R1")
    data = {"kind": "note", "period": text.split('name="period" required><option value="')[1][:10], "reason": "Merket"}
    assert solveig.post(f"/measures/one/decisions?unit={unit(app)}&m=T-R1", data=data).status_code == 303
    then = datetime.now(store.OSLO).replace(day=1, hour=12) - timedelta(days=10)
    home, day = UUID(unit(app)), date(2026, 3, 4)
    change(app, lambda session: session.add(MeasureChange(at=then, unit_id=home, measure="T-R1", period=day, num=1, den=0)))
    assert "T-R1 for 03.2026 er endret" in solveig.get(f"/measures/report?unit={unit(app)}").text
    known, stine = days(text), client(app, STINE)
    for measure in ("K-R2", "T-R1"):
        seen = shown(stine, f"unit={unit(app)}&m={measure}")
        assert "Vises ikke: hvert punkt er en hendelse hos én person." in seen
        assert [one for one in known if one in seen] == []
        assert "<canvas" not in seen
        assert "T-diagram" not in seen
        assert stine.get(f"/measures/one/file.csv?unit={unit(app)}&m={measure}").status_code == 404
        assert stine.get(f"/measures/one/point?unit={unit(app)}&m={measure}&period={data['period']}").status_code == 404
    for path in ("", "/report", "/year"):
        seen = stine.get(f"/measures{path}?unit={unit(app)}").text
        assert "K-R2" not in seen
        assert "T-R1" not in seen
    token = re.search(r"trm_[\w-]+", solveig.post("/measure-tokens", data={"unit": unit(app), "name": "Kube"}).text)
    assert token
    sent = app.test_client().get("/api/measures", headers={"Authorization": f"Bearer {token[0]}"}).get_json()
    assert {"K-R4", "T-R3"} <= {one["id"] for one in sent["measures"]}
    assert [one["id"] for one in sent["measures"] if one["id"] in ("K-R2", "T-R1")] == []


def test_an_old_list_cannot_be_of_days_between_events(app: Flask, solveig: FlaskClient) -> None:
    offered = solveig.get(f"/measures/import?unit={unit(app)}").text
    assert 'value="K-R4"' in offered
    assert 'value="K-R2"' not in offered


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from year_on(request.param, request, tmp_path_factory.mktemp("between"))


def test_what_pages_know_before_the_night_is_what_is_kept_after_it(year: Flask) -> None:
    with db.open_session(db.engine(), write=True) as session:
        rng, every = Random(8), select(CheckRecord).where(CheckRecord.performed_at > NOW - timedelta(days=300)).order_by(CheckRecord.id)
        for like in rng.sample(list(session.scalars(every)), 60):
            late = {"performed_at": like.performed_at - timedelta(days=rng.randint(0, 90))}
            another(session, rng, like, **(late if rng.random() < 0.5 else {"supersedes": like.id, "derived": {}}))
        session.commit()
    with db.open_session(db.engine(), write=True) as session:
        units = list(session.scalars(select(Unit.id)))
        before = {one: of_events(session, one, lately.of(session, one, NOW)[1]) for one in units}
        store.rebuild(session, NOW)
        assert {one: of_events(session, one, {}) for one in units} == before
        assert sum(len(every) for found in before.values() for every in found.values()) > 5


def of_events(session: Session, unit_id: UUID, fresh: lately.Fresh) -> dict[str, list[points.Point]]:
    return unit_points.of_unit(session, unit_id, points.EVER, TODAY, fresh, ["K-R2", "T-R1"])


def infected(session: Session, days: Sequence[date]) -> CheckRecord:
    """One of those with a catheter is told to have been treated on these days; returns the check that told of the second."""
    there = select(MeasureFact.patient_id).where(MeasureFact.measure == "K-R4", MeasureFact.den == 31, MeasureFact.num == 0)
    query = select(CheckRecord).where(CheckRecord.form == "kateter", CheckRecord.performed_at < NOW - timedelta(days=240))
    for day in days:
        month = there.where(MeasureFact.period == day.replace(day=1), MeasureFact.unit_id == CheckRecord.unit_id)
        query = query.where(CheckRecord.patient_id.in_(month))
    like = next(one for one in session.scalars(query.order_by(CheckRecord.id)) if one.answers.get("cat_type") == "urethral")
    told = {**like.answers, "cat_inserted_on": "2025-01-01", "uti_treated": "yes", "uti_sympt": "yes"}
    for day in days:
        at = datetime(day.year, day.month, day.day, 12, tzinfo=store.OSLO)
        another(session, Random(1), like, performed_at=at, answers=told | {"uti_on": day.isoformat()})
    session.flush()
    return next(one for one in session.scalars(select(CheckRecord).where(CheckRecord.patient_id == like.patient_id))
                if one.answers.get("uti_on") == days[1].isoformat())  # fmt: skip


def test_an_event_that_was_a_mistake_goes_and_marks_the_stretch_it_divided(year: Flask) -> None:
    """The check that told of it is corrected long after its month was closed."""
    days = [date(2026, 3, 10), date(2026, 5, 10), date(2026, 7, 31)]
    count = next(one for one in declared(world.bundles())[1] if one.id == "K-R2")
    with db.open_session(db.engine(), write=True) as session:
        wrong = infected(session, days)
        store.rebuild(session, NOW)
        before = of_events(session, wrong.unit_id, {})["K-R2"]
        at = [one.period for one in before].index(days[1])
        another(session, Random(1), wrong, supersedes=wrong.id, answers={**wrong.answers, "uti_treated": "no"})
        session.flush()
        store.settle(session, [wrong.patient_id], NOW)
        written = session.scalars(select(MeasureChange).where(MeasureChange.measure == "K-R2")).all()
        assert [(one.unit_id, one.period, one.num) for one in written] == [(wrong.unit_id, days[1], -1)]
        after = of_events(session, wrong.unit_id, {})["K-R2"]
        assert [one.period for one in after] == [one.period for one in before if one.period != days[1]]
        assert [one.changed for one in after] == [n == at for n in range(len(after))]
        assert after[at].num == before[at].num + before[at + 1].num
        shown = series(count, after, [one.value(count) for one in after])
        assert "endret etter at den var lukket" in pages.row(shown, at, False, T)["state"]
        session.rollback()


def test_the_median_of_a_quarter_is_made_of_its_people_anew(app: Flask, solveig: FlaskClient) -> None:
    where = f"unit={unit(app)}&m=L-B1&span=all"
    months, quarters = (shown(solveig, where + f"&by={by}") for by in ("month", "quarter"))
    cells = [re.findall(r"</th><td>([\d,–]+)</td><td>(\d+)</td><td>([\d,–]+)</td>", it[it.index("<tbody>") : it.index("</tbody>")])
             for it in (months, quarters)]  # fmt: skip
    assert sum(int(den) for _num, den, _value in cells[1]) > 3
    assert all(num == value for found in cells for num, _den, value in found), "the numerator is the median itself"
    assert max(int(den) for _num, den, _value in cells[1]) > max(int(den) for _num, den, _value in cells[0]) - 1
