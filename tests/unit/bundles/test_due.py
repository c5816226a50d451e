"""The due engine at its borders: grace, triggers, refusals, service, time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from webapp.bundles import due
from webapp.bundles.bundle import Registry

PROOF = Path(__file__).parents[2] / "contract" / "cases" / "language" / "proof.v1.toml"
RULES = """
[[form.derived]]
name = "wild"
when = "s includes red"

[[form.flag]]
rule = "P-1"
code = "PROOF"
severity = "high"
when = "a = yes"
text = {nb="Tekst", nn="Tekst", en="Text"}

[[form.due]]
trigger = ["discharge"]
days = 2
next_visit = true
reason = {nb="Utskrevet", nn="Utskriven", en="Discharged"}

[[form.due]]
when = "open(PROOF)"
days = 7
reason = {nb="Flagg", nn="Flagg", en="Flag"}

[[form.due]]
on = "d"
reason = {nb="Plan", nn="Plan", en="Plan"}

[[form.due]]
each = "open thing"
from = "opened_on"
workdays = 5
reason = {nb="Ting", nn="Ting", en="Thing"}

[[form.due]]
trigger = ["review_planned"]
days = "0 - param(limit)"
reason = {nb="Planlagt", nn="Planlagd", en="Planned"}

[[form.due]]
when = "answered(n)"
days = "default(n, 3)"
reason = {nb="Hver {days}. dag", nn="Kvar {days}. dag", en="Every {days} days"}

[[form.due]]
otherwise = true
when = "answered(a)"
days = 180
reason = {nb="Ellers", nn="Elles", en="Otherwise"}
"""


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("due") / "proof.v1.toml"
    text = PROOF.read_text(encoding="utf-8").replace("# DERIVED", RULES)
    path.write_text(text.replace('id = "proof_main"', 'id = "proof_main"\ndeclined_soon = "wild"', 1), encoding="utf-8")
    registry = Registry()
    registry.load(path)
    return registry.form("proof_main")


def check(on: str, outcome: str = "done", reason: str | None = None, **answers: Any) -> dict[str, Any]:
    return {"id": f"c{on}{outcome}", "form": "proof_main", "performed_at": f"{on}T09:00:00+01:00", "outcome": outcome,
            "not_done_reason": reason, "status": "final", "answers": answers,
            "derived": {"wild": "red" in answers.get("s", [])}, "flags": []}


def state(form: Any, on: str, *checks: dict[str, Any], **more: Any) -> tuple[str, str | None, bool]:
    person = {"born": "1950-01-01", "checks": list(checks), "flags": more.pop("flags", []), **more}
    found = due.due(form, person, f"{on}T12:00:00+01:00")
    return found["state"], found["next_due_on"], found["at_next_visit"]


@pytest.mark.parametrize(("interval", "grace"), [(1, 0), (3, 0), (4, 1), (7, 1), (9, 1), (10, 2), (30, 6), (90, 18), (149, 29), (180, 30)])
def test_grace_is_a_fifth_of_the_interval(interval: int, grace: int) -> None:
    assert due.grace_days(interval) == grace


def test_seven_days_are_upcoming_then_due_then_overdue(form: Any) -> None:
    first = check("2026-11-02", n=7)
    assert state(form, "2026-11-02", first) == ("done", "2026-11-09", False)
    assert state(form, "2026-11-08", first) == ("upcoming", "2026-11-09", False)
    assert state(form, "2026-11-09", first) == ("due", "2026-11-09", False)
    assert state(form, "2026-11-10", first) == ("due", "2026-11-09", False)
    assert state(form, "2026-11-11", first) == ("overdue", "2026-11-09", False)


def test_nothing_recorded_and_no_trigger_is_not_applicable(form: Any) -> None:
    assert state(form, "2026-11-09") == ("not_applicable", None, False)


def test_a_trigger_counts_until_a_check_on_or_after_its_day(form: Any) -> None:
    triggers = [{"type": "discharge", "on": "2026-11-05"}]
    assert state(form, "2026-11-05", triggers=triggers) == ("due", "2026-11-07", True)
    assert state(form, "2026-11-06", check("2026-11-04"), triggers=triggers) == ("due", "2026-11-07", True)
    assert state(form, "2026-11-06", check("2026-11-05"), triggers=triggers) == ("not_applicable", None, False)
    assert state(form, "2026-11-06", check("2026-11-05", "not_done", "no_time"), triggers=triggers)[0] == "due"


def test_at_next_visit_is_due_before_its_day_and_overdue_after_it(form: Any) -> None:
    triggers = [{"type": "discharge", "on": "2026-11-05"}]
    assert state(form, "2026-11-08", triggers=triggers)[0] == "overdue"


def test_a_planned_day_counts_backwards_and_is_used_up_by_a_check_in_time(form: Any) -> None:
    triggers = [{"type": "review_planned", "on": "2026-12-01"}]
    assert state(form, "2026-11-20", triggers=triggers) == ("upcoming", "2026-11-24", False)
    assert state(form, "2026-11-26", check("2026-11-25"), triggers=triggers) == ("not_applicable", None, False)
    assert state(form, "2026-11-24", check("2026-11-20"), triggers=triggers)[0] == "due"


def test_a_day_in_the_plan_counts_only_after_the_check(form: Any) -> None:
    assert state(form, "2026-11-10", check("2026-11-09", d="2026-11-20")) == ("upcoming", "2026-11-20", False)
    assert state(form, "2026-11-21", check("2026-11-09", d="2026-11-20"))[0] == "overdue"
    assert state(form, "2026-11-10", check("2026-11-09", d="2026-11-09"))[0] == "not_applicable"
    assert state(form, "2026-11-10", check("2026-11-09", d="unknown"))[0] == "not_applicable"


def test_a_working_day_limit_has_no_grace(form: Any) -> None:
    card = {"thing_id": "w1", "state": "new", "colour": "red"}
    first = check("2026-11-16", thing=[card])
    assert state(form, "2026-11-23", first) == ("due", "2026-11-23", False)
    assert state(form, "2026-11-24", first)[0] == "overdue"
    gone = check("2026-11-18", thing=[{**card, "state": "gone"}])
    assert state(form, "2026-11-24", first, gone)[0] == "not_applicable"


def test_otherwise_only_when_the_check_gave_nothing_else(form: Any) -> None:
    assert state(form, "2026-11-10", check("2026-11-09", a="no"))[1] == "2027-05-08"
    assert state(form, "2026-11-10", check("2026-11-09", a="no", n=200))[1] == "2027-05-28"


def test_declined_moves_everything_30_days_or_7_at_risk(form: Any) -> None:
    first, declined = check("2026-11-02", n=7), check("2026-11-16", "not_done", "declined")
    assert state(form, "2026-11-16", first, declined) == ("upcoming", "2026-12-16", False)
    assert state(form, "2026-12-22", first, declined)[0] == "due"
    assert state(form, "2026-12-23", first, declined)[0] == "overdue"
    assert state(form, "2026-11-16", check("2026-11-02", n=7, s=["red"]), declined)[1] == "2026-11-23"
    flag = {"code": "OTHER", "severity": "urgent", "subject": "", "opened_at": "2026-11-01T09:00:00+01:00"}
    assert state(form, "2026-11-16", first, declined, flags=[flag])[1] == "2026-11-23"
    assert state(form, "2026-11-16", first, declined, flags=[{**flag, "severity": "medium"}])[1] == "2026-12-16"
    later = [{"type": "discharge", "on": "2026-11-18"}]
    assert state(form, "2026-11-18", first, declined, triggers=later) == ("due", "2026-11-20", True)


def test_not_relevant_closes_until_a_trigger_and_other_reasons_wait_for_the_next_visit(form: Any) -> None:
    first = check("2026-11-02", n=30)
    no_time, idle = check("2026-11-16", "not_done", "no_time"), check("2026-11-16", "not_done", "not_relevant")
    assert state(form, "2026-11-16", first, no_time) == ("due", "2026-12-02", True)
    assert state(form, "2026-11-16", first, idle)[0] == "not_applicable"
    assert state(form, "2026-11-18", first, idle, triggers=[{"type": "discharge", "on": "2026-11-18"}])[1] == "2026-11-20"
    assert state(form, "2026-11-20", first, idle, check("2026-11-19", n=30))[1] == "2026-12-19"


def test_partly_done_comes_again_within_a_week(form: Any) -> None:
    assert state(form, "2026-11-17", check("2026-11-16", "partly_done", "acute", n=30)) == ("due", "2026-11-23", True)


def test_the_end_of_service_closes_everything(form: Any) -> None:
    service = {"kind": "service", "from": "2026-01-01", "to": "2026-11-10"}
    first = check("2026-11-02", n=7)
    assert state(form, "2026-11-10", first, episodes=[service])[0] == "due"
    assert state(form, "2026-11-11", first, episodes=[service])[0] == "not_applicable"
    assert state(form, "2026-11-11", first, episodes=[service, {**service, "from": "2026-11-11", "to": None}])[0] == "overdue"


def test_days_late_and_reason(form: Any) -> None:
    found = due.due(form, {"checks": [check("2026-11-02", n=7)]}, "2026-11-12T00:10:00+01:00")
    assert (found["days_late"], found["since"]) == (3, "2026-11-02")
    assert found["reason"] == {"nb": "Hver 7. dag", "nn": "Kvar 7. dag", "en": "Every 7 days"}


def test_now_is_an_oslo_day(form: Any) -> None:
    first = check("2026-11-02", n=7)
    assert due.due(form, {"checks": [first]}, "2026-11-08T22:59:00Z")["state"] == "upcoming"
    assert due.due(form, {"checks": [first]}, "2026-11-08T23:00:00Z")["state"] == "due"
