"""What is decided about a chart: with a reason, by name, logged, and taken back without anything being lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.html import Page
from tests.web.measured import BERIT, HANS, SOLVEIG, STINE, client, measured, unit
from tests.web.sync.reading import all_of, count
from webapp.models import AccessLog, MeasureDecision


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with measured(tmp_path_factory.mktemp("measures")) as made:
        yield made


class Chart:
    """One measure's page, in Solveig's hands."""

    def __init__(self, app: Flask, measure: str, by: str = "week") -> None:
        self.app, self.client, self.query = app, client(app, SOLVEIG), f"unit={unit(app)}&m={measure}&by={by}&span=all"

    def text(self) -> str:
        answer = self.client.get(f"/measures/one?{self.query}")
        assert Page(answer.text).problems == []
        return answer.text

    def periods(self) -> list[str]:
        select = re.search(r'<select class="ds-input" name="period".*?</select>', self.text(), re.DOTALL)
        assert select is not None
        return re.findall(r'value="([^"]+)"', select[0])[::-1]

    def decide(self, **form: str) -> int:
        return self.client.post(f"/measures/one/decisions?{self.query}", data=form).status_code

    def undo(self, reason: str = "Feil") -> int:
        (url,) = re.findall(r'action="(/measures/one/decisions/[0-9a-f-]+/undoing)', self.text())
        return self.client.post(f"{url}?{self.query}", data={"reason": reason}).status_code


def test_a_point_left_out_stays_drawn_and_the_verdict_is_also_read_with_it(app: Flask) -> None:
    chart = Chart(app, "F-R1")
    period = chart.periods()[5]
    assert chart.decide(kind="ghost", period=period, reason="Mange falt i samme ulykke") == 303
    text = chart.text()
    assert "Med punktene som er holdt utenfor:" in text
    assert "holdt utenfor" in Page(text).words
    assert "Mange falt i samme ulykke" in text
    rows = text.count('<th scope="row">')
    assert chart.undo() == 303
    after = chart.text()
    assert "Med punktene som er holdt utenfor:" not in after
    assert after.count('<th scope="row">') == rows
    assert "Opphevet en bestemmelse" in after


def test_a_baseline_needs_twelve_points(app: Flask) -> None:
    chart = Chart(app, "F-R3")
    periods = chart.periods()
    assert "Lås grunnlinjen før dere begynner" in chart.text()
    assert chart.decide(kind="freeze", period=periods[10], reason="Før tiltaket") == 422
    assert count(app, MeasureDecision, MeasureDecision.measure == "F-R3") == 0
    assert chart.decide(kind="freeze", period=periods[19], reason="Før tiltaket") == 303
    text = chart.text()
    assert "Grunnlinjen er låst til og med" in text
    assert "Lås grunnlinjen før dere begynner" not in text


def test_a_new_phase_begins_a_centre_line_of_its_own_and_is_marked(app: Flask) -> None:
    chart = Chart(app, "T-P2")
    periods = chart.periods()
    assert chart.decide(kind="phase", period=periods[0], reason="For tidlig") == 422
    assert chart.decide(kind="phase", period=periods[20], reason="Nye madrasser") == 303
    text = chart.text()
    assert "Ny fase: Nye madrasser" in text
    data = re.search(r'data-measure="([^"]+)"', text)
    assert data is not None
    centre = re.search(r"centre&#34;:\[([^\]]*)\]", data[1]) or re.search(r"centre&quot;:\[([^\]]*)\]", data[1])
    assert centre is not None
    assert len(set(centre[1].split(","))) == 2


def test_a_target_is_drawn_and_said(app: Flask) -> None:
    chart = Chart(app, "F-R2")
    period = chart.periods()[-1]
    for value in ("mange", "-1", "nan", ""):
        assert chart.decide(kind="target", period=period, value=value, reason="Vedtatt") == 422
    assert chart.decide(kind="target", period=period, value="2,5", reason="Vedtatt") == 303
    assert "Mål 2,5." in chart.text()


@pytest.mark.parametrize("form", [{"kind": "note", "reason": ""}, {"kind": "other", "reason": "x"}, {"kind": "note", "reason": "x" * 501}])
def test_without_a_reason_or_a_known_kind_nothing_is_decided(app: Flask, form: dict[str, str]) -> None:
    chart = Chart(app, "F-P3")
    assert chart.decide(period=chart.periods()[0], **form) == 422
    assert count(app, MeasureDecision, MeasureDecision.measure == "F-P3") == 0


def test_a_decision_has_a_person_and_a_row_in_the_log_and_is_taken_back_once(app: Flask) -> None:
    chart = Chart(app, "L-P1")
    assert chart.decide(kind="note", period=chart.periods()[3], reason="Ny rutine") == 303
    assert "solveig" in client(app, SOLVEIG).get("/account").text.lower()
    (made,) = all_of(app, MeasureDecision, MeasureDecision.measure == "L-P1")
    logged = [one for one in all_of(app, AccessLog, AccessLog.action == "measure_decided") if one.detail["id"] == str(made.id)]
    assert [(one.user_id, one.unit_id) for one in logged] == [(made.by, made.unit_id)]
    assert chart.undo() == 303
    again = chart.client.post(f"/measures/one/decisions/{made.id}/undoing?{chart.query}", data={"reason": "En gang til"})
    assert again.status_code == 422


def test_others_may_not_decide(app: Flask) -> None:
    chart = Chart(app, "F-P1")
    form = {"kind": "note", "period": chart.periods()[0], "reason": "Nei"}
    for actor, status in ((STINE, 403), (BERIT, 403), (HANS, 404)):
        assert client(app, actor).post(f"/measures/one/decisions?{chart.query}", data=form).status_code == status
    assert "<form" not in client(app, STINE).get(f"/measures/one?{chart.query}").text.split("<main")[1]
